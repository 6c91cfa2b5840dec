// A two-sided objective in one number with an interval: relapse and invasion down, and arrest kept and normal tissue
// spared.
//
//   zⱼ = ± (mean over replicates of treated − control of outcome j) / scaleⱼ      > 0 is better
//   score = Σⱼ wⱼ hⱼ(zⱼ) / Σⱼ wⱼ,   hⱼ(z) = z, or min(z, 0) where only a loss counts ("spared": no reward for more)
//
// benefit and cost are the parts of the sum from the terms of either side, so score = benefit + cost. Pairs with an
// unknown value are left out of their term; a term without any known pair leaves the score unknown (NaN), since
// dropping it would favour variants that could not be judged. The weights are the user's, in the study's file.
// Thread statement: re-entrant.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "study/effects.h"

namespace senoma::study {

enum class Side { efficacy, safety };

struct ScoreTerm {
  std::string outcome;
  double weight = 1;  ///< > 0
  double scale = 1;   ///< > 0, unit of the outcome: the change that counts as one point
  bool more_is_better = false;
  bool only_loss_counts = false;
  Side side = Side::efficacy;
};

struct Score {
  Estimate score;                ///< points; > 0: better than no intervention
  Interval benefit, cost;        ///< points, from the terms of efficacy and of safety
  std::vector<Interval> change;  ///< zⱼ of each term
};

/// `treated[j]`, `control[j]`: outcome j of every replicate. Throws E8403 for a weight or scale that is not above zero
/// or no term, E8402 for other lengths.
[[nodiscard]] Score score_variant(std::span<const ScoreTerm> terms, std::span<const std::vector<double>> treated,
                                  std::span<const std::vector<double>> control, const UnitResamples& resamples,
                                  double level = 0.9);

/// A scale for want of a better one: the standard deviation of the outcome without intervention; its mean's size where
/// that is 0, 1 where both are. It depends on the context: scores that are compared over contexts need one scale.
[[nodiscard]] double default_scale(std::span<const double> control);

}  // namespace senoma::study
