#include "verify/findings_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "study/outcome.h"

namespace senoma::verify {

using json = nlohmann::ordered_json;

namespace {

std::string number(double value) {
  if (std::isnan(value)) return "–";
  if (std::isinf(value)) return value > 0 ? "∞" : "−∞";
  return study::short_number(value);
}

std::string with_unit(const std::string& text, const std::string& unit) {
  return unit.empty() || unit == "1" ? text : text + " " + unit;
}

std::string unit_shown(const FindingAssertion& a) { return a.is_fraction ? "of seeds" : a.unit; }

/// "2.40 [2.10, 2.80] h"; without the interval where it has no width.
std::string value_of(const FindingAssertion& a) {
  const auto& i = a.verdict.interval;
  std::string text = number(i.centre);
  if (i.n > 1 && i.low != i.high) text += fmt::format(" [{}, {}]", number(i.low), number(i.high));
  return a.is_fraction ? text : with_unit(text, a.unit);
}

std::string bound_of(const FindingAssertion& a) {
  const auto& v = a.verdict;
  const std::string text = v.low && v.high ? fmt::format("{:.4g} to {:.4g}", *v.low, *v.high)
                           : v.low         ? fmt::format("≥ {:.4g}", *v.low)
                                           : fmt::format("≤ {:.4g}", v.high.value_or(0.0));
  return with_unit(text, unit_shown(a));
}

const char* mark(bool passed) { return passed ? "pass" : "FAIL"; }

/// Columns a text takes on a terminal.
std::size_t columns(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// Cut with an ellipsis, or filled with blanks.
std::string fitted(std::string text, std::size_t width, bool fill = true) {
  if (columns(text) > width) {
    while (!text.empty() && columns(text) + 1 > width) {
      while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80) text.pop_back();
      if (!text.empty()) text.pop_back();
    }
    text += "…";
  }
  return fill ? text + std::string(width - columns(text), ' ') : text;
}

std::string seeds_of(const FindingResult& r) {
  if (r.seeds.empty()) return "none";
  if (r.seeds.size() == 1) return std::to_string(r.seeds[0]);
  return fmt::format("{}–{}", r.seeds.front(), r.seeds.back());
}

std::string unknown_of(const FindingAssertion& a) {
  if (a.verdict.unknown == 0) return {};
  return fmt::format("{} of {} seeds have no value and count against it", a.verdict.unknown, a.verdict.values.size());
}

results::ReportTable overview(const std::vector<FindingResult>& results) {
  results::ReportTable table;
  table.title = "All assertions";
  table.columns = {{"finding", "", false}, {"assertion", "", false}, {"value", ""}, {"bound", ""}, {"", "", false},
                   {"role", "", false},    {"published", "", false}, {"time", "s"}};
  for (const auto& r : results) {
    if (!r.complete) continue;
    const std::string seconds = fmt::format("{:.0f}", r.seconds);
    if (!r.failure.empty()) table.rows.push_back({r.id, r.claim, "", "", "FAIL", r.role, r.failure, seconds});
    for (const auto& a : r.assertions)
      table.rows.push_back(
          {r.id, a.name, value_of(a), bound_of(a), mark(a.verdict.passed), r.role, a.published, seconds});
  }
  table.notes = {
      "A finding passes when every one of its assertions does; an assertion passes when the whole bootstrap interval over seeds keeps "
      "the bound. ∞: not reached before the end of the run, or above the highest dose.",
      "Time is that of the finding's simulations, its donors included; simulations that several findings share count in each."};
  table.searchable = true;
  return table;
}

results::VerdictPlot plot_of(const FindingResult& r) {
  results::VerdictPlot plot;
  plot.title = "Seed by seed";
  for (const auto& a : r.assertions) {
    results::VerdictRow row;
    row.label = a.name;
    row.unit = unit_shown(a);
    row.values = a.verdict.values;
    for (const auto seed : r.seeds) row.labels.push_back(fmt::format("seed {}", seed));
    row.centre = a.verdict.interval.centre;
    row.low = a.verdict.interval.low;
    row.high = a.verdict.interval.high;
    row.bound_low = a.verdict.low;
    row.bound_high = a.verdict.high;
    row.passed = a.verdict.passed;
    row.note = unknown_of(a);
    plot.interval = fmt::format("{:g} % interval", 100.0 * a.level);
    plot.rows.push_back(std::move(row));
  }
  plot.caption =
      "One dot per seed; the bar is the interval of the median (or mean, or fraction of seeds), green when all of it "
      "keeps the bound. Triangles at the edge are infinite, crosses have no value.";
  return plot;
}

results::ReportTable details_of_assertions(const FindingResult& r) {
  results::ReportTable table;
  table.title = "Assertions";
  table.columns = {
      {"assertion", "", false}, {"expression", "", false}, {"over seeds", "", false}, {"value", ""}, {"bound", ""},
      {"published", "", false}};
  for (const auto& a : r.assertions) {
    table.rows.push_back({a.name, a.text,
                          a.is_fraction ? "fraction"
                          : a.median    ? "median"
                                        : "mean",
                          value_of(a), bound_of(a), a.published == r.published ? "" : a.published});
    if (const auto unknown = unknown_of(a); !unknown.empty()) table.notes.push_back(a.name + ": " + unknown + ".");
  }
  return table;
}

results::ReportSection section(const FindingResult& r) {
  results::ReportSection section;
  section.title = r.id;
  std::vector<std::string> words{r.citation};
  if (!r.published.empty()) words.push_back("Published: " + r.published);
  std::string role = r.predicted()       ? "**Predicted**: no parameter was fitted to it."
                     : r.role == "shown" ? "**Shown**: an experiment chosen to show what the model can do."
                                         : "**Fitted**";
  if (r.role == "fitted") {
    for (const auto& parameter : r.fitted) role += (&parameter == &r.fitted[0] ? ": `" : ", `") + parameter + "`";
    role += ".";
  }
  words.push_back(role + " Seeds " + seeds_of(r) + fmt::format("; {:.0f} s of simulation.", r.seconds));
  if (!r.failure.empty()) words.push_back("It could not be judged. " + r.failure);
  section.blocks.emplace_back(results::Callout{
      fmt::format("{} — {}", r.claim.empty() ? r.file.filename().string() : r.claim, r.passed() ? "passes" : "fails"),
      words, r.passed() ? results::Tone::good : results::Tone::bad});
  if (r.assertions.empty()) return section;
  section.blocks.emplace_back(plot_of(r));
  section.blocks.emplace_back(details_of_assertions(r));
  return section;
}

json finite(double value) {
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return std::isnan(value) ? json(nullptr) : json(value);
}

json bound(const std::optional<double>& value) { return value ? finite(*value) : json(nullptr); }

}  // namespace

std::string lines_of(const FindingResult& r, int width) {
  const std::string time = fmt::format("{:>6.0f} s", r.seconds);
  if (!r.failure.empty()) return fmt::format("{} {} {}\n", mark(false), fitted(r.id, 6), r.failure);
  std::string text;
  for (const auto& a : r.assertions) {
    std::string line = fmt::format("{} {} {} {} {} {} {}", mark(a.verdict.passed), fitted(r.id, 6), fitted(a.name, 40),
                                   fitted(value_of(a), 26), fitted(bound_of(a), 18), fitted(r.role, 9), time);
    const std::size_t room = static_cast<std::size_t>(std::max(width, 60));
    if (!a.published.empty() && columns(line) + 14 < room)
      line += "  " + fitted(a.published, room - columns(line) - 2, false);
    text += line + "\n";
    if (const auto unknown = unknown_of(a); !unknown.empty()) text += "            " + unknown + "\n";
  }
  return text;
}

std::string summary_of(const std::vector<FindingResult>& results) {
  const FindingTally sum = tally(results);
  std::string text = fmt::format("{} of {} findings pass ({} of {} predicted)", sum.passed, sum.all,
                                 sum.predicted_passed, sum.predicted);
  if (sum.not_run) text += fmt::format("; {} not run: the same command goes on", sum.not_run);
  return text;
}

results::ReportDocument page(const std::vector<FindingResult>& results, const Machine& machine) {
  const FindingTally sum = tally(results);
  results::ReportDocument document;
  document.title = "Published findings";
  document.subtitle = "What the model says of what was measured, assertion by assertion";
  document.metadata = {{"program", machine.program}, {"instruction set", machine.instruction_set}};
  results::ReportSection first;
  first.title = "Scoreboard";
  std::size_t assertions = 0, held = 0;
  for (const auto& r : results) {
    for (const auto& a : r.assertions) {
      ++assertions;
      held += a.verdict.passed ? 1U : 0U;
    }
  }
  const std::size_t run = sum.all - sum.not_run;
  const auto tone = [](bool all) { return all ? results::Tone::good : results::Tone::bad; };
  first.blocks.emplace_back(
      results::KeyFigures{{{"findings pass", fmt::format("{} of {}", sum.passed, run), "",
                            sum.not_run ? fmt::format("{} not run", sum.not_run) : "", tone(sum.passed == run)},
                           {"of those predicted", fmt::format("{} of {}", sum.predicted_passed, sum.predicted), "",
                            "nothing was fitted to them", tone(sum.predicted_passed == sum.predicted)},
                           {"assertions hold", fmt::format("{} of {}", held, assertions), "",
                            "each on its whole interval", tone(held == assertions)}}});
  first.blocks.emplace_back(overview(results));
  document.sections.push_back(first);
  for (const auto& r : results) {
    if (r.complete) document.sections.push_back(section(r));
  }
  return document;
}

std::string to_json(const std::vector<FindingResult>& results, const Machine& machine) {
  const FindingTally sum = tally(results);
  json root = {{"program", machine.program}, {"instruction_set", machine.instruction_set},
               {"findings", sum.all},        {"passed", sum.passed},
               {"predicted", sum.predicted}, {"predicted_passed", sum.predicted_passed},
               {"not_run", sum.not_run},     {"results", json::array()}};
  for (const auto& r : results) {
    json assertions = json::array();
    for (const auto& a : r.assertions) {
      json values = json::array();
      for (const double v : a.verdict.values) values.push_back(finite(v));
      assertions.push_back({{"name", a.name},
                            {"expression", a.text},
                            {"over_seeds", a.is_fraction ? "fraction"
                                           : a.median    ? "median"
                                                         : "mean"},
                            {"unit", a.is_fraction ? "1" : a.unit},
                            {"value", finite(a.verdict.interval.centre)},
                            {"low", finite(a.verdict.interval.low)},
                            {"high", finite(a.verdict.interval.high)},
                            {"level", a.level},
                            {"at_least", bound(a.verdict.low)},
                            {"at_most", bound(a.verdict.high)},
                            {"published", a.published},
                            {"seeds_without_value", a.verdict.unknown},
                            {"values", values},
                            {"passed", a.verdict.passed}});
    }
    root["results"].push_back({{"id", r.id},
                               {"claim", r.claim},
                               {"citation", r.citation},
                               {"published", r.published},
                               {"role", r.role},
                               {"fitted", r.fitted},
                               {"result", !r.complete  ? "not run"
                                          : r.passed() ? "pass"
                                                       : "fail"},
                               {"error", r.failure},
                               {"seeds", r.seeds},
                               {"seconds", r.seconds},
                               {"assertions", assertions}});
  }
  return root.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace senoma::verify
