// What a study keeps of each member: the outcomes that the roles of the experiment's readouts give (outcome.h), and the
// measures that the study asks for (finding.h). And the objective:
// the outcomes with a weight, scored by score.h. Without any, it is the mean burden (in % of the start), the lower the
// better, because that compares tumours that relapse with tumours that never regress.
// Pure functions; thread statement: re-entrant.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "results/catalogue.h"
#include "study/finding.h"
#include "study/outcome.h"
#include "study/study_spec.h"

namespace senoma::study {

struct OutcomePlan {
  results::Catalogue::Outcomes columns;  ///< name, unit; those of the roles, then the measures
  Roles roles;
  std::vector<std::size_t> of_roles;  ///< columns.size() − measures.size() indices into the outcomes every study has
  std::vector<Measure> measures;
  struct Term {
    std::size_t column = 0;
    bool higher_is_better = false;
    double weight = 1, scale = 1;
    bool spare = false;  ///< only a loss counts
  };
  std::vector<Term> objective;

  /// Names of the readouts that the outcomes are made from.
  [[nodiscard]] std::vector<std::string> readouts() const;
};

/// Checks the study's outcomes against every model. Throws E8101–E8103 for measures, E8201, E8202.
[[nodiscard]] OutcomePlan plan_outcomes(const StudySpec& spec, const std::vector<model::ResolvedModel>& models);

/// By column, in its unit; NaN: not known, infinity: never.
[[nodiscard]] std::vector<double> outcomes_of(const OutcomePlan& plan, const TimeTable& summary, std::uint64_t seed);

}  // namespace senoma::study
