#include "study/study_record.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/hash.h"
#include "results/files.h"

namespace senoma::study {
namespace fs = std::filesystem;
using json = nlohmann::ordered_json;

namespace {

/// JSON has neither infinity nor NaN.
json number(double value) {
  if (std::isnan(value)) return nullptr;
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return value;
}

double number(const json& value) {
  if (value.is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (value.is_string()) {
    const double infinity = std::numeric_limits<double>::infinity();
    return value.get<std::string>() == "inf" ? infinity : -infinity;
  }
  return value.get<double>();
}

std::string hash_of(const std::string& line) {
  Hasher hasher;
  hasher.add(std::string_view(line));
  return hasher.hex();
}

}  // namespace

std::string record_name(const StudyMember& m) {
  return fmt::format("f{}-c{}-v{}-s{}", m.fidelity, m.context, m.variant, m.seed);
}

fs::path record_file(const StudyMember& m) { return fs::path("members") / (record_name(m) + ".json"); }

std::string record_text(const results::CatalogueMember& row) {
  json outcomes = json::array();
  for (const double value : row.outcomes) outcomes.push_back(number(value));
  const json root = {{"fidelity", row.fidelity},
                     {"context", row.context},
                     {"variant", row.variant},
                     {"seed", row.seed},
                     {"status", row.status},
                     {"error", row.error},
                     {"model_hash", row.model_hash},
                     {"state_hash", row.state_hash},
                     {"time", row.time},
                     {"outcomes", outcomes},
                     {"wall_seconds", row.wall_seconds}};
  const std::string line = root.dump(-1, ' ', false, json::error_handler_t::replace);
  return line + "\n" + hash_of(line) + "\n";
}

std::optional<results::CatalogueMember> parse_record(const std::string& text, const StudyPlan& plan,
                                                     const StudyMember& member) {
  const auto end = text.find('\n');
  if (end == std::string::npos || text.substr(end + 1) != hash_of(text.substr(0, end)) + "\n") return std::nullopt;
  try {
    const json root = json::parse(text.substr(0, end));
    results::CatalogueMember row;
    row.fidelity = root.at("fidelity").get<std::string>();
    row.context = root.at("context").get<std::string>();
    row.variant = root.at("variant").get<std::string>();
    row.seed = root.at("seed").get<std::uint64_t>();
    row.status = root.at("status").get<std::string>();
    row.error = root.at("error").get<std::string>();
    row.model_hash = root.at("model_hash").get<std::string>();
    row.state_hash = root.at("state_hash").get<std::string>();
    row.time = root.at("time").get<double>();
    row.wall_seconds = root.at("wall_seconds").get<double>();
    for (const auto& value : root.at("outcomes")) row.outcomes.push_back(number(value));
    const bool same = row.fidelity == plan.spec.fidelities[member.fidelity].name &&
                      row.context == plan.spec.contexts[member.context].name &&
                      row.variant == plan.variants[member.variant].name && row.seed == member.seed &&
                      row.outcomes.size() == plan.outcomes.columns.size();
    if (same) return row;
  } catch (const json::exception&) {  // a record of another form
  }
  return std::nullopt;
}

void write_record(const fs::path& folder, const StudyMember& member, const results::CatalogueMember& row) {
  results::replace_file(folder / record_file(member), record_text(row), false);
}

std::optional<results::CatalogueMember> read_record(const fs::path& folder, const StudyPlan& plan,
                                                    const StudyMember& member) {
  const fs::path file = folder / record_file(member);
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return std::nullopt;
  return parse_record(results::read_file(file), plan, member);
}

}  // namespace senoma::study
