// The tables of [finding] as they are read: values by key, and complaints that point at their place. Kinds of values
// are those of the registry of keys (model/keys_finding.cpp), which has checked them before.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "model/value.h"
#include "study/finding.h"

namespace senoma::study {

/// E8101.
[[nodiscard]] Error malformed(const SourcePosition& where, const std::string& what, const std::string& help);
/// E8102: there is no such arm, readout or statistic; the nearest and all.
[[nodiscard]] Error unknown_in_finding(const std::string& what, const std::string& name,
                                       const std::vector<std::string>& names, const SourcePosition& where);

/// A number, or a text with a unit. E8101, E1001–E1003.
[[nodiscard]] Quantity quantity_of(const model::Value& value, const std::string& what);

/// One table of the finding; complaints name it.
class FindingTable {
 public:
  FindingTable(const model::Value& value, std::string name) : value_(value), name_(std::move(name)) {}

  [[nodiscard]] const model::Value* find(const char* key) const {
    const model::Value* found = value_.find(key);
    return found ? &model::plain(*found) : nullptr;
  }
  [[nodiscard]] const model::Value& need(const char* key, const std::string& help) const {
    const model::Value* found = find(key);
    if (!found) throw malformed(value_.where, fmt::format("{} needs '{}'", name_, key), help);
    return *found;
  }
  [[nodiscard]] std::string text(const char* key, const std::string& fallback = {}) const {
    const model::Value* found = find(key);
    return found ? found->text : fallback;
  }
  [[nodiscard]] double number(const char* key, double fallback) const {
    const model::Value* found = find(key);
    return found ? quantity_of(*found, name_).value : fallback;
  }
  [[nodiscard]] const SourcePosition& where() const { return value_.where; }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  const model::Value& value_;
  std::string name_;
};

/// In min; E8103.
[[nodiscard]] double time_of(const model::Value& value, const std::string& what);
/// In internal units of `expected`; a bare 0 fits any dimension. E8103.
[[nodiscard]] double in_dimension(const model::Value& value, const Dimension& expected, const std::string& what);

/// One [[finding.measure]], checked against the arms and readouts of the plan.
[[nodiscard]] Measure read_measure(const FindingTable& table, const ExperimentPlan& plan);

}  // namespace senoma::study
