// Who goes on from a stage of a study, and how far two stages agree. Pure functions; thread statement: re-entrant.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "study/ranking.h"

namespace senoma::study {

/// A target or drug in one stage.
struct StageActor {
  std::string name;
  bool drug = false;
  bool known = false;       ///< some member of it was scored
  bool kept = false;        ///< goes on to the next stage
  std::string because;      ///< why: the context whose turn it was, or "always"; empty if it stays
  std::size_t context = 0;  ///< of the plan, where its score is the highest
  std::size_t variant = 0;  ///< of the plan, that has it
  Interval score;
};

/// Actors of a plan from the best to the worst in one ranking, each at its best place over levels and timings. Those
/// without a score are left out; pairs do not count.
[[nodiscard]] std::vector<std::size_t> actors_in_order(const StudyPlan& plan, const Ranking& ranking);

/// Taken in turns: the best of each order that has not been taken, until there are n or no more. Returns what was taken
/// and the order whose turn it was.
[[nodiscard]] std::vector<std::pair<std::size_t, std::size_t>> taken_in_turns(
    std::span<const std::vector<std::size_t>> orders, std::size_t n);

/// All actors of a stage in the order of the file, with those marked that go on. `rankings`: one per context.
[[nodiscard]] std::vector<StageActor> stage_actors(const StudyPlan& plan, const StudyStage& stage,
                                                   std::span<const Ranking> rankings);

/// One target or drug with its level and timing in a context, as two stages score it.
struct AgreementPoint {
  std::string actor, context, timing;
  double level = 0;  ///< NaN for a drug
  Interval before, after;
  int sign_before = 0, sign_after = 0;  ///< as in RankedVariant
};

struct Agreement {
  std::vector<AgreementPoint> points;  ///< those that both have, by context, in the order of the later plan's variants
};
[[nodiscard]] Agreement agreement(const StudyPlan& before, std::span<const Ranking> rankings_before,
                                  const StudyPlan& after, std::span<const Ranking> rankings_after);

struct AgreementSummary {
  std::size_t n = 0;
  std::size_t same_direction = 0;        ///< both scores above zero, or both below
  std::size_t clear = 0, same_sign = 0;  ///< both intervals leave out zero; and on the same side
  double rank_correlation = 0;           ///< Spearman's, ties at their mean rank; NaN for fewer than three
};
[[nodiscard]] AgreementSummary summary_of(std::span<const AgreementPoint> points);

}  // namespace senoma::study
