#include "study/experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "base/hash.h"
#include "mechanisms/catalogue.h"
#include "results/checkpoint_file.h"
#include "study/build_info.h"
#include "study/member_record.h"
#include "study/patients.h"
#include "study/pool.h"
#include "study/resolved_text.h"

namespace senoma::study {
namespace fs = std::filesystem;
using json = nlohmann::ordered_json;

std::string slug(const std::string& name) {
  std::string result;
  for (const char c : name) {
    const auto u = static_cast<unsigned char>(c);
    if (std::isalnum(u))
      result += static_cast<char>(std::tolower(u));
    else if (!result.empty() && result.back() != '-')
      result += '-';
  }
  while (!result.empty() && result.back() == '-') result.pop_back();
  return result.empty() ? "arm" : result;
}

std::optional<Error> ExperimentResult::first_error() const {
  for (const auto& arm : members) {
    for (const auto& member : arm) {
      if (member.error) return member.error;
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> ExperimentResult::reference() const {
  if (arms.size() < 2) return std::nullopt;
  const std::string& name = arms[0].model.experiment.reference;
  for (std::size_t a = 0; a < arms.size(); ++a) {
    if (arms[a].arm.name == name) return a;
  }
  return std::nullopt;
}

namespace {

/// The overrides of every model of the run, donors too: their patients are the same.
std::vector<std::string> with_posterior(std::vector<std::string> overrides, const std::string& posterior) {
  if (!posterior.empty()) overrides.push_back("cohort.posterior=" + model::quote_text(posterior));
  return overrides;
}

ArmRun load_arm(const ExperimentOptions& options, const model::Arm& arm, std::map<std::string, std::string>* sources) {
  ArmRun run;
  run.arm = arm;
  run.file = options.file;
  run.load = {options.profile, arm.name, with_posterior(options.overrides, options.posterior), options.contexts};
  run.model = model::load(run.file, run.load, mechanisms::catalogue(), sources);
  if (!arm.donor.empty()) {
    run.donor_file = arm.donor;
    run.donor_load = {arm.donor_profile, arm.donor_arm, with_posterior(arm.donor_overrides, options.posterior),
                      arm.donor_contexts};
    run.donor = model::load(arm.donor, run.donor_load, mechanisms::catalogue(), sources);
  }
  run.slug = slug(arm.name);
  run.hash = member_hash(run.model, hash_of_medium(run, 0));
  return run;
}

std::string stem(const model::ResolvedModel& model, const std::string& file) {
  return slug(model.experiment.arms.empty() && !model.id.empty() ? model.id : fs::path(file).stem().string());
}

}  // namespace

std::string plan_hash(const std::vector<ArmRun>& arms) {
  Hasher hasher;
  for (const auto& arm : arms) {
    hasher.add(arm.arm.name);
    hasher.add(arm.hash);
    if (!arm.member_hashes.empty()) {  // seeds may be added, another cohort is another experiment
      hasher.add(arm.model.resolved.cohort.hash());
      hasher.add(arm.donor ? arm.donor->resolved.cohort.hash() : std::string());
    }
  }
  return hasher.hex();
}

ExperimentPlan plan_experiment(const ExperimentOptions& options, std::map<std::string, std::string>* sources) {
  ExperimentPlan plan;
  const auto base = model::load(
      options.file,
      {options.profile, options.only_arm, with_posterior(options.overrides, options.posterior), options.contexts},
      mechanisms::catalogue(), sources);
  plan.title = base.experiment.title.empty() ? base.title : base.experiment.title;
  plan.question = base.experiment.question;
  std::vector<model::Arm> wanted;
  for (const auto& arm : base.experiment.arms) {
    if (options.only_arm.empty() || arm.name == options.only_arm) wanted.push_back(arm);
  }
  if (wanted.empty()) wanted.emplace_back();
  std::map<std::string, int> slugs;
  for (const auto& arm : wanted) {
    plan.arms.push_back(load_arm(options, arm, sources));
    if (const int n = ++slugs[plan.arms.back().slug]; n > 1) plan.arms.back().slug += fmt::format("-{}", n);
  }
  const std::uint64_t first = options.first_seed.value_or(1);
  const std::uint64_t n = options.n_seeds.value_or(options.first_seed ? 1 : base.experiment.seeds);
  for (std::uint64_t k = 0; k < n; ++k) plan.seeds.push_back(first + k);
  plan.single = plan.arms.size() == 1 && plan.seeds.size() == 1;
  plan_patients(plan, sources);
  plan.hash = plan.single ? plan.arms[0].hash : plan_hash(plan.arms);
  plan.out = options.out;
  if (plan.out.empty()) {
    std::string name = stem(base, options.file);
    if (!options.profile.empty()) name += "-" + slug(options.profile);
    for (const auto& context : options.contexts) name += "-" + slug(context);
    if (!options.only_arm.empty()) name += "-" + slug(options.only_arm);
    plan.out = fs::path("out") / name;
  }
  return plan;
}

namespace {

constexpr const char* remedy = "choose another folder with --out, or move this one away";

/// As run.json keeps them: file names without folders.
std::vector<std::string> overrides_of_record(const ExperimentOptions& options) {
  return with_posterior(options.overrides, fs::path(options.posterior).filename().string());
}

results::Manifest experiment_manifest(const ExperimentPlan& plan, const ExperimentOptions& options) {
  results::Manifest m;
  m.senoma_version = program_version();
  m.versions = library_versions();
  m.instruction_set = instruction_set();
  m.title = plan.title;
  m.model_file = fs::path(options.file).filename().string();
  m.profile = options.profile;
  m.overrides = overrides_of_record(options);
  m.contexts = options.contexts;
  m.model_hash = plan.hash;
  m.seed = plan.seeds.front();
  m.threads = options.jobs;
  m.end_time = plan.arms[0].model.description.duration;
  return m;
}

}  // namespace

const ArmRun& donor_owner(const ExperimentPlan& plan, const ArmRun& arm) {
  return *std::find_if(plan.arms.begin(), plan.arms.end(),
                       [&](const ArmRun& a) { return a.donor && a.donor->hash == arm.donor->hash; });
}

namespace {

/// The manifest of a run with what makes it an experiment: arms, seeds and folders.
std::string experiment_json(const results::Manifest& manifest, const ExperimentPlan& plan, bool all_frames) {
  json root = json::parse(results::to_json(manifest));
  root["kind"] = "experiment";
  json arms = json::array();
  for (const auto& arm : plan.arms) {
    arms.push_back({{"name", arm.arm.name},
                    {"label", arm.arm.label},
                    {"colour", arm.arm.colour},
                    {"contexts", context_names(arm.model)},
                    {"folder", "arms/" + arm.slug},
                    {"hash", arm.hash}});
    if (!arm.donor) continue;
    arms.back()["donor"] = {{"file", fs::path(arm.arm.donor).filename().string()},
                            {"arm", arm.arm.donor_arm},
                            {"profile", arm.arm.donor_profile},
                            {"overrides", arm.arm.donor_overrides},
                            {"share", arm.arm.donor_share},
                            {"folder", "donors/" + donor_owner(plan, arm).slug}};
  }
  root["experiment"] = {{"question", plan.question},
                        {"reference", plan.arms[0].model.experiment.reference},
                        {"arms", arms},
                        {"seeds", plan.seeds},
                        {"all_frames", all_frames}};
  return root.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

void require_unfinished(const fs::path& out) {
  std::error_code ignored;
  const bool begun = fs::exists(out / "run.json", ignored);
  if (begun && results::read_manifest(out).status != results::RunStatus::finished) return;
  throw Error("E6024",
              "'" + out.string() + (begun ? "' is finished" : "' holds no run") + ": there is nothing to resume",
              ErrorKind::input_output)
      .help(begun ? "to go on to a later end: senoma resume " + out.string() + " --until '40 d'"
                  : "leave --resume out to start it");
}

/// The experiment's folder under its lock: new, or the one of an earlier request for the same model.
results::RunFolder open_folder(const ExperimentPlan& plan, const results::Manifest& manifest, bool extend) {
  std::error_code ignored;
  if (fs::exists(plan.out / "run.json", ignored)) {
    const results::Manifest old = results::read_manifest(plan.out);
    if (extend) return results::RunFolder::reopen(plan.out, old.model_hash, true);
    if (old.model_hash != manifest.model_hash) {
      throw Error("E6001",
                  "'" + plan.out.string() + "' holds a run of another model (hash " + old.model_hash +
                      ", this one has " + manifest.model_hash + ")",
                  ErrorKind::input_output)
          .help(remedy);
    }
    if (!fs::is_directory(plan.out / "arms", ignored) && !fs::exists(plan.out / "arms.csv", ignored) && old.tick > 0) {
      throw Error("E6001", "'" + plan.out.string() + "' holds a single run", ErrorKind::input_output).help(remedy);
    }
    // Finished too: more seeds were asked for, or the answer is asked for again.
    return results::RunFolder::reopen(plan.out, manifest.model_hash, true);
  }
  return results::RunFolder::create(plan.out, manifest);
}

/// Every arm's model, and every donor's, beside its members.
void write_models(const ExperimentPlan& plan) {
  const auto write = [](const fs::path& folder, const model::ResolvedModel& model) {
    results::make_folders(folder);
    const fs::path file = folder / "model.resolved.toml";
    results::replace_file(file, resolved_text(file, model), false);
  };
  for (const auto& arm : plan.arms) {
    write(plan.out / "arms" / arm.slug, arm.model);
    if (arm.donor) write(plan.out / "donors" / donor_owner(plan, arm).slug, *arm.donor);
  }
}

std::string burden_readout_of(const model::ResolvedModel& model) {
  for (const char* role : {"tumour_readout", "burden_readout"}) {
    if (const auto found = model.experiment.readouts.find(role); found != model.experiment.readouts.end())
      return found->second;
  }
  return {};
}

/// Whether this member needs nothing more. To be extended, it may be finished with another end.
bool is_done(const fs::path& folder, const std::string& hash, std::uint64_t seed, const ExperimentOptions& options) {
  if (!options.extend) return is_finished_member(folder, hash, seed);
  std::error_code ignored;
  if (!fs::exists(folder / "run.json", ignored)) return false;
  const auto manifest = results::read_manifest(folder);
  return manifest.model_hash == hash && manifest.status == results::RunStatus::finished;
}

/// One line for the user when the folder holds something already.
void announce(const ExperimentPlan& plan, const ExperimentOptions& options, const std::vector<Job>& jobs) {
  if (plan.single || !options.note || jobs.empty()) return;
  std::size_t going_on = 0, begun = 0;
  for (const auto& job : jobs) {
    std::error_code ignored;
    begun += fs::exists(job.options.folder / "run.json", ignored) ? 1U : 0U;
    going_on += results::list_checkpoints(job.options.folder / "checkpoints").empty() ? 0U : 1U;
  }
  const std::size_t all = plan.arms.size() * plan.seeds.size(), finished = all - jobs.size();
  if (begun + finished == 0) return;
  options.note(fmt::format("resuming {}: {} of {} runs are finished, {} go on from their saved states, {} start",
                           plan.out.string(), finished, all, going_on, jobs.size() - going_on));
}

/// What still has to run; finished members are read back. Seeds first, so that every arm has its first seed early.
std::vector<Job> missing_members(const ExperimentPlan& plan, const ExperimentOptions& options,
                                 ExperimentResult& result) {
  std::vector<Job> jobs;
  for (std::size_t s = 0; s < plan.seeds.size(); ++s) {
    for (std::size_t a = 0; a < plan.arms.size(); ++a) {
      const ArmRun& arm = plan.arms[a];
      Job job{a, s, {}};
      job.options.seed = plan.seeds[s];
      job.options.folder =
          plan.single ? plan.out : plan.out / "arms" / arm.slug / fmt::format("seed-{}", plan.seeds[s]);
      if (is_done(job.options.folder, hash_of_member(arm, s), plan.seeds[s], options)) {
        result.members[a][s] = read_member(job.options.folder);
        continue;
      }
      job.options.frames = s == 0 || options.all_frames;
      job.options.arm = arm.arm.name;
      job.options.label = arm.arm.name.empty() ? fmt::format("seed {}", plan.seeds[s])
                                               : fmt::format("{}, seed {}", arm.arm.name, plan.seeds[s]);
      job.options.profile = options.profile;
      job.options.overrides = overrides_of_record(options);
      job.options.model_file = options.file;
      job.options.burden_readout = burden_readout_of(arm.model);
      std::error_code ignored;
      const bool begun = fs::exists(job.options.folder / "run.json", ignored);
      job.options.extend = options.extend && begun;
      job.options.must_resume = !arm.medium_hash.empty() || (plan.single && options.must_resume);
      job.options.medium_hash = arm.medium_hash;
      job.options.strict = options.strict;
      job.options.from = options.from;
      jobs.push_back(std::move(job));
    }
  }
  if (jobs.size() == 1) jobs[0].options.threads = std::max(1, options.jobs);
  return jobs;
}

}  // namespace

ExperimentResult run_experiment(ExperimentPlan plan, const ExperimentOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  ExperimentResult result;
  result.seeds = plan.seeds;
  result.out = plan.out;
  result.title = plan.title;
  result.question = plan.question;
  result.hash = plan.hash;
  result.single = plan.single;
  result.members.assign(plan.arms.size(), std::vector<MemberResult>(plan.seeds.size()));
  results::Manifest manifest = experiment_manifest(plan, options);
  if (options.must_resume) require_unfinished(plan.out);
  std::optional<results::RunFolder> folder;
  if (!plan.single) {
    folder.emplace(open_folder(plan, manifest, options.extend));
    write_models(plan);
    folder->write_text("run.json", experiment_json(manifest, plan, options.all_frames));
  }
  auto jobs = missing_members(plan, options, result);
  result.rerun = jobs.empty();
  announce(plan, options, jobs);
  for (auto& job : jobs) {
    auto& member = result.members[job.arm][job.seed];
    member.status = results::RunStatus::stopped;
    member.arm = job.options.arm;
    member.seed = job.options.seed;
    member.folder = job.options.folder;
  }
  if (!jobs.empty()) Pool(plan, options, result).run(std::move(jobs));
  if (const std::string patients = patients_csv(plan); !patients.empty())
    results::replace_file(plan.out / "patients.csv", patients, false);
  bool failed = false;
  for (const auto& arm : result.members) {
    for (const auto& member : arm) {
      result.stopped |= member.status == results::RunStatus::stopped;
      failed |= member.status == results::RunStatus::failed;
      manifest.cells += member.cells;
      manifest.time = std::max(manifest.time, member.time);
    }
  }
  result.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (folder) {
    manifest.status = failed           ? results::RunStatus::failed
                      : result.stopped ? results::RunStatus::stopped
                                       : results::RunStatus::finished;
    if (const auto error = result.first_error()) manifest.error = error->render();
    manifest.wall_seconds = result.wall_seconds;
    manifest.peak_memory_bytes = results::peak_memory_bytes();
    folder->write_text("run.json", experiment_json(manifest, plan, options.all_frames));
  }
  result.arms = std::move(plan.arms);
  return result;
}

}  // namespace senoma::study
