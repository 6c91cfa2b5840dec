#include <algorithm>
#include <cctype>
#include <map>

#include "study/experiment.h"

namespace senoma::study {

std::vector<std::string> merged_warnings(const ExperimentResult& result) {
  struct Range {
    std::uint64_t low = 0, high = 0;
    std::size_t members = 0;
  };
  std::map<std::string, Range> counted;  // text after the count → counts
  std::vector<std::string> merged;
  for (const auto& arm : result.members) {
    for (const auto& member : arm) {
      for (const auto& warning : member.warnings) {
        const auto digits = static_cast<std::size_t>(
            std::find_if(warning.begin(), warning.end(), [](unsigned char c) { return std::isdigit(c) == 0; }) -
            warning.begin());
        if (digits == 0 || digits > 18) {
          if (std::find(merged.begin(), merged.end(), warning) == merged.end()) merged.push_back(warning);
          continue;
        }
        const std::uint64_t n = std::stoull(warning.substr(0, digits));
        Range& range = counted[warning.substr(digits)];
        range.low = range.members == 0 ? n : std::min(range.low, n);
        range.high = std::max(range.high, n);
        ++range.members;
      }
    }
  }
  for (const auto& [text, range] : counted) {
    const std::string count = range.low == range.high ? std::to_string(range.low)
                                                      : std::to_string(range.low) + " to " + std::to_string(range.high);
    merged.push_back(count + text +
                     (range.members > 1 ? ", in each of " + std::to_string(range.members) + " runs" : ""));
  }
  return merged;
}

}  // namespace senoma::study
