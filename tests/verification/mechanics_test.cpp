// Cell mechanics and motility against known answers.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <vector>

#include "base/hash.h"
#include "mechanics/pair_forces.h"
#include "mechanics/persistent_walk.h"

namespace senoma::mechanics {
namespace {

struct Row {
  std::vector<double> x, y, z, radius, repulsion, adhesion;
  std::vector<std::uint64_t> id;
  void add(double px, double r = 8.41) {
    x.push_back(px);
    y.push_back(0.0);
    z.push_back(0.0);
    radius.push_back(r);
    repulsion.push_back(10.0);
    adhesion.push_back(0.4);
    id.push_back(mix64(id.size()));
  }
  MotionReport relax(double dt, const MotionOptions& options) {
    grid::Geometry domain;
    domain.spacing = {1000, 1000, 1000};
    grid::NeighbourList list;
    return move({x, y, z, radius, repulsion, adhesion, {}, {}, {}, {}, id}, domain, dt, options, list, {}, Executor(1));
  }
};

MotionOptions open_with(double substep) {
  MotionOptions options;
  options.adhesion_range = 1.25;
  options.edge = EdgeRule::open;
  options.max_substep = substep;
  options.max_displacement = 1000.0;
  options.tolerance = 1e9;  // the length of the sub-steps alone decides
  return options;
}

// The distance of two cells obeys d' = 2 (c_r (1 − d/2R)² − c_a (1 − d/2αR)²); classical Runge–Kutta with a million
// steps.
double converged_distance(double d, double t) {
  const auto rate = [](double s) {
    const double u = std::max(0.0, 1.0 - s / 16.82), w = std::max(0.0, 1.0 - s / (1.25 * 16.82));
    return 2.0 * (10.0 * u * u - 0.4 * w * w);
  };
  const int n = 1000000;
  const double h = t / n;
  for (int i = 0; i < n; ++i) {
    const double k1 = rate(d), k2 = rate(d + 0.5 * h * k1), k3 = rate(d + 0.5 * h * k2), k4 = rate(d + h * k3);
    d += h / 6.0 * (k1 + 2 * k2 + 2 * k3 + k4);
  }
  return d;
}

TEST(MechanicsVerification, Two_cells_relax_as_the_converged_equation_with_order_two) {
  const double exact = converged_distance(4.0, 3.0);
  double previous = 0.0;
  for (const double h : {0.2, 0.1, 0.05, 0.025}) {
    Row row;
    row.add(0.0);
    row.add(4.0);
    row.relax(3.0, open_with(h));
    const double error = std::abs(row.x[1] - row.x[0] - exact);
    std::printf("sub-step %5.3f min: error %.3e um%s", h, error, previous > 0.0 ? "" : "\n");
    if (previous > 0.0) {
      std::printf(", order %.2f\n", std::log2(previous / error));
      EXPECT_NEAR(std::log2(previous / error), 2.0, 0.25);
    }
    previous = error;
  }
  EXPECT_LT(previous, 1e-3);
  Row row;  // and with the options a run has
  row.add(0.0);
  row.add(4.0);
  MotionOptions options;
  options.adhesion_range = 1.25;
  options.edge = EdgeRule::open;
  row.relax(3.0, options);
  std::printf("default options: error %.3e um\n", std::abs(row.x[1] - row.x[0] - exact));
  EXPECT_NEAR(row.x[1] - row.x[0], exact, 0.1);
}

TEST(MechanicsVerification, Two_cells_come_to_rest_where_the_potentials_balance) {
  Row row;
  row.add(0.0);
  row.add(9.0);
  MotionOptions options;
  options.adhesion_range = 1.25;
  options.edge = EdgeRule::open;
  for (int i = 0; i < 100; ++i) row.relax(60.0, options);
  const double q = std::sqrt(0.4 / 10.0);  // 1 − d/2R = q (1 − d/2αR)
  EXPECT_NEAR(row.x[1] - row.x[0], 16.82 * (1.0 - q) / (1.0 - q / 1.25), 1e-6);
}

TEST(MechanicsVerification, Eleven_cells_in_a_row_relax_symmetrically_with_order_two) {
  std::vector<Row> rows;
  for (const double h : {0.1, 0.05, 0.025, 0.0015625}) {
    Row row;
    for (int i = 0; i < 11; ++i) row.add(100.0 + 8.0 * (i - 5));
    row.relax(6.0, open_with(h));
    for (int i = 0; i < 5; ++i) EXPECT_NEAR(row.x[5 + i + 1] + row.x[5 - i - 1], 200.0, 1e-11);
    EXPECT_NEAR(row.x[5], 100.0, 1e-12);
    for (int i = 1; i < 11; ++i) EXPECT_GT(row.x[i], row.x[i - 1]);
    rows.push_back(row);
  }
  std::array<double, 3> error{};
  for (int k = 0; k < 3; ++k)
    for (int i = 0; i < 11; ++i) error[k] = std::max(error[k], std::abs(rows[k].x[i] - rows[3].x[i]));
  std::printf("errors %.2e %.2e %.2e um, orders %.2f %.2f\n", error[0], error[1], error[2],
              std::log2(error[0] / error[1]), std::log2(error[1] / error[2]));
  EXPECT_NEAR(std::log2(error[1] / error[2]), 2.0, 0.25);
}

struct Walkers {
  std::vector<double> dx, dy, dz, wait, turns, speed, persistence, bias, px, py, pz, vx, vy, vz, x, y, z;
  std::vector<std::uint64_t> lineage;
  Walkers(std::size_t n, double v, double tau, double b) {
    for (auto* c : {&dx, &dy, &dz, &wait, &turns, &py, &pz, &vx, &vy, &vz, &x, &y, &z}) c->assign(n, 0.0);
    speed.assign(n, v);
    persistence.assign(n, tau);
    bias.assign(n, b);
    px.assign(n, 1.0);
    for (std::size_t i = 0; i < n; ++i) lineage.push_back(mix64(i + 77));
  }
  void advance(double dt, bool two_dimensional) {
    walk({dx, dy, dz, wait, turns}, {lineage, speed, persistence, bias, px, py, pz}, 7, dt, two_dimensional, vx, vy, vz,
         Executor(1));
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] += dt * vx[i];
      y[i] += dt * vy[i];
      z[i] += dt * vz[i];
    }
  }
};

