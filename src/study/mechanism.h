// Which path carried an effect, from knock-outs along it. For a target T and a mediator M:
//
//   E(T)             = mean over seeds of outcome(T blocked) − outcome(no intervention)
//   E(T | M blocked) = mean over seeds of outcome(T and M blocked) − outcome(M blocked)
//   share            = 1 − E(T | M blocked) / E(T)
//
// 1: the effect passes through M, or M does the same work; 0: M has no part in it; below 0: M masks part of it; above
// 1: without M it turns round. It is the share of T's effect that is gone once M is blocked, as in knock-out analysis
// of signalling; other paths that take over make it small, and it is no proof that M comes after T (T and M may both
// act on what follows). Where a target is weakened rather than taken away, part of what M carries stays.
// The interval is an expanded percentile interval over seeds (unit_resamples.h), of the ratio of means of the same
// resample. Not defined when the interval of E(T) holds 0, or with fewer than four seeds known in all four variants.
// For the score, E is the score against none and against M blocked (score.h).
// Pure functions; thread statement: re-entrant.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "results/report_document.h"
#include "study/paired_outcomes.h"

namespace senoma::study {

/// Four values by seed → share; `treated` without `mediator`, and so on. Throws E8402 for other lengths.
struct CarriedShare {
  Interval effect, blocked;  ///< E(T), E(T | M blocked)
  Interval share;
  bool defined = false;
  std::string reason;  ///< why it is not
};
[[nodiscard]] CarriedShare carried_share(std::span<const double> none, std::span<const double> target,
                                         std::span<const double> mediator, std::span<const double> both,
                                         const UnitResamples& resamples);

struct MechanismRow {
  std::size_t fidelity = 0, context = 0;
  std::size_t target = 0, mediator = 0;  ///< variants: each alone
  std::size_t both = 0;                  ///< the pair
  std::optional<std::size_t> column;     ///< of the outcomes; none: the score
  CarriedShare carried;
};

/// The score and each outcome of the objective, of both orders of every pair whose members have run alone too.
[[nodiscard]] std::vector<MechanismRow> mechanism_rows(const StudyPlan& plan,
                                                       std::span<const results::CatalogueMember> members);

[[nodiscard]] std::string mechanism_csv(std::span<const MechanismRow> rows, const StudyPlan& plan);

/// "Which path carried it": per path of the study, context and outcome a row of shares; no blocks without a path.
[[nodiscard]] results::ReportSection mechanism_section(std::span<const MechanismRow> rows, const StudyPlan& plan,
                                                       std::size_t fidelity);

}  // namespace senoma::study
