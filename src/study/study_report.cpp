#include "study/study_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "study/build_info.h"
#include "study/failures_section.h"
#include "study/mechanism.h"
#include "study/robustness.h"
#include "study/screen_figures.h"

namespace senoma::study {
namespace {

using namespace results;

constexpr std::size_t rows_shown = 15, curves_shown = 5;
const char* const score_name = "score (above zero: better)";

/// One block open and the others behind a click, so that ten contexts do not bury what follows.
template <class Block>
void add_first_open(ReportSection& section, std::vector<Block> blocks, const std::string& others) {
  if (blocks.empty()) return;
  section.blocks.emplace_back(std::move(blocks.front()));
  if (blocks.size() == 1) return;
  Details rest{others, {}};
  for (std::size_t k = 1; k < blocks.size(); ++k) rest.blocks.emplace_back(std::move(blocks[k]));
  section.blocks.emplace_back(std::move(rest));
}

/// Runs in which the tumour shrank at all: those that did not fail at once.
std::size_t shrank(const SurvivalCurve& curve) {
  double at_once = 0.0;
  for (const auto& step : curve.steps) at_once += step.time == 0.0 ? step.events : 0.0;
  return curve.n - static_cast<std::size_t>(at_once);
}

bool any_defined(const HeatMap& map) {
  return std::any_of(map.cells.begin(), map.cells.end(), [](const auto& row) {
    return std::any_of(row.begin(), row.end(), [](const HeatCell& cell) { return !std::isnan(cell.value); });
  });
}

class StudyReport {
 public:
  StudyReport(const StudyPlan& plan, std::span<const CatalogueMember> members, std::span<const Ranking> rankings,
              std::span<const ScreenFindings> findings)
      : plan_(plan),
        members_(members),
        rankings_(rankings),
        findings_(findings),
        mechanism_(mechanism_rows(plan, members)) {}

  ReportDocument document() {
    ReportDocument d;
    d.title = plan_.title;
    d.subtitle = plan_.question;
    d.metadata = {
        {"experiment", std::filesystem::path(plan_.spec.experiment).filename().string()},
        {"arm", plan_.spec.arm},
        {"seeds", fmt::format("{}…{}", plan_.spec.first_seed, plan_.spec.first_seed + plan_.spec.n_seeds - 1)},
        {"plan", plan_.hash},
        {"version", program_version()}};
    d.sections.push_back(asked());
    d.sections.push_back(answered());
    for (const auto& of : findings_) {
      for (auto& section :
           {ranking(of), flips(of), curves(of), pairs(of), groups(of),
            mechanism_section(mechanism_, plan_, of.fidelity), survival(of), convergence(of), more_data(of)}) {
        if (section.blocks.empty()) continue;
        d.sections.push_back(section);
        d.sections.back().title += fidelity_suffix(of);
      }
    }
    auto robust = robustness_section(robustness(plan_, members_), rankings_, plan_);
    if (!robust.blocks.empty()) d.sections.push_back(std::move(robust));
    d.sections.push_back(failures_section(plan_, members_));
    return d;
  }

 private:
  const std::string& label(std::size_t context) const { return plan_.spec.contexts[context].label; }
  std::string fidelity_suffix(const ScreenFindings& of) const {
    return findings_.size() > 1 ? ", " + plan_.spec.fidelities[of.fidelity].name : "";
  }
  const Ranking& ranking_of(const ScreenFindings& of, std::size_t context) const {
    return rankings_[of.fidelity * plan_.spec.contexts.size() + context];
  }

  ReportSection asked() const {
    ReportSection section{"What was asked", {}};
    const auto failed = static_cast<std::size_t>(
        std::count_if(members_.begin(), members_.end(), [](const auto& m) { return m.status == "failed"; }));
    section.blocks.emplace_back(
        KeyFigures{{{"variants", fmt::format("{}", plan_.variants.size()), "", "", Tone::neutral},
                    {"contexts", fmt::format("{}", plan_.spec.contexts.size()), "", "", Tone::neutral},
                    {"seeds", fmt::format("{}", plan_.spec.n_seeds), "", "", Tone::neutral},
                    {"members", fmt::format("{} of {}", members_.size(), plan_.members.size()), "",
                     fmt::format("{} failed", failed), failed ? Tone::warning : Tone::neutral}}});
    ReportTable objective;
    objective.title = "Objective";
    objective.caption = "score = sum of weight × change ÷ scale, divided by the sum of the weights.";
    objective.columns = {
        {"outcome", "", false}, {"better", "", false}, {"weight", ""}, {"one point", "", false}, {"counts", "", false}};
    for (const auto& term : plan_.outcomes.objective) {
      const auto& [name, unit] = plan_.outcomes.columns[term.column];
      objective.rows.push_back({name, term.higher_is_better ? "higher" : "lower", short_number(term.weight),
                                short_number(term.scale) + (unit == "1" ? "" : " " + unit),
                                term.spare ? "only a loss" : "gain and loss"});
    }
    section.blocks.emplace_back(std::move(objective));
    return section;
  }

