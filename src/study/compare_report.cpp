// The comparison as table, words, files and blocks of the report.
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "results/files.h"
#include "results/summary_table.h"
#include "study/compare.h"
#include "study/report.h"

namespace senoma::study {

using json = nlohmann::ordered_json;

namespace {

std::string rate_text(double value) { return fmt::format("{:.4f}", value); }
bool has_both(const Comparison& c) { return !std::isnan(c.rms(true)) && !std::isnan(c.rms(false)); }

}  // namespace

TextTable comparison_table(const Comparison& comparison) {
  TextTable table;
  table.columns = {
      {"condition", ""}, {"measured", "1/h"}, {"simulated", "1/h"}, {"difference", "1/h"}, {"wells", ""}, {"seeds", ""},
      {"", ""}};
  const auto with_sd = [](const GrowthRate& r) { return rate_text(r.mean) + (r.n > 1 ? "|± " + rate_text(r.sd) : ""); };
  for (const auto& c : comparison.conditions) {
    table.rows.push_back({c.label, with_sd(c.measured), with_sd(c.simulated), fmt::format("{:+.4f}", c.difference()),
                          std::to_string(c.measured.n), std::to_string(c.simulated.n),
                          c.fitted ? "fitted" : "predicted"});
  }
  table.notes.push_back(fmt::format(
      "Growth rates in doublings per hour: slope of log2(count) from {} h to {} h, mean ± sd over wells or seeds.",
      comparison.window_from / 60.0, comparison.window_to / 60.0));
  for (const auto& note : comparison.notes) table.notes.push_back(note);
  return table;
}

std::vector<std::string> comparison_words(const Comparison& comparison) {
  std::string text = fmt::format(
      "Root-mean-square difference between simulated and measured growth rates over {} conditions: {} doublings/h",
      comparison.conditions.size(), rate_text(comparison.rms()));
  if (has_both(comparison))
    text += fmt::format(" (fitted conditions {}, predicted conditions {})", rate_text(comparison.rms(true)),
                        rate_text(comparison.rms(false)));
  const ComparedCondition* worst = nullptr;
  for (const auto& c : comparison.conditions) {
    if (!worst || std::abs(c.difference()) > std::abs(worst->difference())) worst = &c;
  }
  text += ".";
  if (worst)
    text += fmt::format(" The largest difference is {:+.4f} doublings/h, in “{}”.", worst->difference(), worst->label);
  return {text};
}

std::string comparison_csv(const Comparison& comparison) {
  std::string out =
      "arm,measured[1/h],measured_sd[1/h],wells,simulated[1/h],simulated_sd[1/h],seeds,difference[1/h],role\n";
  for (const auto& c : comparison.conditions) {
    std::string name = "\"";
    for (const char ch : c.arm) name += ch == '"' ? std::string("\"\"") : std::string(1, ch);
    using results::format_number;
    out += name + "\"," + format_number(c.measured.mean) + "," + format_number(c.measured.sd) + "," +
           std::to_string(c.measured.n) + "," + format_number(c.simulated.mean) + "," + format_number(c.simulated.sd) +
           "," + std::to_string(c.simulated.n) + "," + format_number(c.difference()) + "," +
           (c.fitted ? "fitted" : "predicted") + "\n";
  }
  return out;
}

void write_comparison(const std::filesystem::path& folder, const Comparison& comparison) {
  results::replace_file(folder / "compare.csv", comparison_csv(comparison), false);
  json root = {{"data", comparison.data_file},
               {"readout", comparison.readout},
               {"window_min", {comparison.window_from, comparison.window_to}},
               {"words", comparison_words(comparison)},
               {"notes", comparison.notes},
               {"conditions", json::array()}};
  for (const auto& c : comparison.conditions) {
    json dose = nullptr;
    std::string group;
    for (const auto& [name, value] : c.condition) {
      if (std::holds_alternative<double>(value))
        dose = std::get<double>(value);
      else
        group += (group.empty() ? "" : " ") + std::get<std::string>(value);
    }
    root["conditions"].push_back({{"arm", c.arm},
                                  {"label", c.label},
                                  {"group", group},
                                  {"dose", dose},
                                  {"fitted", c.fitted},
                                  {"measured", {c.measured.mean, c.measured.sd, c.measured.n}},
                                  {"simulated", {c.simulated.mean, c.simulated.sd, c.simulated.n}}});
  }
  results::replace_file(folder / "compare.json", root.dump(1, ' ', false, json::error_handler_t::replace) + "\n",
                        false);
}

namespace {

Comparison read_comparison(const json& root) {
  Comparison comparison;
  comparison.data_file = root.at("data");
  comparison.readout = root.at("readout");
  comparison.window_from = root.at("window_min").at(0);
  comparison.window_to = root.at("window_min").at(1);
  comparison.notes = root.at("notes").get<std::vector<std::string>>();
  for (const auto& row : root.at("conditions")) {
    ComparedCondition c;
    c.arm = row.at("arm");
    c.label = row.at("label");
    c.fitted = row.at("fitted");
    c.condition["group"] = row.at("group").get<std::string>();
    if (!row.at("dose").is_null()) c.condition["dose"] = row.at("dose").get<double>();
    c.measured = {row.at("measured").at(0), row.at("measured").at(1), row.at("measured").at(2)};
    c.simulated = {row.at("simulated").at(0), row.at("simulated").at(1), row.at("simulated").at(2)};
    comparison.conditions.push_back(std::move(c));
  }
  return comparison;
}

std::string group_of(const ComparedCondition& c) {
  const auto found = c.condition.find("group");
  const auto* text = found == c.condition.end() ? nullptr : std::get_if<std::string>(&found->second);
  return text && !text->empty() ? *text : "all";
}

/// Dose response per group (cell line): measured points with error bars, simulated line.
std::vector<results::LineChart> dose_charts(const Comparison& comparison) {
  std::vector<results::LineChart> charts;
  std::vector<std::string> groups;
  for (const auto& c : comparison.conditions) {
    if (c.condition.contains("dose") && std::find(groups.begin(), groups.end(), group_of(c)) == groups.end())
      groups.push_back(group_of(c));
  }
  for (const auto& group : groups) {
    results::LineChart chart;
    chart.title = group;
    chart.x = {"dose", "nM", true, {}, {}};
    chart.y = {"growth rate", "doublings/h", false, {}, {}};
    results::PlotSeries fitted{"measured (fitted)", "#0072B2", {}, {}, {}, {}, false, true},
        predicted{"measured (predicted)", "#D55E00", {}, {}, {}, {}, false, true},
        simulated{"simulated", "#009E73", {}, {}, {}, {}, true, true};
    std::vector<const ComparedCondition*> rows;
    for (const auto& c : comparison.conditions) {
      if (c.condition.contains("dose") && group_of(c) == group) rows.push_back(&c);
    }
    const auto dose = [](const ComparedCondition* c) { return std::get<double>(c->condition.at("dose")); };
    std::sort(rows.begin(), rows.end(), [&](const auto* a, const auto* b) { return dose(a) < dose(b); });
    for (const auto* c : rows) {
      auto& series = c->fitted ? fitted : predicted;
      series.x.push_back(dose(c));
      series.y.push_back(c->measured.mean);
      series.low.push_back(c->measured.mean - c->measured.sd);
      series.high.push_back(c->measured.mean + c->measured.sd);
      simulated.x.push_back(dose(c));
      simulated.y.push_back(c->simulated.mean);
    }
    if (fitted.x.empty()) predicted.name = "measured";
    for (auto* series : {&fitted, &predicted, &simulated}) {
      if (!series->x.empty()) chart.series.push_back(*series);
    }
    charts.push_back(std::move(chart));
  }
  return charts;
}

}  // namespace

std::vector<results::ReportBlock> comparison_blocks(const std::filesystem::path& folder) {
  std::error_code ignored;
  std::vector<results::ReportBlock> blocks;
  if (!std::filesystem::exists(folder / "compare.json", ignored)) return blocks;
  Comparison comparison;
  try {
    comparison = read_comparison(json::parse(results::read_file(folder / "compare.json")));
  } catch (const json::exception& e) {
    throw Error("E6006", "'" + (folder / "compare.json").string() + "' is damaged: " + e.what(),
                ErrorKind::input_output)
        .help("type the compare command again");
  }
  blocks.emplace_back(
      results::Callout{"Against " + comparison.data_file, comparison_words(comparison), results::Tone::neutral});
  results::ScatterPlot scatter;
  scatter.title = "Growth rates, measured and simulated";
  scatter.caption = "One point per condition; on the line both are equal. Bars are the spread over seeds.";
  scatter.x = {"measured", "doublings/h", false, {}, {}};
  scatter.y = {"simulated", "doublings/h", false, {}, {}};
  for (const bool fitted : {true, false}) {
    results::PlotSeries series{
        fitted ? "fitted" : "predicted", fitted ? "#0072B2" : "#D55E00", {}, {}, {}, {}, false, true};
    for (const auto& c : comparison.conditions) {
      if (c.fitted != fitted) continue;
      series.x.push_back(c.measured.mean);
      series.y.push_back(c.simulated.mean);
      series.low.push_back(c.simulated.mean - c.simulated.sd);
      series.high.push_back(c.simulated.mean + c.simulated.sd);
      series.labels.push_back(c.label);
    }
    if (!series.x.empty()) scatter.groups.push_back(std::move(series));
  }
  blocks.emplace_back(std::move(scatter));
  if (auto charts = dose_charts(comparison); !charts.empty()) {
    blocks.emplace_back(results::SmallMultiples{
        "Dose response", "Points: measured, mean ± sd over wells. Lines: simulated, mean over seeds.",
        std::move(charts), true});
  }
  const TextTable text = comparison_table(comparison);
  results::ReportTable table;
  table.title = "Growth rates by condition";
  for (std::size_t c = 0; c < text.columns.size(); ++c)
    table.columns.push_back({text.columns[c].first, text.columns[c].second, c > 0 && c < 6});
  table.rows = text.rows;
  table.notes = text.notes;
  table.searchable = table.rows.size() > 12;
  blocks.emplace_back(std::move(table));
  return blocks;
}

}  // namespace senoma::study
