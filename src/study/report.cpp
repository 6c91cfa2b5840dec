#include "study/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "results/files.h"
#include "study/build_info.h"
#include "study/field_work.h"
#include "study/report_parts.h"

namespace senoma::study {

using namespace results;

namespace {

ReportSection question_section(const ExperimentResult& result) {
  ReportSection section{"What was asked", {}};
  Prose prose;
  if (!result.question.empty()) prose.paragraphs.push_back("**" + result.question + "**");
  const auto& model = result.arms[0].model;
  if (!model.text.empty()) prose.paragraphs.push_back(model.text);
  const bool arms = !result.arms[0].arm.name.empty();
  for (const auto& arm : result.arms) {
    const auto given = treatment_sentences(arm.model);
    std::string text = arms ? "**" + arm.arm.label + "**: " : "";
    for (std::size_t k = 0; k < given.size(); ++k) text += (k ? "; " : "") + given[k];
    if (given.empty()) text += "no drug and no intervention";
    if (arm.donor) text += (given.empty() ? "" : "; ") + fmt::format("medium of “{}” at its end", arm.donor->title);
    prose.bullets.push_back(text + ".");
  }
  section.blocks.push_back(std::move(prose));
  return section;
}

KeyFigures key_figures(const OutcomeTable& table, const ArmOutcome& arm) {
  KeyFigures figures;
  const auto add = [&](const std::string& label, double MemberOutcome::*value, const std::string& unit) {
    auto list = arm.values(value);
    std::erase_if(list, [](double v) { return std::isnan(v); });
    if (list.empty()) return;
    const Interval i = bootstrap_mean(list);
    std::string note = i.n > 1 ? fmt::format("mean of {} runs", i.n) : "one run";
    if (i.high > i.low) note += fmt::format(", 90 % interval {}–{}", short_number(i.low), short_number(i.high));
    figures.figures.push_back({label, short_number(i.centre), unit, note, Tone::neutral});
  };
  add("smallest tumour", &MemberOutcome::nadir, "% of start");
  if (arm.regresses()) {
    const auto i = bootstrap_median(arm.restricted_relapses());
    const bool none = arm.n_relapsed() == 0;
    figures.figures.push_back(
        {"time to relapse", none ? fmt::format("> {:.0f}", table.followed) : short_number(i.centre), "d",
         fmt::format(
             "relapse in {} of {} runs{}", arm.n_relapsed(), arm.members.size(),
             none || i.n < 2 ? "" : fmt::format(", 90 % interval {}–{}", short_number(i.low), short_number(i.high))),
         Tone::neutral});
  }
  add("senescent at the smallest", &MemberOutcome::senescent_at_nadir, "%");
  add("senescent at most", &MemberOutcome::senescent_peak, "%");
  if (!table.roles.peak.empty()) add("peak " + table.roles.peak, &MemberOutcome::peak_level, table.peak_unit);
  add("invaded at the end", &MemberOutcome::invaded, "%");
  add("descends from never arrested", &MemberOutcome::never_arrested, "% of cells");
  add("descends from escapees", &MemberOutcome::escapees, "% of cells");
  return figures;
}

/// The outcome as tables of at most nine columns, so that none is cut at the edge of the page.
std::vector<ReportBlock> answer_tables(const TextTable& text, const ExperimentResult& result) {
  std::vector<ReportBlock> blocks;
  constexpr std::size_t widest = 8;  // beside the first column
  const std::size_t n = text.columns.size() - 1, n_tables = (n + widest - 1) / widest,
                    per_table = (n + n_tables - 1) / n_tables;
  for (std::size_t from = 1; from < text.columns.size(); from += per_table) {
    const std::size_t to = std::min(text.columns.size(), from + per_table);
    ReportTable table;
    table.title = from == 1 ? "Outcome by arm" : "Outcome by arm, continued";
    table.columns.push_back({text.columns[0].first, text.columns[0].second, false});
    for (std::size_t c = from; c < to; ++c)
      table.columns.push_back({text.columns[c].first, text.columns[c].second, true});
    for (const auto& row : text.rows) {
      table.rows.push_back({row[0]});
      table.rows.back().insert(table.rows.back().end(), row.begin() + static_cast<std::ptrdiff_t>(from),
                               row.begin() + static_cast<std::ptrdiff_t>(to));
    }
    if (to == text.columns.size()) table.notes = text.notes;
    for (std::size_t a = 0; a < result.arms.size(); ++a) table.row_colours.push_back(arm_colour(result, a));
    blocks.emplace_back(std::move(table));
  }
  return blocks;
}

std::vector<ReportBlock> forest_plots(const OutcomeTable& table) {
  std::vector<ReportBlock> blocks;
  std::vector<std::string> measures;
  if (table.has_burden) measures = {"time to relapse", "nadir"};
  const auto all = differences(table);
  for (const auto& d : all) {
    if (std::find(measures.begin(), measures.end(), d.measure) == measures.end()) measures.push_back(d.measure);
  }
  for (const auto& measure : measures) {
    ForestPlot plot;
    bool ratio = false;
    for (const auto& d : all) {
      if (d.measure != measure) continue;
      ratio = d.is_ratio;
      plot.rows.push_back({table.arms[d.arm].label, "", d.interval.centre, d.interval.low, d.interval.high,
                           d.clear()    ? ""
                           : d.enough() ? "no clear difference"
                                        : "too few seeds"});
      plot.x.unit = d.is_ratio ? "" : d.unit;
    }
    if (plot.rows.empty()) continue;
    plot.title =
        measure + (ratio ? ": ratio to " : ": difference to ") + "“" + table.arms[*table.reference].label + "”";
    plot.x.label = ratio ? "ratio of means" : "difference";
    plot.reference = ratio ? 1.0 : 0.0;
    plot.caption = "Runs paired by seed; the bars are 90 % bootstrap intervals.";
    blocks.emplace_back(std::move(plot));
  }
  return blocks;
}

ReportSection answer_section(const ExperimentResult& result, const Answer& a) {
  ReportSection section{"The answer", {}};
  if (!a.words.empty()) {
    Callout verdict{a.outcome.has_burden ? "What happened" : "In words", a.words, Tone::neutral};
    section.blocks.emplace_back(std::move(verdict));
  }
  if (result.stopped)
    section.blocks.emplace_back(
        Callout{"Unfinished", {"Some runs were stopped before their end; they are left out."}, Tone::warning});
  const auto& arm = a.outcome.arms[a.outcome.reference.value_or(0)];
  if (a.outcome.has_burden && !arm.members.empty()) {
    auto figures = key_figures(a.outcome, arm);
    if (a.outcome.arms.size() > 1)
      section.blocks.emplace_back(Prose{{fmt::format("Key figures of **{}**:", arm.label)}, {}});
    section.blocks.emplace_back(std::move(figures));
  }
  for (auto& table : answer_tables(a.table, result)) section.blocks.push_back(std::move(table));
  auto forests = forest_plots(a.outcome);
  std::vector<ReportBlock> more;
  for (std::size_t k = 0; k < forests.size(); ++k) {
    if (k < 2 || !a.outcome.has_burden)
      section.blocks.push_back(std::move(forests[k]));
    else
      more.push_back(std::move(forests[k]));
  }
  if (!more.empty()) section.blocks.emplace_back(Details{"Differences in the other outcomes", std::move(more)});
  return section;
}

ReportSection model_section(const ExperimentResult& result) {
  ReportSection section{"The model and its numbers", {}};
  const auto& model = result.arms[0].model;
  ReportTable changes;
  changes.title = "What differs from the file's own values";
  changes.columns = {
      {"arm", "", false}, {"key", "", false}, {"before", "", false}, {"after", "", false}, {"by", "", false}};
  std::set<std::string> seen;
  for (const auto& arm : result.arms) {
    for (const auto& d : arm.model.differences()) {
      const bool everywhere = d.layer.find("arm ") == std::string::npos;
      const std::string who = everywhere ? "all" : arm.arm.label;
      if (!seen.insert(who + "\n" + d.key + "\n" + d.after).second) continue;
      const auto brief = [](const std::string& text) { return text.size() > 90 ? text.substr(0, 87) + "…" : text; };
      changes.rows.push_back({who, d.key, d.before.empty() ? "–" : brief(d.before),
                              d.after.empty() ? "removed" : brief(d.after), d.layer});
    }
  }
  if (changes.rows.empty())
    section.blocks.emplace_back(
        Prose{{"All values are those of the model file: no profile, arm or override changed one."}, {}});
  else
    section.blocks.emplace_back(std::move(changes));
  ProvenanceTable provenance{"Every number, with its source and how sure it is", "", {}};
  std::map<std::string, int> grades;
  for (const auto& p : model.parameters) {
    ++grades[p.grade.empty() ? "not graded" : p.grade];
    provenance.rows.push_back({p.key, p.value, p.unit, p.grade, p.source, p.origin});
  }
  std::string caption = fmt::format("{} numbers:", provenance.rows.size());
  for (const auto& [grade, n] : grades) caption += fmt::format(" {} {},", n, grade);
  caption.back() = '.';
  provenance.caption = caption;
  section.blocks.emplace_back(Details{"Parameters and their sources (" + std::to_string(provenance.rows.size()) + ")",
                                      {std::move(provenance)}});
  if (!model.citations.empty()) section.blocks.emplace_back(Prose{{"The model follows:"}, model.citations});
  return section;
}

ReportSection trust_section(const ExperimentResult& result) {
  ReportSection section{"How far to trust it", {}};
  double ledger = 0.0;
  ReportTable runs;
  runs.title = "Runs";
  runs.columns = {{"arm", "", false},
                  {"seed", "", true},
                  {"status", "", false},
                  {"time", "d", true},
                  {"cells at the end", "", true},
                  {"divisions", "", true},
                  {"deaths", "", true},
                  {"state hash", "", false},
                  {"summary hash", "", false}};
  for (std::size_t a = 0; a < result.members.size(); ++a) {
    for (const auto& m : result.members[a]) {
      ledger = std::max(ledger, m.ledger_error);
      const auto count = [&](const char* name) -> std::string {
        for (const auto& [key, value] : m.counts) {
          if (key == name) return std::to_string(value);
        }
        return "–";
      };
      runs.rows.push_back({result.arms[a].arm.label.empty() ? "–" : result.arms[a].arm.label, std::to_string(m.seed),
                           std::string(name(m.status)), fmt::format("{:.1f}", m.time / 1440.0), std::to_string(m.cells),
                           count("divisions"), count("deaths"), m.state_hash, m.summary_hash});
      if (m.error)
        section.blocks.emplace_back(Callout{fmt::format("A run failed: {}, seed {}", result.arms[a].arm.label, m.seed),
                                            {m.error->render()},
                                            Tone::bad});
    }
  }
  if (auto warnings = merged_warnings(result); !warnings.empty())
    section.blocks.emplace_back(Callout{"Warnings", std::move(warnings), Tone::warning});
  section.blocks.emplace_back(Prose{
      {fmt::format(
          "Mass balance: in every field and step, what was released, taken up, decayed and lost through the edges equals the change of content "
          "to {:.1e} of the gross throughput. The same seed gives the same bits for any number of threads (compare the hashes).",
          ledger)},
      {}});
  section.blocks.emplace_back(Details{"All runs", {std::move(runs)}});
  if (auto fields = field_work_table(result); !fields.rows.empty())
    section.blocks.emplace_back(Details{"Fields", {std::move(fields)}});
  return section;
}

}  // namespace

results::ReportDocument report_document(const ExperimentResult& result, const Answer& a) {
  ReportDocument document;
  document.title = result.title.empty() ? "A run of Senoma" : result.title;
  document.subtitle = result.arms[0].model.title == document.title ? "" : result.arms[0].model.title;
  const auto& first = result.members[0][0];
  std::string seeds = std::to_string(result.seeds.front());
  if (result.seeds.size() > 1) seeds += "–" + std::to_string(result.seeds.back());
  document.metadata = {{"seeds", seeds},
                       {"arms", std::to_string(result.arms.size())},
                       {"simulated time", format_simulated_time(first.end_time)},
                       {"model hash", result.hash},
                       {"senoma", program_version()},
                       {"instruction set", instruction_set()}};
  if (!result.arms[0].arm.name.empty() && result.arms.size() == 1)
    document.metadata.insert(document.metadata.begin(), {"arm", result.arms[0].arm.label});
  document.sections.push_back(question_section(result));
  document.sections.push_back(answer_section(result, a));
  if (auto blocks = comparison_blocks(result.out); !blocks.empty())
    document.sections.push_back({"Measured and simulated", std::move(blocks)});
  for (auto* make : {&readout_section, &population_section, &secretome_section, &tissue_section}) {
    auto section = (*make)(result, a.outcome);
    if (!section.blocks.empty()) document.sections.push_back(std::move(section));
  }
  document.sections.push_back(model_section(result));
  document.sections.push_back(trust_section(result));
  return document;
}

void write_reports(const ExperimentResult& result, const Answer& a) {
  replace_file(result.out / "report.html", render_html(report_document(result, a)), false);
  if (result.single) return;
  for (std::size_t arm = 0; arm < result.arms.size(); ++arm) {
    for (const auto& member : result.members[arm]) {
      std::error_code ignored;
      if (!member.good() || std::filesystem::exists(member.folder / "report.html", ignored)) continue;
      ExperimentResult one;
      one.arms = {result.arms[arm]};
      one.seeds = {member.seed};
      one.members = {{member}};
      one.out = member.folder;
      one.title = result.title;
      one.question = result.question;
      one.hash = member.model_hash;
      one.single = true;
      replace_file(member.folder / "report.html", render_html(report_document(one, answer(one))), false);
    }
  }
}

}  // namespace senoma::study
