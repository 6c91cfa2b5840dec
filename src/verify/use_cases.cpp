// The PerMedCoE community's use cases: a spheroid without oxygen against the branching process it is, a monolayer
// against Brú 1998 and a spheroid with oxygen against Freyer & Sutherland 1986. Their few free parameters were fitted
// beforehand (models/verify/calibration); nothing is fitted here.
#include <fmt/format.h>

#include <cmath>

#include "verify/catalogue.h"
#include "verify/community.h"

namespace senoma::verify {

namespace {

using namespace community;

Outcome spheroid(const Context& context) {
  // Each of 100 cells, of an age spread evenly over the cycle T, has divided k = ⌊(t + a)/T⌋ times by t; a lineage
  // survives with e^(−μt). So the mean is 100 E[2^k] e^(−μt). Its variance has a part of the ages, and one of the
  // deaths: per founder that of a branching process whose cells leave two with s = e^(−μT), else none, over t/T
  // generations.
  constexpr double founders = 100, t = 96, cycle = 18, death = 5.31667e-5 * 60;
  const double generations = t / cycle, k = std::floor(generations), late = generations - k,
               dead = std::exp(-death * t), mean_2k = std::exp2(k) * (1 - late) + std::exp2(k + 1) * late,
               mean_4k = std::exp2(2 * k) * (1 - late) + std::exp2(2 * k + 2) * late, s = std::exp(-death * cycle),
               m = 2 * s, m_n = mean_2k * dead;
  const double of_ages = (mean_4k - mean_2k * mean_2k) * dead * dead,
               of_deaths = 4 * s * (1 - s) * m_n / m * (m_n - 1) / (m - 1);
  const std::vector<std::uint64_t> seeds{1, 2, 3};
  double sum = 0;
  results::LineChart chart;
  chart.title = "Cells of the spheroid";
  chart.x = {"time", "h", false, {}, {}};
  chart.y = {"living cells", "", true, {}, {}};
  Outcome outcome;
  for (const auto seed : seeds) {
    const auto table = run_model(context, "community/spheroid", seed);
    const auto cells = table.column("cells");
    sum += cells.back();
    chart.series.push_back(curve(fmt::format("seed {}", seed), table.column("hours"), cells));
  }
  const auto n = static_cast<double>(seeds.size());
  outcome.near("living cells at 96 h, mean of 3 seeds", sum / n, founders * m_n,
               3 * std::sqrt(founders * (of_ages + of_deaths) / n), "cells");
  outcome.blocks.emplace_back(std::move(chart));
  return outcome;
}

/// One published quantity against its simulated curve: figures, chart, and columns of the table.
struct Comparison {
  std::string name, unit, column;
  double rms_bound, largest_bound;
  bool logarithmic;
};

/// Points up to the end of the run are compared; the first is where the run starts. Bounds are what the committed fit
/// reaches (models/verify/calibration) and a margin for other seeds, or the scatter of the data where that is wider.
void compare(const study::TimeTable& table, const Columns& data, const std::vector<Comparison>& quantities,
             double least_times, Outcome& outcome) {
  const auto hours = table.column("hours");
  const auto& measured_hours = data.at("hours");
  results::ReportTable rows;
  rows.title = "Published and simulated";
  rows.columns = {{"time", "h"}};
  for (const double h : measured_hours) {
    if (h <= hours.back() + 0.5) rows.rows.push_back({fmt::format("{:g}", h)});
  }
  results::LineChart residuals;
  residuals.title = "Residuals";
  residuals.x = {"time", "h", false, {}, {}};
  residuals.y = {"ln(simulated/published)", "", false, {}, {}};
  for (const auto& q : quantities) {
    const auto simulated = table.column(q.name);
    const auto& measured = data.at(q.column);
    Residuals fit;
    std::vector<double> fitted_hours;
    rows.columns.insert(
        rows.columns.end(),
        {{q.name + ", published", q.unit}, {q.name + ", simulated", q.unit}, {"ln(simulated/published)", ""}});
    for (std::size_t k = 0; k < rows.rows.size(); ++k) {
      const double value = at_time(hours, simulated, measured_hours[k]);
      rows.rows[k].insert(rows.rows[k].end(), {fmt::format("{:g}", measured[k]), fmt::format("{:.5g}", value),
                                               fmt::format("{:+.3f}", std::log(value / measured[k]))});
      if (k == 0) continue;
      fit.add(value, measured[k]);
      fitted_hours.push_back(measured_hours[k]);
    }
    outcome.error_at_most(q.name + ", root mean square of ln(simulated/published)", fit.root_mean_square(),
                          q.rms_bound);
    outcome.error_at_most(q.name + ", largest |ln(simulated/published)|", fit.largest(), q.largest_bound);
    outcome.at_least(q.name + ", published times compared", static_cast<double>(fit.each.size()), least_times);
    residuals.series.push_back(points(q.name, fitted_hours, fit.each));
    results::LineChart chart;
    chart.title = q.name;
    chart.x = {"time", "h", false, {}, {}};
    chart.y = {q.name, q.unit, q.logarithmic, {}, {}};
    chart.series = {curve("simulated", hours, simulated), points("published", measured_hours, measured)};
    outcome.blocks.emplace_back(std::move(chart));
  }
  outcome.blocks.emplace_back(std::move(residuals));
  outcome.blocks.emplace_back(std::move(rows));
}

Outcome monolayer(const Context& context) {
  Outcome outcome;
  const auto table = run_model(context, "monolayer");
  compare(table, published(context, "bru-1998"), {{"radius", "um", "radius", 0.05, 0.08, false}}, 5, outcome);
  const auto hours = table.column("hours"), radius = table.column("radius");
  // A colony that grew throughout would grow exponentially; at its rim alone, at a constant speed.
  const double end = hours.back(),
               early = (at_time(hours, radius, end / 2) - at_time(hours, radius, 50)) / (end / 2 - 50),
               late = (radius.back() - at_time(hours, radius, end / 2)) / (end / 2);
  outcome.near_relative("speed of the rim in the second half over that before", late / early, 1.0, 0.15);
  outcome.notes.emplace_back("Fitted: how strongly pressure holds cells in G0/G1. See calibration/monolayer.md.");
  return outcome;
}

Outcome spheroid_with_oxygen(const Context& context) {
  Outcome outcome;
  const bool full = context.depth == Depth::full;
  const auto table = run_model(context, "spheroid-oxygen", 1, full ? "full" : "");
  // To the end, a model may miss the points by as much as they scatter about smooth curves of their own (Gompertz,
  // three parameters each): standard deviation 0.24 of ln cells, 0.34 of ln volume per cell, that is 0.11 of ln
  // diameter at a given count. A single point may miss by twice that.
  constexpr double cells_scatter = 0.24, diameter_scatter = 0.11;
  compare(table, published(context, "freyer-sutherland-1986"),
          {{"cells", "cells", "cells", full ? cells_scatter : 0.22, full ? 2 * cells_scatter : 0.32, true},
           {"diameter", "um", "diameter", full ? diameter_scatter : 0.07, full ? 2 * diameter_scatter : 0.10, false}},
          full ? 8 : 4, outcome);
  outcome.notes.emplace_back(
      "Fitted to all published times: duration of G0/G1, two oxygen thresholds, rate of necrosis. See "
      "calibration/spheroid-oxygen.md.");
  return outcome;
}

}  // namespace

std::vector<Check> use_case_checks() {
  const std::string group = "use-cases";
  return {{group, "use-cases/spheroid", "Spheroid without oxygen",
           "100 cells with a cycle of 18 h and a hazard of death over 96 h, against the mean and the spread of the "
           "branching process they are.",
           Depth::standard, false, spheroid},
          {group, "use-cases/monolayer", "Monolayer",
           "Radius of a colony over 310 h against Brú et al. 1998, and the constant speed of its rim.", Depth::standard,
           false, monolayer},
          {group, "use-cases/spheroid-oxygen", "Spheroid with oxygen",
           "Cells and diameter from 101.69 h to 269.83 h (with --full to 561.36 h) against Freyer & Sutherland 1986.",
           Depth::standard, false, spheroid_with_oxygen}};
}

}  // namespace senoma::verify
