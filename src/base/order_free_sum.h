// A sum that does not depend on the order of its terms: each is rounded to a multiple of 2⁻⁹⁴ of the largest power of
// two among them and added as an integer, so the error is below n·2⁻⁹⁴ of the largest term (the plain sum's: n·2⁻⁵³ of
// the partial sums). Not finite when a term is not. For up to 2³² terms; about 10 ns each. Re-entrant.
#pragma once

#include <span>

namespace senoma {

[[nodiscard]] double order_free_sum(std::span<const double> terms);

}  // namespace senoma
