// Runs checks and keeps what came of each. Checks that may share the machine run side by side, one thread each; those
// that need it alone run one after the other before them. A check that throws has failed, with the error as its reason.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "verify/check.h"

namespace senoma::verify {

struct Result {
  Check check;
  Outcome outcome;
  std::string failure;  ///< the error, when the check threw
  double seconds = 0;   ///< wall time
  bool ran = false;     ///< false: not at this depth, or the run was stopped

  [[nodiscard]] bool skipped() const { return ran && failure.empty() && !outcome.skipped.empty(); }
  [[nodiscard]] bool passed() const;
};

struct RunOptions {
  Depth depth = Depth::standard;
  int threads = 1;
  std::vector<std::string> only;  ///< groups or ids; empty: all
  std::filesystem::path models, suites, scratch;
  const std::atomic<bool>* stop = nullptr;
  std::function<void(const Check&)> begun;  ///< as each begins; calls of begun and done come one at a time
  std::function<void(const Result&)> done;  ///< as each ends
};

/// In the order of `checks`. Throws E1501 when `only` names no check.
[[nodiscard]] std::vector<Result> run(std::vector<Check> checks, const RunOptions& options);

struct Tally {
  std::size_t passed = 0, failed = 0, skipped = 0, not_run = 0, figures = 0;
  double seconds = 0;  ///< sum over checks
};
[[nodiscard]] Tally tally(const std::vector<Result>& results);

}  // namespace senoma::verify
