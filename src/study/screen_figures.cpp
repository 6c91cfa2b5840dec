#include "study/screen_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "results/palette.h"
#include "study/outcome.h"

namespace senoma::study {

using namespace results;

namespace {

bool clear(const Interval& i) { return i.low > 0 || i.high < 0; }

std::string percent(double share) {
  return std::isnan(share) ? "–" : share > 0 && share < 0.01 ? "< 1" : fmt::format("{:.0f}", 100 * share);
}

std::string with_interval(const Interval& i) {
  return std::isnan(i.centre)
             ? "–"
             : fmt::format("{}|{} to {}", short_number(i.centre), short_number(i.low), short_number(i.high));
}

HeatCell heat_cell(const Interval& i) {
  HeatCell cell;
  cell.value = i.centre;
  cell.low = i.low;
  cell.high = i.high;
  return cell;
}

std::string situation_name(const Situation& s) {
  if (s.timing.empty()) return s.context;
  return s.context.empty() ? s.timing : s.context + ", " + s.timing;
}

const Excess& excess_of(const PairSynergy& synergy, Additivity reference) {
  return reference == Additivity::bliss ? synergy.bliss : reference == Additivity::hsa ? synergy.hsa : synergy.loewe;
}

}  // namespace

ForestPlot ranking_figure(const std::string& title, std::span<const RankingRow> rows, const std::string& effect,
                          const std::string& unit) {
  ForestPlot plot;
  plot.title = title;
  plot.caption =
      "Paired by seed against no intervention; to the right is better. Each interval stands for itself: among many, some "
      "leave out zero by chance.";
  plot.x = {effect, unit, false, {}, {}};
  for (const auto& row : rows) {
    if (std::isnan(row.effect.centre)) continue;
    plot.rows.push_back({row.label, row.group, row.effect.centre, row.effect.low, row.effect.high,
                         fmt::format("best with probability {} %", percent(row.probability_best))});
  }
  return plot;
}

ReportTable ranking_list(const std::string& title, std::span<const RankingRow> rows, const std::string& effect,
                         const std::string& unit, std::size_t k) {
  ReportTable table;
  table.title = title;
  table.caption =
      "Probabilities are shares of resamples of the replicates, in which all variants are ranked on the same seeds. They "
      "hold the chance of the replicates, not what the model leaves out.";
  const bool grouped = std::any_of(rows.begin(), rows.end(), [](const auto& r) { return !r.group.empty(); });
  if (grouped) table.columns.push_back({"context", "", false});
  table.columns.insert(table.columns.end(), {{"target", "", false},
                                             {effect, unit},
                                             {"the best", "%"},
                                             {fmt::format("among the best {}", k), "%"},
                                             {"pairs", ""}});
  for (const auto& row : rows) {
    std::vector<std::string> cells;
    if (grouped) cells.push_back(row.group);
    cells.insert(cells.end(), {row.label, with_interval(row.effect), percent(row.probability_best),
                               percent(row.probability_top), std::to_string(row.effect.n)});
    table.rows.push_back(std::move(cells));
  }
  table.searchable = table.rows.size() > 12;
  return table;
}

HeatMap flip_figure(const std::string& title, std::span<const FlipCandidate> candidates, const SignFlips& flips,
                    const std::string& effect, const std::string& unit) {
  HeatMap map;
  map.title = title;
  map.label = effect;
  map.unit = unit;
  map.mark = fmt::format("part of a sign flip (false-discovery rate ≤ {:g})", flips.rate);
  map.caption = fmt::format(
      "Each cell is the mean paired difference to no intervention. Framed cells are significantly of the opposite sign in "
      "another cell of the same row; {} pairs were tested.",
      flips.pairs.size());
  if (candidates.empty()) return map;
  for (const auto& s : candidates[0].situations) map.columns.push_back(situation_name(s));
  for (std::size_t c = 0; c < candidates.size(); ++c) {
    map.rows.push_back(candidates[c].name);
    auto& line = map.cells.emplace_back(map.columns.size());
    for (std::size_t s = 0; s < std::min(line.size(), flips.signs[c].size()); ++s) {
      const auto& sign = flips.signs[c][s];
      line[s] = heat_cell(sign.effect);
      line[s].marked = flips.turns(c, s);
      if (!std::isnan(sign.effect.centre))
        line[s].note =
            fmt::format("better than no intervention with probability {} %", percent(sign.probability_positive));
    }
  }
  return map;
}

std::vector<HeatMap> by_timing(const HeatMap& all, std::span<const Situation> situations) {
  std::vector<std::pair<std::string, HeatMap>> maps;
  for (std::size_t s = 0; s < situations.size(); ++s) {
    const std::string& timing = situations[s].timing;
    auto at = std::find_if(maps.begin(), maps.end(), [&](const auto& m) { return m.first == timing; });
    if (at == maps.end()) {
      at = maps.insert(maps.end(), {timing, all});
      at->second.columns.clear();
      at->second.cells.assign(all.rows.size(), {});
      if (!timing.empty()) {
        at->second.title += ", " + timing;
        at->second.mark += ", here or at another timing";
      }
    }
    at->second.columns.push_back(situations[s].context);
    for (std::size_t r = 0; r < all.rows.size(); ++r) at->second.cells[r].push_back(all.cells[r][s]);
  }
  std::vector<HeatMap> list;
  for (auto& [timing, map] : maps) list.push_back(std::move(map));
  return list;
}

ReportTable flip_table(std::span<const FlipCandidate> candidates, const SignFlips& flips, const std::string& unit,
                       std::size_t most) {
  const std::size_t flagged = flips.n_flagged();
  ReportTable table;
  table.title = flagged > 0 ? "Where the sign turns" : "No sign turns for certain; what comes nearest";
  table.caption = fmt::format(
      "q is the least false-discovery rate, over {} targets, at which the flip counts; of {} pairs of situations {} are at or "
      "below {:g}.",
      candidates.size(), flips.pairs.size(), flagged, flips.rate);
  table.columns = {{"target", "", false},
                   {"helps in", "", false},
                   {"by", unit},
                   {"harms in", "", false},
                   {"by", unit},
                   {"signs differ with probability", "%"},
                   {"q", ""}};
  const std::size_t shown = std::min({most, flips.pairs.size(), flagged > 0 ? flagged : std::size_t{5}});
  for (std::size_t k = 0; k < shown; ++k) {
    const auto& p = flips.pairs[k];
    const auto& c = candidates[p.candidate];
    const auto& signs = flips.signs[p.candidate];
    table.rows.push_back({c.name, situation_name(c.situations[p.positive]), with_interval(signs[p.positive].effect),
                          situation_name(c.situations[p.negative]), with_interval(signs[p.negative].effect),
                          percent(p.probability), p.q < 0.001 ? "< 0.001" : fmt::format("{:.2g}", p.q)});
  }
  if (flagged > shown) table.notes.push_back(fmt::format("{} more pairs are flagged.", flagged - shown));
  return table;
}

SmallMultiples curve_figure(const std::string& title, std::span<const CurvePanel> panels, const PlotAxis& level,
                            const PlotAxis& effect) {
  SmallMultiples figure;
  figure.title = title;
  figure.caption = "Mean paired difference to no intervention with its 90 % interval; above zero is better.";
  std::vector<std::string> names;  // a curve keeps its colour over all panels
  for (const auto& panel : panels) {
    LineChart chart;
    chart.title = panel.title;
    chart.x = level;
    chart.y = effect;
    for (const auto& curve : panel.curves) {
      auto place = std::find(names.begin(), names.end(), curve.name);
      if (place == names.end()) place = names.insert(names.end(), curve.name);
      PlotSeries series;
      series.name = curve.name;
      series.colour = series_colour(static_cast<std::size_t>(place - names.begin()));
      series.points = true;
      for (std::size_t k = 0; k < curve.level.size() && k < curve.effect.size(); ++k) {
        series.x.push_back(curve.level[k]);
        series.y.push_back(curve.effect[k].centre);
        series.low.push_back(curve.effect[k].low);
        series.high.push_back(curve.effect[k].high);
      }
      chart.series.push_back(std::move(series));
    }
    figure.charts.push_back(std::move(chart));
  }
  return figure;
}

HeatMap pair_figure(Additivity reference, std::span<const std::string> names, std::span<const PairResult> pairs,
                    const std::string& unit) {
  HeatMap map;
  const char* what = reference == Additivity::bliss ? "Bliss independence"
                     : reference == Additivity::hsa ? "the better of the two"
                                                    : "Loewe additivity";
  map.title = fmt::format("Pairs against {}", what);
  map.caption =
      reference == Additivity::loewe
          ? "Observed minus dose-additive effect. Hatched where the additive effect lies outside what the single "
            "agents reach, or the two act in opposite directions."
          : "Observed minus expected effect of both together.";
  map.label = "excess effect";
  map.unit = unit;
  map.below = "less than expected";
  map.above = "more than expected";
  map.columns.assign(names.begin(), names.end());
  map.rows = map.columns;
  map.cells.assign(names.size(), std::vector<HeatCell>(names.size()));
  for (std::size_t i = 0; i < names.size(); ++i) map.cells[i][i].note = "one target";
  for (const auto& pair : pairs) {
    const Excess& excess = excess_of(pair.synergy, reference);
    HeatCell cell = heat_cell(excess.interval);
    cell.note = !excess.defined            ? excess.reason
                : excess.share_defined < 1 ? fmt::format("defined in {} % of resamples", percent(excess.share_defined))
                                           : "";
    map.cells[pair.a][pair.b] = map.cells[pair.b][pair.a] = cell;
  }
  return map;
}

LineChart survival_figure(const std::string& title, std::span<const NamedCurve> curves, const std::string& event,
                          double horizon, const std::string& unit) {
  LineChart chart;
  chart.title = title;
  const bool bands = curves.size() <= 3;  // more of them hide one another
  chart.caption = fmt::format("Kaplan–Meier estimates{}. Runs that end without the event are censored.",
                              bands ? " with pointwise 90 % limits (Greenwood, on the scale of log(−log))" : "");
  chart.x = {"time", unit, false, 0.0, horizon};
  chart.y = {"without " + event, "%", false, 0.0, 100.0};
  for (std::size_t c = 0; c < curves.size(); ++c) {
    const auto& curve = curves[c].curve;
    PlotSeries series;
    series.name = fmt::format("{} ({} of {})", curves[c].name, curve.n_events, curve.n);
    series.colour = curves[c].colour.empty() ? series_colour(c) : curves[c].colour;
    series.stepped = true;
    for (const auto& step : curve.steps) {
      if (step.time > horizon) break;
      series.x.push_back(step.time);
      series.y.push_back(100 * step.survival);
      series.low.push_back(100 * step.low);
      series.high.push_back(100 * step.high);
    }
    if (!series.x.empty() && series.x.back() < horizon) {
      series.x.push_back(horizon);
      for (auto* values : {&series.y, &series.low, &series.high}) values->push_back(values->back());
    }
    if (!bands) series.low = series.high = {};
    chart.series.push_back(std::move(series));
  }
  return chart;
}

ForestPlot shapley_figure(std::span<const std::string> names, std::span<const ShapleyValue> values,
                          const std::string& effect, const std::string& unit) {
  ForestPlot plot;
  plot.title = "How much of the joint effect is each target's";
  plot.caption =
      "Shapley values share out the effect of blocking all of them. A target that does much alone but adds little last is "
      "replaced by the others; one that adds more last than alone needs them.";
  plot.x = {effect, unit, false, {}, {}};
  const std::pair<const char*, Interval ShapleyValue::*> parts[] = {{"Shapley value", &ShapleyValue::value},
                                                                    {"blocked alone", &ShapleyValue::alone},
                                                                    {"added last", &ShapleyValue::last}};
  for (const auto& [group, part] : parts) {
    for (std::size_t i = 0; i < names.size() && i < values.size(); ++i) {
      const Interval& v = values[i].*part;
      plot.rows.push_back({names[i], group, v.centre, v.low, v.high, clear(v) ? "" : "interval includes zero"});
    }
  }
  return plot;
}

LineChart stability_figure(std::span<const StabilityPoint> points, std::size_t n_units, std::size_t k,
                           const std::string& units) {
  LineChart chart;
  chart.title = fmt::format("Would more {} change the ranking?", units);
  chart.caption = fmt::format(
      "Rankings from resamples of other sizes against the ranking of this study. The values at {} {} say how far this "
      "ranking can be trusted, those further right what a larger study would bring.",
      n_units, units);
  chart.x = {units, "", true, {}, {}};
  chart.y = {"agreement", "%", false, 0.0, 100.0};
  chart.events = {{static_cast<double>(n_units), "this study"}};
  const std::pair<std::string, double StabilityPoint::*> lines[] = {
      {"same first place", &StabilityPoint::best_kept},
      {fmt::format("same among the best {}", k), &StabilityPoint::top_kept},
      {"order of all (Kendall's τ)", &StabilityPoint::kendall}};
  for (std::size_t i = 0; i < std::size(lines); ++i) {
    PlotSeries series;
    series.name = lines[i].first;
    series.colour = series_colour(i);
    series.points = true;
    for (const auto& p : points) {
      series.x.push_back(static_cast<double>(p.n_units));
      series.y.push_back(100 * std::max(0.0, p.*lines[i].second));
    }
    chart.series.push_back(std::move(series));
  }
  return chart;
}

}  // namespace senoma::study
