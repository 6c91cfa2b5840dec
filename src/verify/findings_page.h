// The scoreboard of findings as terminal lines, a page (HTML) and JSON.
#pragma once

#include <string>
#include <vector>

#include "verify/findings.h"
#include "verify/page.h"

namespace senoma::verify {

/// One line per assertion (or for the failure): mark, id, name, value [interval], bound, role, seconds, what was
/// published, as far as the width allows.
[[nodiscard]] std::string lines_of(const FindingResult& result, int width);
/// "16 of 19 findings pass (10 of 11 predicted)".
[[nodiscard]] std::string summary_of(const std::vector<FindingResult>& results);

[[nodiscard]] results::ReportDocument page(const std::vector<FindingResult>& results, const Machine& machine);
[[nodiscard]] std::string to_json(const std::vector<FindingResult>& results, const Machine& machine);

}  // namespace senoma::verify
