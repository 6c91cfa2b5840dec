// Effects of variants against no intervention, and their ranking.
//
// Effect of a variant: mean over replicates of treated − control, paired by index (common random numbers). Its interval
// is the wider, on either side, of Student's interval of the unit means and the expanded percentile interval: the first
// keeps what it says for few replicates with many ties (censored in both arms), the second follows skewness. How often
// intervals leave out a true zero is measured in tests/unit/study/effects_test.cpp.
//
// Ranking: in each resample all variants are ranked by their mean effect on the same replicates; ties share their
// places. The probability of being among the best k is the share of resamples (Mogstad et al. 2024, Rev Econ Stud
// 91:476, discuss what such shares can and cannot claim: they describe uncertainty from replicates only).
// NaN = unknown. Thread statement: re-entrant.
#pragma once

#include <span>
#include <vector>

#include "study/unit_resamples.h"

namespace senoma::study {

/// A statistic with its value in every resample; those of one screen share their resamples and may be combined.
struct Estimate {
  double centre = 0;
  std::vector<double> resampled;
  std::size_t n_units = 0;

  [[nodiscard]] Interval interval(double level = 0.9) const;
  /// Share of resamples above zero, ties counted half; NaN where nothing is known.
  [[nodiscard]] double probability_positive() const;
};

/// a[i] − b[i], NaN where that is not finite ("never" is no number to average: give min(time, horizon)); throws E8402
/// when the lengths differ.
[[nodiscard]] std::vector<double> paired_differences(std::span<const double> a, std::span<const double> b);

/// Mean of `values` (one per replicate; E8402 otherwise).
[[nodiscard]] Estimate mean_estimate(std::span<const double> values, const UnitResamples& resamples);

/// Mean with its interval (see above).
[[nodiscard]] Interval mean_interval(std::span<const double> values, const UnitResamples& resamples,
                                     double level = 0.9);

/// Mean of treated − control with its interval.
[[nodiscard]] Interval paired_effect(std::span<const double> treated, std::span<const double> control,
                                     const UnitResamples& resamples, double level = 0.9);

/// One-sided p-value of "the mean is not above zero": Student's t of the unit means. Units that are all equal: 2⁻ⁿ, the
/// least a sign test can give, or 1 for values at or below zero. Fewer than two units: 1.
[[nodiscard]] double p_above_zero(std::span<const double> values, const UnitResamples& resamples);

struct Ranked {
  std::size_t variant = 0;  ///< index into the estimates
  double rank = 0;          ///< 1 = best; ties share the mean of their places
  double rank_low = 0, rank_high = 0;
  double probability_best = 0, probability_top = 0;  ///< first; among the best k
};

/// Variants from the best to the worst. Those without a known effect come last, with probabilities 0. Rank limits are
/// percentiles over resamples. 1 ≤ k.
[[nodiscard]] std::vector<Ranked> rank_variants(std::span<const Estimate> variants, std::size_t k, bool more_is_better,
                                                double level = 0.9);

}  // namespace senoma::study
