#include "study/stages_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "study/build_info.h"

namespace senoma::study {
namespace {

using namespace results;

constexpr std::size_t left_behind_shown = 10;

std::string with_interval(const Interval& i) {
  return short_number(i.centre) + "|" + short_number(i.low) + " to " + short_number(i.high);
}

std::string share(std::size_t part, std::size_t whole) {
  return whole ? fmt::format("{} of {} ({:.0f} %)", part, whole,
                             100.0 * static_cast<double>(part) / static_cast<double>(whole))
               : "none";
}

std::string some_of(const std::vector<std::string>& names, std::size_t most = 8) {
  std::string text;
  for (std::size_t k = 0; k < std::min(most, names.size()); ++k) text += (k ? ", " : "") + names[k];
  if (names.size() > most) text += fmt::format(" and {} more", names.size() - most);
  return text.empty() ? "none" : text;
}

class StagesReport {
 public:
  StagesReport(const StagesPlan& plan, std::span<const StageRun> stages) : plan_(plan), stages_(stages) {}

  ReportDocument document() const {
    ReportDocument d;
    d.title = plan_.title;
    d.subtitle = plan_.question;
    d.metadata = {{"experiment", std::filesystem::path(plan_.spec.experiment).filename().string()},
                  {"arm", plan_.spec.arm},
                  {"stages", fmt::format("{}", plan_.spec.stages.size())},
                  {"version", program_version()}};
    d.sections.push_back(overview());
    for (std::size_t k = stages_.size(); k-- > 0;) d.sections.push_back(stage(k));  // the last says most
    if (stages_.size() > 1) d.sections.push_back(agreed());
    return d;
  }

 private:
  const StudyStage& spec(std::size_t k) const { return plan_.spec.stages[k]; }
  bool whole(std::size_t k) const { return stages_[k].result.members.size() == stages_[k].result.total; }

  /// By score, the best first; those without one last.
  std::vector<const StageActor*> by_score(std::size_t k) const {
    std::vector<const StageActor*> list;
    for (const auto& a : stages_[k].actors) list.push_back(&a);
    std::stable_sort(list.begin(), list.end(), [](const auto* a, const auto* b) {
      if (a->known != b->known) return a->known;
      return a->known && a->score.centre > b->score.centre;
    });
    return list;
  }

  std::string variant_words(std::size_t k, const StageActor& a) const {
    const auto& run = stages_[k];
    return run.plan.variants[a.variant].name + ", " + run.plan.spec.contexts[a.context].label;
  }

  ReportSection overview() const {
    ReportSection section{"In short", {}};
    Prose words;
    const std::size_t last = stages_.size() - 1;
    if (plan_.spec.stages.size() > stages_.size() || !whole(last))
      words.paragraphs.push_back(fmt::format("**Not finished:** {} of {} stages have run to their end.",
                                             whole(last) ? last + 1 : last, plan_.spec.stages.size()));
    for (std::size_t k = 0; k < stages_.size(); ++k) {
      const auto list = by_score(k);
      std::string text = fmt::format("**{}**: ", spec(k).name);
      if (!list.empty() && list.front()->known)
        text += fmt::format("{} scores highest, {} ({} to {}), as {}. ", list.front()->name,
                            short_number(list.front()->score.centre), short_number(list.front()->score.low),
                            short_number(list.front()->score.high), variant_words(k, *list.front()));
      text += fmt::format("[Full report]({}/report.html)", stages_[k].folder.string());
      words.bullets.push_back(std::move(text));
    }
    section.blocks.emplace_back(std::move(words));
    if (last > 0 && whole(last)) section.blocks.emplace_back(outcome());
    ReportTable table;
    table.title = "Stages";
    table.caption =
        "Every stage has seeds of its own: who won with the seeds of one must show its effect again with others. A "
        "score above zero is better than no intervention.";
    table.columns = {{"stage", "", false}, {"fidelity", "", false}, {"seeds", ""},   {"contexts", ""},
                     {"came in", ""},      {"went on", ""},         {"members", ""}, {"failed", ""}};
    for (std::size_t k = 0; k < stages_.size(); ++k) {
      const auto& run = stages_[k];
      const auto& s = run.plan.spec;
      const auto kept = std::count_if(run.actors.begin(), run.actors.end(), [](const auto& a) { return a.kept; });
      table.rows.push_back({spec(k).name, s.fidelities[0].name,
                            fmt::format("{}…{}", s.first_seed, s.first_seed + s.n_seeds - 1),
                            fmt::format("{}", s.contexts.size()), fmt::format("{}", s.actors.size()),
                            spec(k).keep && whole(k) ? fmt::format("{}", kept) : "–",
                            run.result.members.size() == run.result.total
                                ? fmt::format("{}", run.result.total)
                                : fmt::format("{} of {}", run.result.members.size(), run.result.total),
                            fmt::format("{}", run.result.failed)});
    }
    for (std::size_t k = 1; k < stages_.size(); ++k) {
      std::string names;
      for (const auto& actor : stages_[k].plan.spec.actors) {
        const auto& before = stages_[k - 1].actors;
        const bool went_on =
            std::any_of(before.begin(), before.end(), [&](const auto& a) { return a.kept && a.name == actor.name; });
        if (!went_on) names += (names.empty() ? "" : ", ") + actor.name;
      }
      if (!names.empty())
        table.notes.push_back(
            fmt::format("{} came into {} without being kept: the study names them in `always`, or a "
                        "path runs through them.",
                        names, spec(k).name));
    }
    section.blocks.emplace_back(std::move(table));
    return section;
  }

