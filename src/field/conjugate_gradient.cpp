#include "field/conjugate_gradient.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace senoma::field {

namespace {

constexpr double round_off = std::numeric_limits<double>::epsilon();

double largest(const Column<double>& a) { return *std::max_element(a.begin(), a.end()); }

// Sums over the rows' memory, in the stencil's blocks.
template <class Body>
double sum_flat(const Stencil& s, const Executor& executor, const Body& body) {
  const std::size_t stride = s.layout.stride;
  return sum_rows(s, executor,
                  [&](std::size_t first, std::size_t end) { return body(first * stride, (end - first) * stride); });
}

}  // namespace

void CgVectors::resize(std::size_t n) {
  for (Column<double>* column : {&residual, &direction, &image, &preconditioned}) column->assign(n, 0.0);
}

CgResult solve(Multigrid& matrix, const Column<double>& b, Column<double>& x, double tolerance, int max_iterations,
               CgVectors& work, const Executor& executor) {
  const Stencil& s = matrix.fine();
  double *r = work.residual.data(), *p = work.direction.data(), *q = work.image.data(), *z = work.preconditioned.data();
  if (s.layout.n_voxels() == 1) {
    x[0] = s.fixed[0].empty() ? b[0] / s.diagonal[0] : 0.0;
    return {0, 0.0, true};
  }
  const double b_norm =
      std::sqrt(sum_flat(s, executor, [&](std::size_t at, std::size_t n) { return dot(&b[at], &b[at], n); }));
  const double x_norm =
      std::sqrt(sum_flat(s, executor, [&](std::size_t at, std::size_t n) { return dot(&x[at], &x[at], n); }));
  apply_matrix(s, x.data(), r, executor);
  double r_norm =
      std::sqrt(sum_flat(s, executor, [&](std::size_t at, std::size_t n) { return subtract_from(&b[at], r + at, n); }));
  // Below this the residual is only the rounding of A x.
  const double floor = 4.0 * round_off * std::max(b_norm, largest(s.diagonal) * x_norm);
  const double goal = std::max(floor, std::min(tolerance * b_norm, 0.1 * r_norm));
  CgResult result;
  double rz_before = 1.0;
  while (r_norm > goal && result.iterations < max_iterations) {
    matrix.precondition(r, z, q, executor);
    const double rz = sum_flat(s, executor, [&](std::size_t at, std::size_t n) { return dot(r + at, z + at, n); });
    const double beta = result.iterations == 0 ? 0.0 : rz / rz_before;
    sum_flat(s, executor, [&](std::size_t at, std::size_t n) {
      if (beta == 0.0) {
        std::copy(z + at, z + at + n, p + at);
      } else {
        scale_and_add(beta, z + at, p + at, n);
      }
      return 0.0;
    });
    const double energy = apply_matrix(s, p, q, executor);
    if (!(energy > 0.0)) break;  // not positive: NaN, or a matrix that is singular to round-off
    const double alpha = rz / energy;
    r_norm = std::sqrt(sum_flat(
        s, executor, [&](std::size_t at, std::size_t n) { return descend(alpha, p + at, q + at, &x[at], r + at, n); }));
    rz_before = rz;
    ++result.iterations;
  }
  result.relative_residual = b_norm > 0.0 ? r_norm / b_norm : r_norm;
  result.converged = r_norm <= std::max(goal, tolerance * b_norm);
  return result;
}

}  // namespace senoma::field
