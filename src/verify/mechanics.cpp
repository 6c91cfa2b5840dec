// Pair forces and motility against converged solutions and closed forms.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/hash.h"
#include "mechanics/pair_forces.h"
#include "mechanics/persistent_walk.h"
#include "verify/catalogue.h"

namespace senoma::verify {

namespace {

using std::numbers::pi;

constexpr double radius = 8.41, repulsion = 10.0, adhesion = 0.4, range = 1.25;  // µm, µm/min, µm/min, –

/// How fast two cells at distance d part (µm/min, each of them).
double pair_velocity(double d) {
  const double u = std::max(0.0, 1.0 - d / (2 * radius)), w = std::max(0.0, 1.0 - d / (2 * radius * range));
  return repulsion * u * u - adhesion * w * w;
}

double rest_distance() {
  const double q = std::sqrt(adhesion / repulsion);  // 1 − d/2R = q (1 − d/2αR)
  return 2 * radius * (1.0 - q) / (1.0 - q / range);
}

/// Cells in a row along x.
class Row {
 public:
  std::vector<double> x, radii, c_r, c_a;
  std::vector<std::uint64_t> id;

  explicit Row(std::vector<double> positions) : x(std::move(positions)) {
    radii.assign(x.size(), radius);
    c_r.assign(x.size(), repulsion);
    c_a.assign(x.size(), adhesion);
    for (std::size_t i = 0; i < x.size(); ++i) id.push_back(mix64(i));
  }
  /// With the sub-steps that a run chooses.
  void relax(double dt) { move(dt, mechanics::MotionOptions{}); }
  /// With sub-steps of this length, whatever their error.
  void relax(double dt, double substep) {
    mechanics::MotionOptions options;
    options.max_substep = substep;
    options.max_displacement = options.tolerance = 1e9;
    move(dt, options);
  }

