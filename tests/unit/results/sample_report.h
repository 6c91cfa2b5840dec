// A report with every kind of block, filled with made-up numbers that look like a relapse experiment.
#pragma once

#include <cmath>
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

inline TissueMap maps() {
  TissueMap map;
  map.title = "Start, nadir and relapse";
  map.caption =
      "Each disc is a cell at its true size; shading is the concentration of CCL2. Senescent cells (vermilion) surround themselves with CCL2, and "
      "the cells next to them turn invasive.";
  map.x_min = map.y_min = -300;
  map.x_max = map.y_max = 300;
  map.states = {{"naive", ""},    {"arrested", ""},  {"senescent", ""},
                {"invasive", ""}, {"apoptotic", ""}, {"fibroblast", ""}};
  map.field_name = "CCL2";
  map.field_unit = "nM";
  const char* captions[] = {"start, day 0", "nadir, day 23", "relapse, day 51"};
  for (std::uint64_t p = 0; p < 3; ++p) {
    TissuePanel panel;
    panel.caption = captions[p];
    const int n = p == 0 ? 900 : p == 1 ? 260 : 980;
    std::vector<std::pair<double, double>> sources;
    for (int i = 0; i < n; ++i) {
      const RandomStream random{p, static_cast<std::uint64_t>(i), Stream::test};
      const double r = 190 * std::sqrt((i + 0.5) / n) * (p == 1 ? 0.9 : 1.0), a = 2.399963 * i + 0.2 * random.normal(1);
      panel.x.push_back(static_cast<float>(r * std::cos(a) + 2 * random.normal(2)));
      panel.y.push_back(static_cast<float>(r * std::sin(a) + 2 * random.normal(3)));
      const double u = random.uniform(4);
      const std::uint16_t state = p == 0   ? 0
                                  : p == 1 ? (u < 0.15   ? 0
                                              : u < 0.4  ? 1
                                              : u < 0.85 ? 2
                                                         : 4)
                                           : (u < 0.68  ? 0
                                              : u < 0.8 ? 2
                                                        : 3);
      panel.state.push_back(state);
      panel.radius.push_back(static_cast<float>(state == 2 ? 8.5 : 5.4));
      if (state == 2) sources.emplace_back(panel.x.back(), panel.y.back());
    }
    for (int i = 0; i < 110; ++i) {
      const RandomStream random{p + 10, static_cast<std::uint64_t>(i), Stream::test};
      const double r = 215 + 110 * random.uniform(1), a = 6.2831853 * random.uniform(2);
      if (std::abs(r * std::cos(a)) > 292 || std::abs(r * std::sin(a)) > 292) continue;
      panel.x.push_back(static_cast<float>(r * std::cos(a)));
      panel.y.push_back(static_cast<float>(r * std::sin(a)));
      panel.radius.push_back(6.0F);
      panel.state.push_back(5);
    }
    panel.field_nx = panel.field_ny = 30;
    for (int j = 0; j < 30; ++j) {
      for (int i = 0; i < 30; ++i) {
        double value = 0.05;
        for (const auto& [x, y] : sources)
          value += 0.03 * std::exp(-std::hypot(x - (i * 20 - 290), y - (j * 20 - 290)) / 40);
        panel.field.push_back(static_cast<float>(value));
      }
    }
    panel.vessels = {{-220, 220, 12}, {230, 150, 12}, {-40, -250, 12}};
    map.panels.push_back(panel);
  }
  return map;
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

inline ReportTable arms() {
  ReportTable table;
  table.title = "What happened in each arm";
  table.caption = "Median over 8 seeds; the small line is the 90 % interval.";
  table.columns = {{"arm", "", false},  {"nadir", "% of start"}, {"senescent at nadir", "%"},
                   {"peak CCL2", "nM"}, {"invaded", "%"},        {"time to relapse", "d"}};
  table.rows = {
      {"no drug", "100|100–100", "1.2|0.8–1.9", "0.31|0.28–0.35", "2.1|1.4–3.0", "–"},
      {"drug", "17.4|14.1–21.9", "46|41–52", "4.02|3.71–4.40", "31|26–38", "38.5|35.0–42.3"},
      {"drug, NF-κB knocked out", "9.1|6.6–12.0", "44|38–50", "0.42|0.37–0.49", "6.0|4.4–8.1", "47.0|42.1–52.0"},
      {"drug + olaparib", "6.2|4.0–8.8", "21|16–27", "1.10|0.86–1.42", "9.3|6.9–12.5", "50.8|46.2 to > 60"},
      {"drug, then navitoclax", "3.0|1.8–4.9", "8|5–13", "3.95|3.60–4.33", "12|9–16", "56.5|51.7 to > 60"}};
  table.row_colours = {"#8C8C8C", "#0072B2", "#D55E00", "#009E73", "#CC79A7"};
  table.notes = {
      "Nadir: lowest viable melanoma volume. Relapse: volume back at its start value after the nadir; censored at day 60."};
  return table;
}

inline ProvenanceTable provenance() {
  ProvenanceTable table;
  table.title = "Every number and where it comes from";
  table.caption = "Grade tells how far a number can be trusted; filter by it, or search.";
  const char* grades[] = {"found", "found", "computed", "calibrated", "recalled", "assumption", "convention"};
  for (int i = 0; i < 42; ++i) {
    table.rows.push_back({"substrates.CCL2.parameter_" + std::to_string(i), std::to_string(100 * i + 7), "um^2/min",
                          grades[i % 7],
                          "Author & Author 2014, J. Example 12, table <3>: diffusion of 8–25 kDa proteins in tissue",
                          "models/melanoma-tis/melanoma.toml:31"});
  }
  return table;
}

inline ReportDocument document() {
  ReportDocument d;
  d.title = "Relapse of a melanoma under fotemustine <2D patch> & three rescues";
  d.subtitle =
      "A tissue patch of 600 × 600 µm meets three weekly doses and is followed for 60 days: who survives, what they secrete, and what brings the tumour back.";
  d.metadata = {{"model", "melanoma-tis 0.1"},
                {"experiment", "relapse.toml"},
                {"seeds", "1–8 per arm"},
                {"profile", "quick"},
                {"Senoma", "0.1.0"},
                {"instruction set", "x86-64-v3"},
                {"model hash", "5be0cd19137e2179"}};
  Callout verdict{
      "What made treatment fail",
      {"In the arm drug the tumour shrank to **17 %** of its start at day 23 and was back at day 38 in every seed. At the nadir **46 %** of the cells were senescent; "
       "74 % of the relapsed tumour descends from escapees of senescence and 26 % from cells that never arrested.",
       "Knocking out NF-κB kept the arrest and removed nine tenths of CCL2, and delayed the relapse by **8.5 days** (90 % interval 5.1 to 12.4)."},
      Tone::bad};
  KeyFigures figures{{{"lowest tumour burden, drug", "17", "% of start", "90 % interval 14–22", Tone::neutral},
                      {"senescent at the nadir", "46", "%", "90 % interval 41–52", Tone::warning},
                      {"time to relapse, drug", "38.5", "d", "8 of 8 seeds relapsed", Tone::bad},
                      {"delay by navitoclax", "+18", "d", "90 % interval 14–23", Tone::good}}};
  LineChart empty;
  empty.title = "A readout that was never recorded";
  empty.x = {"time", "d", false, {}, {}};
  empty.y = {"invaded cells", "", false, {}, {}};
  d.sections = {{"Answer", {verdict, figures, arms()}},
                {"Burden and populations", {burden(), populations()}},
                {"Tissue", {Prose{{"Three moments of one run, on one colour scale."}, {}}, maps()}},
                {"Secretome", {secretome()}},
                {"Comparison between arms", {differences()}},
                {"Measured data", {dose_response(), overlay()}},
                {"Provenance",
                 {provenance(),
                  Details{"Run statistics and warnings",
                          {Prose{{"The mass ledger closed to `3e-15` of the gross throughput."},
                                 {"2 field steps were redone with backward Euler", "seed 3 & 4 used <the same> file"}},
                           empty}}}}};
  return d;
}

}  // namespace senoma::results::sample