TEST(MotilityVerification, Mean_square_displacement_is_that_of_a_persistent_walk_for_any_dt) {
  constexpr double v = 0.5, tau = 15.0;
  constexpr std::size_t n = 20000;
  for (const bool two_dimensional : {false, true}) {
    for (const double dt : {1.0, 6.0, 30.0}) {
      Walkers w(n, v, tau, 0.0);
      double t = 0.0;
      for (const double until : {30.0, 120.0, 480.0}) {
        for (; t < until; t += dt) w.advance(dt, two_dimensional);
        double sum = 0.0, squares = 0.0;
        for (std::size_t i = 0; i < n; ++i) {
          const double s = w.x[i] * w.x[i] + w.y[i] * w.y[i] + w.z[i] * w.z[i];
          sum += s;
          squares += s * s;
        }
        const double mean = sum / n, error = std::sqrt((squares / n - mean * mean) / n);
        const double exact = 2.0 * v * v * tau * (t - tau * (1.0 - std::exp(-t / tau)));
        std::printf("%s dt %4.0f t %4.0f min: %.2f ± %.2f um², exact %.2f\n", two_dimensional ? "2D" : "3D", dt, t,
                    mean, error, exact);
        EXPECT_LT(std::abs(mean - exact), 4.0 * error);
        EXPECT_LT(error, 0.02 * exact);
      }
    }
  }
}

TEST(MotilityVerification, Bias_gives_the_drift_of_the_closed_form) {
  // Mean of the normalised sum of the preferred and an equally long random vector (bias ½): 2/3 in 3D, 2/π in 2D.
  constexpr std::size_t n = 20000;
  for (const bool two_dimensional : {false, true}) {
    for (const double dt : {1.0, 30.0}) {
      Walkers w(n, 0.4, 10.0, 0.5);
      for (double t = 0.0; t < 120.0; t += dt) w.advance(dt, two_dimensional);
      double sum = 0.0, squares = 0.0, across = 0.0;
      for (const double x : w.x) {
        sum += x;
        squares += x * x;
      }
      for (const double y : w.y) across += y;
      const double mean = sum / n / 120.0, error = std::sqrt((squares / n - sum / n * sum / n) / n) / 120.0;
      const double exact = 0.4 * (two_dimensional ? 2.0 / M_PI : 2.0 / 3.0);
      std::printf("%s dt %4.0f: drift %.5f ± %.5f um/min, exact %.5f\n", two_dimensional ? "2D" : "3D", dt, mean, error,
                  exact);
      EXPECT_LT(std::abs(mean - exact), 4.0 * error);
      EXPECT_LT(std::abs(across / n / 120.0), 5.0 * error);
    }
  }
}

}  // namespace
}  // namespace senoma::mechanics
