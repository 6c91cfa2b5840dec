// Shapley values: how much of the effect of blocking several targets is each one's, when they can stand in for one
// another (redundant cytokines).
//
//   φᵢ = Σ over S without i of |S|! (n − |S| − 1)! / n! (v(S ∪ i) − v(S))      Shapley 1953, Ann Math Stud 28:307
//
// v(S) = mean outcome when exactly the targets in S are blocked. Σ φᵢ = v(all) − v(none), targets that are
// interchangeable get equal values, and one that never matters gets 0. Beside φ stand the two ends: what i does alone,
// v(i) − v(none), and what it adds last, v(all) − v(all but i). Redundant targets do much alone or little last:
// together they tell redundancy (alone > last) from synergy (alone < last).
//
// Up to 10 targets all 2ⁿ subsets are asked for and φ is exact but for replicates. Beyond, random orders are sampled in
// pairs of an order and its reverse (Castro et al. 2009, Comput Oper Res 36:1726; Mitchell et al. 2022, JMLR 23:43),
// and the intervals hold the noise of the sampling too, by resampling the pairs of orders along with the replicates.
// Thread statement: re-entrant.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "study/effects.h"

namespace senoma::study {

struct CoalitionPlan {
  std::size_t n_players = 0;
  bool exact = true;
  /// Subsets to run, bit i = target i is blocked; ascending, with the empty and the full one.
  std::vector<std::uint32_t> coalitions;
  /// Orders in which targets join, an order and its reverse side by side; empty when exact.
  std::vector<std::vector<std::uint8_t>> orders;
};

/// The subsets to run for 1 … 32 targets (E8405 otherwise). `n_order_pairs` is used above 10 targets only.
[[nodiscard]] CoalitionPlan plan_coalitions(std::size_t n_players, std::size_t n_order_pairs = 50,
                                            std::uint64_t key = 1);

struct ShapleyValue {
  Interval value, alone, last;
};

/// `outcomes[c]`: the outcome of every replicate under plan.coalitions[c], paired over coalitions (E8402, E8405 for
/// other counts). A replicate with an unknown outcome in any coalition is left out of all.
[[nodiscard]] std::vector<ShapleyValue> shapley_values(const CoalitionPlan& plan,
                                                       std::span<const std::vector<double>> outcomes,
                                                       const UnitResamples& resamples, double level = 0.9);

}  // namespace senoma::study