  ReportSection answered() const {
    Prose words;
    for (const auto& of : findings_) {
      for (std::size_t c = 0; c < plan_.spec.contexts.size(); ++c) {
        const auto& variants = ranking_of(of, c).variants;
        if (variants.empty() || variants.front().score.n == 0) continue;
        const auto signs = [&](int sign) {
          return std::count_if(variants.begin(), variants.end(), [&](const auto& v) { return v.sign == sign; });
        };
        const auto& best = variants.front();
        words.bullets.push_back(fmt::format(
            "**{}**{}: {} of {} variants are clearly better than no intervention, {} clearly worse. First is {}, score {} "
            "({} to {}){}.",
            label(c), fidelity_suffix(of), signs(1), variants.size(), signs(-1), plan_.variants[best.variant].name,
            short_number(best.score.centre), short_number(best.score.low), short_number(best.score.high),
            best.sign > 0 ? "" : ", not clearly better than doing nothing more"));
        const auto& curves = of.contexts[c].survival;
        if (curves.empty()) continue;
        if (curves[0].n > 0 && shrank(curves[0]) == 0)
          words.bullets.back() += " Without intervention the tumour never shrinks here.";
        for (std::size_t v = 0; v < curves.size(); ++v) {
          if (plan_.variants[v].kind == "control" && shrank(curves[v]) > 0)
            words.bullets.back() += fmt::format(
                " The control arm shrinks by itself in {} of {} runs, so this context says "
                "little about the treatment.",
                shrank(curves[v]), curves[v].n);
        }
      }
      words.bullets.push_back(fmt::format("The effect of a target or drug turns its sign in {} pairs of situations{}.",
                                          of.n_flips(), fidelity_suffix(of)));
    }
    return {"In short", {std::move(words)}};
  }

  ReportSection ranking(const ScreenFindings& of) const {
    ReportSection section{"Ranking", {}};
    std::vector<ForestPlot> plots;
    std::vector<ReportTable> tables;
    for (std::size_t c = 0; c < plan_.spec.contexts.size(); ++c) {
      std::vector<RankingRow> rows;
      for (const auto& v : ranking_of(of, c).variants) {
        if (v.score.n > 0)
          rows.push_back(
              {plan_.variants[v.variant].name, "", v.score, v.rank.probability_best, v.rank.probability_top});
      }
      if (rows.empty()) continue;
      tables.push_back(ranking_list(label(c), rows, "score", "", plan_.spec.best));
      std::vector<RankingRow> shown;
      for (std::size_t r = 0; r < rows.size(); ++r) {
        if (r >= rows_shown && r + rows_shown < rows.size()) continue;
        shown.push_back(rows[r]);
        if (rows.size() > 2 * rows_shown)
          shown.back().group = fmt::format("the {} {}", rows_shown, r < rows_shown ? "best" : "worst");
      }
      plots.push_back(ranking_figure(label(c), shown, score_name, ""));
      if (shown.size() < rows.size())
        plots.back().caption += fmt::format(" The {} best and worst of {}.", rows_shown, rows.size());
    }
    for (auto& plot : plots) section.blocks.emplace_back(std::move(plot));
    if (!tables.empty()) {
      Details all{"All variants in numbers", {}};
      for (auto& table : tables) all.blocks.emplace_back(std::move(table));
      section.blocks.emplace_back(std::move(all));
    }
    return section;
  }

  ReportSection flips(const ScreenFindings& of) const {
    ReportSection section{"Where the sign turns", {}};
    for (const auto& family : of.families) {
      for (HeatMap& map : by_timing(flip_figure("Gain of " + family.what, family.candidates, family.flips, "gain", ""),
                                    family.candidates[0].situations)) {
        map.caption += " Gain: the objective without what only a loss counts for. Either side must exceed 0.01 points.";
        section.blocks.emplace_back(std::move(map));
      }
      if (!family.flips.pairs.empty()) section.blocks.emplace_back(flip_table(family.candidates, family.flips, ""));
    }
    return section;
  }

