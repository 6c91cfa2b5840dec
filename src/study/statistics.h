// Statistics of replicates: means and paired differences with bootstrap intervals, keyed by counter-based random
// numbers so that a report always gives the same interval for the same runs.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace senoma::study {

struct Interval {
  double centre = 0;         ///< mean, median or other statistic
  double low = 0, high = 0;  ///< percentile bootstrap
  std::size_t n = 0;
};

/// Resamples of n values with replacement, drawn once for many statistics: all values see the same resamples. `key`
/// names the purpose.
class Resamples {
 public:
  static constexpr std::size_t count = 4000;
  Resamples(std::size_t n, std::uint64_t key);
  /// Which values the b-th resample takes.
  [[nodiscard]] std::span<const std::uint32_t> picks(std::size_t b) const { return {&picks_[b * n_], n_}; }
  /// As bootstrap_mean; `values` are n.
  [[nodiscard]] Interval mean(std::span<const double> values, double level) const;

 private:
  std::size_t n_;
  std::vector<std::uint32_t> picks_;
};

/// Mean of `values` with a percentile-bootstrap interval over `level` (0.9 = 5th to 95th percentile), 4000 resamples.
/// n = 0 gives zeros; n = 1 gives a degenerate interval. Efron & Tibshirani 1993, ch. 13.
[[nodiscard]] Interval bootstrap_mean(std::span<const double> values, double level = 0.9, std::uint64_t key = 1);

/// The same for a[i] − b[i], replicates paired by seed (common random numbers).
[[nodiscard]] Interval paired_difference(std::span<const double> a, std::span<const double> b, double level = 0.9);

[[nodiscard]] double median(std::vector<double> values);

/// Any statistic of resampled values (which it may reorder) with its percentile-bootstrap interval. Where resamples
/// have no value (infinity minus infinity), the interval is unbounded.
[[nodiscard]] Interval bootstrap(std::span<const double> values, double level,
                                 const std::function<double(std::vector<double>&)>& statistic);

/// Median with a percentile-bootstrap interval.
[[nodiscard]] Interval bootstrap_median(std::span<const double> values, double level = 0.9);

/// mean(a) / mean(b) of replicates paired by seed, with a percentile-bootstrap interval over resampled pairs. Resamples
/// in which mean(b) is 0 are left out; n = 0 when mean(b) itself is 0 or there is no pair.
[[nodiscard]] Interval paired_ratio(std::span<const double> a, std::span<const double> b, double level = 0.9);

/// Slope of y over x by least squares; 0 for fewer than two distinct x.
[[nodiscard]] double slope(std::span<const double> x, std::span<const double> y);

}  // namespace senoma::study
