// Where the sign of a target's effect turns: between contexts, between timings, or both.
//
// A target has one effect per situation (context and timing), the mean over replicates of paired differences. A pair of
// situations is a flip when one effect is above and the other below zero. Both must be shown, so the test is the
// intersection–union test (Berger 1982, Technometrics 24:295; a qualitative interaction in the sense of Gail & Simon
// 1985, Biometrics 41:361):
//
//   p(flip of i, j) = max(p(effect i > 0), p(effect j < 0)),   one-sided Student tests, i the situation with the larger
//   effect
//
// times the number K of situations of the target, so that it holds for the best pair among all as well (Bonferroni over
// the situations on either side; valid for any dependence between them, as from common seeds). The least p of a target
// is the p-value of "its sign turns somewhere". Targets are the family of the false-discovery rate, and pairs are held
// against the threshold of the targets that are found (Benjamini & Bogomolov 2014, JRSS B 76:297): with K situations
// there are K(K − 1)/2 pairs, which as a family of their own would cost far more. Flips are pairs with q at or below
// `rate`. The probability of the flip is the share of resamples in which the two effects have opposite signs. Thread
// statement: re-entrant.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "study/effects.h"
#include "study/false_discovery.h"

namespace senoma::study {

struct Situation {
  std::string context, timing;
  std::vector<double> effect;  ///< treated − control of each replicate; > 0 is better, by the caller's sign
};

struct FlipCandidate {
  std::string name;  ///< target, or target and level
  std::vector<Situation> situations;
};

struct SituationSign {
  Interval effect;
  double probability_positive = 0;
  double p_positive = 1, p_negative = 1;  ///< one-sided
};

struct FlipPair {
  std::size_t candidate = 0, positive = 0,
              negative = 0;  ///< indices; the situations with the larger and smaller effect
  double p = 1, q = 1;       ///< p times the number of situations, at most 1; q over targets
  double probability = 0;    ///< share of resamples with opposite signs
  bool flagged = false;
};

struct SignFlips {
  std::vector<std::vector<SituationSign>> signs;  ///< [candidate][situation]
  std::vector<FlipPair> pairs;                    ///< all tested, by rising p
  std::vector<double> q;                          ///< [candidate] that its sign turns somewhere; NaN: not tested
  double rate = 0.1;

  [[nodiscard]] std::size_t n_flagged() const;
  /// Whether a situation is part of a flagged pair of its candidate.
  [[nodiscard]] bool turns(std::size_t candidate, std::size_t situation) const;
};

/// Effects must have one value per replicate (E8402). `least_effect`: what an effect must exceed on either side to
/// count, in its own unit; 0 tests the signs alone, however small the effects are.
[[nodiscard]] SignFlips sign_flips(std::span<const FlipCandidate> candidates, const UnitResamples& resamples,
                                   double rate = 0.1, FalseDiscovery method = FalseDiscovery::benjamini_hochberg,
                                   double level = 0.9, double least_effect = 0.0);

/// How many parameter draws keep the sign of the mean effect: robustness over priors, as of secretion rates.
struct SignRobustness {
  double share = 0, low = 0, high = 0;  ///< with Wilson's interval (1927, J Am Stat Assoc 22:209); NaN without a draw
  std::size_t n_draws = 0;
};

/// Per draw the mean over its seeds is taken; one of exactly 0 counts half. With few seeds per draw their noise turns
/// signs too, so the share is a lower bound for the truth of strong effects.
[[nodiscard]] SignRobustness sign_robustness(std::span<const double> effect, const UnitResamples& resamples,
                                             double level = 0.9);

}  // namespace senoma::study
