// Do two interventions together do more than expected from each alone? Three references, all as excess = observed −
// expected effect, so above zero is more than expected:
//
//   Bliss   E_a + E_b − E_a E_b                    independent action; effects must be fractions (Bliss 1939, Ann Appl
//                                                  Biol 26:585); not defined where one alone has an effect
//                                                  whose interval lies below zero
//   HSA     max(E_a, E_b)                          highest single agent (Berenbaum 1989, Pharmacol Rev 41:93)
//   Loewe   the E with d_a/D_a(E) + d_b/D_b(E) = 1  dose additivity (Loewe 1953, Arzneimittelforschung 3:285);
//                                                  D_x(E): the level at which x alone has the effect E
//
// Single-agent curves start at level 0 with effect 0, are made monotone by least squares (pool adjacent violators) and
// are linear between their levels. Nothing is extrapolated: where the additive effect lies above what one of the two
// reaches alone in its levels, or the two act in opposite directions, Loewe is not defined, and says so.
// Levels in any unit that is proportional to dose (fraction inhibited, nM). Thread statement: re-entrant.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "study/effects.h"

namespace senoma::study {

/// 1 − mean(treated)/mean(control): the share of a burden that an intervention takes away, for Bliss. NaN where the
/// mean of the control is not above zero. Pairs with an unknown value are left out.
[[nodiscard]] Estimate fraction_removed(std::span<const double> treated, std::span<const double> control,
                                        const UnitResamples& resamples);

struct SingleAgent {
  std::string name;
  std::vector<double> level;     ///< ascending, above 0; at least one
  std::vector<Estimate> effect;  ///< of each level
};

/// Effect of a monotone curve through (0, 0) and (level, effect) at a level within it; NaN outside.
[[nodiscard]] double curve_at(std::span<const double> level, std::span<const double> effect, double at);

/// The Loewe-additive effect of levels a and b of two monotone curves, or NaN where it is not defined.
[[nodiscard]] double loewe_additive(std::span<const double> level_a, std::span<const double> effect_a, double a,
                                    std::span<const double> level_b, std::span<const double> effect_b, double b);

struct Excess {
  Interval interval;  ///< NaN where not defined
  bool defined = false;
  std::string reason;        ///< why not
  double share_defined = 1;  ///< of the resamples
};

struct PairSynergy {
  Excess bliss, hsa, loewe;
};

/// `together`: the effect of `level_a` of a with `level_b` of b, from the same resamples as the single agents. Throws
/// E8404 when levels are not ascending, outside their agent's levels, or do not match their effects.
[[nodiscard]] PairSynergy pair_synergy(const SingleAgent& a, double level_a, const SingleAgent& b, double level_b,
                                       const Estimate& together, double level = 0.9);

}  // namespace senoma::study
