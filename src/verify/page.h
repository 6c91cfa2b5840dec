// Results of checks as a terminal table, a page (HTML) and JSON.
#pragma once

#include <string>
#include <vector>

#include "verify/run.h"

namespace senoma::verify {

struct Machine {
  std::string program, instruction_set;
  int threads = 1;
};

/// One line: mark, id, the figure closest to its bound, time.
[[nodiscard]] std::string line_of(const Result& result, int width);
/// Every figure that does not hold, and why a check failed or was skipped.
[[nodiscard]] std::string details_of(const Result& result);
/// "31 of 31 checks passed (142 figures) in 83 s".
[[nodiscard]] std::string summary_of(const std::vector<Result>& results, double seconds);

[[nodiscard]] results::ReportDocument page(const std::vector<Result>& results, const RunOptions& options,
                                           const Machine& machine);
[[nodiscard]] std::string to_json(const std::vector<Result>& results, const RunOptions& options,
                                  const Machine& machine);

}  // namespace senoma::verify
