// The PerMedCoE community's unit tests of cell-level simulators (2022), each as a model file of
// models/verify/community, against its exact answer; other programs' published curves are drawn beside ours, not
// judged: their files do not say what each of them took a sink or a speed to be.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

#include "base/units.h"
#include "verify/catalogue.h"
#include "verify/community.h"

namespace senoma::verify {

namespace {

using namespace community;

std::vector<double> scaled(std::vector<double> values, double factor) {
  for (double& v : values) v *= factor;
  return values;
}

constexpr double volume = 4188.79;                        // µm³ of a cell of radius 10 µm
constexpr double g0g1 = 7, growing = 9, mitosis = 2;      // h; S and G2 grow
constexpr double whole_cycle = g0g1 + growing + mitosis;  // h

/// Of a newborn cell after `age` h: at rest in G0/G1, doubling linearly through S and G2, doubled in M.
double exact_volume(double age) { return volume * (1 + std::clamp((age - g0g1) / growing, 0.0, 1.0)); }

Outcome fixed_cycle(const Context& context) {
  const auto table = run_model(context, "community/cycle-fixed");
  const auto hours = scaled(table.times, 1.0 / 60), v = table.column("volume"), n = table.column("cells");
  Outcome outcome;
  double worst = 0, cells_off = 0;
  std::vector<double> exact;
  for (std::size_t k = 0; k < hours.size(); ++k) {
    const double divisions = std::floor(hours[k] / whole_cycle + 1e-9);
    exact.push_back(exact_volume(std::max(0.0, hours[k] - divisions * whole_cycle)));
    worst = std::max(worst, std::abs(v[k] / exact.back() - 1));
    cells_off = std::max(cells_off, std::abs(n[k] - std::exp2(divisions)));
  }
  outcome.error_at_most("volume over 48 h, largest relative error", worst, 1e-9);
  outcome.error_at_most("number of cells over 48 h, largest error", cells_off, 0.0, "cells");
  outcome.near_relative("volume at division over volume at birth", *std::max_element(v.begin(), v.end()) / v.front(),
                        2.0, 1e-9);
  outcome.at_least("times compared", static_cast<double>(hours.size()), 481);
  results::LineChart chart;
  chart.title = "Volume of a cell";
  chart.x = {"time", "h", false, {}, {}};
  chart.y = {"volume", "um^3", false, 0.0, {}};
  chart.series = {curve("simulated", hours, v), curve("exact", hours, exact, true)};
  outcome.blocks.emplace_back(std::move(chart));
  return outcome;
}

Outcome normal_cycle(const Context& context) {
  // A cycle lasts Σ of four independent normal phases: mean 18 h, sd 0.1 √(7² + 6² + 3² + 2²) h. The share that has
  // divided by t is their distribution function (until second divisions begin, at about 30 h).
  const auto table = run_model(context, "community/cycle-normal");
  const auto hours = scaled(table.times, 1.0 / 60), n = table.column("cells");
  const double sd = 0.1 * std::sqrt(49.0 + 36.0 + 9.0 + 4.0), founders = n.front();
  Outcome outcome;
  std::vector<double> share, exact;
  double farthest = 0, mean = 0, squares = 0;
  for (std::size_t k = 0; k < hours.size(); ++k) {
    share.push_back(n[k] / founders - 1);
    exact.push_back(0.5 * std::erfc((whole_cycle - hours[k]) / (sd * std::numbers::sqrt2)));
    farthest = std::max(farthest, std::abs(share[k] - exact[k]));
    if (k == 0) continue;
    const double middle = 0.5 * (hours[k] + hours[k - 1]), part = share[k] - share[k - 1];
    mean += part * middle;
    squares += part * middle * middle;
  }
  outcome.near("mean time of the division", mean, whole_cycle, 3.5 * sd / std::sqrt(founders), "h");
  outcome.near("standard deviation of that time", std::sqrt(squares - mean * mean), sd,
               3.5 * sd / std::sqrt(2 * founders), "h");
  // Kolmogorov and Smirnov's bound at 1 %.
  outcome.error_at_most("share of divided cells, largest distance from the normal distribution", farthest,
                        1.63 / std::sqrt(founders));
  results::LineChart chart;
  chart.title = "Cells that have divided";
  chart.x = {"time", "h", false, {}, {}};
  chart.y = {"share", "", false, 0.0, 1.0};
  chart.series = {curve("simulated", hours, share), curve("normal distribution", hours, exact, true)};
  outcome.blocks.emplace_back(std::move(chart));
  return outcome;
}

/// Zero-order sinks down to a half-saturation, in voxels of a box whose faces are held:
///   dc/dt = D/h² Σ_neighbours (c_n − c) + 2 D/h² Σ_faces (c_f − c) − p c/(K + c) in the sinks' voxels.
struct Box {
  static constexpr double held = 10, d = 2000, edge = 20, k = 0.1, taken = 20 * volume / (edge * edge * edge);
  int n;
  std::vector<char> sink;

