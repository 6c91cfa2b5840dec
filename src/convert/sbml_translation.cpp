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
  const NodeId node = s.change == Change::rate_rule ? rate_by_rule(state)
                      : s.change == Change::events  ? graph_.constant(0.0)
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

NodeId Translation::sum_of_reactions(int species) {
  const Symbol& s = at(species);
  std::vector<NodeId> terms;
  const auto& places = terms_[index_of(species)];
  for (std::size_t i = 0; i < places.size();) {  // participants of one reaction stand side by side
    const std::size_t r = places[i].reaction;
    NodeId coefficient = graph_.constant(0.0);
    for (; i < places.size() && places[i].reaction == r; ++i) {
      const auto& reference = document_.reactions[r].participants[places[i].participant];
      const Op op = reference.sign > 0.0 ? Op::add : Op::subtract;
      coefficient = graph_.make(op, coefficient, stoichiometry(reference));
    }
    if (graph_.is_constant(coefficient) && graph_.node(coefficient).value == 0.0) continue;
    terms.push_back(graph_.mul(coefficient, value(symbols_.find(document_.reactions[r].id))));
  }
  NodeId sum = math_.fold(Op::add, std::move(terms), 0.0);
  const std::string& own = document_.species[s.index].conversion_factor;
  const std::string& factor = own.empty() ? document_.conversion_factor : own;
  if (!factor.empty())
    sum = graph_.mul(sum, named(factor, {document_.file, "conversion factor of '" + s.name + "'", s.line}));
  return s.holds_amount ? sum : graph_.div(sum, value(s.compartment));
}

NodeId Translation::rate_of(NodeId node) {
  std::vector<NodeId> terms;
  for (const std::int32_t slot : graph_.variables(std::vector<NodeId>{node})) {
    const int owner = symbols_.slot_owner[static_cast<std::size_t>(slot)];
    const NodeId partial = graph_.derivative(node, slot);
    if (owner < 0) {
      terms.push_back(partial);
    } else if (at(owner).is_state()) {
      terms.push_back(graph_.mul(partial, derivative(owner)));
    } else if (at(owner).change == Change::solved) {
      fail("SBML feature not supported: rateOf of '" + at(owner).name + "', which an algebraic rule determines",
           at(owner).line, "E3001");
    }
  }
  return math_.fold(Op::add, std::move(terms), 0.0);
}

// ---- algebraic rules -------------------------------------------------------------------------------------------

/// The slot of an unknown in which `residual` is linear; −1 if there is none. A constant coefficient cannot vanish and
/// is preferred; another one is taken only if there is no other unknown to choose.
std::int32_t Translation::choose_unknown(NodeId residual, const std::vector<bool>& solved, bool& ambiguous) {
  std::int32_t best = -1;
  int n_unknowns = 0;
  for (const std::int32_t slot : graph_.variables(std::vector<NodeId>{residual})) {
    const int owner = symbols_.slot_owner[static_cast<std::size_t>(slot)];
    if (owner < 0 || at(owner).change != Change::solved || solved[static_cast<std::size_t>(slot)]) continue;
    ++n_unknowns;
    const NodeId coefficient = graph_.derivative(residual, slot);
    if (graph_.is_constant(coefficient)) {
      if (graph_.node(coefficient).value != 0.0) best = slot;
    } else if (best < 0 && !graph_.depends_on(coefficient, slot)) {
      best = slot;
    }
  }
  ambiguous = best >= 0 && n_unknowns > 1 && !graph_.is_constant(graph_.derivative(residual, best));
  return best;
}

void Translation::solve_algebraic_rules() {
  std::vector<bool> solved(symbols_.slot_owner.size(), false);
  std::vector<std::int32_t> order;
  const auto substitute_one = [&](NodeId node, std::int32_t slot, NodeId by) {
    return graph_.substitute(node, [&](std::int32_t s) { return s == slot ? by : NodeId{-1}; });
  };
  for (const auto& rule : document_.rules) {
    if (rule.kind != RuleKind::algebraic) continue;
    NodeId residual = math_.translate(rule.math, {document_.file, "algebraic rule", rule.line});
    for (const std::int32_t slot : order)
      residual = substitute_one(residual, slot, solutions_[static_cast<std::size_t>(slot)]);
    bool ambiguous = false;
    const std::int32_t slot = choose_unknown(residual, solved, ambiguous);
    if (slot < 0 || ambiguous) {
      fail("SBML feature not supported: algebraic rule that is not linear in an unknown (line " +
               std::to_string(rule.line) + ")",
           rule.line, "E3001");
    }
    const NodeId rest = substitute_one(residual, slot, graph_.constant(0.0));
    const NodeId solution = graph_.make(Op::negate, graph_.div(rest, graph_.derivative(residual, slot)));
    for (const std::int32_t earlier : order) {
      NodeId& known = solutions_[static_cast<std::size_t>(earlier)];
      known = substitute_one(known, slot, solution);
    }
    solutions_[static_cast<std::size_t>(slot)] = solution;
    solved[static_cast<std::size_t>(slot)] = true;
    order.push_back(slot);
  }
  for (const int unknown : symbols_.unknowns) {
    if (solved[static_cast<std::size_t>(at(unknown).slot)]) continue;
    fail("SBML feature not supported: algebraic rules that do not determine '" + at(unknown).name + "' (line " +
             std::to_string(at(unknown).line) + ")",
         at(unknown).line, "E3001");
  }
}

NodeId Translation::resolved(NodeId node) {
  if (symbols_.unknowns.empty() || node < 0) return node;
  return graph_.substitute(node, [&](std::int32_t slot) { return solutions_[static_cast<std::size_t>(slot)]; });
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
  if (s.slot < 0 || s.change == Change::solved || s.initial != nullptr || s.declared) return true;
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
  return expr::evaluate(graph_, node, initials_);
}

}  // namespace senoma::convert::sbml
