#include "model/provenance.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace senoma::model {

namespace {

// Key paths that describe the run; * is one name. What lies below counts too. tools/check_models.py has the same list.
constexpr std::array structural = {
    "compare",
    "model",
    "domain",
    "time",
    "experiment",
    "readout",
    "finding",
    "cohort.seed",
    "arm",
    "substrates.*.tolerance",
    "substrates.*.undershoot_tolerance",
    "substrates.*.time_tolerance",
    "network.*.relative_tolerance",
    "network.*.absolute_tolerance",
    "network.*.inputs",
    "network.*.node",
    "cell.*.initial",
    "cell.*.colour",
    "cell.*.tumour",
    "drug.*.schedule.at",
    "drug.*.schedule.every",
    "drug.*.schedule.times",
    "drug.*.schedule.washout",
    "drug.*.schedule.checked_every",
    "drug.*.schedule.stop_below",
    "drug.*.schedule.resume_above",
    "intervention.from",
    "intervention.until",
    "intervention.by",
};

/// "a.\"b c\".d[0]" → a, b c, d.
std::vector<std::string> parts_of(std::string_view key) {
  std::vector<std::string> parts(1);
  bool quoted = false, index = false;
  for (const char c : key) {
    if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == '[' || c == ']')) {
      index = c == '[';
    } else if (!quoted && c == '.') {
      parts.emplace_back();
    } else if (!index) {
      parts.back() += c;
    }
  }
  return parts;
}

}  // namespace

bool needs_source(const std::string& key) {
  const auto parts = parts_of(key);
  return std::none_of(structural.begin(), structural.end(), [&](const char* pattern) {
    const auto wanted = parts_of(pattern);
    if (wanted.size() > parts.size()) return false;
    return std::equal(wanted.begin(), wanted.end(), parts.begin(),
                      [](const std::string& w, const std::string& p) { return w == "*" || w == p; });
  });
}

}  // namespace senoma::model
