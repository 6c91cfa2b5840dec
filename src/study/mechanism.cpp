#include "study/mechanism.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "study/outcome.h"
#include "study/study_draws.h"
#include "study/study_variants.h"

namespace senoma::study {
namespace {

using results::csv_cell;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t enough_seeds = 4;

/// An effect with its values in the resamples.
struct Effect {
  Estimate estimate;
  Interval interval;
};

CarriedShare share_of(const Effect& alone, const Effect& blocked) {
  CarriedShare result{alone.interval, blocked.interval, {nan, nan, nan, 0}, false, ""};
  result.share.n = std::min(alone.interval.n, blocked.interval.n);
  if (std::isnan(alone.interval.centre) || std::isnan(blocked.interval.centre)) {
    result.reason = "one of the four variants has no value";
    return result;
  }
  if (result.share.n < enough_seeds) {
    result.reason = "fewer than four seeds are known";
    return result;
  }
  if (!(alone.interval.low > 0.0 || alone.interval.high < 0.0)) {
    result.reason = "the effect alone is not clear of zero";
    return result;
  }
  std::vector<double> shares(alone.estimate.resampled.size());
  for (std::size_t b = 0; b < shares.size(); ++b) {
    const double share = 1.0 - blocked.estimate.resampled[b] / alone.estimate.resampled[b];
    shares[b] = std::isfinite(share) ? share : nan;
  }
  result.share =
      expanded_interval(1.0 - blocked.estimate.centre / alone.estimate.centre, std::move(shares), result.share.n);
  result.defined = true;
  return result;
}

Effect effect_of(std::span<const double> differences, const UnitResamples& resamples) {
  return {mean_estimate(differences, resamples), mean_interval(differences, resamples)};
}

/// Leaves only seeds that are known in all.
void keep_common(std::vector<std::vector<double>>& lists) {
  for (std::size_t s = 0; s < lists[0].size(); ++s) {
    if (std::all_of(lists.begin(), lists.end(), [&](const auto& list) { return std::isfinite(list[s]); })) continue;
    for (auto& list : lists) list[s] = nan;
  }
}

/// The variant of one actor alone as it is in a pair.
std::optional<std::size_t> alone_as_in(const StudyPlan& plan, const StudyVariant& pair, std::size_t k) {
  return find_variant(plan.variants, {"", "", {pair.actors[k]}, {pair.levels[k]}, pair.timing, {}});
}

CarriedShare score_share(const PairedOutcomes& outcomes, const MechanismRow& row, const UnitResamples& resamples) {
  std::vector<std::vector<double>> none, target, mediator, both;
  for (const std::size_t column : outcomes.columns()) {
    std::vector<std::vector<double>> lists;
    for (const std::size_t v : {std::size_t{0}, row.target, row.mediator, row.both})
      lists.push_back(outcomes.of(v, column));
    keep_common(lists);
    none.push_back(std::move(lists[0]));
    target.push_back(std::move(lists[1]));
    mediator.push_back(std::move(lists[2]));
    both.push_back(std::move(lists[3]));
  }
  const Score alone = score_variant(outcomes.terms(), target, none, resamples);
  const Score blocked = score_variant(outcomes.terms(), both, mediator, resamples);
  return share_of({alone.score, alone.score.interval()}, {blocked.score, blocked.score.interval()});
}

std::string cells_of(const Interval& i) { return fmt::format("{},{},{}", i.centre, i.low, i.high); }

/// An actor as it is in the pair: "LIGAND 95%".
std::string actor_words(const StudyPlan& plan, const StudyVariant& alone) {
  std::string words = plan.spec.actors[alone.actors[0]].name;
  if (!std::isnan(alone.levels[0])) words += fmt::format(" {:g}%", 100.0 * alone.levels[0]);
  return words;
}

}  // namespace

CarriedShare carried_share(std::span<const double> none, std::span<const double> target,
                           std::span<const double> mediator, std::span<const double> both,
                           const UnitResamples& resamples) {
  std::vector<std::vector<double>> lists{paired_differences(target, none), paired_differences(both, mediator)};
  keep_common(lists);
  return share_of(effect_of(lists[0], resamples), effect_of(lists[1], resamples));
}

std::vector<MechanismRow> mechanism_rows(const StudyPlan& plan, std::span<const results::CatalogueMember> members) {
  std::vector<MechanismRow> rows;
  const UnitResamples resamples = study_resamples(plan);
  for (std::size_t f = 0; f < plan.spec.fidelities.size(); ++f) {
    for (std::size_t c = 0; c < plan.spec.contexts.size(); ++c) {
      const PairedOutcomes outcomes(plan, members, f, c);
      for (std::size_t v = 0; v < plan.variants.size(); ++v) {
        const auto& pair = plan.variants[v];
        if (pair.actors.size() != 2) continue;  // also subsets of a group
        for (const std::size_t k : {0U, 1U}) {
          const auto target = alone_as_in(plan, pair, k), mediator = alone_as_in(plan, pair, 1 - k);
          if (!target || !mediator) continue;
          MechanismRow row{f, c, *target, *mediator, v, std::nullopt, {}};
          row.carried = score_share(outcomes, row, resamples);
          rows.push_back(row);
          for (const auto& term : plan.outcomes.objective) {
            row.column = term.column;
            row.carried = carried_share(outcomes.of(0, term.column), outcomes.of(*target, term.column),
                                        outcomes.of(*mediator, term.column), outcomes.of(v, term.column), resamples);
            rows.push_back(row);
          }
        }
      }
    }
  }
  return rows;
}

std::string mechanism_csv(std::span<const MechanismRow> rows, const StudyPlan& plan) {
  std::string csv =
      "fidelity,context,target,mediator,timing,outcome,unit,effect,effect_low,effect_high,effect_blocked,"
      "effect_blocked_low,effect_blocked_high,share,share_low,share_high,seeds,not_defined_because\n";
  for (const auto& row : rows) {
    csv += csv_cell(plan.spec.fidelities[row.fidelity].name) + "," + csv_cell(plan.spec.contexts[row.context].name) +
           "," + csv_cell(actor_words(plan, plan.variants[row.target])) + "," +
           csv_cell(actor_words(plan, plan.variants[row.mediator])) + "," + csv_cell(plan.variants[row.both].timing) +
           "," +
           (row.column ? csv_cell(plan.outcomes.columns[*row.column].first) + "," +
                             csv_cell(plan.outcomes.columns[*row.column].second)
                       : "score,1") +
           "," + cells_of(row.carried.effect) + "," + cells_of(row.carried.blocked) + "," +
           cells_of(row.carried.share) + fmt::format(",{},{}\n", row.carried.share.n, csv_cell(row.carried.reason));
  }
  return csv;
}

results::ReportSection mechanism_section(std::span<const MechanismRow> rows, const StudyPlan& plan,
                                         std::size_t fidelity) {
  results::ReportSection section{"Which path carried it", {}};
  const auto effect = [](const Interval& i) {
    return short_number(i.centre) + "|" + short_number(i.low) + " to " + short_number(i.high);
  };
  const auto share = [](const Interval& i) { return fmt::format("{:.2f}|{:.2f} to {:.2f}", i.centre, i.low, i.high); };
  for (const auto& path : plan.spec.paths) {
    const std::string timing = path.timing ? path.timing->text : plan.spec.timings.front().name;
    const auto level_fits = [&](std::size_t variant) {
      const auto& v = plan.variants[variant];
      const auto& actor = plan.spec.actors[v.actors[0]];
      if (actor.drug) return true;
      return v.levels[0] == path.level.value_or(*std::max_element(actor.levels.begin(), actor.levels.end()));
    };
    const auto is_of = [&](const MechanismRow& row, std::size_t m) {
      return row.fidelity == fidelity && plan.variants[row.both].timing == timing && level_fits(row.target) &&
             level_fits(row.mediator) &&
             plan.spec.actors[plan.variants[row.target].actors[0]].name == path.of.front().text &&
             plan.spec.actors[plan.variants[row.mediator].actors[0]].name == path.of[m].text;
    };
    results::ReportTable table;
    table.title = path.name;
    table.caption = fmt::format(
        "Share of the effect of {} that is gone once what stands above the column is blocked as well, with its 90 % "
        "interval: 1 means all of it passes there, 0 none; below 0 it is masked there, above 1 it turns round. Other "
        "ways that take over make shares small.",
        path.of.front().text);
    table.columns = {{"context", "", false}, {"of the effect on", "", false}, {"effect alone", ""}};
    for (std::size_t m = 1; m < path.of.size(); ++m) table.columns.push_back({path.of[m].text, ""});
    std::vector<std::optional<std::size_t>> outcomes{std::nullopt};
    if (plan.outcomes.objective.size() > 1) {
      for (const auto& term : plan.outcomes.objective) outcomes.emplace_back(term.column);
    }
    std::vector<std::string> open;
    for (std::size_t c = 0; c < plan.spec.contexts.size(); ++c) {
      for (const auto& column : outcomes) {
        std::vector<std::string> cells(path.of.size() + 2, "not run");
        bool any = false;
        for (const auto& row : rows) {
          if (row.context != c || row.column != column) continue;
          for (std::size_t m = 1; m < path.of.size(); ++m) {
            if (!is_of(row, m)) continue;
            any = true;
            cells[2] = effect(row.carried.effect);
            cells[m + 2] = row.carried.defined ? share(row.carried.share) : "–";
            if (!row.carried.defined && std::find(open.begin(), open.end(), row.carried.reason) == open.end())
              open.push_back(row.carried.reason);
          }
        }
        if (!any) continue;
        cells[0] = plan.spec.contexts[c].label;
        cells[1] = "score";
        if (column) {
          const auto& [name, unit] = plan.outcomes.columns[*column];
          cells[1] = name + (unit == "1" ? "" : " (" + unit + ")");
        }
        table.rows.push_back(std::move(cells));
      }
    }
    for (const auto& reason : open) table.notes.push_back("–: not defined where " + reason);
    if (!table.rows.empty()) section.blocks.emplace_back(std::move(table));
  }
  return section;
}

}  // namespace senoma::study