 private:
  void move(double dt, mechanics::MotionOptions options) {
    options.adhesion_range = range;
    options.edge = mechanics::EdgeRule::open;
    grid::Geometry domain;
    domain.spacing = {1000, 1000, 1000};
    grid::NeighbourList list;
    std::vector<double> y(x.size(), 0.0), z(x.size(), 0.0);
    mechanics::move({x, y, z, radii, c_r, c_a, {}, {}, {}, {}, id}, domain, dt, options, list, {}, Executor());
  }
};

/// The row's equations by the classical Runge–Kutta method with steps of h.
std::vector<double> converged(std::vector<double> x, double t, double h) {
  const auto rate = [](const std::vector<double>& p) {
    std::vector<double> v(p.size(), 0.0);
    for (std::size_t i = 0; i < p.size(); ++i) {
      for (std::size_t j = i + 1; j < p.size(); ++j) {
        const double d = p[j] - p[i], f = pair_velocity(std::abs(d)) * (d > 0 ? 1.0 : -1.0);
        v[i] -= f;
        v[j] += f;
      }
    }
    return v;
  };
  const auto shifted = [](const std::vector<double>& p, const std::vector<double>& k, double f) {
    std::vector<double> q = p;
    for (std::size_t i = 0; i < q.size(); ++i) q[i] += f * k[i];
    return q;
  };
  const int n = static_cast<int>(std::lround(t / h));
  for (int s = 0; s < n; ++s) {
    const auto k1 = rate(x), k2 = rate(shifted(x, k1, h / 2)), k3 = rate(shifted(x, k2, h / 2)),
               k4 = rate(shifted(x, k3, h));
    for (std::size_t i = 0; i < x.size(); ++i) x[i] += h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
  }
  return x;
}

Convergence against_converged(const std::vector<double>& start, double t, const std::vector<double>& exact) {
  Convergence convergence{"sub-step", "min", {}, {}};
  for (const double h : {0.2, 0.1, 0.05, 0.025}) {
    Row row(start);
    row.relax(t, h);
    double error = 0.0;
    for (std::size_t i = 0; i < exact.size(); ++i) error = std::max(error, std::abs(row.x[i] - exact[i]));
    convergence.add(h, error);
  }
  return convergence;
}

Outcome two_cells(const Context&) {
  const auto exact = converged({0.0, 4.0}, 3.0, 1e-4);
  const auto convergence = against_converged({0.0, 4.0}, 3.0, exact);
  Outcome outcome;
  outcome.order_at_least("order in time", convergence, 1.9);
  outcome.error_at_most("position error at a sub-step of 0.025 min", convergence.errors.back(), 1e-3, "um");
  Row usual({0.0, 4.0});
  usual.relax(3.0);
  outcome.near("distance after 3 min with a run's own sub-steps", usual.x[1] - usual.x[0], exact[1] - exact[0], 0.1,
               "um");
  Row rest({0.0, 9.0});
  for (int i = 0; i < 100; ++i) rest.relax(60.0);
  outcome.near("distance at rest", rest.x[1] - rest.x[0], rest_distance(), 1e-6, "um");
  return outcome;
}

Outcome eleven_cells(const Context&) {
  std::vector<double> start;
  for (int i = 0; i < 11; ++i) start.push_back(8.0 * (i - 5));
  const auto convergence = against_converged(start, 6.0, converged(start, 6.0, 1e-3));
  Outcome outcome;
  outcome.order_at_least("order in time, strongly compressed row", convergence, 1.9);
  outcome.error_at_most("position error at a sub-step of 0.025 min", convergence.errors.back(), 0.01, "um");
  return outcome;
}

Outcome springs(const Context&) {
  // Near rest the row is a chain of linear springs: mode p of n cells, cos(πp(i + ½)/n), decays at 4k sin²(πp/2n) with
  // k = −dv/dd at rest. The second neighbours are out of range.
  const int n = 11;
  const double d = rest_distance(), amplitude = 1e-3;
  const double k = 2 * repulsion * (1 - d / (2 * radius)) / (2 * radius) -
                   2 * adhesion * (1 - d / (2 * radius * range)) / (2 * radius * range);
  Outcome outcome;
  for (const int p : {1, 2, 5}) {
    std::vector<double> shape, start;
    for (int i = 0; i < n; ++i) {
      shape.push_back(std::cos(pi * p * (i + 0.5) / n));
      start.push_back(d * (i - n / 2) + amplitude * shape.back());
    }
    const double rate = 4 * k * std::pow(std::sin(pi * p / (2.0 * n)), 2), t = 1.0 / rate;
    Row row(start);
    row.relax(t, 0.25);
    double sum = 0.0, norm = 0.0;
    for (int i = 0; i < n; ++i) {
      const auto at = static_cast<std::size_t>(i);
      sum += shape[at] * (row.x[at] - d * (i - n / 2));
      norm += shape[at] * shape[at];
    }
    outcome.near_relative(fmt::format("mode {} after one relaxation time, part left", p), sum / norm / amplitude,
                          std::exp(-1.0), 2e-3);
  }
  return outcome;
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
    mechanics::walk({dx, dy, dz, wait, turns}, {lineage, speed, persistence, bias, px, py, pz}, 7, dt, two_dimensional,
                    vx, vy, vz, Executor());
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] += dt * vx[i];
      y[i] += dt * vy[i];
      z[i] += dt * vz[i];
    }
  }
};

struct Moments {
  double mean = 0.0, standard_error = 0.0;
  explicit Moments(const std::vector<double>& values) {
    double sum = 0.0, squares = 0.0;
    for (const double v : values) sum += v, squares += v * v;
    const auto n = static_cast<double>(values.size());
    mean = sum / n;
    standard_error = std::sqrt(std::max(0.0, squares / n - mean * mean) / n);
  }
};

constexpr std::size_t n_walkers = 20000;

