#include "verify/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace senoma::verify {

using json = nlohmann::ordered_json;

namespace {

std::string number(double value) {
  if (std::isnan(value)) return "–";
  if (value == 0.0) return "0";
  return std::abs(value) < 1e-3 || std::abs(value) >= 1e6 ? fmt::format("{:.2e}", value) : fmt::format("{:.5g}", value);
}

/// How much of its room a figure uses; 1 is the bound, a count that must be just that uses none.
double strain(const Figure& f) {
  if (f.measured == f.bound) return 0.0;
  switch (f.rule) {
    case Figure::Rule::error_at_most:
      return f.bound > 0 ? f.error / f.bound : (f.error > 0 ? 2.0 : 0.0);
    case Figure::Rule::at_least:
      return f.measured > 0 ? f.bound / f.measured : 2.0;
    case Figure::Rule::at_most:
      return f.bound > 0 ? f.measured / f.bound : 2.0;
    case Figure::Rule::equal:
      return f.holds() ? 0.0 : 2.0;
  }
  return 0.0;
}

std::string with_unit(const std::string& value, const std::string& unit) {
  return unit.empty() ? value : value + " " + unit;
}

/// "error 0.0031 ≤ 0.01", "1.98 ≥ 1.9", "equal".
std::string relation(const Figure& f) {
  switch (f.rule) {
    case Figure::Rule::error_at_most:
      return fmt::format("error {} {} {}", number(f.error), f.holds() ? "≤" : "> allowed", number(f.bound));
    case Figure::Rule::at_least:
      return fmt::format("{} {} {}", number(f.measured), f.holds() ? "≥" : "< required", number(f.bound));
    case Figure::Rule::at_most:
      return fmt::format("{} {} {}", number(f.measured), f.holds() ? "≤" : "> allowed", number(f.bound));
    case Figure::Rule::equal:
      return f.holds() ? "equal" : f.measured_text + " is not " + f.expected_text;
  }
  return {};
}

/// The figure closest to its bound, or one that breaks it; for bits that must agree, one of those.
const Figure* tightest(const Outcome& outcome) {
  const auto& all = outcome.figures;
  const auto equal =
      std::find_if(all.begin(), all.end(), [](const Figure& f) { return f.rule == Figure::Rule::equal; });
  if (equal != all.end() && std::all_of(all.begin(), all.end(), [](const Figure& f) { return f.holds(); }))
    return &*equal;
  const auto worst = std::max_element(all.begin(), all.end(), [](const Figure& a, const Figure& b) {
    return a.holds() != b.holds() ? a.holds() : strain(a) < strain(b);
  });
  return worst == all.end() ? nullptr : &*worst;
}

std::string mark(const Result& r) {
  return !r.ran ? "not run" : r.skipped() ? "skipped" : r.passed() ? "pass" : "FAIL";
}

results::ReportTable figure_table(const Result& result) {
  results::ReportTable table;
  table.columns = {{"figure", "", false}, {"value", ""}, {"expected", ""},
                   {"error", ""},         {"bound", ""}, {"", "", false}};
  for (const Figure& f : result.outcome.figures) {
    const bool text = f.rule == Figure::Rule::equal;
    const std::string bound = f.rule == Figure::Rule::at_least ? "at least " + number(f.bound)
                              : f.rule == Figure::Rule::equal  ? "equal"
                                                               : "at most " + number(f.bound);
    table.rows.push_back({f.name,
                          text                     ? f.measured_text
                          : std::isnan(f.measured) ? ""
                                                   : with_unit(number(f.measured), f.unit),
                          text                     ? f.expected_text
                          : std::isnan(f.expected) ? ""
                                                   : with_unit(number(f.expected), f.unit),
                          std::isnan(f.error) ? "" : number(f.error), bound, f.holds() ? "holds" : "does not hold"});
  }
  return table;
}

results::ReportSection section(const std::string& group, const std::vector<Result>& results) {
  results::ReportSection section;
  section.title = std::string(1, static_cast<char>(std::toupper(group[0]))) + group.substr(1);
  for (const Result& r : results) {
    if (r.check.group != group || !r.ran) continue;
    std::vector<std::string> words{r.check.statement};
    for (const auto& note : r.outcome.notes) words.push_back(note);
    if (!r.failure.empty()) words.push_back("It ended with an error: " + r.failure);
    if (r.skipped()) words.push_back("Skipped: " + r.outcome.skipped + ".");
    const auto tone = r.passed() ? results::Tone::good : r.skipped() ? results::Tone::neutral : results::Tone::bad;
    section.blocks.emplace_back(
        results::Callout{fmt::format("{} — {}, {:.1f} s", r.check.title, mark(r), r.seconds), words, tone});
    if (!r.outcome.figures.empty()) section.blocks.emplace_back(figure_table(r));
    for (const auto& block : r.outcome.blocks) section.blocks.push_back(block);
  }
  return section;
}

std::vector<std::string> groups_of(const std::vector<Result>& results) {
  std::vector<std::string> groups;
  for (const Result& r : results) {
    if (r.ran && (groups.empty() || std::find(groups.begin(), groups.end(), r.check.group) == groups.end()))
      groups.push_back(r.check.group);
  }
  return groups;
}

results::ReportTable overview(const std::vector<Result>& results) {
  results::ReportTable table;
  table.title = "All checks";
  table.columns = {{"check", "", false},
                   {"", "", false},
                   {"closest figure", "", false},
                   {"against its bound", "", false},
                   {"time", "s"}};
  for (const Result& r : results) {
    if (!r.ran) continue;
    const Figure* figure = tightest(r.outcome);
    table.rows.push_back({r.check.title, mark(r), figure ? figure->name : "",
                          figure              ? relation(*figure)
                          : r.failure.empty() ? r.outcome.skipped
                                              : r.failure,
                          fmt::format("{:.2f}", r.seconds)});
  }
  return table;
}

}  // namespace

