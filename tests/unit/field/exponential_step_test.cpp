// Steps by the matrix exponential: as exact as they say, for smooth and for stiff data, and never below zero.
#include "field/exponential_step.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/math.h"
#include "base/philox.h"
#include "field/reaction_diffusion.h"

namespace senoma::field {
namespace {

using grid::Geometry;

TEST(Phi, Functions_have_their_limits_and_no_cancellation) {
  EXPECT_EQ(phi1(0.0), 1.0);
  EXPECT_EQ(psi(0.0), 0.5);
  for (const double z : {1e-12, 1e-3, 0.3, 0.4999999, 0.5000001, 2.0, 40.0}) {
    EXPECT_NEAR(phi1(z), -std::expm1(-z) / z, 4e-16) << z;
    // ∫_0^1 s φ1(sz) ds by Simpson's rule
    double sum = 0.0;
    const int n = 4000;
    for (int k = 0; k <= n; ++k) {
      const double s = static_cast<double>(k) / n;
      sum += (k == 0 || k == n ? 1.0 : k % 2 ? 4.0 : 2.0) * s * phi1(s * z);
    }
    EXPECT_NEAR(psi(z), sum / (3.0 * n), 1e-9) << z;
  }
  EXPECT_NEAR(phi1(1e9), 1e-9, 1e-20);
  EXPECT_NEAR(psi(1e9), 1e-9, 1e-17);
}

/// A box with everything in it: sources, uptake over four decades, vessels and three kinds of faces.
struct Tissue {
  Geometry geometry{{21, 18, 15}, {20, 20, 20}, {0, 0, 0}, false};
  std::vector<double> rho, source, uptake, map, values{38.0, 38.0};
  std::vector<std::uint32_t> fixed{1000, 2500};
  Coefficients c;

