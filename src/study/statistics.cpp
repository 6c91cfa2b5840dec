#include "study/statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/philox.h"

namespace senoma::study {

Interval bootstrap_mean(std::span<const double> values, double level, std::uint64_t key) {
  Interval result;
  result.n = values.size();
  if (values.empty()) return result;
  const auto n = static_cast<double>(values.size());
  result.centre = std::accumulate(values.begin(), values.end(), 0.0) / n;
  result.low = result.high = result.centre;
  if (values.size() < 2) return result;
  constexpr std::size_t n_resamples = 4000;
  const RandomStream stream{key, 0, Stream::bootstrap};
  std::vector<double> means(n_resamples);
  for (std::size_t b = 0; b < n_resamples; ++b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double u = stream.uniform(b * values.size() + i);
      sum += values[std::min(values.size() - 1, static_cast<std::size_t>(u * n))];
    }
    means[b] = sum / n;
  }
  std::sort(means.begin(), means.end());
  const auto at = [&](double q) { return means[std::min(n_resamples - 1, static_cast<std::size_t>(q * static_cast<double>(n_resamples)))]; };
  result.low = at((1.0 - level) / 2.0);
  result.high = at((1.0 + level) / 2.0);
  return result;
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

double slope(std::span<const double> x, std::span<const double> y) {
  const std::size_t n = std::min(x.size(), y.size());
  if (n < 2) return 0.0;
  const double mean_x = std::accumulate(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(n), 0.0) / static_cast<double>(n);
  const double mean_y = std::accumulate(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(n), 0.0) / static_cast<double>(n);
  double sxy = 0.0, sxx = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    sxy += (x[i] - mean_x) * (y[i] - mean_y);
    sxx += (x[i] - mean_x) * (x[i] - mean_x);
  }
  return sxx > 0.0 ? sxy / sxx : 0.0;
}

}  // namespace senoma::study
