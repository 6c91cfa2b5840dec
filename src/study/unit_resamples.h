// UnitResamples of replicates, shared by everything a screen reports, so that rankings, pairs and differences of one
// screen rest on the same draws and keep the pairing by seed.
//
// Units. What is drawn with replacement are independent units: parameter draws when the replicates come from at least
// two, single seeds otherwise. The seeds of a drawn parameter draw stay together: their noise is part of the draw's own
// value, and resampling them once more would count it twice (Davison & Hinkley 1997, Bootstrap Methods, section 3.8).
// Different draws are taken to be independent, so they should have different seeds; one seed per draw is best.
//
// Intervals. The percentile bootstrap of n units is too narrow by √((n − 1)/n) and lacks Student's tails. The expanded
// percentile interval takes the quantiles at Φ(−√(n/(n − 1)) t(n − 1)) instead (Hesterberg 2015, Am Stat 69:371,
// doi 10.1080/00031305.2015.1089789): for means of normal values it is Student's interval, and it serves any statistic.
//
// NaN is an unknown value. Thread statement: immutable once built; free functions are re-entrant.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "study/statistics.h"

namespace senoma::study {

class UnitResamples {
 public:
  /// `draw_of[i]` names the parameter draw of replicate i; all equal: the seeds are the units. Memory 2 bytes per
  /// replicate and resample.
  explicit UnitResamples(std::span<const std::uint32_t> draw_of, std::uint64_t key = 1, std::size_t n_resamples = 4000);
  /// Without parameter draws: every replicate is a unit.
  explicit UnitResamples(std::size_t n_replicates, std::uint64_t key = 1, std::size_t n_resamples = 4000);

  [[nodiscard]] std::size_t size() const { return n_resamples_; }
  [[nodiscard]] std::size_t n_replicates() const { return unit_of_.size(); }
  [[nodiscard]] std::size_t n_units() const { return n_units_; }
  /// Unit of each replicate, 0 … n_units() − 1 in order of first appearance.
  [[nodiscard]] std::span<const std::uint32_t> unit_of() const { return unit_of_; }
  /// How often each replicate is in resample b.
  [[nodiscard]] std::span<const std::uint16_t> weights(std::size_t b) const {
    return {weights_.data() + b * n_replicates(), n_replicates()};
  }

 private:
  void draw(std::uint64_t key);

  std::size_t n_resamples_ = 0, n_units_ = 0;
  std::vector<std::uint32_t> unit_of_;
  std::vector<std::uint16_t> weights_;
};

/// Σ w x / Σ w over the known values; NaN when none is. Empty `weights`: all 1.
[[nodiscard]] double weighted_mean(std::span<const double> values, std::span<const std::uint16_t> weights = {});

/// Units with at least one known value.
[[nodiscard]] std::size_t known_units(std::span<const double> values, const UnitResamples& resamples);

/// Mean of the known values of each unit; units without one are left out.
[[nodiscard]] std::vector<double> unit_means(std::span<const double> values, const UnitResamples& resamples);

/// Expanded percentile interval of a statistic from its values in the resamples (see above). Up to one in twenty
/// resamples may have no value (NaN) and is left out; with more the limits are infinite. Fewer than two units: the
/// limits are infinite too, since one unit says nothing about spread. A centre of NaN gives NaN limits.
[[nodiscard]] Interval expanded_interval(double centre, std::vector<double> resampled, std::size_t n_units,
                                         double level = 0.9);

}  // namespace senoma::study