  ReportSection stage(std::size_t k) const {
    ReportSection section{fmt::format("Stage {}: {}", k + 1, spec(k).name), {}};
    const auto list = by_score(k);
    const bool chooses = spec(k).keep && whole(k);
    ForestPlot plot;
    plot.title = "Highest score of each target and drug";
    plot.caption = "Over contexts, levels and timings, paired by seed against no intervention; to the right is better.";
    plot.x = {"score (above zero: better)", "", false, {}, {}};
    std::size_t left = 0, hidden = 0;
    for (const bool kept : {true, false}) {
      for (const auto* a : list) {
        if (!a->known || a->kept != kept) continue;
        if (chooses && !kept && ++left > left_behind_shown) {
          ++hidden;
          continue;
        }
        plot.rows.push_back({a->name,
                             !chooses ? ""
                             : kept   ? "goes on"
                                      : "stays behind",
                             a->score.centre, a->score.low, a->score.high, variant_words(k, *a)});
      }
    }
    if (chooses)
      plot.caption +=
          " Who goes on is taken in turns from the rankings of the contexts, so that each context sends its "
          "best; the highest score alone does not decide.";
    if (hidden) plot.caption += fmt::format(" {} more stay behind; they are in the table.", hidden);
    if (!plot.rows.empty()) section.blocks.emplace_back(std::move(plot));
    ReportTable table;
    table.title = "All that came in";
    table.columns = {{"name", "", false}, {"kind", "", false}, {"highest score", ""}, {"as", "", false}};
    if (chooses) table.columns.push_back({"goes on for", "", false});
    for (const auto* a : list) {
      table.rows.push_back({a->name, a->drug ? "drug" : "target", a->known ? with_interval(a->score) : "–",
                            a->known ? variant_words(k, *a) : "no member has a score"});
      if (chooses) table.rows.back().push_back(!a->kept ? "–" : because_words(k, *a));
    }
    table.searchable = table.rows.size() > 12;
    section.blocks.emplace_back(Details{"All in numbers", {std::move(table)}});
    section.blocks.emplace_back(Prose{
        {fmt::format("[Full report of this stage]({}/report.html): ranking per context, sign flips, dose and timing, "
                     "time to failure.",
                     stages_[k].folder.string())},
        {}});
    return section;
  }

  /// What the last stage says of each context, and what it overturned.
  Prose outcome() const {
    const StageRun& run = stages_.back();
    Prose words;
    words.paragraphs.push_back(
        fmt::format("What “{}” says, with seeds of its own (best and worst first):", spec(stages_.size() - 1).name));
    for (const auto& ranking : run.rankings) {
      std::vector<std::string> better, worse;
      for (const auto& v : ranking.variants) {
        const auto& variant = run.plan.variants[v.variant];
        if (variant.kind != "target" && variant.kind != "drug") continue;
        if (v.sign > 0) better.push_back(variant.name);
        if (v.sign < 0) worse.insert(worse.begin(), variant.name);
      }
      words.bullets.push_back(fmt::format("**{}**: clearly better than no intervention: {}; clearly worse: {}.",
                                          run.plan.spec.contexts[ranking.context].label, some_of(better),
                                          some_of(worse)));
    }
    std::vector<std::string> turned;
    for (const auto& p : last_agreement(stages_).points) {
      if (p.sign_before * p.sign_after < 0)
        turned.push_back(fmt::format("{} ({}: {} before, {} now)", p.actor, p.context, short_number(p.before.centre),
                                     short_number(p.after.centre)));
    }
    if (!turned.empty())
      words.bullets.push_back("**Overturned**, clear in both stages and of the other sign: " + some_of(turned) + ".");
    return words;
  }

