#include "field/conjugate_gradient.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace senoma::field {

namespace {

constexpr double round_off = std::numeric_limits<double>::epsilon();

// The power of two at or above value (> 0).
double power_of_two(double value) {
  int exponent = 0;
  static_cast<void>(std::frexp(value, &exponent));
  return std::ldexp(1.0, exponent);
}

}  // namespace

void CgVectors::resize(std::size_t n) {
  image.assign(n, 0.0);
  for (Column<float>* column : {&narrow_residual, &direction, &preconditioned}) column->assign(n, 0.0f);
}

CgResult solve(Multigrid& matrix, Column<double>& b, Column<double>& x, double tolerance, int max_iterations,
               CgVectors& work, const Executor& executor, bool along) {
  const Stencil& s = matrix.fine();
  double *r = b.data(), *q = work.image.data();
  float *r_narrow = work.narrow_residual.data(), *p = work.direction.data(), *z = work.preconditioned.data();
  if (s.layout.n_voxels() == 1) {
    x[0] = s.fixed[0].empty() ? b[0] / s.diagonal[0] : 0.0;
    return {0, 0.0, true, b[0]};
  }
  const StartSums start = subtract_image(s, x.data(), r, executor);
  const double b_norm = std::sqrt(start.b);
  double r_norm = std::sqrt(start.residual);
  // Below this the residual is only the rounding of A x.
  const double floor = 4.0 * round_off * std::max(b_norm, matrix.largest_diagonal() * std::sqrt(start.x));
  const double goal = std::max(floor, std::min(tolerance * b_norm, 0.1 * r_norm));
  CgResult result;
  result.right_side_sum = start.plain_b;
  // In units of `scale` are p, q = A p, z and the narrow residual; the step for x is applied with the next turn of p.
  const double scale = power_of_two(r_norm / std::sqrt(static_cast<double>(s.layout.n_voxels())));
  double step = 0.0, rz_before = 0.0, energy = 0.0;
  const auto descend_along_p = [&](double slope) {
    energy = apply_matrix(s, p, q, executor);
    if (!(energy > 0.0)) return false;  // not positive: NaN, or a matrix that is singular to round-off
    step = slope / energy * scale;
    r_norm = std::sqrt(sum_values(s, executor, [&](std::size_t at, std::size_t n) {
      return descend(step, 1.0 / scale, q + at, r + at, r_narrow + at, n);
    }));
    return true;
  };
  if (r_norm > goal) {
    const double slope = sum_values(s, executor, [&](std::size_t at, std::size_t n) {
      narrow(1.0 / scale, r + at, r_narrow + at, n);
      if (!along) return 0.0;
      narrow(1.0 / scale, q + at, p + at, n);
      return dot(r_narrow + at, static_cast<const float*>(p + at), n);
    });
    if (along && slope != 0.0) descend_along_p(slope);
  }
  while (r_norm > goal && result.iterations < max_iterations) {
    const bool conjugate_by_image = energy > 0.0 && (matrix.is_flexible() || rz_before == 0.0);
    const Products products = matrix.precondition(r_narrow, z, conjugate_by_image ? q : nullptr, executor);
    double beta = 0.0;
    if (conjugate_by_image) {
      beta = -products.with_image / energy;
    } else if (rz_before != 0.0) {
      beta = products.with_b / rz_before;
    }
    // Beside a direction it was not built from, z may be almost parallel to it; then only r · p itself is exact, and
    // where nothing is left of it, z alone serves.
    const auto turn_p = [&](double part) {
      const double slope = sum_values(s, executor, [&](std::size_t at, std::size_t n) {
        turn(step, part, z + at, p + at, &x[at], n);
        return conjugate_by_image ? dot(r_narrow + at, static_cast<const float*>(p + at), n) : 0.0;
      });
      step = 0.0;
      return conjugate_by_image ? slope : products.with_b;
    };
    if (!descend_along_p(turn_p(beta)) && !(beta != 0.0 && descend_along_p(turn_p(0.0)))) break;
    rz_before = products.with_b;
    ++result.iterations;
  }
  if (step != 0.0) {
    for_values(s, executor, [&](std::size_t at, std::size_t n) { advance(step, p + at, &x[at], n); });
  }
  result.relative_residual = b_norm > 0.0 ? r_norm / b_norm : r_norm;
  result.converged = r_norm <= std::max(goal, tolerance * b_norm);
  return result;
}

}  // namespace senoma::field
