#include "study/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/philox.h"

namespace senoma::study {

Resamples::Resamples(std::size_t n, std::uint64_t key) : n_(n), picks_(n * count) {
  const RandomStream stream{key, 0, Stream::bootstrap};
  for (std::size_t k = 0; k < picks_.size(); ++k)
    picks_[k] = static_cast<std::uint32_t>(
        std::min(n - 1, static_cast<std::size_t>(stream.uniform(k) * static_cast<double>(n))));
}

Interval Resamples::mean(std::span<const double> values, double level) const {
  Interval result;
  result.n = values.size();
  if (values.empty()) return result;
  const auto n = static_cast<double>(values.size());
  result.centre = std::accumulate(values.begin(), values.end(), 0.0) / n;
  result.low = result.high = result.centre;
  if (values.size() < 2) return result;
  std::vector<double> means(count);
  for (std::size_t b = 0; b < count; ++b) {
    double sum = 0.0;
    for (const std::size_t i : picks(b)) sum += values[i];
    means[b] = sum / n;
  }
  std::sort(means.begin(), means.end());
  const auto at = [&](double q) {
    return means[std::min(count - 1, static_cast<std::size_t>(q * static_cast<double>(count)))];
  };
  result.low = at((1.0 - level) / 2.0);
  result.high = at((1.0 + level) / 2.0);
  return result;
}

Interval bootstrap_mean(std::span<const double> values, double level, std::uint64_t key) {
  return Resamples(values.size(), key).mean(values, level);
}

Interval paired_difference(std::span<const double> a, std::span<const double> b, double level) {
  std::vector<double> difference;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) difference.push_back(a[i] - b[i]);
  return bootstrap_mean(difference, level, 2);
}

double median(std::vector<double> values) {
  if (values.empty()) return 0.0;
  std::sort(values.begin(), values.end());
  const std::size_t m = values.size() / 2;
  return values.size() % 2 == 1 ? values[m] : 0.5 * (values[m - 1] + values[m]);
}

namespace {

constexpr std::size_t resamples = 4000;

/// Calls `take` with the indices of each resample; `key` names the purpose.
template <class Take>
void resample(std::size_t n, std::uint64_t key, Take&& take) {
  const RandomStream stream{key, 0, Stream::bootstrap};
  std::vector<std::size_t> picks(n);
  for (std::size_t b = 0; b < resamples; ++b) {
    for (std::size_t i = 0; i < n; ++i)
      picks[i] = std::min(n - 1, static_cast<std::size_t>(stream.uniform(b * n + i) * static_cast<double>(n)));
    take(picks);
  }
}

void set_limits(Interval& interval, std::vector<double> draws, double level) {
  if (draws.empty()) return;
  std::sort(draws.begin(), draws.end());
  const auto at = [&](double q) {
    return draws[std::min(draws.size() - 1, static_cast<std::size_t>(q * static_cast<double>(draws.size())))];
  };
  interval.low = at((1.0 - level) / 2.0);
  interval.high = at((1.0 + level) / 2.0);
}

}  // namespace

Interval bootstrap_median(std::span<const double> values, double level) {
  Interval result;
  result.n = values.size();
  if (values.empty()) return result;
  result.centre = result.low = result.high = median({values.begin(), values.end()});
  if (values.size() < 2) return result;
  std::vector<double> draws, sample(values.size());
  resample(values.size(), 3, [&](const std::vector<std::size_t>& picks) {
    for (std::size_t i = 0; i < picks.size(); ++i) sample[i] = values[picks[i]];
    draws.push_back(median(sample));
  });
  set_limits(result, std::move(draws), level);
  return result;
}

Interval bootstrap(std::span<const double> values, double level,
                   const std::function<double(std::vector<double>&)>& statistic) {
  Interval result;
  result.n = values.size();
  if (values.empty()) return result;
  std::vector<double> draws, sample(values.begin(), values.end());
  result.centre = result.low = result.high = statistic(sample);
  if (values.size() < 2) return result;
  resample(values.size(), 5, [&](const std::vector<std::size_t>& picks) {
    for (std::size_t i = 0; i < picks.size(); ++i) sample[i] = values[picks[i]];
    draws.push_back(statistic(sample));
  });
  if (std::any_of(draws.begin(), draws.end(), [](double d) { return std::isnan(d); })) {
    result.high = std::numeric_limits<double>::infinity();
    result.low = -result.high;
    return result;
  }
  set_limits(result, std::move(draws), level);
  return result;
}

Interval paired_ratio(std::span<const double> a, std::span<const double> b, double level) {
  Interval result;
  const std::size_t n = std::min(a.size(), b.size());
  double sum_a = 0.0, sum_b = 0.0;
  for (std::size_t i = 0; i < n; ++i) sum_a += a[i], sum_b += b[i];
  if (n == 0 || sum_b == 0.0) return result;
  result.n = n;
  result.centre = result.low = result.high = sum_a / sum_b;
  if (n < 2) return result;
  std::vector<double> draws;
  resample(n, 4, [&](const std::vector<std::size_t>& picks) {
    double sa = 0.0, sb = 0.0;
    for (const auto i : picks) sa += a[i], sb += b[i];
    if (sb != 0.0) draws.push_back(sa / sb);
  });
  set_limits(result, std::move(draws), level);
  return result;
}

double slope(std::span<const double> x, std::span<const double> y) {
  const std::size_t n = std::min(x.size(), y.size());
  if (n < 2) return 0.0;
  const double mean_x =
      std::accumulate(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(n), 0.0) / static_cast<double>(n);
  const double mean_y =
      std::accumulate(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(n), 0.0) / static_cast<double>(n);
  double sxy = 0.0, sxx = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    sxy += (x[i] - mean_x) * (y[i] - mean_y);
    sxx += (x[i] - mean_x) * (x[i] - mean_x);
  }
  return sxx > 0.0 ? sxy / sxx : 0.0;
}

}  // namespace senoma::study
