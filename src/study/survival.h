// Time to relapse of replicates of which some are censored: Kaplan–Meier curve, restricted mean, paired differences.
//
//   Ŝ(t) = Π over event times tᵢ ≤ t of (1 − dᵢ/nᵢ)         Kaplan & Meier 1958, J Am Stat Assoc 53:457
//   var log(−log Ŝ) = Σ dᵢ/(nᵢ(nᵢ − dᵢ)) / (log Ŝ)²          Greenwood 1926; Kalbfleisch & Prentice 1980, section 1.4
//   restricted mean(τ) = ∫₀^τ Ŝ(t) dt                        Royston & Parmar 2011, Stat Med 30:2409
//
// Events at a time come before censorings at the same time. If no one is censored before τ the restricted mean is the
// mean of min(T, τ). Where the last replicate is censored before τ, Ŝ stays at its last value up to τ.
// Times in any one unit (d); NaN = unknown, left out. Thread statement: re-entrant.
#pragma once

#include <span>
#include <vector>

#include "study/unit_resamples.h"

namespace senoma::study {

struct FollowUp {
  double time = 0;     ///< of the event, or of the end of follow-up
  bool event = false;  ///< false: censored
};

struct SurvivalStep {
  double time = 0;
  double at_risk = 0, events = 0, censored = 0;  ///< just before `time`; at `time`
  double survival = 1, low = 1, high = 1;  ///< from `time` on; pointwise limits, kept where log(−log Ŝ) has none
};

struct SurvivalCurve {
  std::vector<SurvivalStep> steps;  ///< ascending; one per distinct time; the first at 0 with survival 1
  std::size_t n = 0, n_events = 0;
  double median = 0;  ///< first time with Ŝ ≤ 0.5; NaN: not reached
};

/// Throws E8401 on a negative time.
[[nodiscard]] SurvivalCurve kaplan_meier(std::span<const FollowUp> replicates, double level = 0.9);

/// ∫₀^horizon Ŝ dt with replicates counted `weights` times (empty: once); NaN when no time is known.
[[nodiscard]] double restricted_mean(std::span<const FollowUp> replicates, double horizon,
                                     std::span<const std::uint16_t> weights = {});

/// Restricted mean with its expanded percentile interval. `resamples` must have as many replicates; E8402 otherwise.
[[nodiscard]] Interval restricted_mean_interval(std::span<const FollowUp> replicates, double horizon,
                                                const UnitResamples& resamples, double level = 0.9);

/// Restricted mean of `treated` minus that of `control`, replicates paired by index; pairs with an unknown time are
/// left out. Where nobody is censored before the horizon this is the mean of min(T, τ) differences, with the interval
/// of mean_interval (effects.h); otherwise it has the expanded percentile interval.
[[nodiscard]] Interval restricted_mean_difference(std::span<const FollowUp> treated, std::span<const FollowUp> control,
                                                  double horizon, const UnitResamples& resamples, double level = 0.9);

}  // namespace senoma::study
