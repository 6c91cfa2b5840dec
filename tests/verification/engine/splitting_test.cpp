// The coupling step splits fields, networks and behaviours; its error falls with the step. One cell secretes S at a
// rate set by its network, whose input is S itself (well mixed, so the whole is two ordinary differential equations):
//   A' = a + c·S − g·A,   S' = q·A/(κV) − λ·S
// Secretion of a step uses the network's end of the step before, so the order is one.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "../../unit/mechanisms/models.h"

namespace senoma {
namespace {

constexpr double a = 0.05, c = 0.02, g = 0.05, q = 4.0, lambda = 0.03;
constexpr double volume = 40.0 * 40.0 * 20.0, kappa_v = molecules_per_um3_per_nM * volume;

double simulated(double dt, double until) {
  auto d = test::world(2, dt);
  d.domain.medium_height = 20.0;
  d.substrates = {test::substrate("S", 0, lambda, 0)};
  d.substrates[0].well_mixed = true;
  d.networks = {test::network("net", {{{"A", 0.0, "u - 0.05 * A"}}, {{"u", 0.0}}})};
  d.networks[0].relative_tolerance = 1e-9;
  d.networks[0].absolute_tolerance = 1e-12;
  auto type = test::cell_type("cell");
  type.network = "net";
  type.coupling.inputs = {{"u", {"0.05 + 0.02 * S.concentration / 1 [nM]", {}}}};
  type.coupling.outputs = {{{"A", {}}, "S secretion"}};
  type.parameters["secretion.S"] = q * 100.0;
  type.initial = {test::at({{0, 0, 0}})};
  d.cell_types = {type};
  auto s = test::simulate(d);
  while (s->world.time() < until - 1e-9) s->step();
  return s->world.fields[0].rho[0];
}

/// The two equations by the classical Runge–Kutta method with a small step.
double exact(double until) {
  const auto rate = [](std::array<double, 2> y) {
    return std::array<double, 2>{a + c * y[1] - g * y[0], 100 * q * y[0] / kappa_v - lambda * y[1]};
  };
  std::array<double, 2> y{0, 0};
  const int n = 20000;
  const double h = until / n;
  for (int k = 0; k < n; ++k) {
    const auto shifted = [&](const std::array<double, 2>& s, double f) {
      return std::array<double, 2>{y[0] + f * s[0], y[1] + f * s[1]};
    };
    const auto k1 = rate(y), k2 = rate(shifted(k1, h / 2)), k3 = rate(shifted(k2, h / 2)), k4 = rate(shifted(k3, h));
    for (std::size_t i = 0; i < 2; ++i) y[i] += h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
  }
  return y[1];
}

TEST(Splitting, Halving_the_coupling_step_halves_the_error) {
  const double until = 240.0, reference = exact(until);
  std::printf("  step/min  S/nM       relative error  order\n");
  double previous = 0;
  for (const double dt : {24.0, 12.0, 6.0, 3.0, 1.5}) {
    const double s = simulated(dt, until), error = std::abs(s / reference - 1),
                 order = previous > 0 ? std::log2(previous / error) : 0;
    std::printf("  %8.1f  %.6f  %.3e       %.2f\n", dt, s, error, order);
    if (dt < 10) {
      EXPECT_GT(order, 0.85);
      EXPECT_LT(order, 2.2);
    }
    previous = error;
  }
  EXPECT_LT(previous, 0.01);
}

}  // namespace
}  // namespace senoma
