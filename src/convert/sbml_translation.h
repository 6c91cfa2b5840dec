// From symbols to nodes: the value of every quantity, the derivative of every state, and their values at time 0.
//
// Works on demand and follows references wherever they lead, so the file's order of rules does not matter; a circle is
// met as a symbol that is already being worked on. Algebraic rules: every unknown is a variable of its own until
// `solve_algebraic_rules` eliminates rule after rule an unknown in which it is linear (x = −f|x=0 / ∂f/∂x).
#pragma once

#include <string>
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
  std::vector<network::OdeEvent> events();
  expr::NodeId derivative(int state);  ///< of what the state's slot holds, per unit of the file's time

  /// Call once, after the nodes above exist and before the two below. Throws E3001 where a rule gives no unknown
  /// explicitly, or leaves one undetermined.
  void solve_algebraic_rules();
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
  expr::NodeId stoichiometry(const SpeciesReference& reference);
  double initial_meaning(int symbol, bool& is_amount);
  double evaluate_initially(expr::NodeId node);
  std::int32_t choose_unknown(expr::NodeId residual, const std::vector<bool>& solved, bool& ambiguous);

  const Document& document_;
  const Symbols& symbols_;
  expr::Graph& graph_;
  MathTranslator math_;
  std::vector<expr::NodeId> values_, derivatives_;
  std::vector<Progress> value_progress_, derivative_progress_, initial_progress_;
  std::vector<std::vector<Term>> terms_;  // per symbol: where a species takes part
  std::vector<double> initials_;          // per slot
  std::vector<expr::NodeId> solutions_;   // per slot: for algebraic unknowns
  int initial_depth_ = 0;
};

}  // namespace senoma::convert::sbml
