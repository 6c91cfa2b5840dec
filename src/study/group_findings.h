// Shapley values of the groups of a study ([[study.group]]): whose is the effect of blocking all of them, in each
// context, on the gain (paired_outcomes.h) and on every outcome of the objective. A group whose subsets have not all
// run for at least two seeds has none. Pure functions; thread statement: re-entrant.
#pragma once

#include <string>
#include <vector>

#include "study/paired_outcomes.h"
#include "study/shapley.h"

namespace senoma::study {

struct GroupFinding {
  std::size_t context = 0;
  std::string group, outcome, unit;  ///< outcome "gain": above zero is better
  std::vector<std::size_t> actors;   ///< of the spec
  std::vector<ShapleyValue> values;  ///< beside them
};

/// The gain first, then the outcomes of the objective.
[[nodiscard]] std::vector<GroupFinding> group_findings(const StudyPlan& plan, std::size_t context,
                                                       const PairedOutcomes& outcomes, const UnitResamples& resamples);

}  // namespace senoma::study
