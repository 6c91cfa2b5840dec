// Would more seeds change the ranking? For a number m of units (seeds, or parameter draws), rankings from m units drawn
// with replacement are held against the ranking from all n. A resample of m units stands to the n as a study of m units
// stands to the truth, so the agreement at m = n estimates how far this study's ranking can be trusted, and that at 2n
// what a study of twice the size would bring (m out of n bootstrap; Bickel, Götze & van Zwet 1997, Stat Sinica 7:1;
// for rankings Hall & Miller 2009, Ann Stat 37:3929). Where variants tie in truth, no number of seeds gives
// agreement 1. Thread statement: re-entrant.
#pragma once

#include <span>
#include <vector>

#include "study/unit_resamples.h"

namespace senoma::study {

struct StabilityPoint {
  std::size_t n_units = 0;
  double kendall = 0;    ///< mean Kendall's τ-b with the ranking from all units, −1 … 1
  double best_kept = 0;  ///< share of trials with the same first place (ties share)
  double top_kept = 0;   ///< mean share of the best k that is the same
};

/// `effects[v]`: the effect of variant v in every replicate, NaN = unknown. One point per entry of `sizes`. Empty
/// without two variants. E8402 for other lengths.
[[nodiscard]] std::vector<StabilityPoint> rank_stability(std::span<const std::vector<double>> effects,
                                                         const UnitResamples& resamples, std::size_t k,
                                                         bool more_is_better, std::span<const std::size_t> sizes,
                                                         std::size_t n_trials = 200, std::uint64_t key = 1);

/// 2, a quarter, half, once, twice and four times the units there are, ascending, without repeats.
[[nodiscard]] std::vector<std::size_t> stability_sizes(std::size_t n_units);

/// Kendall's τ-b of two lists (Kendall 1945, Biometrika 33:239); NaN when one of them is constant. Pairs with NaN are
/// left out.
[[nodiscard]] double kendall_tau(std::span<const double> a, std::span<const double> b);

}  // namespace senoma::study
