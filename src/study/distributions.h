// Normal and Student distributions, as far as intervals and tests of replicates need them. Relative accuracy about
// 1e-12 in the centre, 1e-8 in the tails used here. Thread statement: re-entrant.
#pragma once

namespace senoma::study {

[[nodiscard]] double normal_cdf(double z);

/// P(T ≤ t) for Student's t with `freedom` > 0 degrees of freedom, from the regularised incomplete beta function
/// (continued fraction; Press et al. 2007, Numerical Recipes, section 6.4). Infinite t gives 0 or 1.
[[nodiscard]] double student_cdf(double t, double freedom);

/// The t with student_cdf(t, freedom) = p, 0 < p < 1, by bisection.
[[nodiscard]] double student_quantile(double p, double freedom);

/// z of a two-sided normal interval over `level` (0.9 → 1.645), 0 < level < 1.
[[nodiscard]] double normal_half_width(double level);

}  // namespace senoma::study
