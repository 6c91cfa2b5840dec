#include "convert/sbml_reactions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/error.h"
#include "convert/sbml_document.h"

namespace senoma::convert {

namespace {

using expr::NodeId;

class Reactions {
 public:
  Reactions(const sbml::Document& document, SbmlModel model) : document_(document), model_(std::move(model)) {}

  SbmlReactions build() {
    refuse_what_moves_otherwise();
    out_.notes = std::move(model_.notes);
    auto& q = out_.system.quantities = std::move(model_.system);
    out_.system.counted.assign(q.states.size(), 0);
    for (const auto& species : document_.species) count_molecules(species);
    for (const auto& reaction : document_.reactions) add_reaction(reaction);
    q.visit_nodes([&](NodeId& node) { node = in_amounts(node); });
    for (auto& reaction : out_.system.reactions) {
      reaction.propensity = in_amounts(reaction.propensity);
      if (q.graph.depends_on(reaction.propensity, q.time_slot()))
        refuse("reaction '" + reaction.name + "' has a kinetic law that depends on time", line_of_.at(reaction.name));
    }
    for (const auto& [name, output] : added_) q.outputs.push_back(output);
    for (auto& derivative : q.derivatives) derivative = q.graph.constant(0.0);
    return std::move(out_);
  }

 private:
  [[noreturn]] void refuse(const std::string& what, int line) const {
    throw Error("E3031", "not supported in a stochastic simulation: " + what)
        .at({document_.file, line, 0, 0})
        .help("without --stochastic the network is integrated as differential equations");
  }

  void refuse_what_moves_otherwise() const {
    std::set<std::string> moving;
    for (const auto& rule : document_.rules) {
      if (rule.kind == sbml::RuleKind::algebraic) refuse("an algebraic rule", rule.line);
      if (rule.kind == sbml::RuleKind::rate) refuse("the rate rule of '" + rule.variable + "'", rule.line);
      moving.insert(rule.variable);
    }
    for (const auto& event : document_.events) {
      for (const auto& assignment : event.assignments) moving.insert(assignment.variable);
    }
    for (const auto& compartment : document_.compartments) {
      if (moving.count(compartment.id) > 0)
        refuse("compartment '" + compartment.id + "' changes its size", compartment.line);
    }
    for (const auto& species : document_.species) {
      if (!species.conversion_factor.empty() || !document_.conversion_factor.empty())
        refuse("the conversion factor of '" + species.id + "'", species.line);
    }
    for (const auto& reaction : document_.reactions) {
      if (reaction.fast) refuse("the fast reaction '" + reaction.id + "'", reaction.line);
      for (const auto& reference : reaction.participants) {
        if (reference.stoichiometry_math || moving.count(reference.id) > 0 || assigned_at_start(reference.id))
          refuse(fmt::format("a computed stoichiometry of '{}' in reaction '{}'", reference.species, reaction.id),
                 reference.line);
      }
    }
  }

  [[nodiscard]] bool assigned_at_start(const std::string& id) const {
    return !id.empty() && std::any_of(document_.initial_assignments.begin(), document_.initial_assignments.end(),
                                      [&](const auto& a) { return a.symbol == id; });
  }

  [[nodiscard]] double dimensions_of(const std::string& compartment) const {
    for (const auto& c : document_.compartments) {
      if (c.id == compartment) return c.dimensions;
    }
    return 3.0;
  }

  /// The state of a species becomes its amount.
  void count_molecules(const sbml::Species& species) {
    auto& q = out_.system.quantities;
    if (const auto held = q.find_state("amount(" + species.id + ")")) {
      out_.system.counted[*held] = 1;
      return;
    }
    const auto state = q.find_state(species.id);
    if (!state) return;  // constant, or given by a rule
    out_.system.counted[*state] = 1;
    auto& s = q.states[*state];
    if (species.only_substance || dimensions_of(species.compartment) == 0.0) {
      round_initial(s);
      return;
    }
    const auto size = q.find_parameter(species.compartment);
    if (!size) refuse("the size of compartment '" + species.compartment + "' is not a constant", species.line);
    const NodeId volume = q.graph.variable(q.parameter_slot(*size));
    const NodeId amount = q.graph.variable(static_cast<std::int32_t>(*state));
    concentration_[static_cast<std::int32_t>(*state)] = q.graph.div(amount, volume);
    for (auto& event : q.events) {
      for (auto& assignment : event.assignments) {
        if (assignment.state == *state) assignment.value = q.graph.mul(assignment.value, volume);
      }
    }
    network::OdeOutput output;
    output.name = species.id;
    output.node = q.graph.div(amount, volume);
    output.dimension = s.dimension;
    output.dimension_known = s.dimension_known;
    output.to_internal = s.to_internal;
    added_.emplace(species.id, output);
    s.initial *= q.parameters[*size].value;
    round_initial(s);
    s.name = "amount(" + species.id + ")";
    std::erase_if(q.outputs, [&](const auto& o) { return o.name == s.name; });
    s.dimension_known = false;
  }

  static void round_initial(network::OdeState& state) {
    const double whole = std::round(state.initial);
    if (std::abs(state.initial - whole) <= 1e-9 * std::abs(whole)) state.initial = whole;
  }

  void add_reaction(const sbml::Reaction& source) {
    auto& q = out_.system.quantities;
    network::SsaReaction reaction;
    reaction.name = source.id;
    reaction.propensity = q.find_node(source.id);
    line_of_[source.id] = source.line;
    std::map<std::size_t, double> changes;
    for (const auto& reference : source.participants) {
      const auto species = std::find_if(document_.species.begin(), document_.species.end(),
                                        [&](const auto& s) { return s.id == reference.species; });
      if (species == document_.species.end() || species->boundary || species->constant) continue;
      auto state = q.find_state(reference.species);
      if (!state) state = q.find_state("amount(" + reference.species + ")");
      if (!state) continue;
      changes[*state] += reference.sign * reference.stoichiometry.value_or(1.0);
    }
    for (const auto& [state, change] : changes) {
      if (change == 0.0) continue;
      if (change != std::round(change))
        refuse(fmt::format("reaction '{}' changes '{}' by {}", source.id, q.states[state].name, change), source.line);
      reaction.changes.emplace_back(state, change);
    }
    out_.system.reactions.push_back(std::move(reaction));
  }

  NodeId in_amounts(NodeId node) {
    if (concentration_.empty()) return node;
    return out_.system.quantities.graph.substitute(node, [&](std::int32_t slot) {
      const auto found = concentration_.find(slot);
      return found == concentration_.end() ? NodeId{-1} : found->second;
    });
  }

  const sbml::Document& document_;
  SbmlModel model_;
  SbmlReactions out_;
  std::map<std::int32_t, NodeId> concentration_;
  std::map<std::string, network::OdeOutput> added_;
  std::map<std::string, int> line_of_;
};

}  // namespace

SbmlReactions read_sbml_reactions_text(std::string_view text, const std::string& file_name) {
  SbmlOptions options;
  options.file_name = file_name;
  SbmlModel model = read_sbml_text(text, options);
  const sbml::Document document = sbml::read_document(text, file_name);
  return Reactions(document, std::move(model)).build();
}

SbmlReactions read_sbml_reactions(const std::string& path) {
  return read_sbml_reactions_text(read_sbml_file(path), path);
}

}  // namespace senoma::convert
