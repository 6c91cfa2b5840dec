#include "study/robustness.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "study/distributions.h"
#include "study/paired_outcomes.h"

namespace senoma::study {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t most_named = 3;

std::vector<double> mid_ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](auto i, auto j) { return values[i] < values[j] || (values[i] == values[j] && i < j); });
  std::vector<double> ranks(values.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i + 1;
    while (end < order.size() && values[order[end]] == values[order[i]]) ++end;
    for (std::size_t k = i; k < end; ++k) ranks[order[k]] = 0.5 * static_cast<double>(i + end - 1);
    i = end;
  }
  return ranks;
}

/// Mean of the known replicates of each unit, NaN where there is none.
std::vector<double> means_of_units(std::span<const double> values, const UnitResamples& resamples) {
  std::vector<double> sum(resamples.n_units()), n(resamples.n_units());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) continue;
    sum[resamples.unit_of()[i]] += values[i];
    n[resamples.unit_of()[i]] += 1;
  }
  for (std::size_t u = 0; u < sum.size(); ++u) sum[u] = n[u] > 0 ? sum[u] / n[u] : nan;
  return sum;
}

}  // namespace

double rank_correlation(std::span<const double> a, std::span<const double> b) {
  std::vector<double> x, y;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (std::isnan(a[i]) || std::isnan(b[i])) continue;
    x.push_back(a[i]);
    y.push_back(b[i]);
  }
  if (x.size() < 3) return nan;
  const auto u = mid_ranks(x), v = mid_ranks(y);
  const double middle = 0.5 * static_cast<double>(x.size() - 1);
  double uv = 0, uu = 0, vv = 0;
  for (std::size_t i = 0; i < u.size(); ++i) {
    uv += (u[i] - middle) * (v[i] - middle);
    uu += (u[i] - middle) * (u[i] - middle);
    vv += (v[i] - middle) * (v[i] - middle);
  }
  return uu > 0 && vv > 0 ? uv / std::sqrt(uu * vv) : nan;
}

SignOverDraws sign_over_draws(std::span<const double> effect, std::span<const DrawnValue> drawn,
                              const UnitResamples& resamples) {
  SignOverDraws result;
  result.mean = weighted_mean(effect);
  result.sign = sign_robustness(effect, resamples);
  const auto means = means_of_units(effect, resamples);
  for (const auto& value : drawn) {
    const double correlation = rank_correlation(means, value.values);
    if (!std::isnan(correlation)) result.depends.push_back({value.name, correlation});
  }
  const auto k = static_cast<double>(result.depends.size());
  const std::size_t n = result.sign.n_draws;
  result.by_chance =
      n > 2 && k > 0 ? std::min(1.0, normal_half_width(1.0 - 0.1 / k) / std::sqrt(static_cast<double>(n - 1))) : nan;
  std::stable_sort(result.depends.begin(), result.depends.end(),
                   [](const auto& p, const auto& q) { return std::abs(p.correlation) > std::abs(q.correlation); });
  if (result.depends.size() > most_named) result.depends.resize(most_named);
  return result;
}

std::vector<Robustness> robustness(const StudyPlan& plan, std::span<const results::CatalogueMember> members) {
  std::vector<Robustness> list;
  const auto resamples = study_resamples(plan);
  if (!has_draws(plan)) return list;
  for (std::size_t f = 0; f < plan.spec.fidelities.size(); ++f) {
    for (std::size_t c = 0; c < plan.spec.contexts.size(); ++c) {
      const auto drawn = drawn_values(plan, f, c);
      const std::size_t n_draws = drawn.empty() ? 0 : drawn[0].values.size();
      if (n_draws < 2) continue;
      const PairedOutcomes outcomes(plan, members, f, c);
      Robustness of{f, c, n_draws, {}};
      for (std::size_t v = 0; v < plan.variants.size(); ++v) {
        if (!plan.variants[v].ranked()) continue;
        Robustness::Variant variant{v, {}};
        variant.outcomes.push_back(sign_over_draws(outcomes.gain(v), drawn, resamples));
        variant.outcomes.back().outcome = "gain";
        for (const auto& term : plan.outcomes.objective) {
          variant.outcomes.push_back(sign_over_draws(
              paired_differences(outcomes.of(v, term.column), outcomes.of(0, term.column)), drawn, resamples));
          variant.outcomes.back().outcome = plan.outcomes.columns[term.column].first;
          variant.outcomes.back().unit = plan.outcomes.columns[term.column].second;
        }
        of.variants.push_back(std::move(variant));
      }
      list.push_back(std::move(of));
    }
  }
  return list;
}

std::string robustness_csv(std::span<const Robustness> list, const StudyPlan& plan) {
  std::string csv = "fidelity,context,variant,outcome,unit,mean_effect,draws,share_same_sign,share_low,share_high";
  for (std::size_t k = 1; k <= most_named; ++k) csv += fmt::format(",depends_{},rank_correlation_{}", k, k);
  csv += ",correlation_by_chance,note\n";
  for (const auto& of : list) {
    for (const auto& variant : of.variants) {
      for (const auto& o : variant.outcomes) {
        csv += fmt::format("{},{},{},{},{},{},{},{},{},{}", results::csv_cell(plan.spec.fidelities[of.fidelity].name),
                           results::csv_cell(plan.spec.contexts[of.context].name),
                           results::csv_cell(plan.variants[variant.variant].name), results::csv_cell(o.outcome),
                           results::csv_cell(o.unit.empty() ? "1" : o.unit), o.mean, o.sign.n_draws, o.sign.share,
                           o.sign.low, o.sign.high);
        for (std::size_t k = 0; k < most_named; ++k)
          csv += k < o.depends.size()
                     ? fmt::format(",{},{}", results::csv_cell(o.depends[k].name), o.depends[k].correlation)
                     : std::string(",,nan");
        csv += fmt::format(",{},{}\n", o.by_chance, o.sign.n_draws < enough_draws ? "fewer than 16 draws" : "");
      }
    }
  }
  return csv;
}

}  // namespace senoma::study
