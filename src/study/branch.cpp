#include "study/branch.h"

#include <fmt/format.h>

#include <cmath>

#include "mechanisms/catalogue.h"
#include "results/checkpoint_file.h"
#include "study/member_record.h"
#include "study/saved_run.h"

namespace senoma::study {
namespace fs = std::filesystem;

namespace {

model::ResolvedModel load_model(const fs::path& folder, std::vector<std::string> overrides) {
  model::LoadOptions options;
  options.overrides = std::move(overrides);
  return model::load((folder / "model.resolved.toml").string(), options, mechanisms::catalogue());
}

void require_single(const fs::path& folder) {
  std::error_code ignored;
  if (fs::exists(folder / "summary.csv", ignored)) return;
  std::string members;
  for (const auto& entry : fs::recursive_directory_iterator(folder, ignored)) {
    if (members.empty() && entry.path().filename() == "summary.csv") members = entry.path().parent_path().string();
  }
  Error error("E6004", "'" + folder.string() + "' is not the folder of one run", ErrorKind::input_output);
  error.help(members.empty() ? "give a run's folder" : "branch one of its runs, e.g. " + members);
  throw error;
}

/// The newest whole state of the run at or before `at`.
std::optional<std::pair<fs::path, SavedRun>> saved_before(const fs::path& folder, const std::string& family,
                                                          std::uint64_t seed, double at,
                                                          const std::function<void(const std::string&)>& note) {
  for (const auto& entry : results::list_checkpoints(folder / "checkpoints")) {
    try {
      SavedRun saved = load_run(entry.path);
      check_belongs(saved, entry.path, family, seed, folder);
      if (saved.state.world.time() > at + 1e-9) continue;
      return std::pair{entry.path, std::move(saved)};
    } catch (const Error& error) {
      if (note) note(error.message() + ": trying the one before it");
    }
  }
  return std::nullopt;
}

/// Tables, frames and the saved state; what lies after it is cut off when the run goes on.
void copy_run(const fs::path& from, const fs::path& to, const fs::path& checkpoint) {
  const auto options = fs::copy_options::recursive | fs::copy_options::overwrite_existing;
  std::error_code code;
  for (const char* name : {"summary.csv", "populations.csv", "secretome.csv", "events.csv", "cells.zarr",
                           "fields.ome.zarr", "model.resolved.toml"}) {
    if (fs::exists(from / name, code)) fs::copy(from / name, to / name, options, code);
    if (code) throw results::write_error(to / name, code.value());
  }
  if (checkpoint.empty()) return;
  results::make_folders(to / "checkpoints");
  fs::copy(checkpoint, to / "checkpoints" / checkpoint.filename(), options, code);
  if (code) throw results::write_error(to / "checkpoints", code.value());
}

/// Refuses what cannot be changed before anything is simulated or written, on the states at time zero.
void check_applicable(const model::ResolvedModel& unchanged, const model::ResolvedModel& changed, std::uint64_t seed) {
  const auto bind = [&](const model::ResolvedModel& model) {
    return engine::Simulation(std::make_shared<engine::Description>(model.description), seed, mechanisms::catalogue(),
                              1);
  };
  auto from = bind(unchanged);
  auto to = bind(changed);
  const auto layout = engine::layout_of(from);
  static_cast<void>(engine::restore(to, {std::move(from.world), layout}, true));
}

MemberOptions member_options(const results::Manifest& original, const ExperimentOptions& options,
                             const std::string& origin, const std::vector<std::string>& overrides) {
  MemberOptions o;
  o.seed = original.seed;
  o.threads = std::max(1, options.jobs);
  o.folder = options.out;
  o.arm = original.arm;
  o.profile = original.profile;
  o.model_file = original.model_file;
  o.overrides = original.overrides;
  o.overrides.insert(o.overrides.end(), overrides.begin(), overrides.end());
  o.origin = origin;
  o.save = options.save;
  o.stop = options.stop;
  o.deadline = options.deadline;
  o.progress = options.progress;
  o.note = options.note;
  if (const auto plus = original.model_hash.find('+'); plus != std::string::npos)
    o.medium_hash = original.model_hash.substr(plus + 1);
  return o;
}

ExperimentResult result_of_one(const fs::path& out, MemberResult member, model::ResolvedModel model) {
  ExperimentResult result;
  result.single = true;
  result.out = out;
  result.title = model.title;
  result.question = model.experiment.question;
  result.hash = member.model_hash;
  result.seeds = {member.seed};
  result.stopped = member.status == results::RunStatus::stopped;
  result.wall_seconds = member.wall_seconds;
  ArmRun arm;
  arm.arm.name = arm.arm.label = member.arm;
  arm.hash = member.model_hash;
  arm.model = std::move(model);
  result.arms.push_back(std::move(arm));
  result.members.resize(1);
  result.members[0].push_back(std::move(member));
  return result;
}

}  // namespace

ExperimentResult branch(const BranchRequest& request, const ExperimentOptions& options) {
  require_single(request.from);
  const results::Manifest original = results::read_manifest(request.from);
  const auto unchanged = load_model(request.from, {});
  auto overrides = request.overrides;
  if (!request.until.empty()) overrides.push_back("time.duration=\"" + request.until + "\"");
  auto changed = load_model(request.from, overrides);

  const double step = unchanged.description.step;
  const double at = std::ceil(request.at / step - 1e-9) * step;  // states exist between steps only
  if (!(request.at >= 0.0) || at > unchanged.description.duration + 1e-9 || at > changed.description.duration + 1e-9) {
    throw Error("E6024",
                fmt::format("{} is not within the run, which ends at {}", results::format_simulated_time(request.at),
                            results::format_simulated_time(unchanged.description.duration)),
                ErrorKind::input_output)
        .help("give --at a time of the original run, and --until to go further");
  }
  check_applicable(unchanged, changed, original.seed);
  const std::string origin =
      fmt::format("branch of model {}, seed {}, at {} min", original.model_hash, original.seed, at);
  MemberOptions o = member_options(original, options, origin, request.overrides);
  const std::string family = family_hash(unchanged, o.medium_hash);

  std::error_code ignored;
  const bool begun =
      fs::exists(options.out / "run.json", ignored) && results::read_manifest(options.out).origin == origin;
  if (!begun) {
    auto first = first_manifest(unchanged, o);
    auto folder = results::RunFolder::create(options.out, first);
    const auto saved = saved_before(request.from, family, original.seed, at, options.note);
    if (saved) copy_run(request.from, options.out, saved->first);
    const double from = saved ? saved->second.state.world.time() : 0.0;
    if (options.note && from < at - 1e-9)
      options.note(fmt::format("no state is saved at {}: simulating the original again from {}",
                               results::format_simulated_time(at), results::format_simulated_time(from)));
  }
  const std::string changed_hash = member_hash(changed, o.medium_hash);
  const bool forked =
      begun && results::read_manifest(options.out).model_hash == changed_hash && changed_hash != original.model_hash;
  if (forked && results::read_manifest(options.out).status == results::RunStatus::finished)
    return result_of_one(options.out, read_member(options.out), std::move(changed));
  if (!forked) {
    // The original up to the fork.
    MemberOptions prefix = o;
    prefix.pause_at = at;
    prefix.must_resume = !o.medium_hash.empty();  // a donor's medium is in saved states only
    prefix.burden_readout.clear();
    auto member = run_member(unchanged, prefix);
    if (member.error || member.time < at - 1e-9) return result_of_one(options.out, std::move(member), unchanged);
    o.fork = changed_hash != original.model_hash;
    o.from =
        options.out / "checkpoints" / results::checkpoint_name(results::CheckpointKind::asked, std::llround(at / step));
  }
  auto member = run_member(changed, o);
  return result_of_one(options.out, std::move(member), std::move(changed));
}

}  // namespace senoma::study