std::string line_of(const Result& result, int width) {
  const Figure* figure = tightest(result.outcome);
  std::string words = result.check.title;
  if (figure && figure->rule != Figure::Rule::equal && figure->rule != Figure::Rule::error_at_most)
    words += ": " + figure->name + " " + relation(*figure);
  else if (figure)
    words += ": " + relation(*figure);
  const std::string time = fmt::format("{:.1f} s", result.seconds);
  std::size_t shown = 0;
  for (const char c : words) shown += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1U : 0U;
  const auto room = static_cast<std::size_t>(std::max(40, width)) - 18;
  return fmt::format("{:<8}{}{}{:>8}", mark(result), words, std::string(shown < room ? room - shown : 1, ' '), time);
}

std::string details_of(const Result& result) {
  std::string text;
  if (!result.failure.empty()) text += "        " + result.failure + "\n";
  if (result.skipped()) text += "        " + result.outcome.skipped + "\n";
  for (const Figure& f : result.outcome.figures) {
    if (!f.holds()) text += "        " + f.name + ": " + relation(f) + "\n";
  }
  return text;
}

std::string summary_of(const std::vector<Result>& results, double seconds) {
  const Tally sum = tally(results);
  std::string text = fmt::format("{} of {} checks passed ({} figures) in {:.0f} s", sum.passed, sum.passed + sum.failed,
                                 sum.figures, seconds);
  if (sum.failed) text += fmt::format("; {} failed", sum.failed);
  if (sum.skipped) text += fmt::format("; {} skipped", sum.skipped);
  if (sum.not_run) text += fmt::format("; {} not run", sum.not_run);
  return text;
}

results::ReportDocument page(const std::vector<Result>& results, const RunOptions& options, const Machine& machine) {
  const Tally sum = tally(results);
  results::ReportDocument document;
  document.title = "Evidence pack";
  document.subtitle = "What this program computes, held against known answers, other programs and itself";
  document.metadata = {{"program", machine.program},
                       {"instruction set", machine.instruction_set},
                       {"threads", std::to_string(machine.threads)},
                       {"depth", name(options.depth)}};
  results::ReportSection first;
  first.title = "Summary";
  first.blocks.emplace_back(results::KeyFigures{
      {{"checks passed", fmt::format("{} of {}", sum.passed, sum.passed + sum.failed), "", "",
        sum.failed ? results::Tone::bad : results::Tone::good},
       {"figures", std::to_string(sum.figures), "", "each with a bound of its own", results::Tone::neutral},
       {"skipped", std::to_string(sum.skipped), "",
        sum.not_run ? fmt::format("{} not run at this depth", sum.not_run) : "", results::Tone::neutral}}});
  first.blocks.emplace_back(overview(results));
  document.sections.push_back(first);
  for (const auto& group : groups_of(results)) document.sections.push_back(section(group, results));
  return document;
}

std::string to_json(const std::vector<Result>& results, const RunOptions& options, const Machine& machine) {
  const Tally sum = tally(results);
  json root = {{"program", machine.program}, {"instruction_set", machine.instruction_set},
               {"threads", machine.threads}, {"depth", name(options.depth)},
               {"passed", sum.passed},       {"failed", sum.failed},
               {"skipped", sum.skipped},     {"not_run", sum.not_run},
               {"checks", json::array()}};
  const auto finite = [](double value) { return std::isfinite(value) ? json(value) : json(nullptr); };
  for (const Result& r : results) {
    json figures = json::array();
    for (const Figure& f : r.outcome.figures) {
      json figure = {{"name", f.name}, {"unit", f.unit}, {"holds", f.holds()}};
      if (f.rule == Figure::Rule::equal) {
        figure["measured"] = f.measured_text;
        figure["expected"] = f.expected_text;
      } else {
        figure["measured"] = finite(f.measured);
        figure["expected"] = finite(f.expected);
        figure["error"] = finite(f.error);
        figure["bound"] = finite(f.bound);
        figure["bound_is"] = f.rule == Figure::Rule::at_least ? "least" : "most";
      }
      figures.push_back(figure);
    }
    root["checks"].push_back({{"id", r.check.id},
                              {"title", r.check.title},
                              {"statement", r.check.statement},
                              {"result", mark(r)},
                              {"reason", r.failure.empty() ? r.outcome.skipped : r.failure},
                              {"seconds", r.seconds},
                              {"figures", figures}});
  }
  return root.dump(1) + "\n";
}

}  // namespace senoma::verify
