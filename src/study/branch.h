// A branch: a run forked at a time, with changed parameters from there on.
//   OUT gets the tables and frames of the original up to that time, then goes on with the changed model. It starts from
//   the newest saved state at or before the time (or from the beginning) and simulates the original up to it, so the
//   fork lies exactly at the first step at or after the time, whatever was saved. Without changes the branch has the
//   bits of the original.
// Thread statement: as run_member.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "study/experiment.h"

namespace senoma::study {

struct BranchRequest {
  std::filesystem::path from;          ///< folder of one run
  double at = 0;                       ///< min
  std::vector<std::string> overrides;  ///< "key=value"
  std::string until;                   ///< new end, with unit; empty: the original's
};

/// `options`: out, jobs, saving, stopping and callbacks. Throws E6004 (not the folder of one run), E6001 (OUT is
/// taken), E6024 (the time is not within the run), E5016 (a change that cannot be applied to a saved state), the
/// model's errors.
[[nodiscard]] ExperimentResult branch(const BranchRequest& request, const ExperimentOptions& options);

}  // namespace senoma::study
