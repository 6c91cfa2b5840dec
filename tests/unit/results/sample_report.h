// A report with most kinds of block, filled with made-up numbers that look like a relapse experiment.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "base/philox.h"
#include "results/report_document.h"
#include "sample_charts.h"

namespace senoma::results::sample {

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
