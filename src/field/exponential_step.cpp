#include "field/exponential_step.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "base/math.h"

namespace senoma::field {

namespace {

using Vector = Eigen::VectorXd;
using Matrix = Eigen::MatrixXd;

constexpr double pole = 0.125;  // γ/h: near the best one for 4 to 10 dimensions

// Σ_k (−z)^k / (k + shift)!, for small z.
double series(double z, int shift) {
  double term = 1.0, sum = 0.0;
  for (int k = 1; k <= shift; ++k) term /= k;
  for (int k = 0; k < 20; ++k) {
    sum += term;
    term *= -z / (k + 1 + shift);
  }
  return sum;
}

double product(const ImplicitSystem& system, const Column<double>& a, const Column<double>& b) {
  return sum_values(system.stencil(), system.executor(),
                    [&](std::size_t at, std::size_t n) { return dot(&a[at], &b[at], n); });
}

void add(const ImplicitSystem& system, double weight, const Column<double>& a, Column<double>& out) {
  for_values(system.stencil(), system.executor(),
             [&](std::size_t at, std::size_t n) { add_scaled(weight, &a[at], &out[at], n); });
}

void scale(const ImplicitSystem& system, double factor, Column<double>& out) {
  for_values(system.stencil(), system.executor(), [&](std::size_t at, std::size_t n) {
    for (std::size_t i = at; i < at + n; ++i) out[i] *= factor;
  });
}

/// The coefficients of φ1 and ψ of the projected matrix, applied to the first basis vector.
struct Projected {
  Vector end, mean;
};

Projected coefficients_of(const Matrix& projected, double gamma, double h) {
  const Eigen::SelfAdjointEigenSolver<Matrix> eigen(projected);
  Vector end = eigen.eigenvectors().row(0), mean = end;
  for (Eigen::Index k = 0; k < end.size(); ++k) {
    // 1/(1 + γμ) is an eigenvalue of S, in (0, 1] but for the solves' error.
    const double theta = std::clamp(eigen.eigenvalues()[k], 1e-16, 1.0), z = h * (1.0 / theta - 1.0) / gamma;
    end[k] *= phi1(z);
    mean[k] *= psi(z);
  }
  return {eigen.eigenvectors() * end, eigen.eigenvectors() * mean};
}

double change(const Vector& now, const Vector& before) {
  Vector difference = now;
  difference.head(before.size()) -= before;
  return difference.norm();
}

}  // namespace

double phi1(double z) { return z < 0.5 ? series(z, 1) : (1.0 - math::exp(-z)) / z; }

double psi(double z) { return z < 0.5 ? series(z, 2) : (1.0 - phi1(z)) / z; }

ExponentialReport ExponentialStep::run(ImplicitSystem& system, std::span<const double> rho, double h, double tolerance,
                                       int max_iterations, Column<double>& x, std::span<double> mean) {
  const std::size_t size = x.size();
  const double gamma = pole * h;
  const auto vector = [&](std::size_t k) -> Column<double>& {
    while (basis_.size() <= k) basis_.emplace_back(size, 0.0);
    return basis_[k];
  };
  right_side_.resize(size, 0.0);
  system.assemble(1.0, gamma);
  system.set_right_side(1.0, rho, gamma, right_side_);
  system.split(rho, x);
  system.merge(0.0, 1.0, x, mean);
  // ρ + γf − (I + γM)ρ = γv
  std::copy(right_side_.begin(), right_side_.end(), vector(0).begin());
  const StartSums start = subtract_image(system.stencil(), x.data(), vector(0).data(), system.executor());
  const double length = std::sqrt(start.residual), field = std::sqrt(start.x);
  ExponentialReport report;
  if (!(length > 1e-15 * std::sqrt(start.b))) {
    report.converged = true;
    return report;
  }
  scale(system, 1.0 / length, vector(0));
  const double amplitude = length * h / gamma;  // h |v|
  const double solve_tolerance = std::clamp(0.03 * tolerance, 1e-11, 1e-6);
  Matrix projected = Matrix::Zero(most_vectors, most_vectors);
  Projected now, before;
  std::size_t m = 0;
  while (m < most_vectors) {
    Column<double>& image = vector(m + 1);
    std::fill(image.begin(), image.end(), 0.0);
    std::copy(basis_[m].begin(), basis_[m].end(), right_side_.begin());
    report.iterations += system.solve(right_side_, image, solve_tolerance, 1e-3, max_iterations);
    // Against every vector, not the last two alone: the solves leave S not quite symmetric.
    const auto row = static_cast<Eigen::Index>(m);
    for (std::size_t k = 0; k <= m; ++k) {
      const double overlap = product(system, basis_[k], image);
      if (k + 1 >= m)
        projected(row, static_cast<Eigen::Index>(k)) = projected(static_cast<Eigen::Index>(k), row) = overlap;
      add(system, -overlap, basis_[k], image);
    }
    const double left = std::sqrt(product(system, image, image));
    ++m;
    before = now;
    now = coefficients_of(projected.topLeftCorner(row + 1, row + 1), gamma, h);
    const double reference = std::max(field, amplitude * now.end.norm());
    report.error = amplitude * std::max(change(now.end, before.end), change(now.mean, before.mean)) / reference;
    const bool complete = left <= 0.1 * solve_tolerance * projected(row, row);  // nothing of v lies outside
    if (complete) report.error = 0.0;
    report.converged = report.error <= tolerance;
    if (report.converged || m == most_vectors) break;
    scale(system, 1.0 / left, image);
  }
  report.vectors = static_cast<int>(m);
  Column<double>& average = right_side_;
  std::copy(x.begin(), x.end(), average.begin());
  for (std::size_t k = 0; k < m; ++k) {
    add(system, amplitude * now.end[static_cast<Eigen::Index>(k)], basis_[k], x);
    add(system, amplitude * now.mean[static_cast<Eigen::Index>(k)], basis_[k], average);
  }
  system.merge(0.0, 1.0, average, mean);
  return report;
}

}  // namespace senoma::field
