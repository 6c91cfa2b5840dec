#include "study/experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/hash.h"
#include "mechanisms/catalogue.h"
#include "study/build_info.h"

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

ArmRun load_arm(const ExperimentOptions& options, const model::Arm& arm, std::map<std::string, std::string>* sources) {
  ArmRun run;
  run.arm = arm;
  run.model =
      model::load(options.file, {options.profile, arm.name, options.overrides}, mechanisms::catalogue(), sources);
  if (!arm.donor.empty()) {
    run.donor = model::load(arm.donor, {arm.donor_profile, arm.donor_arm, arm.donor_overrides}, mechanisms::catalogue(),
                            sources);
  }
  run.slug = slug(arm.name);
  run.hash = member_hash(run.model, run.donor ? run.donor->hash : "");
  return run;
}

std::string stem(const model::ResolvedModel& model, const std::string& file) {
  return slug(model.experiment.arms.empty() && !model.id.empty() ? model.id : fs::path(file).stem().string());
}

}  // namespace

ExperimentPlan plan_experiment(const ExperimentOptions& options, std::map<std::string, std::string>* sources) {
  ExperimentPlan plan;
  const auto base = model::load(options.file, {options.profile, options.only_arm, options.overrides},
                                mechanisms::catalogue(), sources);
  plan.title = base.experiment.title.empty() ? base.title : base.experiment.title;
  plan.question = base.experiment.question;
  std::vector<model::Arm> wanted;
  for (const auto& arm : base.experiment.arms) {
    if (options.only_arm.empty() || arm.name == options.only_arm) wanted.push_back(arm);
  }
  if (wanted.empty()) wanted.emplace_back();
  std::map<std::string, int> slugs;
  Hasher hasher;
  for (const auto& arm : wanted) {
    plan.arms.push_back(load_arm(options, arm, sources));
    if (const int n = ++slugs[plan.arms.back().slug]; n > 1) plan.arms.back().slug += fmt::format("-{}", n);
    hasher.add(arm.name);
    hasher.add(plan.arms.back().hash);
  }
  const std::uint64_t first = options.first_seed.value_or(1);
  const std::uint64_t n = options.n_seeds.value_or(options.first_seed ? 1 : base.experiment.seeds);
  for (std::uint64_t k = 0; k < n; ++k) plan.seeds.push_back(first + k);
  plan.single = plan.arms.size() == 1 && plan.seeds.size() == 1;
  plan.hash = plan.single ? plan.arms[0].hash : hasher.hex();
  plan.out = options.out;
  if (plan.out.empty()) {
    std::string name = stem(base, options.file);
    if (!options.profile.empty()) name += "-" + slug(options.profile);
    if (!options.only_arm.empty()) name += "-" + slug(options.only_arm);
    plan.out = fs::path("out") / name;
  }
  return plan;
}

