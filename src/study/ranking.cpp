#include "study/ranking.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <tuple>

namespace senoma::study {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double level = 0.9;
constexpr std::uint64_t key = 2;  // as paired_difference
constexpr std::size_t enough_pairs = 4;

using Member = results::CatalogueMember;
/// Members of one fidelity and context by variant and seed.
using Table = std::vector<std::vector<const Member*>>;

Table table_of(const StudyPlan& plan, std::span<const Member> members, std::size_t fidelity, std::size_t context) {
  std::map<std::string, std::size_t> variants;
  for (std::size_t v = 0; v < plan.variants.size(); ++v) variants[plan.variants[v].name] = v;
  Table table(plan.variants.size(), std::vector<const Member*>(plan.spec.n_seeds, nullptr));
  for (const auto& m : members) {
    if (m.fidelity != plan.spec.fidelities[fidelity].name || m.context != plan.spec.contexts[context].name) continue;
    if (m.status == "finished") table[variants.at(m.variant)][m.seed - plan.spec.first_seed] = &m;
  }
  return table;
}

/// Resamples by number of pairs, made once.
class Intervals {
 public:
  Interval of(const std::vector<double>& differences) {
    const auto [at, fresh] = resamples_.try_emplace(differences.size(), differences.size(), key);
    return at->second.mean(differences, level);
  }

 private:
  std::map<std::size_t, Resamples> resamples_;
};

/// Differences to no intervention by seed, NaN where there is none.
template <class Value>
std::vector<double> differences(const Table& table, std::size_t variant, const Value& value) {
  std::vector<double> result;
  for (std::size_t s = 0; s < table[0].size(); ++s) {
    const Member *a = table[variant][s], *b = table[0][s];
    const double d = a && b ? value(*a) - value(*b) : nan;
    result.push_back(std::isfinite(d) ? d : nan);
  }
  return result;
}

std::vector<double> without_nan(std::vector<double> values) {
  std::erase_if(values, [](double v) { return std::isnan(v); });
  return values;
}

/// Share of resamples of the seeds in which each variant is among the k best by its mean.
std::vector<double> probabilities_of_best(const std::vector<std::vector<double>>& scores, std::size_t k) {
  std::vector<double> counts(scores.size(), 0.0);
  const std::size_t n = scores.empty() ? 0 : scores[0].size();
  if (n == 0) return counts;
  const Resamples resamples(n, key);
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t b = 0; b < Resamples::count; ++b) {
    order.clear();
    for (std::size_t v = 0; v < scores.size(); ++v) {
      double sum = 0.0, pairs = 0.0;
      for (const std::size_t s : resamples.picks(b)) {
        if (std::isnan(scores[v][s])) continue;
        sum += scores[v][s];
        pairs += 1.0;
      }
      if (pairs > 0.0) order.emplace_back(-sum / pairs, v);  // equal ones in the order of the plan
    }
    const std::size_t best = std::min(k, order.size());
    std::nth_element(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(best), order.end());
    for (std::size_t i = 0; i < best; ++i) counts[order[i].second] += 1.0;
  }
  for (double& count : counts) count /= static_cast<double>(Resamples::count);
  return counts;
}

Ranking rank_one(const StudyPlan& plan, const Table& table, Intervals& intervals) {
  Ranking ranking;
  std::vector<std::vector<double>> scores;
  for (std::size_t v = 0; v < plan.variants.size(); ++v) {
    if (plan.variants[v].actors.empty()) continue;
    RankedVariant ranked;
    ranked.variant = v;
    scores.push_back(differences(table, v, [&](const Member& m) { return plan.outcomes.score(m.outcomes); }));
    ranked.score = intervals.of(without_nan(scores.back()));
    if (ranked.score.n >= enough_pairs) ranked.sign = ranked.score.low > 0.0 ? 1 : ranked.score.high < 0.0 ? -1 : 0;
    for (std::size_t c = 0; c < plan.outcomes.columns.size(); ++c)
      ranked.differences.push_back(
          intervals.of(without_nan(differences(table, v, [&](const Member& m) { return m.outcomes[c]; }))));
    ranking.variants.push_back(std::move(ranked));
  }
  const auto best = probabilities_of_best(scores, plan.spec.best);
  for (std::size_t k = 0; k < best.size(); ++k) ranking.variants[k].probability_of_best = best[k];
  std::stable_sort(ranking.variants.begin(), ranking.variants.end(), [](const auto& a, const auto& b) {
    return std::tuple(a.score.n == 0, -a.score.centre) < std::tuple(b.score.n == 0, -b.score.centre);
  });
  return ranking;
}

std::string with_interval(const Interval& i) {
  if (i.n == 0) return "-";
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

std::vector<Ranking> rank(const StudyPlan& plan, std::span<const Member> members) {
  std::vector<Ranking> rankings;
  Intervals intervals;
  for (std::size_t f = 0; f < plan.spec.fidelities.size(); ++f) {
    for (std::size_t c = 0; c < plan.spec.contexts.size(); ++c) {
      rankings.push_back(rank_one(plan, table_of(plan, members, f, c), intervals));
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
  std::vector<std::size_t> shown;
  for (const auto& term : plan.outcomes.objective) shown.push_back(term.column);
  for (const std::size_t c : shown)
    table.columns.emplace_back(plan.outcomes.columns[c].first, plan.outcomes.columns[c].second);
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
    for (const std::size_t c : shown) row.push_back(with_interval(ranked.differences[c]));
    row.push_back(fmt::format("{:.2f}", ranked.probability_of_best));
    if (plan.spec.contexts.size() > 1) row.push_back(signs(all, ranking.fidelity, ranked.variant));
    table.rows.push_back(std::move(row));
  }
  table.notes.push_back(fmt::format(
      "differences to no intervention, paired by seed ({} pairs at least), with 90 % bootstrap intervals; score: higher is "
      "better",
      least));
  if (ranked_ones > 2 * rows)
    table.notes.push_back(fmt::format("{} variants between are in ranking.csv", ranked_ones - 2 * rows));
  return table;
}

std::string ranking_csv(const std::vector<Ranking>& rankings, const StudyPlan& plan) {
  std::string csv = "fidelity,context,rank,variant,pairs,score,score_low,score_high,probability_of_best,sign";
  for (const auto& [name, unit] : plan.outcomes.columns)
    csv += "," + results::csv_cell(name + "[" + unit + "]") + "," + results::csv_cell(name + "_low") + "," +
           results::csv_cell(name + "_high");
  csv += "\n";
  for (const auto& ranking : rankings) {
    for (std::size_t r = 0; r < ranking.variants.size(); ++r) {
      const auto& v = ranking.variants[r];
      if (v.score.n == 0) continue;
      csv +=
          fmt::format("{},{},{},{},{},{},{},{},{},{}", results::csv_cell(plan.spec.fidelities[ranking.fidelity].name),
                      results::csv_cell(plan.spec.contexts[ranking.context].name), r + 1,
                      results::csv_cell(plan.variants[v.variant].name), v.score.n, v.score.centre, v.score.low,
                      v.score.high, v.probability_of_best, v.sign);
      for (const auto& d : v.differences)
        csv += d.n ? fmt::format(",{},{},{}", d.centre, d.low, d.high) : ",nan,nan,nan";
      csv += "\n";
    }
  }
  return csv;
}

}  // namespace senoma::study
