#include "convert/sbml_translation.h"

#include <cmath>
#include <limits>

#include "base/error.h"

namespace senoma::convert::sbml {

using expr::NodeId;
using expr::Op;

namespace {

constexpr int max_initial_depth = 1000;
constexpr double unknown_value = std::numeric_limits<double>::quiet_NaN();

std::size_t index_of(int symbol) { return static_cast<std::size_t>(symbol); }

}  // namespace

Translation::Translation(const Document& document, const Symbols& symbols, expr::Graph& graph)
    : document_(document),
      symbols_(symbols),
      graph_(graph),
      math_(graph, document,
            {graph.variable(symbols.time_slot),
             [this](const std::string& name, const MathPlace& place) { return named(name, place); },
             [this](NodeId node) { return rate_of(node); }}),
      values_(symbols.all.size(), -1),
      derivatives_(symbols.all.size(), -1),
      value_progress_(symbols.all.size(), Progress::untouched),
      derivative_progress_(symbols.all.size(), Progress::untouched),
      initial_progress_(symbols.all.size(), Progress::untouched),
      terms_(symbols.all.size()),
      initials_(symbols.slot_owner.size(), unknown_value),
      solutions_(symbols.slot_owner.size(), -1) {
  for (std::size_t r = 0; r < document.reactions.size(); ++r) {
    const auto& participants = document.reactions[r].participants;
    for (std::size_t k = 0; k < participants.size(); ++k) {
      terms_[index_of(symbols.find(participants[k].species))].push_back({r, k});
    }
  }
}

void Translation::fail(const std::string& message, int line, const char* code) const {
  throw Error(code, message).at({document_.file, line, 0, 0});
}

NodeId Translation::named(const std::string& name, const MathPlace& place) {
  const int symbol = symbols_.find(name);
  if (symbol >= 0) return value(symbol);
  std::vector<std::string> known;
  for (const auto& [key, index] : symbols_.by_name) known.push_back(key);
  const std::string near = nearest_name(name, known);
  Error error("E3004", "the name '" + name + "' in the " + place.where + " is not declared");
  error.at({place.file, place.line, 0, 0});
  if (!near.empty()) error.help("did you mean '" + near + "'?");
  throw error;
}

NodeId Translation::value(int symbol) {
  const Symbol& s = at(symbol);
  if (s.slot < 0) return translated_math(symbol);
  const NodeId held = graph_.variable(s.slot);
  return s.holds_amount && !s.means_amount ? graph_.div(held, value(s.compartment)) : held;
}

NodeId Translation::translated_math(int symbol) {
  const Symbol& s = at(symbol);
  auto& progress = value_progress_[index_of(symbol)];
  if (progress == Progress::done) return values_[index_of(symbol)];
  if (progress == Progress::busy) fail("'" + s.name + "' depends on itself through the " + s.math_name, s.math_line);
  progress = Progress::busy;
  LocalNames locals;
  if (s.role == Role::reaction) {
    for (const auto& [name, index] : symbols_.locals[s.index]) locals[name] = value(index);
  }
  values_[index_of(symbol)] = math_.translate(*s.math, place_of(s), &locals);
  progress = Progress::done;
  return values_[index_of(symbol)];
}

NodeId Translation::amount(int species) {
  const Symbol& s = at(species);
  if (s.slot >= 0 && s.holds_amount) return graph_.variable(s.slot);
  return s.means_amount ? value(species) : graph_.mul(value(species), value(s.compartment));
}

NodeId Translation::concentration(int species) {
  const Symbol& s = at(species);
  return s.means_amount ? graph_.div(value(species), value(s.compartment)) : value(species);
}

NodeId Translation::derivative(int state) {
  const Symbol& s = at(state);
  auto& progress = derivative_progress_[index_of(state)];
  if (progress == Progress::done) return derivatives_[index_of(state)];
  if (progress == Progress::busy) fail("the rate of '" + s.name + "' depends on itself", s.line);
  progress = Progress::busy;
  const NodeId node = s.change == Change::rate_rule   ? rate_by_rule(state)
                      : s.change != Change::reactions ? graph_.constant(0.0)
                                                      : sum_of_reactions(state);
  derivatives_[index_of(state)] = node;
  progress = Progress::done;
  return node;
}

/// d/dt of the slot: of the amount c·V when the rule gives dc/dt and the slot holds the amount.
NodeId Translation::rate_by_rule(int symbol) {
  const Symbol& s = at(symbol);
  const NodeId given = math_.translate(*s.math, place_of(s));
  if (s.role != Role::species || !s.holds_amount || s.means_amount) return given;
  const NodeId size = value(s.compartment);
  return graph_.add(graph_.mul(given, size), graph_.mul(value(symbol), rate_of(size)));
}

std::vector<network::OdeEvent> Translation::events() {
  std::vector<network::OdeEvent> result;
  for (const Event& source : document_.events) {
    const std::string name = source.id.empty() ? "event" : "event '" + source.id + "'";
    const auto node = [&](const Math& math, const std::string& what, int line) {
      return resolved(math_.translate(math, {document_.file, what + " of " + name, line}));
    };
    network::OdeEvent event;
    event.name = source.id.empty() ? "line " + std::to_string(source.line) : source.id;
    event.trigger = node(source.trigger, "trigger", source.line);
    if (source.delay) event.delay = node(*source.delay, "delay", source.line);
    if (source.priority) event.priority = node(*source.priority, "priority", source.line);
    event.initial_trigger = source.initial_trigger;
    event.persistent = source.persistent;
    event.values_at_trigger = source.values_at_trigger;
    for (const EventAssignment& assignment : source.assignments) {
      const Symbol& s = at(symbols_.find(assignment.variable));
      const bool scaled = s.role == Role::species && s.holds_amount && !s.means_amount;
      event.assignments.push_back({static_cast<std::size_t>(s.slot),
                                   node(assignment.math, "assignment to '" + s.name + "'", assignment.line),
                                   scaled ? resolved(value(s.compartment)) : NodeId{-1}});
    }
    result.push_back(std::move(event));
  }
  return result;
}

NodeId Translation::stoichiometry(const SpeciesReference& reference) {
  if (!reference.id.empty()) return value(symbols_.find(reference.id));
  if (reference.stoichiometry_math) {
    return math_.translate(*reference.stoichiometry_math,
                           {document_.file, "stoichiometry of '" + reference.species + "'", reference.line});
  }
  if (!reference.stoichiometry) fail("the stoichiometry of '" + reference.species + "' is not given", reference.line);
  return graph_.constant(*reference.stoichiometry);
}

/// Participants of one reaction stand side by side.
std::size_t Translation::end_of_reaction(const std::vector<Term>& places, std::size_t begin) {
  std::size_t end = begin;
  while (end < places.size() && places[end].reaction == places[begin].reaction) ++end;
  return end;
}

/// How much of the species one unit of the reaction's extent makes, for the participants [begin, end) of `places`.
NodeId Translation::net_stoichiometry(const std::vector<Term>& places, std::size_t begin, std::size_t end) {
  NodeId coefficient = graph_.constant(0.0);
  for (std::size_t i = begin; i < end; ++i) {
    const auto& reference = document_.reactions[places[i].reaction].participants[places[i].participant];
    coefficient = graph_.make(reference.sign > 0.0 ? Op::add : Op::subtract, coefficient, stoichiometry(reference));
  }
  return coefficient;
}

/// From an extent of reactions to what the species' slot holds.
NodeId Translation::scaled_to_slot(NodeId extent, int species) {
  const Symbol& s = at(species);
  const std::string& own = document_.species[s.index].conversion_factor;
  const std::string& factor = own.empty() ? document_.conversion_factor : own;
  if (!factor.empty())
    extent = graph_.mul(extent, named(factor, {document_.file, "conversion factor of '" + s.name + "'", s.line}));
  return s.holds_amount ? extent : graph_.div(extent, value(s.compartment));
}

NodeId Translation::sum_of_reactions(int species) {
  std::vector<NodeId> terms;
  const auto& places = terms_[index_of(species)];
  for (std::size_t i = 0; i < places.size();) {
    const std::size_t begin = i;
    i = end_of_reaction(places, begin);
    const Reaction& reaction = document_.reactions[places[begin].reaction];
    if (reaction.fast) continue;  // see constraints()
    const NodeId coefficient = net_stoichiometry(places, begin, i);
    if (graph_.is_constant(coefficient) && graph_.node(coefficient).value == 0.0) continue;
    terms.push_back(graph_.mul(coefficient, value(symbols_.find(reaction.id))));
  }
  return scaled_to_slot(math_.fold(Op::add, std::move(terms), 0.0), species);
}

/// d/dt of a node by the chain rule. The rate of a state that constraints move is not known yet: a variable stands for
/// it until with_rates() replaces it.
NodeId Translation::rate_of(NodeId node) {
  std::vector<NodeId> terms;
  for (const std::int32_t slot : graph_.variables(std::vector<NodeId>{node})) {
    if (slot >= first_rate_slot()) {
      fail("SBML feature not supported: the rate of a rate that algebraic rules or fast reactions determine",
           document_.rules.empty() ? 0 : document_.rules.front().line, "E3001");
    }
    const int owner = symbols_.slot_owner[static_cast<std::size_t>(slot)];
    const NodeId partial = graph_.derivative(node, slot);
    if (owner < 0) {
      terms.push_back(partial);
    } else if (moved_by_constraints(owner)) {
      terms.push_back(graph_.mul(partial, graph_.variable(first_rate_slot() + slot)));
    } else if (at(owner).is_state()) {
      terms.push_back(graph_.mul(partial, derivative(owner)));
    } else if (at(owner).change == Change::solved) {
      const NodeId solution = solutions_[static_cast<std::size_t>(slot)];
      if (solution < 0) {
        fail("SBML feature not supported: rateOf of '" + at(owner).name + "' in the algebraic rule that determines it",
             at(owner).line, "E3001");
      }
      terms.push_back(graph_.mul(partial, rate_of(solution)));
    }
  }
  return math_.fold(Op::add, std::move(terms), 0.0);
}

NodeId Translation::with_rates(NodeId node, const std::vector<NodeId>& rates) {
  return graph_.substitute(node, [&](std::int32_t slot) {
    return slot >= first_rate_slot() ? rates[static_cast<std::size_t>(slot - first_rate_slot())] : NodeId{-1};
  });
}

bool Translation::waits_for_rates(NodeId node) const {
  const auto slots = graph_.variables(std::vector<NodeId>{node});
  return !slots.empty() && slots.back() >= first_rate_slot();  // sorted
}

// ---- initial values --------------------------------------------------------------------------------------------

double Translation::initial_meaning(int symbol, bool& is_amount) {
  const Symbol& s = at(symbol);
  is_amount = s.means_amount;
  if (s.initial != nullptr) {
    const std::string where = "initial assignment of '" + s.name + "'";
    return evaluate_initially(math_.translate(s.initial->math, {document_.file, where, s.initial->line}));
  }
  if (s.role != Role::species) return s.declared.value_or(unknown_value);
  const Species& species = document_.species[s.index];
  is_amount = !species.concentration.has_value();
  return species.concentration ? *species.concentration : species.amount.value_or(unknown_value);
}

bool Translation::has_value(int symbol) const {
  const Symbol& s = at(symbol);
  if (s.slot < 0 || s.change == Change::solved || s.change == Change::implicit || s.initial != nullptr || s.declared)
    return true;
  if (s.role != Role::species) return false;
  const Species& species = document_.species[s.index];
  return species.amount || species.concentration;
}

double Translation::initial(int symbol) {
  const Symbol& s = at(symbol);
  double& result = initials_[static_cast<std::size_t>(s.slot)];
  auto& progress = initial_progress_[index_of(symbol)];
  if (progress == Progress::done) return result;
  if (progress == Progress::busy) fail("the initial value of '" + s.name + "' depends on itself", s.line);
  if (++initial_depth_ > max_initial_depth) fail("initial values depend on each other in too long a chain", s.line);
  progress = Progress::busy;
  if (s.change == Change::solved) {
    result = evaluate_initially(solutions_[static_cast<std::size_t>(s.slot)]);
  } else if (s.change == Change::implicit) {
    solve_initial_constraints();
  } else {
    bool is_amount = false;
    double value_now = initial_meaning(symbol, is_amount);
    if (s.role == Role::species && is_amount != s.holds_amount) {
      const double size = evaluate_initially(value(s.compartment));
      value_now = is_amount ? value_now / size : value_now * size;
    }
    result = value_now;
  }
  --initial_depth_;
  progress = Progress::done;
  return result;
}

double Translation::evaluate_initially(NodeId node) {
  if (waits_for_rates(node)) {
    if (rates_.empty()) {
      fail(
          "SBML feature not supported: an initial value that needs a rate which algebraic rules or fast reactions "
          "determine",
          0, "E3001");
    }
    node = with_rates(node, rates_);
  }
  need_initials(node);
  return expr::evaluate(graph_, node, initials_);
}

/// The values at time 0 of all slots that the node depends on.
void Translation::need_initials(NodeId node) {
  initials_[static_cast<std::size_t>(symbols_.time_slot)] = 0.0;
  for (const std::int32_t slot : graph_.variables(std::vector<NodeId>{node})) {
    const int owner = symbols_.slot_owner[static_cast<std::size_t>(slot)];
    if (owner < 0) continue;
    if (!has_value(owner)) {
      fail("'" + at(owner).name + "' has no value in the file, but an initial value is computed from it",
           at(owner).line);
    }
    initial(owner);
  }
}

}  // namespace senoma::convert::sbml