  /// Actors by their best score in any context.
  std::vector<std::size_t> best_targets(const ScreenFindings& of) const {
    std::map<std::size_t, double> best;
    for (std::size_t c = 0; c < plan_.spec.contexts.size(); ++c) {
      for (const auto& v : ranking_of(of, c).variants) {
        if (plan_.variants[v.variant].kind != "target" || v.score.n == 0) continue;
        const auto [at, fresh] = best.try_emplace(plan_.variants[v.variant].actors[0], v.score.centre);
        at->second = std::max(at->second, v.score.centre);
      }
    }
    std::vector<std::size_t> order;
    for (const auto& [actor, score] : best) order.push_back(actor);
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return best[a] > best[b]; });
    order.resize(std::min(order.size(), curves_shown));
    return order;
  }

  ReportSection curves(const ScreenFindings& of) const {
    ReportSection section{"Dose and timing", {}};
    const auto targets = best_targets(of);
    std::map<std::string, double> starts;
    for (const auto& timing : plan_.spec.timings) starts[timing.name] = timing.start / 1440.0;
    std::vector<CurvePanel> dose, timing;
    for (std::size_t c = 0; c < plan_.spec.contexts.size(); ++c) {
      CurvePanel by_level{label(c), {}}, by_start{label(c), {}};
      for (const std::size_t actor : targets) {
        const auto& levels = plan_.spec.actors[actor].levels;
        const double largest = *std::max_element(levels.begin(), levels.end());
        std::map<double, Interval> at_level, at_start;
        for (const auto& v : ranking_of(of, c).variants) {
          const auto& variant = plan_.variants[v.variant];
          if (variant.kind != "target" || variant.actors[0] != actor || v.score.n == 0) continue;
          if (variant.timing == plan_.spec.timings.front().name) at_level[100.0 * variant.levels[0]] = v.score;
          if (variant.levels[0] == largest) at_start[starts[variant.timing]] = v.score;
        }
        const auto add = [&](CurvePanel& panel, const std::map<double, Interval>& values) {
          if (values.size() < 2) return;
          LevelCurve curve{plan_.spec.actors[actor].name, {}, {}};
          for (const auto& [x, y] : values) curve.level.push_back(x), curve.effect.push_back(y);
          panel.curves.push_back(std::move(curve));
        };
        add(by_level, at_level);
        add(by_start, at_start);
      }
      if (!by_level.curves.empty()) dose.push_back(std::move(by_level));
      if (!by_start.curves.empty()) timing.push_back(std::move(by_start));
    }
    const PlotAxis effect{"score", "", false, {}, {}};
    if (!dose.empty())
      section.blocks.emplace_back(
          curve_figure("Graded inhibition of the best targets", dose, {"inhibited", "%", false, 0.0, 100.0}, effect));
    if (!timing.empty())
      section.blocks.emplace_back(
          curve_figure("From when on it is inhibited", timing, {"start", "d", false, {}, {}}, effect));
    return section;
  }

  ReportSection pairs(const ScreenFindings& of) const {
    ReportSection section{"Pairs", {}};
    std::vector<HeatMap> maps;
    for (const Additivity reference : {Additivity::bliss, Additivity::hsa, Additivity::loewe}) {
      for (std::size_t c = 0; c < plan_.spec.contexts.size(); ++c) {
        std::vector<std::size_t> actors;
        for (const auto& p : of.pairs) {
          for (const std::size_t actor : {p.a, p.b}) {
            if (p.context == c && std::find(actors.begin(), actors.end(), actor) == actors.end())
              actors.push_back(actor);
          }
        }
        if (actors.empty()) continue;
        const auto place = [&](std::size_t a) {
          return static_cast<std::size_t>(std::find(actors.begin(), actors.end(), a) - actors.begin());
        };
        std::vector<std::string> names;
        for (const std::size_t a : actors) names.push_back(plan_.spec.actors[a].name);
        std::vector<PairResult> results;
        for (const auto& p : of.pairs) {
          if (p.context == c) results.push_back({place(p.a), place(p.b), p.synergy});
        }
        maps.push_back(pair_figure(reference, names, results, ""));
        maps.back().title += ", " + label(c);
        maps.back().caption += " Effect: share of the mean burden that is taken away.";
      }
    }
    std::erase_if(maps, [](const HeatMap& map) { return !any_defined(map); });
    add_first_open(section, std::move(maps), "Other contexts and references");
    Prose undefined;
    for (const auto& p : of.pairs) {
      if (!p.synergy.bliss.defined)
        undefined.bullets.push_back(
            fmt::format("{}, {}: {}.", plan_.variants[p.variant].name, label(p.context), p.synergy.bliss.reason));
    }
    if (!undefined.bullets.empty())
      section.blocks.emplace_back(Details{"Where Bliss is not defined", {std::move(undefined)}});
    return section;
  }