  explicit Box(int voxels, int margin) : n(voxels), sink(static_cast<std::size_t>(n * n * n), 0) {
    for (int z = margin; z < n - margin; ++z) {
      for (int y = margin; y < n - margin; ++y) {
        for (int x = margin; x < n - margin; ++x) sink[at(x, y, z)] = 1;
      }
    }
  }
  [[nodiscard]] std::size_t at(int x, int y, int z) const { return static_cast<std::size_t>((z * n + y) * n + x); }

  /// Inflow and outflow coefficient of a voxel without its sink: dc/dt = first − second · c.
  [[nodiscard]] std::pair<double, double> exchange(const std::vector<double>& c, int x, int y, int z) const {
    constexpr double a = d / (edge * edge);
    double in = 0, out = 0;
    const int neighbours[6][3] = {{x - 1, y, z}, {x + 1, y, z}, {x, y - 1, z},
                                  {x, y + 1, z}, {x, y, z - 1}, {x, y, z + 1}};
    for (const auto& q : neighbours) {
      const bool face = std::min({q[0], q[1], q[2]}) < 0 || std::max({q[0], q[1], q[2]}) >= n;
      in += face ? 2 * a * held : a * c[at(q[0], q[1], q[2])];
      out += face ? 2 * a : a;
    }
    return {in, out};
  }
  template <class F>
  void each(const F& f) const {
    for (int z = 0; z < n; ++z) {
      for (int y = 0; y < n; ++y) {
        for (int x = 0; x < n; ++x) f(x, y, z);
      }
    }
  }
  /// Gauss and Seidel's method; each voxel's own equation is a quadratic.
  [[nodiscard]] std::vector<double> steady() const {
    std::vector<double> c(sink.size(), held);
    for (double change = 1; change > 1e-12;) {
      change = 0;
      each([&](int x, int y, int z) {
        const auto [in, out] = exchange(c, x, y, z);
        const std::size_t i = at(x, y, z);
        const double b = out * k - in + taken,
                     next = sink[i] ? (std::sqrt(b * b + 4 * out * in * k) - b) / (2 * out) : in / out;
        change = std::max(change, std::abs(next - c[i]));
        c[i] = next;
      });
    }
    return c;
  }
  /// What `c` becomes in `minutes`, by the classical Runge–Kutta method with steps of 0.0025 min.
  [[nodiscard]] std::vector<double> after(std::vector<double> c, double minutes) const {
    const auto rate = [&](const std::vector<double>& now) {
      std::vector<double> r(now.size());
      each([&](int x, int y, int z) {
        const auto [in, out] = exchange(now, x, y, z);
        const std::size_t i = at(x, y, z);
        r[i] = in - out * now[i] - (sink[i] ? taken * now[i] / (k + now[i]) : 0.0);
      });
      return r;
    };
    const auto plus = [](std::vector<double> sum, const std::vector<double>& r, double f) {
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += f * r[i];
      return sum;
    };
    constexpr double h = 2.5e-3;
    for (auto s = std::lround(minutes / h); s > 0; --s) {
      const auto k1 = rate(c), k2 = rate(plus(c, k1, h / 2)), k3 = rate(plus(c, k2, h / 2)), k4 = rate(plus(c, k3, h));
      for (std::size_t i = 0; i < c.size(); ++i) c[i] += h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
    }
    return c;
  }
  /// Over all voxels, and over those with a sink.
  [[nodiscard]] std::pair<double, double> means(const std::vector<double>& c) const {
    double all = 0, sinks = 0, count = 0;
    for (std::size_t i = 0; i < c.size(); ++i) {
      all += c[i];
      sinks += sink[i] ? c[i] : 0.0;
      count += sink[i] ? 1.0 : 0.0;
    }
    return {all / static_cast<double>(c.size()), sinks / count};
  }
};

Outcome diffusion(const Context& context, const std::string& file, const Box& box) {
  const auto table = run_model(context, file);
  const auto at_sink = table.column("at_sink"), mean = table.column("mean");
  const auto [all, sinks] = box.means(box.steady());
  Outcome outcome;
  outcome.near_relative("steady value where cells take up", at_sink.back(), sinks, 1e-6, "uM");
  outcome.near_relative("steady mean of the box", mean.back(), all, 1e-6, "uM");
  // While the box fills the error is of first order in the step, because cells set their uptake once a step.
  std::vector<double> times{0.0}, exact{0.0}, c(box.sink.size(), 0.0);
  for (const double t : {0.1, 0.2, 0.3, 0.5, 1.0, 2.0}) {
    c = box.after(std::move(c), t - times.back());
    times.push_back(t);
    exact.push_back(box.means(c).first);
  }
  Convergence filling{"coupling step", "min", {}, {}};
  for (const double step : {0.1, 0.05, 0.025, 0.0125}) {
    const auto finer =
        run_model(context, file, 1, "", {fmt::format("time.step=\"{:g} min\"", step), "time.duration=\"2 min\""});
    const auto values = finer.column("mean");
    double worst = 0;
    for (std::size_t k = 1; k < times.size(); ++k)
      worst = std::max(worst, std::abs(at_time(finer.times, values, times[k]) - exact[k]) / Box::held);
    filling.add(step, worst);
  }
  outcome.order_at_least("order of the mean of the box while it fills", filling, 0.8);
  outcome.error_at_most("its largest error over the value at the faces, step 0.0125 min", filling.errors.back(), 0.01);
  results::LineChart chart;
  chart.title = "Where cells take up";
  chart.x = {"time", "min", false, {}, 2.0};
  chart.y = {"concentration", "uM", false, 0.0, {}};
  chart.series = {curve("at the sink, simulated", table.times, at_sink), curve("mean, simulated", table.times, mean),
                  points("mean, exact", times, exact)};
  if (box.n == 3) {
    // Published in molecules/µm³, as the steady 10 µM of the faces shows.
    constexpr double to_uM = 1 / (1000 * molecules_per_um3_per_nM);
    const char* other[][3] = {{"PhysiCell", "pc", "pc_diff"},
                              {"Chaste", "chaste", "ch_diff"},
                              {"BioDynaMo", "bdnm", "bd_diff"},
                              {"TiSim", "tisim", "ts_diff"}};
    for (const auto& o : other)
      add_reference(context, o[0], std::string("unit_test_diffusion__") + o[1] + "_diffusion.csv", o[2], to_uM, chart,
                    outcome);
  }
  outcome.blocks.emplace_back(std::move(chart));
  return outcome;
}

Outcome friction(const Context& context) {
  const auto table = run_model(context, "community/friction");
  const auto x = table.column("x"), y = table.column("y"), z = table.column("z");
  std::vector<double> middle, speed;
  double later = 0;
  for (std::size_t k = 1; k < x.size(); ++k) {
    const double dt = table.times[k] - table.times[k - 1];
    middle.push_back(table.times[k]);
    speed.push_back(std::hypot(x[k] - x[k - 1], y[k] - y[k - 1], z[k] - z[k - 1]) / dt);
    if (k > 1) later = std::max(later, speed.back());
  }
  Outcome outcome;
  outcome.near("speed while driven", speed.front(), 10.0, 1e-9, "um/min");
  outcome.error_at_most("largest speed afterwards", later, 0.0, "um/min");
  outcome.at_least("times compared", static_cast<double>(speed.size()), 20);
  outcome.notes.emplace_back(
      "Cells have no inertia here, as in PhysiCell and Chaste: the speed ends with the drive. A speed that friction "
      "wears off, as in BioDynaMo's curve (a tenth less in each step, whatever its length), is not expressible; the "
      "relaxation time of a cell in tissue is below a microsecond.");
  results::LineChart chart;
  chart.title = "Speed of the cell";
  chart.x = {"time", "min", false, 0.0, 2.0};
  chart.y = {"speed", "um/min", false, 0.0, {}};
  chart.series = {curve("simulated", middle, speed)};
  const char* other[][2] = {{"PhysiCell", "pc"}, {"Chaste", "chaste"}, {"BioDynaMo", "bdnm"}};
  for (const auto& o : other)
    add_reference(context, o[0], std::string("mechanics_movement__") + o[1] + "_velocity.csv", "velocity", 1.0, chart,
                  outcome);
  outcome.blocks.emplace_back(std::move(chart));
  return outcome;
}

Outcome pushed_together(const Context& context) {
  // Both move at 10 µm/min until they touch at 20 µm; then u = 1 − d/2R obeys 2R du/dt = 2·10 − 2·40 u², so that
  // u = ½ tanh(2 (t − ½)) with t in min.
  const auto table = run_model(context, "community/pushed-together");
  const auto d = table.column("distance");
  Outcome outcome;
  std::vector<double> exact;
  double free_way = 0, overlapping = 0;
  for (std::size_t k = 0; k < d.size(); ++k) {
    const double t = table.times[k];
    exact.push_back(t < 0.5 ? 30 - 20 * t : 20 - 10 * std::tanh(2 * (t - 0.5)));
    double& worst = t < 0.5 ? free_way : overlapping;
    worst = std::max(worst, std::abs(d[k] - exact.back()));
  }
  outcome.error_at_most("distance before they touch, largest error", free_way, 1e-6, "um");
  outcome.error_at_most("distance while they overlap, largest error", overlapping, 0.1, "um");
  outcome.near("distance after 3 min, where push and repulsion balance", d.back(), 10.0, 0.01, "um");
  const auto off = table.column("off_axis");
  outcome.error_at_most("farthest from the line between them", *std::max_element(off.begin(), off.end()), 1e-4, "um");
  results::LineChart chart;
  chart.title = "Distance of the centres";
  chart.x = {"time", "min", false, {}, {}};
  chart.y = {"distance", "um", false, 0.0, {}};
  chart.series = {curve("simulated", table.times, d), curve("exact", table.times, exact, true)};
  outcome.blocks.emplace_back(std::move(chart));
  return outcome;
}

Outcome chemotaxis(const Context& context) {
  const auto table = run_model(context, "community/chemotaxis");
  Outcome outcome;
  double worst = 0, arrival = Figure::unknown;
  std::vector<double> distance;
  for (std::size_t k = 0; k < table.times.size(); ++k) {
    double square = 0;
    for (const char* axis : {"x", "y", "z"}) {
      const double at = table.column(axis)[k];
      worst = std::max(worst, std::abs(at - (-45 + table.times[k] / std::numbers::sqrt3)));
      square += (at - 50) * (at - 50);
    }
    distance.push_back(std::sqrt(square));
    if (std::isnan(arrival) && distance.back() <= 20 + 1e-9) arrival = table.times[k];
  }
  outcome.error_at_most("distance from the straight path at 1 um/min, any axis", worst, 1e-6, "um");
  // Summary rows are a minute apart: the row that follows the exact time.
  outcome.near("arrival within 20 um of the source", arrival, std::ceil(95 * std::numbers::sqrt3 - 20), 0.0, "min");
  outcome.near("concentration at the source", table.column("source").back(), 10.0, 0.05, "uM");
  results::LineChart chart;
  chart.title = "Distance from the source";
  chart.x = {"time", "min", false, {}, {}};
  chart.y = {"distance", "um", false, 0.0, {}};
  chart.series = {curve("simulated", table.times, distance)};
  outcome.blocks.emplace_back(std::move(chart));
  return outcome;
}

}  // namespace

std::vector<Check> community_checks() {
  const std::string group = "community", from = " PerMedCoE unit test, models/verify/community.";
  const auto check = [&](const std::string& id, const std::string& title, const std::string& statement,
                         std::function<Outcome(const Context&)> run) {
    return Check{group, group + "/" + id, title, statement + from, Depth::quick, false, std::move(run)};
  };
  return {check("cycle-fixed", "Cell cycle of fixed durations",
                "Volume of a cell and number of cells over 48 h against the exact course: 7 h rest, 9 h doubling, 2 h.",
                fixed_cycle),
          check("cycle-normal", "Cell cycle, standard deviation of 10 %",
                "Times of the first division of many cells against the normal distribution of a sum of phases.",
                normal_cycle),
          check("diffusion-one-sink", "Diffusion into a box, one sink",
                "27 voxels with held faces and one cell that takes up, against the system of 27 equations.",
                [](const Context& c) { return diffusion(c, "community/diffusion-one-sink", Box(3, 1)); }),
          check("diffusion-1000-sinks", "Diffusion into a box, 1000 sinks",
                "1728 voxels with held faces and 1000 cells that take up, against the system of 1728 equations.",
                [](const Context& c) { return diffusion(c, "community/diffusion-1000-sinks", Box(12, 1)); }),
          check("friction", "One cell slowed by friction",
                "Speed of a cell while it is driven and after, against motion without inertia.", friction),
          check("pushed-together", "Two cells pushed together",
                "Distance of two cells pushed together at 10 um/min, against the solution of their equation.",
                pushed_together),
          check("chemotaxis", "Chemotaxis toward a corner",
                "Path of a cell toward a source of 10 uM in a corner of 120 um, against the diagonal.", chemotaxis)};
}

}  // namespace senoma::verify
