// Michaelis–Menten uptake against closed forms.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/error.h"
#include "field/reaction_diffusion.h"

namespace senoma::field {
namespace {

using grid::Geometry;
const Executor one_thread{1};

// ∂ρ/∂t = −V ρ/(K + ρ) has ρ + K ln ρ = ρ0 + K ln ρ0 − V t (Lambert's function), solved here by bisection.
double well_mixed(double rho0, double v_max, double k, double t) {
  const double right = rho0 + k * std::log(rho0) - v_max * t;
  double low = 1e-300, high = rho0;
  for (int i = 0; i < 200; ++i) {
    const double middle = i < 60 ? std::sqrt(low * high) : 0.5 * (low + high);
    (middle + k * std::log(middle) < right ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

TEST(Saturable_uptake, A_well_mixed_voxel_follows_the_implicit_closed_form_with_second_order) {
  for (const double k : {20.0, 2.0}) {
    double before = 0.0;
    for (const int steps : {20, 40, 80}) {
      const std::vector<double> v{2.0 / k};
      Coefficients c;
      c.saturable = v;
      c.half_saturation = k;
      Solver solver(Geometry{});
      std::vector<double> rho{10.0};
      for (int s = 0; s < steps; ++s) {
        const StepReport report = solver.step(rho, 4.0 / steps, c, {}, one_thread);
        EXPECT_LE(report.newton, 12);
        EXPECT_LT(report.ledger.closing_error(), 1e-13);
      }
      const double error = std::abs(rho[0] - well_mixed(10.0, 2.0, k, 4.0));
      if (before > 0.0) {
        EXPECT_GT(std::log2(before / error), 1.9) << k << " " << steps;
      }
      before = error;
    }
    EXPECT_LT(before, 1e-4);
  }
}

// A slab held at ρ0 on one side whose cells take up a constant V: ρ = ρ0 (1 − x/d)² to the depth d = √(2 D ρ0 / V).
TEST(Saturable_uptake, A_slab_with_almost_constant_uptake_is_reached_to_the_known_depth) {
  const double diffusion = 1e4, v_max = 10.0, rho0 = 38.0, h = 5.0, k = 1e-3;
  const Geometry g{{80, 3, 1}, {h, h, h}, {0, 0, 0}, true};
  const std::vector<double> v(g.size(), v_max / k);
  Coefficients c;
  c.diffusion = diffusion;
  c.saturable = v;
  c.half_saturation = k;
  c.faces[0] = {FaceCondition::Kind::value, rho0, 0, 0};
  SolverOptions options;
  options.quasi_steady = true;
  std::vector<double> rho(g.size(), rho0);
  const StepReport report = Solver(g).step(rho, 1.0, c, options, one_thread);
  const double depth = std::sqrt(2.0 * diffusion * rho0 / v_max);  // 275.7 um
  for (int i = 0; i < g.n[0]; ++i) {
    const double rest = std::max(0.0, 1.0 - (i + 0.5) * h / depth);
    EXPECT_NEAR(rho[g.index(i, 1, 0)], rho0 * rest * rest, 0.01) << i;
    EXPECT_GE(rho[g.index(i, 1, 0)], 0.0);
  }
  // What flows in is what is taken up: V per volume to the depth.
  EXPECT_NEAR(report.ledger.taken_up, v_max * depth * 3.0 * h * h, 0.01 * report.ledger.taken_up);
  EXPECT_NEAR(report.ledger.through_faces, report.ledger.taken_up, 1e-9 * report.ledger.taken_up);
  EXPECT_LE(report.newton, 40);
}

TEST(Saturable_uptake, Far_below_the_half_saturation_it_is_first_order) {
  const Geometry g{{9, 8, 7}, {20, 20, 20}, {0, 0, 0}, false};
  std::vector<double> v(g.size(), 0.0), a(g.size(), 1.0), b(g.size(), 1.0);
  for (std::size_t i = 0; i < v.size(); i += 3) v[i] = 10.0;
  Coefficients c;
  c.diffusion = 1e3;
  c.saturable = v;
  c.half_saturation = 1e9;
  Coefficients first_order;
  first_order.diffusion = 1e3;
  first_order.uptake = v;
  Solver solver(g);
  const auto saturable = solver.step(a, 6.0, c, {}, one_thread),
             linear = solver.step(b, 6.0, first_order, {}, one_thread);
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-6);
  EXPECT_NEAR(saturable.ledger.taken_up, linear.ledger.taken_up, 1e-6 * linear.ledger.taken_up);
}

TEST(Saturable_uptake, Beside_first_order_uptake_vessels_and_sources_nothing_turns_negative_and_the_ledger_closes) {
  const Geometry g{{11, 9, 7}, {20, 20, 40}, {0, 0, 0}, false};
  std::vector<double> v(g.size(), 0.0), u(g.size(), 0.0), s(g.size(), 0.0), rho(g.size(), 5.0);
  for (std::size_t i = 0; i < v.size(); i += 5) v[i] = 2000.0;
  for (std::size_t i = 0; i < u.size(); i += 7) u[i] = 30.0;
  for (std::size_t i = 0; i < s.size(); i += 11) s[i] = 4.0;
  const std::vector<std::uint32_t> fixed{60, 61, 300};
  const std::vector<double> values{40.0, 40.0, 40.0};
  Coefficients c;
  c.diffusion = 2e3;
  c.decay = 0.05;
  c.uptake = u;
  c.source = s;
  c.saturable = v;
  c.half_saturation = 0.5;
  c.fixed_voxels = fixed;
  c.fixed_values = values;
  c.faces[1] = {FaceCondition::Kind::value, 20.0, 0, 0};
  Solver solver(g);
  for (const double dt : {0.01, 1.0, 100.0}) {
    for (const double tolerance : {1e-3, 1e-8}) {
      SolverOptions options;
      options.tolerance = tolerance;
      const StepReport report = solver.step(rho, dt, c, options, one_thread);
      for (const double value : rho) EXPECT_GE(value, -1e-8);
      EXPECT_LT(report.ledger.closing_error(), 1e-13);
      EXPECT_GT(report.ledger.taken_up, 0.0);
    }
  }
}

TEST(Saturable_uptake, Needs_a_positive_half_saturation) {
  const std::vector<double> v{1.0};
  std::vector<double> rho{1.0};
  Coefficients c;
  c.saturable = v;
  try {
    Solver(Geometry{}).step(rho, 1.0, c, {}, one_thread);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "E4002");
  }
}

}  // namespace
}  // namespace senoma::field