  ReportSection groups(const ScreenFindings& of) const {
    ReportSection section{"Who can stand in for whom", {}};
    std::vector<ForestPlot> plots;
    for (const auto& group : of.groups) {
      if (group.outcome != "gain") continue;
      std::vector<std::string> names;
      for (const std::size_t a : group.actors) names.push_back(plan_.spec.actors[a].name);
      plots.push_back(shapley_figure(names, group.values, "gain (above zero: better)", ""));
      plots.back().title += ": " + group.group + ", " + label(group.context);
    }
    add_first_open(section, std::move(plots), "Other contexts and groups");
    return section;
  }

  ReportSection survival(const ScreenFindings& of) const {
    ReportSection section{"Time to failure", {}};
    std::vector<LineChart> charts;
    for (std::size_t c = 0; c < plan_.spec.contexts.size(); ++c) {
      const auto& curves = of.contexts[c].survival;
      if (curves.empty()) continue;
      std::vector<NamedCurve> shown{{"no intervention", "#666666", curves[0]}};
      const auto& ranked = ranking_of(of, c).variants;
      for (std::size_t r = 0; r < ranked.size(); ++r) {
        if (ranked[r].score.n > 0 && (r < 2 || r + 1 == ranked.size()))
          shown.push_back({plan_.variants[ranked[r].variant].name, "", curves[ranked[r].variant]});
      }
      const auto& model = plan_.models[of.fidelity * plan_.spec.contexts.size() + c];
      charts.push_back(survival_figure(label(c), shown, "failure", model.description.duration / 1440.0, "d"));
      charts.back().caption +=
          " Failure: relapse, or at once where the tumour never shrank. Shown: the two best and the last of the ranking.";
    }
    add_first_open(section, std::move(charts), "Other contexts");
    return section;
  }

  ReportSection convergence(const ScreenFindings& of) const {
    ReportSection section{"Convergence", {}};
    std::vector<LineChart> charts;
    for (std::size_t c = 0; c < plan_.spec.contexts.size(); ++c) {
      if (of.contexts[c].stability.empty()) continue;
      charts.push_back(stability_figure(of.contexts[c].stability, of.n_units, plan_.spec.best,
                                        plan_.spec.draws ? "draws" : "seeds"));
      charts.back().title += " " + label(c);
    }
    add_first_open(section, std::move(charts), "Other contexts");
    return section;
  }

  ReportSection more_data(const ScreenFindings& of) const {
    ReportSection section{"What more data would change", {}};
    ReportTable table;
    table.title = "What is open";
    table.caption =
        "Neighbours in the ranking whose intervals overlap may change places with more seeds. Contexts with the widest intervals gain most.";
    table.columns = {{"context", "", false},
                     {"mean width of the scores' intervals", ""},
                     {"best ones that overlap the next", "", false}};
    std::vector<std::pair<double, std::vector<std::string>>> rows;
    for (std::size_t c = 0; c < plan_.spec.contexts.size(); ++c) {
      const auto& variants = ranking_of(of, c).variants;
      double width = 0.0, n = 0.0;
      std::string open;
      for (std::size_t r = 0; r < variants.size(); ++r) {
        if (variants[r].score.n < 2) continue;
        width += variants[r].score.high - variants[r].score.low;
        n += 1.0;
        if (r < plan_.spec.best && r + 1 < variants.size() && variants[r + 1].score.n > 1 &&
            variants[r + 1].score.high > variants[r].score.low)
          open += (open.empty() ? "" : "; ") + plan_.variants[variants[r].variant].name;
      }
      if (n > 0.0) rows.push_back({width / n, {label(c), short_number(width / n), open.empty() ? "none" : open}});
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    for (auto& row : rows) table.rows.push_back(std::move(row.second));
    if (!table.rows.empty()) section.blocks.emplace_back(std::move(table));
    return section;
  }

  const StudyPlan& plan_;
  std::span<const CatalogueMember> members_;
  std::span<const Ranking> rankings_;
  std::span<const ScreenFindings> findings_;
  std::vector<MechanismRow> mechanism_;
};

}  // namespace

ReportDocument study_report(const StudyPlan& plan, std::span<const CatalogueMember> members,
                            std::span<const Ranking> rankings, std::span<const ScreenFindings> findings) {
  return StudyReport(plan, members, rankings, findings).document();
}

}  // namespace senoma::study
