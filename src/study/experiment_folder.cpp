// An experiment's folder read back, for reports and comparisons.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "mechanisms/catalogue.h"
#include "study/experiment.h"

namespace senoma::study {
namespace fs = std::filesystem;
using json = nlohmann::ordered_json;

namespace {

model::ResolvedModel load_resolved(const fs::path& member) {
  return model::load((member / "model.resolved.toml").string(), {}, mechanisms::catalogue());
}

}  // namespace

ExperimentResult read_experiment_folder(const fs::path& out) {
  const results::Manifest manifest = results::read_manifest(out);
  ExperimentResult result;
  result.out = out;
  result.title = manifest.title;
  result.hash = manifest.model_hash;
  result.rerun = true;
  result.stopped = manifest.status == results::RunStatus::stopped;
  result.wall_seconds = manifest.wall_seconds;
  const json root = json::parse(results::read_file(out / "run.json"), nullptr, false);
  if (!root.contains("experiment")) {
    result.single = true;
    result.seeds = {manifest.seed};
    result.arms.emplace_back();
    result.arms[0].arm.name = result.arms[0].arm.label = manifest.arm;
    result.arms[0].model = load_resolved(out);
    result.arms[0].hash = manifest.model_hash;
    result.question = result.arms[0].model.experiment.question;
    result.members = {{read_member(out)}};
    return result;
  }
  try {
    const json& experiment = root.at("experiment");
    result.question = experiment.at("question");
    result.seeds = experiment.at("seeds").get<std::vector<std::uint64_t>>();
    for (const auto& row : experiment.at("arms")) {
      ArmRun arm;
      arm.arm.name = row.at("name");
      arm.arm.label = row.at("label");
      arm.arm.colour = row.at("colour");
      arm.hash = row.at("hash");
      const std::string place = row.at("folder");
      arm.slug = fs::path(place).filename().string();
      result.members.emplace_back();
      for (const auto seed : result.seeds) {
        const fs::path member = out / place / fmt::format("seed-{}", seed);
        std::error_code ignored;
        if (fs::exists(member / "maps.json", ignored)) {
          result.members.back().push_back(read_member(member));
          if (arm.model.hash.empty()) arm.model = load_resolved(member);
        } else {
          result.members.back().emplace_back();
          result.members.back().back().status = results::RunStatus::stopped;
          result.members.back().back().arm = arm.arm.name;
          result.members.back().back().seed = seed;
          result.stopped = true;
        }
      }
      arm.model.experiment.reference = experiment.at("reference").get<std::string>();
      result.arms.push_back(std::move(arm));
    }
  } catch (const json::exception& e) {
    throw Error("E6006", "'" + (out / "run.json").string() + "' is damaged: " + e.what(), ErrorKind::input_output)
        .help("restore it from a copy");
  }
  return result;
}

}  // namespace senoma::study
