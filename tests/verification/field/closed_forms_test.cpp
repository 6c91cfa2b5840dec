// The field solver against closed forms: orders of convergence, point sources with decay, a sphere with uptake.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <vector>

#include "field/reaction_diffusion.h"

namespace senoma::field {
namespace {

using grid::Geometry;
const Executor one_thread{1};
constexpr double pi = 3.14159265358979323846;

SolverOptions tight(bool steady) {
  SolverOptions options;
  options.tolerance = 1e-11;
  options.quasi_steady = steady;
  options.undershoot_tolerance = 1e9;  // cosine modes have both signs
  return options;
}

TEST(Field_verification, Cosine_and_sine_modes_converge_with_second_order_in_space) {
  // −D Δρ + λρ = (D κ² + λ) ρ: cosines between closed faces along x and y, a sine between value faces along z.
  const double length = 320.0, diffusion = 1000.0, decay = 0.05;
  std::printf("space:  n    h [um]   max error   order\n");
  double before = 0.0;
  for (const int n : {12, 24, 48, 96}) {
    const double h = length / n;
    const Geometry g{{n, n, n}, {h, h, h}, {0, 0, 0}, false};
    std::vector<double> exact(g.size()), source(g.size()), rho(g.size(), 0.0);
    for (int k = 0; k < n; ++k) {
      for (int j = 0; j < n; ++j) {
        for (int i = 0; i < n; ++i) {
          const double value = std::cos(pi * g.centre(0, i) / length) * std::cos(2 * pi * g.centre(1, j) / length) *
                               std::sin(pi * g.centre(2, k) / length);
          exact[g.index(i, j, k)] = value;
          source[g.index(i, j, k)] = (diffusion * 6.0 * pi * pi / (length * length) + decay) * value;
        }
      }
    }
    Coefficients c;
    c.diffusion = diffusion;
    c.decay = decay;
    c.source = source;
    c.faces[4] = c.faces[5] = {FaceCondition::Kind::value, 0.0, 0, 0};
    Solver(g).step(rho, 1.0, c, tight(true), one_thread);
    double error = 0.0;
    for (std::size_t v = 0; v < g.size(); ++v) error = std::max(error, std::abs(rho[v] - exact[v]));
    std::printf("      %3d  %8.1f  %10.3e  %6.2f\n", n, h, error, before > 0.0 ? std::log2(before / error) : NAN);
    if (before > 0.0) {
      EXPECT_GE(std::log2(before / error), 1.9);
    }
    before = error;
  }
}

TEST(Field_verification, A_cosine_mode_decays_with_second_order_in_time) {
  const int n = 64;
  const double h = 5.0, length = n * h, diffusion = 1000.0, decay = 0.05, end = 8.0;
  const Geometry g{{n, 1, 1}, {h, h, h}, {0, 0, 0}, true};
  // The decay rate of the discrete mode, so that only the error in time is left.
  const double rate = decay + diffusion * 2.0 * (1.0 - std::cos(2 * pi * h / length)) / (h * h);
  std::printf("time: steps   max error   order   embedded estimate\n");
  double before = 0.0;
  for (const int steps : {4, 8, 16, 32, 64}) {
    std::vector<double> rho(g.size());
    for (int i = 0; i < n; ++i) rho[static_cast<std::size_t>(i)] = std::cos(2 * pi * g.centre(0, i) / length);
    const auto start = rho;
    Coefficients c;
    c.diffusion = diffusion;
    c.decay = decay;
    Solver solver(g);
    double estimate = 0.0;
    SolverOptions options = tight(false);
    options.error_tolerance = 1.0;  // measures the error, and accepts any step
    for (int s = 0; s < steps; ++s) {
      const StepReport report = solver.step(rho, end / steps, c, options, one_thread);
      EXPECT_EQ(report.substeps, 1);
      estimate = std::max(estimate, report.error_estimate);
    }
    double error = 0.0;
    for (std::size_t v = 0; v < g.size(); ++v)
      error = std::max(error, std::abs(rho[v] - start[v] * std::exp(-rate * end)));
    std::printf("      %5d  %10.3e  %6.2f  %10.3e\n", steps, error, before > 0.0 ? std::log2(before / error) : NAN,
                estimate);
    if (before > 0.0) {
      EXPECT_GE(std::log2(before / error), 1.9);
    }
    before = error;
  }
}

TEST(Field_verification, A_steady_point_source_with_decay_follows_the_closed_form_in_3D_and_2D) {
  // The source sits in the corner between closed faces: by symmetry an eighth (a quarter) of a source in free space.
  const double h = 5.0, diffusion = 2000.0, reach = 50.0, source_rate = 3.0;  // reach = √(D/λ)
  for (const bool planar : {false, true}) {
    const int n = planar ? 128 : 64;
    const Geometry g{{n, n, planar ? 1 : n}, {h, h, h}, {0, 0, 0}, planar};
    std::vector<double> rho(g.size(), 0.0), source(g.size(), 0.0);
    source[0] = source_rate;
    Coefficients c;
    c.diffusion = diffusion;
    c.decay = diffusion / (reach * reach);
    c.source = source;
    Solver(g).step(rho, 1.0, c, tight(true), one_thread);
    double worst = 0.0;
    for (int k = 0; k < g.n[2]; ++k) {
      for (int j = 0; j < n; ++j) {
        for (int i = 0; i < n; ++i) {
          const double x = g.centre(0, i), y = g.centre(1, j), z = planar ? 0.0 : g.centre(2, k);
          const double r = std::sqrt(x * x + y * y + z * z);
          if (r < 0.8 * reach || r > 3.0 * reach) continue;
          const double exact = planar
                                   ? 4 * source_rate * h * h / (2 * pi * diffusion) * std::cyl_bessel_k(0.0, r / reach)
                                   : 8 * source_rate * h * h * h / (4 * pi * diffusion * r) * std::exp(-r / reach);
          worst = std::max(worst, std::abs(rho[g.index(i, j, k)] / exact - 1.0));
        }
      }
    }
    std::printf("point source in %s, 0.8 to 3 decay lengths: worst error %.2f %%\n", planar ? "2D" : "3D", 100 * worst);
    EXPECT_LT(worst, 0.01);
  }
}

TEST(Field_verification, A_sphere_with_first_order_uptake_follows_the_Thiele_profile) {
  const int n = 49;
  const double h = 5.0, radius = 100.0, diffusion = 1e5, thiele = 3.0, outside = 38.0;
  const Geometry g{{n, n, n}, {h, h, h}, {-0.5 * n * h, -0.5 * n * h, -0.5 * n * h}, false};
  std::vector<double> rho(g.size(), outside), uptake(g.size(), 0.0), values;
  std::vector<std::uint32_t> fixed;
  const auto distance = [&](std::size_t v) {
    const auto m = static_cast<std::size_t>(n);
    const double x = g.centre(0, static_cast<int>(v % m)), y = g.centre(1, static_cast<int>(v / m % m)),
                 z = g.centre(2, static_cast<int>(v / m / m));
    return std::sqrt(x * x + y * y + z * z);
  };
  const auto profile = [&](double r) {
    return outside * radius / r * std::sinh(thiele * r / radius) / std::sinh(thiele);
  };
  for (std::size_t v = 0; v < g.size(); ++v) {
    if (distance(v) > radius) {  // the profile continued outwards, so that the surface need not follow the voxels
      fixed.push_back(static_cast<std::uint32_t>(v));
      values.push_back(profile(distance(v)));
    } else {
      uptake[v] = thiele * thiele * diffusion / (radius * radius);
    }
  }
  Coefficients c;
  c.diffusion = diffusion;
  c.uptake = uptake;
  c.fixed_voxels = fixed;
  c.fixed_values = values;
  const auto report = Solver(g).step(rho, 1.0, c, tight(true), one_thread);
  double worst = 0.0;
  for (std::size_t v = 0; v < g.size(); ++v) {
    const double r = std::max(distance(v), 1e-9);
    if (r <= radius) worst = std::max(worst, std::abs(rho[v] / profile(r) - 1.0));
  }
  std::printf("sphere, Thiele modulus 3: worst error %.2f %%, %d iterations\n", 100 * worst, report.iterations);
  EXPECT_LT(worst, 0.005);
}

}  // namespace
}  // namespace senoma::field
