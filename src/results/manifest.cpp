#include <nlohmann/json.hpp>

#include "results/run_folder.h"

namespace senoma::results {
namespace fs = std::filesystem;
using json = nlohmann::ordered_json;
namespace {

constexpr std::pair<RunStatus, std::string_view> status_names[] = {{RunStatus::running, "running"},
                                                                   {RunStatus::finished, "finished"},
                                                                   {RunStatus::stopped, "stopped"},
                                                                   {RunStatus::failed, "failed"}};

/// Seeds use all 64 bits, which JSON readers that know doubles only would round: they are written as text.
std::uint64_t parse_seed(const json& value) {
  return value.is_string() ? std::stoull(value.get<std::string>()) : value.get<std::uint64_t>();
}

}  // namespace

std::string_view name(RunStatus status) {
  for (const auto& [value, text] : status_names) {
    if (value == status) return text;
  }
  return "failed";
}

std::string to_json(const Manifest& m) {
  json passes = json::array();
  for (const auto& [pass, seconds] : m.pass_seconds) passes.push_back({{"pass", pass}, {"seconds", seconds}});
  const json node = {
      {"senoma_run", 1},
      {"status", name(m.status)},
      {"error", m.error},
      {"title", m.title},
      {"model_file", m.model_file},
      {"arm", m.arm},
      {"profile", m.profile},
      {"overrides", m.overrides},
      {"contexts", m.contexts},
      {"patient", m.patient},
      {"origin", m.origin},
      {"seed", std::to_string(m.seed)},
      {"senoma_version", m.senoma_version},
      {"versions", m.versions},
      {"instruction_set", m.instruction_set},
      {"threads", m.threads},
      {"end_time_min", m.end_time},
      {"time_min", m.time},
      {"tick", m.tick},
      {"cells", m.cells},
      {"hashes", {{"model", m.model_hash}, {"state", m.state_hash}, {"summary", m.summary_hash}}},
      {"warnings", m.warnings},
      {"accuracy", m.accuracy},
      {"timings", {{"wall_seconds", m.wall_seconds}, {"peak_memory_bytes", m.peak_memory_bytes}, {"passes", passes}}},
  };
  return node.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

Manifest manifest_from_json(const std::string& text, const std::string& path) {
  Manifest m;
  try {
    const json node = json::parse(text);
    const std::string status = node.at("status");
    for (const auto& [value, known] : status_names) {
      if (known == status) m.status = value;
    }
    m.error = node.at("error");
    m.title = node.at("title");
    m.model_file = node.at("model_file");
    m.arm = node.at("arm");
    m.profile = node.at("profile");
    m.overrides = node.at("overrides").get<std::vector<std::string>>();
    m.contexts = node.value("contexts", std::vector<std::string>());
    m.patient = node.value("patient", std::map<std::string, std::string>());
    m.origin = node.value("origin", std::string());
    m.seed = parse_seed(node.at("seed"));
    m.senoma_version = node.at("senoma_version");
    m.versions = node.at("versions").get<std::map<std::string, std::string>>();
    m.instruction_set = node.at("instruction_set");
    m.threads = node.at("threads");
    m.end_time = node.at("end_time_min");
    m.time = node.at("time_min");
    m.tick = node.at("tick");
    m.cells = node.at("cells");
    m.model_hash = node.at("hashes").at("model");
    m.state_hash = node.at("hashes").at("state");
    m.summary_hash = node.at("hashes").at("summary");
    m.warnings = node.at("warnings").get<std::vector<std::string>>();
    m.accuracy = node.at("accuracy").get<std::map<std::string, double>>();
    const json& timings = node.at("timings");
    m.wall_seconds = timings.at("wall_seconds");
    m.peak_memory_bytes = timings.at("peak_memory_bytes");
    for (const json& pass : timings.at("passes")) m.pass_seconds.emplace_back(pass.at("pass"), pass.at("seconds"));
  } catch (const std::exception& e) {  // nlohmann's parse and type errors, and stoull's
    throw Error("E6006", "'" + path + "' is damaged: " + e.what(), ErrorKind::input_output)
        .help("restore the file from a copy, or repeat the run in another folder");
  }
  return m;
}

Manifest read_manifest(const fs::path& folder) {
  const fs::path path = folder / "run.json";
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    throw Error("E6004", "'" + folder.string() + "' holds no run.json", ErrorKind::input_output)
        .help("give the folder of one run; `senoma info` lists the runs below a folder");
  }
  return manifest_from_json(read_file(path), path.string());
}

}  // namespace senoma::results
