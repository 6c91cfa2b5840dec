// One member of a study, simulated in memory on the calling thread: no frames, no files, only the rows of its readouts.
// The rows are those that run_member writes to summary.csv, so outcomes are the same. A prefix is the state and the
// rows up to a time, which several members go on from.
// Thread statement: re-entrant; a prefix may be followed by several threads at once.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "engine/checkpoint.h"
#include "study/member.h"

namespace senoma::study {

/// The rows of a run so far, and which one is next.
struct SummaryRows {
  TimeTable table;
  std::int64_t next_row = 0, last_row_tick = -1;
};

struct StudyPrefix {
  engine::SavedState state;
  SummaryRows rows;
};

struct StudyRun {
  TimeTable summary;
  std::string state_hash;
  double time = 0;       ///< min
  bool stopped = false;  ///< the flag was set: nothing to keep
};

/// What of a member is run and recorded.
struct StudyTask {
  std::shared_ptr<const engine::Description> description;
  std::uint64_t seed = 0;
  std::vector<std::string> readouts;  ///< columns of the summary; others are not evaluated
  const std::atomic<bool>* stop = nullptr;
};

/// Runs to `at` (min; a time between steps). Nothing when the stop flag was set. Throws the engine's errors.
[[nodiscard]] std::shared_ptr<const StudyPrefix> grow(const StudyTask& task, double at);

/// Runs to the end, from the beginning or from a prefix of another variant with the same readouts. Throws the engine's
/// errors, E5016.
[[nodiscard]] StudyRun follow(const StudyTask& task, const StudyPrefix* prefix);

}  // namespace senoma::study
