// The one expression language, from text to graph, with dimensions checked.
//
//   0.02 [1/h] * hill(lesions, 40, 2) * (state.age > 12 [h] ? 1 : 0)
//
// Numbers may carry a unit in brackets and are then in internal units; a bare number is dimensionless, but a bare 0
// fits any dimension. Constants: pi, exponentiale, true, false, infinity, notanumber (a name of the scope wins). Names
// are letters, digits, '_' and '.', e.g. LIGAND.occupancy; a name with other characters is written in back-quotes:
// `LIGAND occupancy`, where blanks equal dots. Operators by falling precedence: ^ (right), unary - and !, * / %, + -,
// < <= > >=, == !=, &&, ||, ?: — with `and`, `or`, `not`, `xor` as words. Functions: the names of expr::Op in SBML's
// spelling (exp ln log10 sqrt abs sign floor ceil sin … arccoth factorial min max rem quotient piecewise pow),
// log(base, x) (log of one argument is refused: it means ln to some and log10 to others) and
//   hill(x, k, n) = x^n/(k^n + x^n) for x > 0, 0 for x ≤ 0;  if(c, a, b);  clamp(x, lo, hi);  root(n, x).
// Dimensions: sums, comparisons and branches need equal ones; exp, ln, trigonometry and exponents need dimensionless
// ones, except that x^n with a whole constant n multiplies the dimension; sqrt halves even ones. Comparisons do not
// chain. Limits: 65536 bytes, 200 levels of nesting. Graph builders of hill, clamp, log and root: expr/functions.h.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.h"
#include "expr/graph.h"

namespace senoma::expr {

struct Symbol {
  NodeId node = -1;  ///< what the name stands for: a variable or any expression already in the graph
  Dimension dimension{};
};

struct Scope {
  /// The symbol of a (dot-normalised) name, or nothing if unknown.
  std::function<std::optional<Symbol>(const std::string& name)> find;
  /// All known names, for "did you mean".
  std::function<std::vector<std::string>()> names;
  bool check_dimensions = true;
};

/// Parses `text` into `graph`. Errors E2001 (syntax), E2002 (unknown name), E2003 (dimensions), E2004 (wrong number of
/// arguments), E2005 (too long or too deep) carry a position relative to `text`: line 1, column from 1.
[[nodiscard]] Symbol parse(std::string_view text, Graph& graph, const Scope& scope);

/// "LIGAND occupancy" → "LIGAND.occupancy": blanks become dots, so that a phrase of a rule is a name of the language.
[[nodiscard]] std::string normalise_name(std::string_view phrase);

}  // namespace senoma::expr
