#include "study/unit_resamples.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "base/philox.h"
#include "study/distributions.h"

namespace senoma::study {

UnitResamples::UnitResamples(std::span<const std::uint32_t> draw_of, std::uint64_t key, std::size_t n_resamples)
    : n_resamples_(n_resamples), unit_of_(draw_of.size()) {
  std::map<std::uint32_t, std::uint32_t> units;
  for (std::size_t i = 0; i < draw_of.size(); ++i)
    unit_of_[i] = units.emplace(draw_of[i], static_cast<std::uint32_t>(units.size())).first->second;
  n_units_ = units.size();
  if (n_units_ < 2) {
    std::iota(unit_of_.begin(), unit_of_.end(), 0U);
    n_units_ = unit_of_.size();
  }
  draw(key);
}

UnitResamples::UnitResamples(std::size_t n_replicates, std::uint64_t key, std::size_t n_resamples)
    : n_resamples_(n_resamples), n_units_(n_replicates), unit_of_(n_replicates) {
  std::iota(unit_of_.begin(), unit_of_.end(), 0U);
  draw(key);
}

void UnitResamples::draw(std::uint64_t key) {
  weights_.assign(n_resamples_ * n_replicates(), 0);
  const RandomStream stream{key, n_units_, Stream::bootstrap};
  std::vector<std::uint16_t> count(n_units_);
  for (std::size_t b = 0; b < n_resamples_; ++b) {
    std::fill(count.begin(), count.end(), std::uint16_t{0});
    for (std::size_t k = 0; k < n_units_; ++k) {
      const double u = stream.uniform(b * n_units_ + k) * static_cast<double>(n_units_);
      ++count[std::min(n_units_ - 1, static_cast<std::size_t>(u))];
    }
    for (std::size_t i = 0; i < n_replicates(); ++i) weights_[b * n_replicates() + i] = count[unit_of_[i]];
  }
}

double weighted_mean(std::span<const double> values, std::span<const std::uint16_t> weights) {
  double sum = 0, total = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double w = weights.empty() ? 1.0 : weights[i];
    if (w == 0.0 || std::isnan(values[i])) continue;
    sum += w * values[i];
    total += w;
  }
  return total > 0 ? sum / total : std::numeric_limits<double>::quiet_NaN();
}

std::vector<double> unit_means(std::span<const double> values, const UnitResamples& resamples) {
  std::vector<double> sum(resamples.n_units()), n(resamples.n_units());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) continue;
    sum[resamples.unit_of()[i]] += values[i];
    n[resamples.unit_of()[i]] += 1;
  }
  std::vector<double> means;
  for (std::size_t u = 0; u < sum.size(); ++u) {
    if (n[u] > 0) means.push_back(sum[u] / n[u]);
  }
  return means;
}

std::size_t known_units(std::span<const double> values, const UnitResamples& resamples) {
  return unit_means(values, resamples).size();
}

Interval expanded_interval(double centre, std::vector<double> resampled, std::size_t n_units, double level) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Interval interval{centre, centre, centre, n_units};
  if (std::isnan(centre)) return interval;
  const std::size_t all = resampled.size();
  std::erase_if(resampled, [](double v) { return std::isnan(v); });
  if (n_units < 2 || resampled.empty() || 20 * (all - resampled.size()) > all) {
    interval.low = -infinity;
    interval.high = infinity;
    return interval;
  }
  const auto n = static_cast<double>(n_units);
  const double tail = normal_cdf(std::sqrt(n / (n - 1)) * student_quantile((1 - level) / 2, n - 1));
  std::sort(resampled.begin(), resampled.end());
  const auto at = [&](double q) {  // linear between order statistics
    const double place = q * static_cast<double>(resampled.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, resampled.size() - 1);
    return resampled[below] + (place - static_cast<double>(below)) * (resampled[above] - resampled[below]);
  };
  interval.low = at(tail);
  interval.high = at(1 - tail);
  return interval;
}

}  // namespace senoma::study