  std::string because_words(std::size_t k, const StageActor& a) const {
    for (const auto& context : stages_[k].plan.spec.contexts) {
      if (context.name == a.because) return context.label;
    }
    return a.because;
  }

  ReportSection agreed() const {
    const std::size_t last = stages_.size() - 1;
    const std::string before = spec(last - 1).name, after = spec(last).name;
    ReportSection section{"Agreement of “" + before + "” and “" + after + "”", {}};
    const auto points = last_agreement(stages_).points;
    if (points.empty()) {
      section.blocks.emplace_back(Prose{{"No target or drug has the same level, timing and context in both."}, {}});
      return section;
    }
    const auto summary = summary_of(points);
    section.blocks.emplace_back(Prose{
        {fmt::format("Of {} targets and drugs at one level and timing in a context that both scored, {} have the same "
                     "direction; where both are clear of zero, {} have the same sign.",
                     summary.n, share(summary.same_direction, summary.n), share(summary.same_sign, summary.clear))},
        {}});
    ReportTable table;
    table.title = "By context";
    table.caption =
        "Clear: both 90 % intervals leave out zero. Rank correlation: Spearman's, ties at their mean rank. The "
        "compared ones were chosen in the earlier stage, so its scores flatter them, and their narrow range "
        "lowers the correlation.";
    table.columns = {{"context", "", false}, {"compared", ""},           {"same direction", ""},
                     {"clear in both", ""},  {"same sign of these", ""}, {"rank correlation", ""}};
    ScatterPlot plot;
    plot.title = "Score in both";
    plot.caption = "One point per target or drug at one level and timing; bars: 90 % intervals of the later stage.";
    plot.identity_words = "equal scores";
    plot.x = {"score, “" + before + "”", "", false, {}, {}};
    plot.y = {"score, “" + after + "”", "", false, {}, {}};
    const auto add_row = [&](const std::string& name, const AgreementSummary& s) {
      table.rows.push_back({name, fmt::format("{}", s.n), share(s.same_direction, s.n), fmt::format("{}", s.clear),
                            share(s.same_sign, s.clear),
                            std::isnan(s.rank_correlation) ? "–" : fmt::format("{:.2f}", s.rank_correlation)});
    };
    std::vector<std::string> contexts;
    for (const auto& p : points) {
      if (std::find(contexts.begin(), contexts.end(), p.context) == contexts.end()) contexts.push_back(p.context);
    }
    for (const auto& context : contexts) {
      std::vector<AgreementPoint> own;
      PlotSeries group;
      group.name = context;
      for (const auto& p : points) {
        if (p.context != context) continue;
        own.push_back(p);
        group.x.push_back(p.before.centre);
        group.y.push_back(p.after.centre);
        group.low.push_back(std::isfinite(p.after.low) ? p.after.low : p.after.centre);
        group.high.push_back(std::isfinite(p.after.high) ? p.after.high : p.after.centre);
        group.labels.push_back(p.actor + (std::isnan(p.level) ? "" : fmt::format(" {:g}%", 100.0 * p.level)) +
                               (p.timing.empty() ? "" : ", " + p.timing));
      }
      add_row(context, summary_of(own));
      plot.groups.push_back(std::move(group));
    }
    if (contexts.size() > 1) add_row("all", summary);
    section.blocks.emplace_back(std::move(plot));
    section.blocks.emplace_back(std::move(table));
    return section;
  }

  const StagesPlan& plan_;
  std::span<const StageRun> stages_;
};

}  // namespace

Agreement last_agreement(std::span<const StageRun> stages) {
  if (stages.size() < 2) return {};
  const auto& before = stages[stages.size() - 2];
  const auto& after = stages.back();
  return agreement(before.plan, before.rankings, after.plan, after.rankings);
}

ReportDocument stages_report(const StagesPlan& plan, std::span<const StageRun> stages) {
  return StagesReport(plan, stages).document();
}

}  // namespace senoma::study
