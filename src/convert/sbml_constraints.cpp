// Algebraic rules and fast reactions of the translation.
#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "convert/sbml_translation.h"
#include "network/constraints.h"

namespace senoma::convert::sbml {

using expr::NodeId;
using expr::Op;

// ---- algebraic rules -------------------------------------------------------------------------------------------

/// The slot of an unknown in which `residual` is linear; −1 if there is none. A constant coefficient cannot vanish;
/// another one is taken only if there is no other unknown to choose.
std::int32_t Translation::choose_unknown(NodeId residual, const std::vector<bool>& solved) {
  std::int32_t best = -1;
  int n_unknowns = 0;
  for (const std::int32_t slot : graph_.variables(std::vector<NodeId>{residual})) {
    if (slot >= first_rate_slot()) continue;
    const int owner = symbols_.slot_owner[static_cast<std::size_t>(slot)];
    if (owner < 0) continue;
    if (at(owner).change == Change::implicit) ++n_unknowns;
    if (at(owner).change != Change::solved || solved[static_cast<std::size_t>(slot)]) continue;
    ++n_unknowns;
    const NodeId coefficient = graph_.derivative(residual, slot);
    if (graph_.is_constant(coefficient)) {
      if (graph_.node(coefficient).value != 0.0) best = slot;
    } else if (best < 0 && !graph_.depends_on(coefficient, slot)) {
      best = slot;
    }
  }
  const bool ambiguous = best >= 0 && n_unknowns > 1 && !graph_.is_constant(graph_.derivative(residual, best));
  return ambiguous ? -1 : best;
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
    const std::int32_t slot = choose_unknown(residual, solved);
    if (slot < 0) {
      open_rules_.push_back({residual, rule.line});
      continue;
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
  check_unknowns(solved);
}

/// Every unknown must have its rule, and every rule its unknown.
void Translation::check_unknowns(const std::vector<bool>& solved) const {
  std::vector<int> left;
  for (std::size_t s = 0; s < symbols_.all.size(); ++s) {
    const Symbol& symbol = symbols_.all[s];
    if (symbol.change == Change::implicit ||
        (symbol.change == Change::solved && !solved[static_cast<std::size_t>(symbol.slot)]))
      left.push_back(static_cast<int>(s));
  }
  if (left.size() > open_rules_.size()) {
    fail("SBML feature not supported: algebraic rules that do not determine '" + at(left.back()).name + "' (line " +
             std::to_string(at(left.back()).line) + ")",
         at(left.back()).line, "E3001");
  }
  if (left.size() < open_rules_.size()) {
    fail("the algebraic rule determines nothing: what it names is determined without it", open_rules_.back().line);
  }
}

std::vector<std::string> Translation::implicit_unknowns() const {
  std::vector<std::string> names;
  for (const int unknown : symbols_.unknowns) {
    if (solutions_[static_cast<std::size_t>(at(unknown).slot)] < 0) names.push_back(at(unknown).name);
  }
  return names;
}

NodeId Translation::resolved(NodeId node) {
  if (symbols_.unknowns.empty() || node < 0) return node;
  return graph_.substitute(node, [&](std::int32_t slot) {
    return slot < first_rate_slot() ? solutions_[static_cast<std::size_t>(slot)] : NodeId{-1};
  });
}

std::vector<network::OdeConstraint> Translation::algebraic_constraints() {
  std::vector<network::OdeConstraint> result;
  std::size_t next = 0;
  for (const int s : symbols_.states) {
    if (at(s).change != Change::implicit) continue;
    const OpenRule& rule = open_rules_[next++];
    network::OdeConstraint constraint;
    constraint.name = "the algebraic rule (line " + std::to_string(rule.line) + ")";
    constraint.residual = resolved(rule.residual);
    constraint.direction = {{static_cast<std::size_t>(at(s).slot), graph_.constant(1.0)}};
    result.push_back(std::move(constraint));
  }
  return result;
}

/// The implicit unknowns at time 0, from the values that the file gives them or from 1.
void Translation::solve_initial_constraints() {
  network::OdeSystem system;
  system.name = document_.id;
  system.states.resize(symbols_.states.size());
  system.constraints = algebraic_constraints();
  for (const int s : symbols_.states) {
    if (at(s).change != Change::implicit) continue;
    initial_progress_[static_cast<std::size_t>(s)] = Progress::busy;
    bool is_amount = false;
    const double given = initial_meaning(s, is_amount);
    initials_[static_cast<std::size_t>(at(s).slot)] = std::isfinite(given) ? given : 1.0;
  }
  for (const auto& constraint : system.constraints) {
    for (const std::int32_t slot : graph_.variables(std::vector<NodeId>{constraint.residual})) {
      if (slot >= first_rate_slot()) (void)evaluate_initially(constraint.residual);  // refuses
      const int owner = symbols_.slot_owner[static_cast<std::size_t>(slot)];
      if (owner < 0 || at(owner).change == Change::implicit) continue;
      need_initials(graph_.variable(slot));
    }
  }
  initials_[static_cast<std::size_t>(symbols_.time_slot)] = 0.0;
  system.graph = graph_;
  try {
    network::ConstraintProgram::Workspace workspace;
    network::ConstraintProgram(system).project(initials_, workspace);
  } catch (const Error&) {
    fail("at time 0 no value of '" + at(symbols_.states[system.constraints.front().direction.front().first]).name +
             "' fulfils " + system.constraints.front().name,
         open_rules_.front().line);
  }
  for (const int s : symbols_.states) {
    if (at(s).change == Change::implicit) initial_progress_[static_cast<std::size_t>(s)] = Progress::done;
  }
}

// ---- fast reactions --------------------------------------------------------------------------------------------

bool Translation::moved_by_constraints(int symbol) const {
  const Symbol& s = at(symbol);
  if (s.change == Change::implicit) return true;
  if (s.change != Change::reactions) return false;
  const auto& places = terms_[static_cast<std::size_t>(symbol)];
  return std::any_of(places.begin(), places.end(),
                     [&](const Term& term) { return document_.reactions[term.reaction].fast; });
}

network::OdeConstraint Translation::equilibrium(std::size_t reaction) {
  const Reaction& source = document_.reactions[reaction];
  network::OdeConstraint result;
  result.name = "the equilibrium of the fast reaction '" + source.id + "'";
  result.residual = resolved(value(symbols_.find(source.id)));
  result.relaxes = true;
  for (const int s : symbols_.states) {
    if (at(s).change != Change::reactions) continue;
    const auto& places = terms_[static_cast<std::size_t>(s)];
    for (std::size_t i = 0; i < places.size();) {
      const std::size_t begin = i;
      i = end_of_reaction(places, begin);
      if (places[begin].reaction != reaction) continue;
      const NodeId coefficient = resolved(scaled_to_slot(net_stoichiometry(places, begin, i), s));
      if (graph_.is_constant(coefficient) && graph_.node(coefficient).value == 0.0) continue;
      result.direction.emplace_back(static_cast<std::size_t>(at(s).slot), coefficient);
    }
  }
  return result;
}

/// The net stoichiometry as a number, where it is one for all times.
std::optional<double> Translation::fixed_stoichiometry(std::size_t reaction, int species) const {
  double sum = 0.0;
  for (const auto& reference : document_.reactions[reaction].participants) {
    if (symbols_.find(reference.species) != species) continue;
    if (reference.stoichiometry_math || !reference.stoichiometry) return std::nullopt;
    if (!reference.id.empty()) {
      const Symbol& s = at(symbols_.find(reference.id));
      if (!s.is_constant() || s.initial != nullptr) return std::nullopt;
    }
    sum += reference.sign * *reference.stoichiometry;
  }
  return sum;
}

/// Fast reactions whose stoichiometry is a combination of others' (two ways from A to B, a ring) have no equilibrium of
/// their own: what must vanish is the net flux along each independent direction, N v = B (C v) → C v = 0.
void Translation::remove_dependent(std::vector<network::OdeConstraint>& equilibria,
                                   const std::vector<std::size_t>& reactions) {
  std::vector<std::vector<double>> rows;  // species × reactions
  for (const int s : symbols_.states) {
    if (!moved_by_constraints(s) || at(s).change != Change::reactions) continue;
    auto& row = rows.emplace_back();
    for (const std::size_t r : reactions) {
      const auto number = fixed_stoichiometry(r, s);
      if (!number) return;  // varying: taken as independent
      row.push_back(*number);
    }
  }
  std::vector<std::size_t> pivots;  // reduced row echelon form
  for (std::size_t c = 0; c < reactions.size() && pivots.size() < rows.size(); ++c) {
    const std::size_t top = pivots.size();
    std::size_t best = top;
    for (std::size_t r = top; r < rows.size(); ++r) {
      if (std::fabs(rows[r][c]) > std::fabs(rows[best][c])) best = r;
    }
    if (std::fabs(rows[best][c]) < 1e-9) continue;
    std::swap(rows[top], rows[best]);
    const double pivot = rows[top][c];
    for (double& x : rows[top]) x /= pivot;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const double factor = rows[r][c];
      if (r == top || factor == 0.0) continue;
      for (std::size_t k = 0; k < reactions.size(); ++k) rows[r][k] -= factor * rows[top][k];
    }
    pivots.push_back(c);
  }
  std::vector<network::OdeConstraint> independent;
  for (std::size_t p = 0; p < pivots.size(); ++p) {
    network::OdeConstraint constraint = equilibria[pivots[p]];
    for (std::size_t c = 0; c < reactions.size(); ++c) {
      if (c == pivots[p] || std::fabs(rows[p][c]) < 1e-9) continue;
      constraint.residual =
          graph_.add(constraint.residual, graph_.mul(graph_.constant(rows[p][c]), equilibria[c].residual));
    }
    independent.push_back(std::move(constraint));
  }
  equilibria = std::move(independent);
}

std::vector<network::OdeConstraint> Translation::constraints() {
  std::vector<network::OdeConstraint> equilibria;
  std::vector<std::size_t> reactions;
  for (std::size_t r = 0; r < document_.reactions.size(); ++r) {
    if (!document_.reactions[r].fast) continue;
    auto constraint = equilibrium(r);
    if (constraint.direction.empty()) continue;  // it changes nothing
    equilibria.push_back(std::move(constraint));
    reactions.push_back(r);
  }
  remove_dependent(equilibria, reactions);
  auto result = algebraic_constraints();
  result.insert(result.end(), equilibria.begin(), equilibria.end());
  for (const auto& constraint : result) {
    if (!waits_for_rates(constraint.residual)) continue;
    fail("SBML feature not supported: rateOf in " + constraint.name + " of a quantity that it determines", 0, "E3001");
  }
  return result;
}

}  // namespace senoma::convert::sbml
