#include "study/ranking.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "study/paired_outcomes.h"
#include "study/study_draws.h"

namespace senoma::study {

namespace {

constexpr std::size_t enough_pairs = 4;
/// Of what counts one point: differences below come from rounding, where a variant does not act on an outcome at all.
constexpr double rounding = 1e-6;

Ranking rank_one(const StudyPlan& plan, const PairedOutcomes& outcomes, const UnitResamples& resamples) {
  std::vector<RankedVariant> variants;
  std::vector<Estimate> scores;
  for (std::size_t v = 0; v < plan.variants.size(); ++v) {
    if (!plan.variants[v].ranked()) continue;
    RankedVariant ranked;
    ranked.variant = v;
    const Score score = outcomes.score(v, resamples);
    ranked.score = score.score.interval();
    ranked.benefit = score.benefit;
    ranked.cost = score.cost;
    if (ranked.score.n >= enough_pairs)
      ranked.sign = ranked.score.low > rounding ? 1 : ranked.score.high < -rounding ? -1 : 0;
    for (std::size_t c = 0; c < plan.outcomes.columns.size(); ++c)
      ranked.differences.push_back(paired_effect(outcomes.of(v, c), outcomes.of(0, c), resamples));
    variants.push_back(std::move(ranked));
    scores.push_back(score.score);
  }
  Ranking ranking;
  for (const Ranked& place : rank_variants(scores, plan.spec.best, true)) {
    auto& ranked = variants[place.variant];
    ranked.rank = place;
    ranking.variants.push_back(std::move(ranked));
  }
  return ranking;
}

/// `scale`: what counts one point.
std::string with_interval(const Interval& i, double scale = 1.0) {
  if (i.n == 0) return "-";
  if (std::max(std::abs(i.low), std::abs(i.high)) < rounding * scale) return "0";
  return short_number(i.centre) + "|" + short_number(i.low) + "–" + short_number(i.high);
}

/// "+ 0 −": the variant's sign in every context of the fidelity.
std::string signs(const std::vector<Ranking>& all, std::size_t fidelity, std::size_t variant) {
  std::string text;
  for (const auto& ranking : all) {
    if (ranking.fidelity != fidelity) continue;
    for (const auto& ranked : ranking.variants) {
      if (ranked.variant == variant) text += ranked.sign > 0 ? "+" : ranked.sign < 0 ? "−" : "0";
    }
  }
  return text;
}

}  // namespace

std::vector<Ranking> rank(const StudyPlan& plan, std::span<const results::CatalogueMember> members) {
  std::vector<Ranking> rankings;
  const UnitResamples resamples = study_resamples(plan);
  for (std::size_t f = 0; f < plan.spec.fidelities.size(); ++f) {
    for (std::size_t c = 0; c < plan.spec.contexts.size(); ++c) {
      rankings.push_back(rank_one(plan, PairedOutcomes(plan, members, f, c), resamples));
      rankings.back().fidelity = f;
      rankings.back().context = c;
    }
  }
  return rankings;
}

TextTable ranking_table(const Ranking& ranking, const std::vector<Ranking>& all, const StudyPlan& plan,
                        std::size_t rows) {
  TextTable table;
  table.columns = {{"rank", ""}, {"variant", ""}, {"score", ""}};
  for (const auto& term : plan.outcomes.objective)
    table.columns.emplace_back(plan.outcomes.columns[term.column].first, plan.outcomes.columns[term.column].second);
  table.columns.emplace_back(fmt::format("P(best {})", plan.spec.best), "");
  if (plan.spec.contexts.size() > 1) table.columns.emplace_back("sign by context", "");
  const auto ranked_ones = static_cast<std::size_t>(std::count_if(
      ranking.variants.begin(), ranking.variants.end(), [](const RankedVariant& v) { return v.score.n > 0; }));
  std::size_t least = plan.spec.n_seeds;
  for (std::size_t r = 0; r < ranked_ones; ++r) {  // those without a pair are last
    const auto& ranked = ranking.variants[r];
    least = std::min(least, ranked.score.n);
    if (r >= rows && r + rows < ranked_ones) continue;
    std::vector<std::string> row{fmt::format("{}", r + 1), plan.variants[ranked.variant].name,
                                 with_interval(ranked.score)};
    for (const auto& term : plan.outcomes.objective)
      row.push_back(with_interval(ranked.differences[term.column], term.scale));
    row.push_back(fmt::format("{:.2f}", ranked.rank.probability_top));
    if (plan.spec.contexts.size() > 1) row.push_back(signs(all, ranking.fidelity, ranked.variant));
    table.rows.push_back(std::move(row));
  }
  table.notes.push_back(fmt::format(
      "differences to no intervention, paired by seed ({} pairs at least), with 90 % intervals; score: higher is "
      "better",
      least));
  if (ranked_ones > 2 * rows)
    table.notes.push_back(fmt::format("{} variants between are in ranking.csv", ranked_ones - 2 * rows));
  return table;
}

std::string ranking_csv(const std::vector<Ranking>& rankings, const StudyPlan& plan) {
  std::string csv =
      "fidelity,context,rank,variant,pairs,score,score_low,score_high,benefit,cost,rank_low,rank_high,probability_best,probability_top,sign";
  for (const auto& [name, unit] : plan.outcomes.columns)
    csv += "," + results::csv_cell(name + "[" + unit + "]") + "," + results::csv_cell(name + "_low") + "," +
           results::csv_cell(name + "_high");
  csv += "\n";
  for (const auto& ranking : rankings) {
    for (std::size_t r = 0; r < ranking.variants.size(); ++r) {
      const auto& v = ranking.variants[r];
      if (v.score.n == 0) continue;
      csv += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}",
                         results::csv_cell(plan.spec.fidelities[ranking.fidelity].name),
                         results::csv_cell(plan.spec.contexts[ranking.context].name), r + 1,
                         results::csv_cell(plan.variants[v.variant].name), v.score.n, v.score.centre, v.score.low,
                         v.score.high, v.benefit.centre, v.cost.centre, v.rank.rank_low, v.rank.rank_high,
                         v.rank.probability_best, v.rank.probability_top, v.sign);
      for (const auto& d : v.differences)
        csv += d.n ? fmt::format(",{},{},{}", d.centre, d.low, d.high) : ",nan,nan,nan";
      csv += "\n";
    }
  }
  return csv;
}

}  // namespace senoma::study
