// Does an effect hold over the draws of a study's parameters (priors, a posterior, a cohort)? For every variant the
// share of draws that keep the sign of its mean effect (sign_flips.h: sign_robustness), and the drawn values on which
// the effect depends most: Spearman's rank correlation of the effect per draw with the value (Spearman 1904, Am J
// Psychol 15:72), over units of the resamples.
//
// With K values the largest of K correlations is far from zero by chance alone. `by_chance` is the size that the
// largest of K unrelated ones exceeds in one of ten cases: z(1 − 0.1/(2K))/√(n − 1), by the normal approximation of the
// rank correlation and Bonferroni's bound. Below `enough_draws` draws correlations say little.
// NaN = unknown. Pure functions; thread statement: re-entrant.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "results/report_document.h"
#include "study/ranking.h"
#include "study/sign_flips.h"
#include "study/study_draws.h"

namespace senoma::study {

inline constexpr std::size_t enough_draws = 16;

/// Spearman's rank correlation, ties sharing their ranks; pairs with NaN are left out. NaN for fewer than three pairs
/// or a constant list.
[[nodiscard]] double rank_correlation(std::span<const double> a, std::span<const double> b);

struct Dependence {
  std::string name;  ///< of the drawn value
  double correlation = 0;
};

struct SignOverDraws {
  std::string outcome, unit;  ///< "gain", or a name of the objective
  double mean = 0;            ///< effect over all replicates
  SignRobustness sign;
  std::vector<Dependence> depends;  ///< the three largest in size, largest first
  double by_chance = 0;             ///< see above; NaN for fewer than three draws
};

/// `effect`: one per replicate; `drawn`: per unit of the resamples.
[[nodiscard]] SignOverDraws sign_over_draws(std::span<const double> effect, std::span<const DrawnValue> drawn,
                                            const UnitResamples& resamples);

struct Robustness {
  std::size_t fidelity = 0, context = 0, n_draws = 0;
  struct Variant {
    std::size_t variant = 0;
    std::vector<SignOverDraws> outcomes;  ///< the gain (the terms that count either way), then those of the objective
  };
  std::vector<Variant> variants;  ///< those that are ranked, in the order of the plan
};

/// One per fidelity and context; empty without draws, or with fewer than two.
[[nodiscard]] std::vector<Robustness> robustness(const StudyPlan& plan,
                                                 std::span<const results::CatalogueMember> members);

/// robustness.csv: a row per fidelity, context, variant and outcome.
[[nodiscard]] std::string robustness_csv(std::span<const Robustness> list, const StudyPlan& plan);

/// The first of each ranking in a line.
[[nodiscard]] std::string robustness_words(std::span<const Robustness> list, std::span<const Ranking> rankings,
                                           const StudyPlan& plan);

/// "Does it hold over the priors?", a table per context in the order of its ranking.
[[nodiscard]] results::ReportSection robustness_section(std::span<const Robustness> list,
                                                        std::span<const Ranking> rankings, const StudyPlan& plan);

}  // namespace senoma::study