  explicit Tissue(bool mapped = false) {
    for (std::size_t v = 0; v < geometry.size(); ++v) {
      const RandomStream draw{1, v, Stream::test};
      rho.push_back(20.0 + 5.0 * math::sin(0.01 * static_cast<double>(v)));
      source.push_back(draw.uniform(0) < 0.2 ? draw.uniform(1) : 0.0);
      uptake.push_back(draw.uniform(2) < 0.3 ? math::exp(9.2 * (draw.uniform(3) - 0.8)) : 0.0);
      map.push_back(v % 21 < 10 ? 2000.0 : 200.0);
    }
    for (const auto v : fixed) rho[v] = 38.0;
    c.diffusion = 2000.0;
    if (mapped) c.diffusion_map = map;
    c.decay = 0.1;
    c.source = source;
    c.uptake = uptake;
    c.fixed_voxels = fixed;
    c.fixed_values = values;
    c.faces[0] = {FaceCondition::Kind::value, 38.0, 0, 0};
    c.faces[1] = {FaceCondition::Kind::flux, 0, 5.0, 0};
    c.faces[2] = {FaceCondition::Kind::mixed, 10.0, 0, 3.0};
  }
  StepReport step(std::vector<double>& field, double dt, int n, double error_tolerance, int threads = 1,
                  std::vector<double>* mean = nullptr) const {
    SolverOptions options;
    options.tolerance = 1e-11;
    options.error_tolerance = error_tolerance;
    Solver solver(geometry);
    StepReport report;
    std::vector<double> part(field.size());
    if (mean != nullptr) mean->assign(field.size(), 0.0);
    for (int s = 0; s < n; ++s) {
      report = solver.step(field, dt / n, c, options, Executor(threads), part);
      if (mean != nullptr)
        for (std::size_t v = 0; v < part.size(); ++v) (*mean)[v] += part[v] / n;
    }
    return report;
  }
};

double distance(const std::vector<double>& a, const std::vector<double>& b) {
  double difference = 0.0, size = 0.0;
  for (std::size_t v = 0; v < a.size(); ++v) {
    difference += (a[v] - b[v]) * (a[v] - b[v]);
    size += b[v] * b[v];
  }
  return std::sqrt(difference / size);
}

/// Many steps of SDIRK2, extrapolated.
void converged(const Tissue& tissue, double dt, std::vector<double>& field, std::vector<double>& mean) {
  auto coarse = tissue.rho, fine = tissue.rho;
  std::vector<double> coarse_mean, fine_mean;
  tissue.step(coarse, dt, 64, 0.0, 1, &coarse_mean);
  tissue.step(fine, dt, 128, 0.0, 1, &fine_mean);
  field = fine;
  mean = fine_mean;
  for (std::size_t v = 0; v < field.size(); ++v) {
    field[v] += (fine[v] - coarse[v]) / 3.0;
    mean[v] += (fine_mean[v] - coarse_mean[v]) / 3.0;
  }
}

TEST(ExponentialStep, Keeps_the_tolerance_in_field_and_mean_for_tissue_with_everything_in_it) {
  for (const bool mapped : {false, true}) {
    const Tissue tissue(mapped);
    std::vector<double> exact, exact_mean;
    converged(tissue, 6.0, exact, exact_mean);
    for (const double tolerance : {1e-2, 1e-3, 1e-4}) {
      auto field = tissue.rho;
      std::vector<double> mean;
      const auto report = tissue.step(field, 6.0, 1, tolerance, 1, &mean);
      EXPECT_LT(distance(field, exact), tolerance) << mapped << " " << tolerance;
      EXPECT_LT(distance(mean, exact_mean), tolerance) << mapped << " " << tolerance;
      EXPECT_LE(report.error_estimate, tolerance);
      EXPECT_LE(report.substeps, 8) << "a second-order scheme needs hundreds";
      EXPECT_LT(std::abs(report.ledger.closing_error()), 1e-13);
      EXPECT_EQ(report.backward_euler, 0);
    }
  }
}

TEST(ExponentialStep, Solves_one_mode_exactly) {
  const int n = 40;
  const double h = 5.0, length = n * h, diffusion = 1000.0, decay = 0.05, dt = 8.0;
  const Geometry g{{n, 1, 1}, {h, h, h}, {0, 0, 0}, true};
  const double rate = decay + diffusion * 2.0 * (1.0 - std::cos(math::pi * h / length)) / (h * h);
  std::vector<double> rho(g.size()), exact(g.size());
  for (std::size_t i = 0; i < rho.size(); ++i) {
    const double mode = std::cos(math::pi * g.centre(0, static_cast<int>(i)) / length);
    rho[i] = 2.0 + mode;
    exact[i] = 2.0 * std::exp(-decay * dt) + mode * std::exp(-rate * dt);
  }
  Coefficients c;
  c.diffusion = diffusion;
  c.decay = decay;
  SolverOptions options;
  options.error_tolerance = 1e-6;
  const auto report = Solver(g).step(rho, dt, c, options, Executor());
  EXPECT_EQ(report.substeps, 1);
  for (std::size_t i = 0; i < rho.size(); ++i) EXPECT_NEAR(rho[i], exact[i], 1e-6);
}

TEST(ExponentialStep, Leaves_a_field_at_rest_alone) {
  const Geometry g{{8, 8, 8}, {20, 20, 20}, {0, 0, 0}, false};
  std::vector<double> rho(g.size(), 5.0);
  Coefficients c;
  c.diffusion = 1e5;
  SolverOptions options;
  options.error_tolerance = 1e-6;
  const auto report = Solver(g).step(rho, 6.0, c, options, Executor());
  EXPECT_EQ(report.iterations, 0);
  for (const double value : rho) EXPECT_DOUBLE_EQ(value, 5.0);
}

TEST(ExponentialStep, Where_it_would_undershoot_the_positive_scheme_takes_over) {
  // A lone source in an empty field and a time too short to reach the corners.
  const Geometry g{{31, 31, 1}, {20, 20, 20}, {0, 0, 0}, true};
  std::vector<double> rho(g.size(), 0.0), source(g.size(), 0.0);
  source[g.index(15, 15, 0)] = 1.0;
  Coefficients c;
  c.diffusion = 50.0;
  c.source = source;
  SolverOptions options;
  options.error_tolerance = 1e-2;
  const auto report = Solver(g).step(rho, 1.0, c, options, Executor());
  double sum = 0.0;
  for (const double value : rho) {
    EXPECT_GE(value, -1e-9);
    sum += value;
  }
  EXPECT_NEAR(sum, 1.0, 1e-12);
  EXPECT_LT(std::abs(report.ledger.closing_error()), 1e-13);
}

TEST(ExponentialStep, Has_the_same_bits_for_any_number_of_threads) {
  const Tissue tissue;
  auto one = tissue.rho, three = tissue.rho;
  tissue.step(one, 6.0, 1, 1e-3, 1);
  tissue.step(three, 6.0, 1, 1e-3, 3);
  EXPECT_EQ(one, three);
}

}  // namespace
}  // namespace senoma::field