Outcome persistent_walk(const Context&) {
  constexpr double v = 0.5, tau = 15.0;
  Outcome outcome;
  results::LineChart chart;
  chart.title = "Mean-square displacement of 20 000 cells (3D)";
  chart.x = {"time", "min", false, {}, {}};
  chart.y = {"mean-square displacement", "um^2", false, {}, {}};
  for (const bool two_dimensional : {false, true}) {
    for (const double dt : {1.0, 30.0}) {
      Walkers w(n_walkers, v, tau, 0.0);
      results::PlotSeries points{fmt::format("simulated, step {:.0f} min", dt), "", {}, {}, {}, {}, false, true, false};
      double t = 0.0, worst = 0.0;
      for (const double until : {30.0, 60.0, 120.0, 240.0, 480.0}) {
        for (; t < until; t += dt) w.advance(dt, two_dimensional);
        std::vector<double> squares;
        for (std::size_t i = 0; i < n_walkers; ++i)
          squares.push_back(w.x[i] * w.x[i] + w.y[i] * w.y[i] + w.z[i] * w.z[i]);
        const Moments m(squares);
        const double exact = 2.0 * v * v * tau * (t - tau * (1.0 - std::exp(-t / tau)));
        worst = std::max(worst, std::abs(m.mean - exact) / m.standard_error);
        points.x.push_back(t);
        points.y.push_back(m.mean);
      }
      outcome.error_at_most(
          fmt::format("{}, step {:.0f} min: largest deviation, in standard errors", two_dimensional ? "2D" : "3D", dt),
          worst, 4.0);
      if (!two_dimensional) chart.series.push_back(points);
    }
  }
  results::PlotSeries exact{"closed form", "", {}, {}, {}, {}, true, false, false};
  for (double t = 0; t <= 480; t += 10) {
    exact.x.push_back(t);
    exact.y.push_back(2.0 * v * v * tau * (t - tau * (1.0 - std::exp(-t / tau))));
  }
  chart.series.push_back(exact);
  outcome.blocks.emplace_back(chart);
  return outcome;
}

Outcome biased_walk(const Context&) {
  // Mean of the normalised sum of the preferred and an equally long random vector (bias ½): 2/3 in 3D, 2/π in 2D.
  Outcome outcome;
  for (const bool two_dimensional : {false, true}) {
    Walkers w(n_walkers, 0.4, 10.0, 0.5);
    for (double t = 0.0; t < 120.0; t += 30.0) w.advance(30.0, two_dimensional);
    const Moments along(w.x), across(w.y);
    const double exact = 0.4 * (two_dimensional ? 2.0 / pi : 2.0 / 3.0);
    outcome.near(std::string("drift along the preferred direction, ") + (two_dimensional ? "2D" : "3D"),
                 along.mean / 120.0, exact, 4.0 * along.standard_error / 120.0, "um/min");
    outcome.near(std::string("drift across it, ") + (two_dimensional ? "2D" : "3D"), across.mean / 120.0, 0.0,
                 4.0 * across.standard_error / 120.0, "um/min");
  }
  return outcome;
}

}  // namespace

std::vector<Check> mechanics_checks() {
  const std::string group = "mechanics";
  return {
      {group, "mechanics/two-cells", "Two cells relax",
       "Positions against the converged equation of the pair potentials; the distance at rest against its closed form.",
       Depth::quick, false, two_cells},
      {group, "mechanics/eleven-cells", "Eleven cells in a row, compressed to half",
       "Positions after 6 min against the converged equations.", Depth::quick, false, eleven_cells},
      {group, "mechanics/springs", "Eleven cells in a row as linear springs",
       "Near rest each mode of the chain decays at 4k sin²(πp/2n).", Depth::quick, false, springs},
      {group, "mechanics/persistent-walk", "Persistent random walk",
       "Mean-square displacement 2v²τ(t − τ(1 − e^(−t/τ))), whatever the time step (Othmer, Dunbar & Alt 1988).",
       Depth::quick, false, persistent_walk},
      {group, "mechanics/biased-walk", "Biased walk", "Drift speed at bias ½: 2/3 of the speed in 3D, 2/π in 2D.",
       Depth::quick, false, biased_walk}};
}

}  // namespace senoma::verify
