// An experiment's folder read back, for reports and comparisons.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "mechanisms/catalogue.h"
#include "study/experiment.h"
#include "study/patients.h"

namespace senoma::study {
namespace fs = std::filesystem;
using json = nlohmann::ordered_json;

namespace {

/// Overrides for another end. Where frames and rows follow from the duration, they stay as they were.
std::vector<std::string> overrides_for(const std::string& until, const std::string& file) {
  if (until.empty()) return {};
  model::LoadOptions options;
  const auto before = model::load(file, options, mechanisms::catalogue()).description;
  options.overrides.push_back("time.duration=\"" + until + "\"");
  const auto after = model::load(file, options, mechanisms::catalogue()).description;
  if (after.output_every != before.output_every)
    options.overrides.push_back(fmt::format("time.frames=\"{} min\"", before.output_every));
  if (after.summary_every != before.summary_every)
    options.overrides.push_back(fmt::format("time.summary=\"{} min\"", before.summary_every));
  return options.overrides;
}

model::ResolvedModel load_resolved(const fs::path& member, const std::string& until = {}) {
  const std::string file = (member / "model.resolved.toml").string();
  model::LoadOptions options;
  options.overrides = overrides_for(until, file);
  return model::load(file, options, mechanisms::catalogue());
}

/// The model beside an arm's members; in older folders, that of a member.
model::ResolvedModel load_arm_model(const fs::path& out, const std::string& place,
                                    const std::vector<std::uint64_t>& seeds, const std::string& until = {}) {
  std::error_code ignored;
  if (fs::exists(out / place / "model.resolved.toml", ignored)) return load_resolved(out / place, until);
  for (const auto seed : seeds) {
    const fs::path member = out / place / fmt::format("seed-{}", seed);
    if (fs::exists(member / "model.resolved.toml", ignored)) return load_resolved(member, until);
  }
  throw Error("E6004", "'" + (out / place).string() + "' holds no model.resolved.toml", ErrorKind::input_output)
      .help("repeat the command that made this folder");
}

void check_end(const fs::path& out, const results::Manifest& manifest, double end) {
  if (manifest.status == results::RunStatus::finished && end <= manifest.end_time + 1e-9) {
    throw Error("E6024",
                "'" + out.string() + "' is finished at " + results::format_simulated_time(manifest.end_time) +
                    ": there is nothing to resume",
                ErrorKind::input_output)
        .help("to go on to a later end, give one: --until '" + results::format_simulated_time(2 * manifest.end_time) +
              "'");
  }
  if (end < manifest.time - 1e-9) {
    throw Error("E6024",
                "'" + out.string() + "' has reached " + results::format_simulated_time(manifest.time) +
                    " already, after the end asked for",
                ErrorKind::input_output)
        .help("give a later --until, or fork an earlier state with senoma branch");
  }
}

ExperimentPlan plan_of_single(const fs::path& out, const results::Manifest& manifest, const std::string& until) {
  ExperimentPlan plan;
  plan.out = out;
  plan.single = true;
  plan.seeds = {manifest.seed};
  ArmRun arm;
  arm.arm.name = arm.arm.label = manifest.arm;
  arm.model = load_resolved(out, until);
  if (const auto plus = manifest.model_hash.find('+'); plus != std::string::npos)
    arm.medium_hash = manifest.model_hash.substr(plus + 1);
  arm.hash = member_hash(arm.model, arm.medium_hash);
  plan.title = manifest.title;
  plan.question = arm.model.experiment.question;
  plan.hash = arm.hash;
  plan.arms.push_back(std::move(arm));
  return plan;
}

}  // namespace

ExperimentPlan plan_of_folder(const fs::path& out, const std::string& until, ExperimentOptions& options) {
  const results::Manifest manifest = results::read_manifest(out);
  options.extend = true;
  options.out = out;
  options.file = manifest.model_file;
  options.profile = manifest.profile;
  options.overrides = manifest.overrides;
  const json root = json::parse(results::read_file(out / "run.json"), nullptr, false);
  ExperimentPlan plan;
  if (!root.contains("experiment")) {
    plan = plan_of_single(out, manifest, until);
    options.all_frames = true;
  } else {
    try {
      const json& experiment = root.at("experiment");
      plan.out = out;
      plan.title = manifest.title;
      plan.question = experiment.at("question");
      plan.seeds = experiment.at("seeds").get<std::vector<std::uint64_t>>();
      options.all_frames = experiment.value("all_frames", false);
      for (const auto& row : experiment.at("arms")) {
        ArmRun arm;
        arm.arm.name = row.at("name");
        arm.arm.label = row.at("label");
        arm.arm.colour = row.at("colour");
        const std::string place = row.at("folder");
        arm.slug = fs::path(place).filename().string();
        arm.model = load_arm_model(out, place, plan.seeds, until);
        arm.file = arm.model.resolved.path;
        for (auto& text : overrides_for(until, arm.file)) arm.load.overrides.push_back(std::move(text));
        arm.model.experiment.reference = experiment.at("reference").get<std::string>();
        if (row.contains("donor")) {
          const json& donor = row.at("donor");
          arm.arm.donor = donor.at("file");
          arm.arm.donor_arm = donor.at("arm");
          arm.arm.donor_profile = donor.at("profile");
          arm.arm.donor_share = donor.value("share", 1.0);
          arm.arm.donor_overrides = donor.at("overrides").get<std::vector<std::string>>();
          arm.donor = load_resolved(out / donor.at("folder").get<std::string>());
          arm.donor_file = arm.donor->resolved.path;
        }
        arm.hash = member_hash(arm.model, hash_of_medium(arm, 0));
        plan.arms.push_back(std::move(arm));
      }
    } catch (const json::exception& e) {
      throw Error("E6006", "'" + (out / "run.json").string() + "' is damaged: " + e.what(), ErrorKind::input_output)
          .help("restore it from a copy");
    }
    plan_patients(plan);
    plan.hash = plan_hash(plan.arms);
  }
  check_end(out, manifest, plan.arms.at(0).model.description.duration);
  return plan;
}

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
    std::error_code none;
    if (fs::exists(out / "model.resolved.toml", none)) result.arms[0].model = load_resolved(out);
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
        if (fs::exists(member / "run.json", ignored)) {
          result.members.back().push_back(read_member(member));
        } else {
          result.members.back().emplace_back();
          result.members.back().back().status = results::RunStatus::stopped;
          result.members.back().back().arm = arm.arm.name;
          result.members.back().back().seed = seed;
          result.stopped = true;
        }
      }
      arm.model = load_arm_model(out, place, result.seeds);
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
