// The outcomes of one fidelity and context of a study by variant and seed, ready to be paired: what rankings, flips,
// pairs and curves of a screen are computed from.
//
// Members that failed or have not run are NaN. "Never" (infinite) enters as the length of the run where the outcome is
// a time: min(time, horizon); elsewhere it is unknown. Thread statement: immutable once built.
#pragma once

#include <span>
#include <vector>

#include "study/score.h"
#include "study/study_plan.h"

namespace senoma::study {

class PairedOutcomes {
 public:
  PairedOutcomes(const StudyPlan& plan, std::span<const results::CatalogueMember> members, std::size_t fidelity,
                 std::size_t context);

  /// Outcome `column` of a variant by seed, in its unit.
  [[nodiscard]] const std::vector<double>& of(std::size_t variant, std::size_t column) const {
    return values_[variant][column];
  }
  /// The objective of a variant against no intervention (score.h).
  [[nodiscard]] Score score(std::size_t variant, const UnitResamples& resamples) const;
  /// By seed: the mean of the objective's changes, weighted, over the terms that count either way (all, when every one
  /// counts losses only). What a test of signs takes, since a loss that counts alone has no value per seed.
  [[nodiscard]] std::vector<double> gain(std::size_t variant) const;
  /// The terms of the objective, and the columns they are about.
  [[nodiscard]] const std::vector<ScoreTerm>& terms() const { return terms_; }
  [[nodiscard]] const std::vector<std::size_t>& columns() const { return columns_; }

 private:
  std::vector<ScoreTerm> terms_;
  std::vector<std::size_t> columns_;  ///< of the terms
  std::vector<std::vector<std::vector<double>>> values_;
};

}  // namespace senoma::study
