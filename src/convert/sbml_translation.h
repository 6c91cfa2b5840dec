// From symbols to nodes: the value of every quantity, the derivative of every state, and their values at time 0.
//
// Works on demand and follows references wherever they lead, so the file's order of rules does not matter; a circle is
// met as a symbol that is already being worked on. Algebraic rules: every unknown is a variable of its own until
// `solve_algebraic_rules` eliminates rule after rule an unknown in which it is linear (x = −f|x=0 / ∂f/∂x). Rules that
// are left become constraints of the system, with their unknowns as states (Change::implicit); so do the equilibria of
// fast reactions. sbml_constraints.cpp
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "convert/sbml_math.h"
#include "convert/sbml_symbols.h"
#include "network/ode_system.h"

namespace senoma::convert::sbml {

class Translation {
 public:
  Translation(const Document& document, const Symbols& symbols, expr::Graph& graph);

  expr::NodeId value(int symbol);  ///< what the file's mathematics means by the symbol's name
  expr::NodeId amount(int species);
  expr::NodeId concentration(int species);
  /// Of what the state's slot holds, per unit of the file's time; without what constraints add.
  expr::NodeId derivative(int state);
  std::vector<network::OdeEvent> events();

  /// Call once, first. Throws E3001 where rules leave an unknown undetermined, E3004 where one determines nothing.
  void solve_algebraic_rules();
  /// The unknowns that are left: to be collected as implicit ones, if there are any.
  [[nodiscard]] std::vector<std::string> implicit_unknowns() const;
  std::vector<network::OdeConstraint> constraints();
  /// The final derivatives of all states; nodes with rateOf were waiting for them.
  void set_rates(std::vector<expr::NodeId> rates) { rates_ = std::move(rates); }
  [[nodiscard]] bool waits_for_rates(expr::NodeId node) const;
  expr::NodeId with_rates(expr::NodeId node, const std::vector<expr::NodeId>& rates);
  /// The node without algebraic unknowns.
  expr::NodeId resolved(expr::NodeId node);
  /// The value at time 0 of the symbol's slot; NaN where the file gives none. E3004 when it would be computed from
  /// such.
  double initial(int symbol);
  /// Whether the file gives the symbol a value, or a rule to compute it.
  [[nodiscard]] bool has_value(int symbol) const;

 private:
  enum class Progress : unsigned char { untouched, busy, done };
  struct Term {
    std::size_t reaction, participant;
  };

  const Symbol& at(int symbol) const { return symbols_.all[static_cast<std::size_t>(symbol)]; }
  [[noreturn]] void fail(const std::string& message, int line, const char* code = "E3004") const;
  MathPlace place_of(const Symbol& symbol) const { return {document_.file, symbol.math_name, symbol.math_line}; }
  expr::NodeId named(const std::string& name, const MathPlace& place);
  expr::NodeId translated_math(int symbol);
  expr::NodeId rate_of(expr::NodeId node);
  expr::NodeId rate_by_rule(int symbol);
  expr::NodeId sum_of_reactions(int species);
  static std::size_t end_of_reaction(const std::vector<Term>& places, std::size_t begin);
  expr::NodeId net_stoichiometry(const std::vector<Term>& places, std::size_t begin, std::size_t end);
  expr::NodeId scaled_to_slot(expr::NodeId extent, int species);
  expr::NodeId stoichiometry(const SpeciesReference& reference);
  double initial_meaning(int symbol, bool& is_amount);
  double evaluate_initially(expr::NodeId node);
  void need_initials(expr::NodeId node);
  void solve_initial_constraints();
  std::int32_t first_rate_slot() const { return static_cast<std::int32_t>(symbols_.slot_owner.size()); }
  bool moved_by_constraints(int symbol) const;
  std::int32_t choose_unknown(expr::NodeId residual, const std::vector<bool>& solved);
  void check_unknowns(const std::vector<bool>& solved) const;
  std::vector<network::OdeConstraint> algebraic_constraints();
  network::OdeConstraint equilibrium(std::size_t reaction);
  std::optional<double> fixed_stoichiometry(std::size_t reaction, int species) const;
  void remove_dependent(std::vector<network::OdeConstraint>& equilibria, const std::vector<std::size_t>& reactions);

  struct OpenRule {  // an algebraic rule that gives no unknown explicitly
    expr::NodeId residual;
    int line;
  };

  const Document& document_;
  const Symbols& symbols_;
  expr::Graph& graph_;
  MathTranslator math_;
  std::vector<expr::NodeId> values_, derivatives_;
  std::vector<Progress> value_progress_, derivative_progress_, initial_progress_;
  std::vector<std::vector<Term>> terms_;  // per symbol: where a species takes part
  std::vector<double> initials_;          // per slot
  std::vector<expr::NodeId> solutions_;   // per slot: for algebraic unknowns
  std::vector<OpenRule> open_rules_;
  std::vector<expr::NodeId> rates_;  // final derivatives, when known
  int initial_depth_ = 0;
};

}  // namespace senoma::convert::sbml
