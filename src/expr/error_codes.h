// The error codes of this room, for `senoma explain CODE`.
#pragma once

#include "base/error.h"

namespace senoma::expr {

inline constexpr ErrorCode error_codes[] = {
    {"E2001", "The expression cannot be read",
     "The text is not an expression of the language: a sign, a name or a bracket is missing or misplaced. Operators by "
     "falling "
     "strength: ^, unary - and !, * / %, + -, < <= > >=, == !=, && (and), xor, || (or), ?:. Comparisons do not chain: "
     "write "
     "a < b && b < c. A unit stands in brackets after a number: 0.02 [1/h]. A name with blanks or other letters stands "
     "in "
     "back-quotes: `LIGAND occupancy`."},
    {"E2002", "The name is not known here",
     "Every name must be a species, parameter, signal or function that exists where the expression stands. The message "
     "gives the "
     "nearest known name. Blanks in a phrase equal dots: `LIGAND occupancy` is LIGAND.occupancy."},
    {"E2003", "The dimensions do not fit",
     "Sums, comparisons and the branches of a choice need equal dimensions; exp, ln, trigonometry and exponents need "
     "dimensionless values; x^n with a whole constant n multiplies the dimension. A bare number is dimensionless, "
     "except 0, which "
     "fits everywhere. Example: state.age > 12 is refused, state.age > 12 [h] is right."},
    {"E2004", "The function has the wrong number of arguments",
     "The message shows how the function is written, e.g. hill(x, k, n). One logarithm is refused on purpose: log(x) "
     "means base e "
     "to some and base 10 to others, so write ln(x), log10(x) or log(base, x)."},
    {"E2005", "The expression is too long or too deep",
     "An expression may have 65536 bytes and 200 levels of nesting. Give its parts names of their own, for example as "
     "assignment "
     "rules."},
};

}  // namespace senoma::expr
