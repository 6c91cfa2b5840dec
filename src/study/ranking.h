// The ranking of a study's variants in each fidelity and context: differences to the variant without intervention,
// paired by seed, with 90 % intervals over seeds (effects.h), ranked by their score (score.h), higher is better.
//   sign                   +1 or −1 when the interval of the score leaves out 0 and has four pairs at least, else 0
// Pairs with a member that failed or has no value are left out. Pure functions; thread statement: re-entrant.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "study/effects.h"
#include "study/outcome.h"
#include "study/study_plan.h"

namespace senoma::study {

struct RankedVariant {
  std::size_t variant = 0;
  Interval score, benefit, cost;
  Ranked rank;  ///< among the variants of this fidelity and context
  int sign = 0;
  std::vector<Interval> differences;  ///< per outcome column, in its unit
};

struct Ranking {
  std::size_t fidelity = 0, context = 0;
  std::vector<RankedVariant> variants;  ///< best first; those without a pair last. None and control are not ranked
};

/// One per fidelity and context of the plan, in that order.
[[nodiscard]] std::vector<Ranking> rank(const StudyPlan& plan, std::span<const results::CatalogueMember> members);

/// The table of one fidelity and context: the `rows` best and worst.
[[nodiscard]] TextTable ranking_table(const Ranking& ranking, const std::vector<Ranking>& all, const StudyPlan& plan,
                                      std::size_t rows);
[[nodiscard]] std::string ranking_csv(const std::vector<Ranking>& rankings, const StudyPlan& plan);

}  // namespace senoma::study
