#include "study/effects.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/error.h"
#include "study/distributions.h"

namespace senoma::study {
namespace {

struct UnitSummary {
  double mean = 0, error = 0;  ///< of the unit means
  std::size_t n = 0;
};

UnitSummary summary(std::span<const double> values, const UnitResamples& resamples) {
  const auto means = unit_means(values, resamples);
  UnitSummary s;
  s.n = means.size();
  if (s.n < 2) return s;
  const auto n = static_cast<double>(s.n);
  s.mean = std::accumulate(means.begin(), means.end(), 0.0) / n;
  double squares = 0;
  for (const double m : means) squares += (m - s.mean) * (m - s.mean);
  s.error = std::sqrt(squares / (n - 1) / n);
  return s;
}

void check_size(std::size_t n, std::size_t wanted) {
  if (n != wanted)
    throw Error("E8402", fmt::format("{} values meet {} replicates", n, wanted))
        .help("give every variant one value per replicate, NaN where it is unknown");
}

/// Mid-ranks of values, 1 = best; NaN come last and share their places.
void mid_ranks(std::span<const double> values, bool more_is_better, std::vector<std::size_t>& order,
               std::vector<double>& first, std::vector<double>& tied) {
  const auto key = [&](std::size_t i) {
    const double v = more_is_better ? -values[i] : values[i];
    return std::isnan(v) ? std::numeric_limits<double>::infinity() : v;
  };
  order.resize(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return key(a) < key(b) || (key(a) == key(b) && a < b); });
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i + 1;
    while (end < order.size() && key(order[end]) == key(order[i])) ++end;
    for (std::size_t j = i; j < end; ++j) {
      first[order[j]] = static_cast<double>(i);
      tied[order[j]] = static_cast<double>(end - i);
    }
    i = end;
  }
}

}  // namespace

Interval Estimate::interval(double level) const { return expanded_interval(centre, resampled, n_units, level); }

double Estimate::probability_positive() const {
  double above = 0, known = 0;
  for (const double v : resampled) {
    if (std::isnan(v)) continue;
    known += 1;
    above += v > 0 ? 1.0 : v == 0 ? 0.5 : 0.0;
  }
  return known > 0 ? above / known : std::numeric_limits<double>::quiet_NaN();
}

std::vector<double> paired_differences(std::span<const double> a, std::span<const double> b) {
  check_size(a.size(), b.size());
  std::vector<double> d(a.size());
  for (std::size_t i = 0; i < d.size(); ++i) {
    d[i] = a[i] - b[i];
    if (!std::isfinite(d[i])) d[i] = std::numeric_limits<double>::quiet_NaN();
  }
  return d;
}

Estimate mean_estimate(std::span<const double> values, const UnitResamples& resamples) {
  check_size(values.size(), resamples.n_replicates());
  Estimate e{weighted_mean(values), std::vector<double>(resamples.size()), known_units(values, resamples)};
  for (std::size_t b = 0; b < e.resampled.size(); ++b) e.resampled[b] = weighted_mean(values, resamples.weights(b));
  return e;
}

Interval mean_interval(std::span<const double> values, const UnitResamples& resamples, double level) {
  Interval interval = mean_estimate(values, resamples).interval(level);
  const auto s = summary(values, resamples);
  if (s.n < 2) return interval;
  const double half = -student_quantile((1 - level) / 2, static_cast<double>(s.n) - 1) * s.error;
  interval.low = std::min(interval.low, interval.centre - half);
  interval.high = std::max(interval.high, interval.centre + half);
  return interval;
}

Interval paired_effect(std::span<const double> treated, std::span<const double> control, const UnitResamples& resamples,
                       double level) {
  return mean_interval(paired_differences(treated, control), resamples, level);
}

double p_above_zero(std::span<const double> values, const UnitResamples& resamples) {
  check_size(values.size(), resamples.n_replicates());
  const auto s = summary(values, resamples);
  if (s.n < 2) return 1;
  if (s.error <= 1e-12 * std::abs(s.mean) || s.error == 0)
    return s.mean > 0 ? std::ldexp(1.0, -static_cast<int>(std::min<std::size_t>(s.n, 1000))) : 1;
  return student_cdf(-s.mean / s.error, static_cast<double>(s.n) - 1);
}

std::vector<Ranked> rank_variants(std::span<const Estimate> variants, std::size_t k, bool more_is_better,
                                  double level) {
  const std::size_t n = variants.size();
  std::vector<Ranked> ranked(n);
  if (n == 0) return ranked;
  const std::size_t n_resamples = variants[0].resampled.size();
  for (const auto& v : variants) check_size(v.resampled.size(), n_resamples);
  std::vector<double> values(n), first(n), tied(n);
  std::vector<std::size_t> order;
  std::vector<std::vector<double>> ranks(n);
  const auto wanted = static_cast<double>(k);
  for (std::size_t b = 0; b < n_resamples; ++b) {
    for (std::size_t v = 0; v < n; ++v) values[v] = variants[v].resampled[b];
    mid_ranks(values, more_is_better, order, first, tied);
    for (std::size_t v = 0; v < n; ++v) {
      ranks[v].push_back(first[v] + (tied[v] + 1) / 2);
      if (std::isnan(values[v])) continue;
      ranked[v].probability_best += std::clamp((1 - first[v]) / tied[v], 0.0, 1.0);
      ranked[v].probability_top += std::clamp((wanted - first[v]) / tied[v], 0.0, 1.0);
    }
  }
  for (std::size_t v = 0; v < n; ++v) values[v] = variants[v].centre;
  mid_ranks(values, more_is_better, order, first, tied);
  for (std::size_t v = 0; v < n; ++v) {
    ranked[v].variant = v;
    ranked[v].rank = ranked[v].rank_low = ranked[v].rank_high = first[v] + (tied[v] + 1) / 2;
    if (ranks[v].empty()) continue;
    ranked[v].probability_best /= static_cast<double>(n_resamples);
    ranked[v].probability_top /= static_cast<double>(n_resamples);
    std::sort(ranks[v].begin(), ranks[v].end());
    const auto at = [&](double q) {
      return ranks[v][static_cast<std::size_t>(q * static_cast<double>(n_resamples - 1))];
    };
    ranked[v].rank_low = at((1 - level) / 2);
    ranked[v].rank_high = at((1 + level) / 2);
  }
  std::vector<Ranked> sorted;
  for (const auto v : order) sorted.push_back(ranked[v]);
  return sorted;
}

}  // namespace senoma::study
