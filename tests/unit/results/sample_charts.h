// Charts of every kind, filled with made-up numbers that look like a relapse experiment.
#pragma once

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "base/philox.h"
#include "results/report_document.h"

namespace senoma::results::sample {

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();

inline const std::vector<PlotEvent> doses = {{0, "fotemustine 100 mg/m²"},
                                             {7, "fotemustine 100 mg/m²"},
                                             {14, "fotemustine 100 mg/m²"},
                                             {30, "navitoclax 150 mg, daily"}};

inline PlotSeries curve(const std::string& name, const std::string& colour, double depth, double nadir, double growth) {
  PlotSeries s{name, colour, {}, {}, {}, {}, true, false, false, {}};
  for (double t = 0; t <= 60; t += 0.5) {
    const double killed = 1 - depth * (1 - std::exp(-t / (nadir / 3))),
                 y = killed + 0.02 * std::exp(growth * std::max(0.0, t - nadir));
    s.x.push_back(t);
    s.y.push_back(100 * y);
    s.low.push_back(100 * y * 0.86);
    s.high.push_back(100 * y * 1.13);
  }
  return s;
}

inline LineChart burden() {
  LineChart chart;
  chart.title = "Tumour burden under four treatments";
  chart.caption =
      "Viable melanoma volume, senescent cells included, as percent of the start. Lines: median of 8 seeds; bands: **90 % of the seeds**.";
  chart.x = {"time", "d", false, {}, {}};
  chart.y = {"burden", "% of start", true, {}, {}};
  chart.series = {curve("drug", "#0072B2", 0.85, 23, 0.11), curve("drug, NF-κB knocked out", "#D55E00", 0.93, 28, 0.08),
                  curve("drug + olaparib", "#009E73", 0.96, 33, 0.09),
                  curve("drug, then navitoclax", "#CC79A7", 0.98, 38, 0.07)};
  chart.events = doses;
  return chart;
}

inline StackedArea populations() {
  StackedArea area;
  area.title = "What the tumour is made of";
  area.caption = "Cells by state, arm drug, seed 1.";
  area.x = {"time", "d", false, {}, {}};
  area.y = {"cells", "", false, {}, {}};
  const char* states[] = {"naive", "arrested", "senescent", "invasive", "apoptotic", "fibroblast"};
  for (const char* state : states) area.series.push_back({state, "", {}, {}, {}, {}, true, false, false, {}});
  for (double t = 0; t <= 60; t += 1) {
    const double values[] = {900 * std::exp(-t / 6) + 30 * std::exp(0.06 * t),
                             250 * t / 8 * std::exp(1 - t / 8),
                             300 / (1 + std::exp(-(t - 15) / 4)),
                             120 / (1 + std::exp(-(t - 32) / 5)),
                             120 * t / 7 * std::exp(1 - t / 7),
                             150};
    for (std::size_t k = 0; k < 6; ++k) {
      area.series[k].x.push_back(t);
      area.series[k].y.push_back(values[k]);
    }
  }
  area.events = doses;
  return area;
}

inline SmallMultiples secretome() {
  SmallMultiples multiples;
  multiples.title = "The secretome in the tissue";
  multiples.caption = "Mean concentration over the tumour region; the vertical scale differs between panels.";
  multiples.shared_y = false;
  double scale = 4;
  for (const char* factor : {"CCL2", "IL-6", "CXCL8", "TGF-β", "MMP", "oxygen"}) {
    LineChart chart;
    chart.title = factor;
    chart.x = {"time", "d", false, {}, {}};
    chart.y = {"concentration", std::string(factor) == "oxygen" ? "mmHg" : "nM", false, {}, {}};
    for (const bool drug : {false, true}) {
      PlotSeries s{drug ? "drug" : "no drug", drug ? "#D55E00" : "#0072B2", {}, {}, {}, {}, true, false, false, {}};
      for (double t = 0; t <= 60; t += 1) {
        s.x.push_back(t);
        s.y.push_back(scale * (0.1 + (drug ? 0.9 : 0.15) / (1 + std::exp(-(t - 16) / 4))));
      }
      chart.series.push_back(s);
    }
    multiples.charts.push_back(chart);
    scale *= factor[0] == 'M' ? 400 : 0.35;
  }
  return multiples;
}

inline LineChart dose_response() {
  LineChart chart;
  chart.title = "Growth of four lines against PLX4720";
  chart.caption =
      "Points: measured (mean ± standard error); lines: simulated. Filled ranges are 90 % intervals over 8 seeds.";
  chart.x = {"PLX4720", "µM", true, {}, {}};
  chart.y = {"growth rate", "doublings/h", false, {}, {}};
  const char* lines[] = {"A375", "A2058", "WM115", "SKMEL5"};
  const double top[] = {0.048, 0.045, 0.04, 0.033}, half[] = {0.6, 8, 2.5, 0.15};
  const char* colours[] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7"};
  for (std::size_t k = 0; k < 4; ++k) {
    PlotSeries simulated{std::string(lines[k]) + " simulated", colours[k], {}, {}, {}, {}, true, false, false, {}};
    PlotSeries measured{std::string(lines[k]) + " measured", colours[k], {}, {}, {}, {}, false, true, false, {}};
    for (const double dose : {0.0, 0.03, 0.1, 0.3, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0}) {
      const double y = 0.002 + top[k] / (1 + std::pow(dose / half[k], 0.9));
      simulated.x.push_back(dose);
      simulated.y.push_back(y);
      simulated.low.push_back(y - 0.0012);
      simulated.high.push_back(y + 0.0012);
      const double m = y + 0.0015 * RandomStream{3, k, Stream::test}.normal(static_cast<std::uint64_t>(dose * 100));
      measured.x.push_back(dose);
      measured.y.push_back(m);
      measured.low.push_back(m - 0.002);
      measured.high.push_back(m + 0.002);
    }
    chart.series.push_back(simulated);
    chart.series.push_back(measured);
  }
  return chart;
}

inline ForestPlot differences() {
  ForestPlot plot;
  plot.title = "Differences from drug alone";
  plot.caption =
      "Paired by seed: both arms start from the same tumour. Median and 90 % interval of the differences over 8 seeds.";
  plot.x = {"difference in time to relapse", "d", false, {}, {}};
  plot.rows = {{"drug, NF-κB knocked out", "time to relapse", 8.5, 5.1, 12.4, ""},
               {"drug + olaparib", "time to relapse", 12.25, 9, 16.5, "2 of 8 censored at day 60"},
               {"drug, then navitoclax, given from day 30 on", "time to relapse", 18, 14, 22.75, ""},
               {"anti-CCL2 antibody <added> & continued", "earlier invasion", -1.2, -4, 2.1, ""}};
  return plot;
}

inline ScatterPlot overlay() {
  ScatterPlot plot;
  plot.title = "Measured and simulated growth rates";
  plot.caption =
      "Filled: doses used for fitting; the others are predictions. Root-mean-square error of the predictions: 0.0021 doublings/h.";
  plot.x = {"measured growth rate", "doublings/h", false, {}, {}};
  plot.y = {"simulated growth rate", "doublings/h", false, {}, {}};
  for (const char* name : {"fitted", "predicted"}) {
    PlotSeries s{name, name[0] == 'f' ? "#0072B2" : "#E69F00", {}, {}, {}, {}, false, true, false, {}};
    for (std::uint64_t i = 0; i < 20; ++i) {
      const RandomStream random{5, i, Stream::test};
      const double m = -0.004 + 0.054 * random.uniform(static_cast<std::uint64_t>(name[0]));
      s.x.push_back(m);
      s.y.push_back(m + 0.002 * random.normal(static_cast<std::uint64_t>(name[0]) + 1));
      s.labels.push_back("A375, " + std::to_string(i) + " µM");
    }
    plot.groups.push_back(s);
  }
  return plot;
}

}  // namespace senoma::results::sample
