// One run in memory: a model and a seed give tables over time and the hash of the final state. No folder, frames or
// checkpoints: for searches over many members, where a folder each would cost more than the run.
// Rows are taken at the times of summary.csv, and the tables and hash are those of run_member() for the same model and
// seed, bit for bit. Thread statement: runs may go on concurrently, also of one model.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "model/load.h"
#include "study/member.h"

namespace senoma::study {

struct LightOptions {
  std::uint64_t seed = 1;
  int threads = 1;
  /// Asked after every step, in the calling thread; false ends the run early. Empty: never asked.
  std::function<bool()> keep_going;
};

struct LightRun {
  bool finished = false;                                      ///< false: keep_going said no
  double time = 0;                                            ///< min, where the run ended
  TimeTable summary, populations;                             ///< readouts; cells by state
  std::vector<std::pair<std::string, std::uint64_t>> counts;  ///< steps, cells at the end, divisions, deaths
  std::vector<std::string> warnings;                          ///< of the model
  std::string state_hash;                                     ///< 16 hex digits
};

/// A donor's medium is not known here: arms that start in one belong to run_experiment(). Throws E5xxx from binding,
/// and numerical errors of a step.
[[nodiscard]] LightRun run_light(const model::ResolvedModel& model, const LightOptions& options);

}  // namespace senoma::study
