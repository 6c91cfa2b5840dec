// What a study found beyond its ranking: sign flips over contexts and timings, excess of pairs, Kaplan–Meier curves and
// the stability of the ranking, of one fidelity, from the members that have run.
//   flips      of the gain (paired_outcomes.h), one family of tests for targets at their levels, one for drugs, which
//              have the timing of their own schedule
//   pairs      of the share of the mean burden that is taken away, where the experiment has a burden and both were
//              run alone at such a level; Loewe for targets only, as a drug's dose is not graded
//   groups     Shapley values of targets that can stand in for one another (group_findings.h)
//   survival   time to treatment failure: relapse, or 0 for a tumour that never shrank
// Pure functions; thread statement: re-entrant.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "study/group_findings.h"
#include "study/paired_outcomes.h"
#include "study/rank_stability.h"
#include "study/sign_flips.h"
#include "study/survival.h"
#include "study/synergy.h"

namespace senoma::study {

struct FlipFamily {
  std::string what;                   ///< "targets", "drugs"
  std::vector<std::size_t> variants;  ///< of each candidate, the one of its first situation
  std::vector<FlipCandidate> candidates;
  SignFlips flips;
};

struct PairFinding {
  std::size_t context = 0, variant = 0;
  std::size_t a = 0, b = 0;  ///< actors
  PairSynergy synergy;
};

struct ContextFindings {
  std::vector<SurvivalCurve> survival;  ///< by variant; empty without a burden
  std::vector<StabilityPoint> stability;
};

struct ScreenFindings {
  std::size_t fidelity = 0, n_units = 0;  ///< units: draws, or seeds
  std::vector<FlipFamily> families;
  std::vector<PairFinding> pairs;
  std::vector<GroupFinding> groups;
  std::vector<ContextFindings> contexts;  ///< of the plan

  [[nodiscard]] std::size_t n_flips() const;
};

/// One per fidelity of the plan.
[[nodiscard]] std::vector<ScreenFindings> screen_findings(const StudyPlan& plan,
                                                          std::span<const results::CatalogueMember> members);

[[nodiscard]] std::string flips_csv(std::span<const ScreenFindings> findings, const StudyPlan& plan);
[[nodiscard]] std::string pairs_csv(std::span<const ScreenFindings> findings, const StudyPlan& plan);
[[nodiscard]] std::string shapley_csv(std::span<const ScreenFindings> findings, const StudyPlan& plan);
[[nodiscard]] std::string survival_csv(std::span<const ScreenFindings> findings, const StudyPlan& plan);
[[nodiscard]] std::string stability_csv(std::span<const ScreenFindings> findings, const StudyPlan& plan);

/// The flips, the largest excess of pairs and how far the ranking can be trusted, in a few lines.
[[nodiscard]] std::string findings_words(std::span<const ScreenFindings> findings, const StudyPlan& plan);

}  // namespace senoma::study