namespace {

constexpr const char* remedy = "choose another folder with --out, or move this one away";

results::Manifest experiment_manifest(const ExperimentPlan& plan, const ExperimentOptions& options) {
  results::Manifest m;
  m.senoma_version = program_version();
  m.versions = library_versions();
  m.instruction_set = instruction_set();
  m.title = plan.title;
  m.model_file = fs::path(options.file).filename().string();
  m.profile = options.profile;
  m.overrides = options.overrides;
  m.model_hash = plan.hash;
  m.seed = plan.seeds.front();
  m.threads = options.jobs;
  m.end_time = plan.arms[0].model.description.duration;
  return m;
}

/// The manifest of a run with what makes it an experiment: arms, seeds and folders.
std::string experiment_json(const results::Manifest& manifest, const ExperimentPlan& plan) {
  json root = json::parse(results::to_json(manifest));
  root["kind"] = "experiment";
  json arms = json::array();
  for (const auto& arm : plan.arms) {
    arms.push_back({{"name", arm.arm.name},
                    {"label", arm.arm.label},
                    {"colour", arm.arm.colour},
                    {"folder", "arms/" + arm.slug},
                    {"hash", arm.hash}});
  }
  root["experiment"] = {{"question", plan.question},
                        {"reference", plan.arms[0].model.experiment.reference},
                        {"arms", arms},
                        {"seeds", plan.seeds}};
  return root.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

/// The experiment's folder under its lock: new, or the one of an earlier request for the same model.
results::RunFolder open_folder(const ExperimentPlan& plan, const results::Manifest& manifest) {
  std::error_code ignored;
  if (fs::exists(plan.out / "run.json", ignored)) {
    results::Manifest old = results::read_manifest(plan.out);
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
    if (old.status == results::RunStatus::finished) {  // more seeds were asked for, or the answer is asked for again
      old.status = results::RunStatus::stopped;
      results::replace_file(plan.out / "run.json", results::to_json(old));
    }
  }
  auto folder = results::RunFolder::create_or_reopen(plan.out, manifest);
  fs::remove(folder.checkpoints_folder(), ignored);
  return folder;
}

struct Job {
  std::size_t arm = 0, seed = 0;
  MemberOptions options;
};

/// Runs jobs on worker threads and joins the progress of all into one.
class Pool {
 public:
  Pool(const ExperimentPlan& plan, const ExperimentOptions& options, ExperimentResult& result)
      : plan_(plan), options_(options), result_(result) {}

  void run(std::vector<Job> jobs) {
    jobs_ = std::move(jobs);
    done_.assign(jobs_.size(), 0.0);
    latest_.resize(jobs_.size());
    const auto n = std::min<std::size_t>(static_cast<std::size_t>(std::max(1, options_.jobs)), jobs_.size());
    if (n == 1) {
      work();
    } else {
      std::vector<std::thread> threads;
      for (std::size_t t = 0; t < n; ++t) threads.emplace_back([this] { work(); });
      for (auto& thread : threads) thread.join();
    }
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  void work() {
    for (;;) {
      const std::size_t k = next_.fetch_add(1);
      if (k >= jobs_.size() || (options_.stop && options_.stop->load()) || broken_.load()) return;
      try {
        run_job(k);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!thrown_) thrown_ = std::current_exception();
        broken_ = true;
      }
    }
  }

  void run_job(std::size_t k) {
    Job& job = jobs_[k];
    const ArmRun& arm = plan_.arms[job.arm];
    job.options.stop = options_.stop;
    if (arm.donor) {
      const MemberResult donor = run_donor(k, arm);
      if (!donor.good()) {
        result_.members[job.arm][job.seed].status = donor.status;
        result_.members[job.arm][job.seed].error = donor.error;
        return;
      }
      for (const auto& substrate : arm.model.description.substrates) {
        if (substrate.dimension != dim::concentration)
          continue;  // solutes only: matrix and oxygen stay with their dish
        if (const auto found = donor.final_medium.find(substrate.name); found != donor.final_medium.end())
          job.options.medium[substrate.name] = found->second;
      }
      job.options.medium_hash = arm.donor->hash;
    }
    job.options.progress = [this, k, share = arm.donor ? 0.5 : 0.0](const results::Progress& p) {
      report(k, p, share, 1.0 - share);
    };
    result_.members[job.arm][job.seed] = run_member(arm.model, job.options);
    const std::lock_guard lock(mutex_);
    done_[k] = 1.0;
  }

  /// Arms with the same donor share its run: the first to need it runs it, the others wait.
  MemberResult run_donor(std::size_t k, const ArmRun& arm) {
    std::promise<MemberResult> promise;
    std::shared_future<MemberResult> future;
    bool mine = false;
    {
      const std::lock_guard lock(mutex_);
      auto& entry = donors_[{arm.donor->hash, jobs_[k].options.seed}];
      if (!entry.valid()) {
        entry = promise.get_future().share();
        mine = true;
      }
      future = entry;
    }
    if (mine) {
      try {
        promise.set_value(simulate_donor(k, arm));
      } catch (...) {
        promise.set_exception(std::current_exception());
      }
    }
    return future.get();
  }

  MemberResult simulate_donor(std::size_t k, const ArmRun& arm) {
    const auto owner = std::find_if(plan_.arms.begin(), plan_.arms.end(),
                                    [&](const ArmRun& a) { return a.donor && a.donor->hash == arm.donor->hash; });
    MemberOptions options = jobs_[k].options;
    options.folder = plan_.out / "donors" / owner->slug / fmt::format("seed-{}", options.seed);
    options.arm = arm.arm.donor_arm;
    options.profile = arm.arm.donor_profile;
    options.overrides = arm.arm.donor_overrides;
    options.model_file = arm.arm.donor;
    options.label = "medium for " + options.label;
    options.burden_readout.clear();
    if (is_finished_member(options.folder, arm.donor->hash, options.seed)) return read_member(options.folder);
    options.progress = [this, k](const results::Progress& p) { report(k, p, 0.0, 0.5); };
    return run_member(*arm.donor, options);
  }

  void report(std::size_t k, const results::Progress& p, double offset, double share) {
    if (!options_.progress) return;
    const std::lock_guard lock(mutex_);
    done_[k] = offset + share * p.fraction();
    latest_[k] = p;
    results::Progress all = p;
    if (jobs_.size() > 1) {
      double sum = 0.0;
      for (const double d : done_) sum += d;
      const double span = p.end_time;
      all.time = span * sum;
      all.end_time = span * static_cast<double>(jobs_.size());
      all.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
      all.label = fmt::format("{}/{} runs, {}", static_cast<std::size_t>(std::count(done_.begin(), done_.end(), 1.0)),
                              jobs_.size(), p.label);
    }
    options_.progress(all);
  }

  const ExperimentPlan& plan_;
  const ExperimentOptions& options_;
  ExperimentResult& result_;
  std::vector<Job> jobs_;
  std::vector<double> done_;
  std::vector<results::Progress> latest_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> broken_{false};
  std::mutex mutex_;
  std::map<std::pair<std::string, std::uint64_t>, std::shared_future<MemberResult>>
      donors_;  ///< by model hash and seed
  std::exception_ptr thrown_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

std::string burden_readout_of(const model::ResolvedModel& model) {
  for (const char* role : {"tumour_readout", "burden_readout"}) {
    if (const auto found = model.experiment.readouts.find(role); found != model.experiment.readouts.end())
      return found->second;
  }
  return {};
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
      if (is_finished_member(job.options.folder, arm.hash, plan.seeds[s])) {
        result.members[a][s] = read_member(job.options.folder);
        continue;
      }
      job.options.frames = s == 0 || options.all_frames;
      job.options.arm = arm.arm.name;
      job.options.label = arm.arm.name.empty() ? fmt::format("seed {}", plan.seeds[s])
                                               : fmt::format("{}, seed {}", arm.arm.name, plan.seeds[s]);
      job.options.profile = options.profile;
      job.options.overrides = options.overrides;
      job.options.model_file = options.file;
      job.options.burden_readout = burden_readout_of(arm.model);
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
  std::optional<results::RunFolder> folder;
  if (!plan.single) {
    folder.emplace(open_folder(plan, manifest));
    folder->write_text("run.json", experiment_json(manifest, plan));
  }
  auto jobs = missing_members(plan, options, result);
  result.rerun = jobs.empty();
  for (auto& job : jobs) {
    auto& member = result.members[job.arm][job.seed];
    member.status = results::RunStatus::stopped;
    member.arm = job.options.arm;
    member.seed = job.options.seed;
    member.folder = job.options.folder;
  }
  if (!jobs.empty()) Pool(plan, options, result).run(std::move(jobs));
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
    folder->write_text("run.json", experiment_json(manifest, plan));
  }
  result.arms = std::move(plan.arms);
  return result;
}

}  // namespace senoma::study
