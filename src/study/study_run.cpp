#include "study/study_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <nlohmann/json.hpp>
#include <thread>

#include "results/run_folder.h"
#include "study/build_info.h"
#include "study/catalogue_writer.h"
#include "study/ranking.h"
#include "study/robustness.h"
#include "study/screen_findings.h"
#include "study/study_queue.h"
#include "study/study_record.h"
#include "study/study_report.h"

namespace senoma::study {
namespace fs = std::filesystem;
using json = nlohmann::ordered_json;

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

results::Manifest first_manifest_of(const StudyPlan& plan, int jobs) {
  results::Manifest m;
  m.senoma_version = program_version();
  m.versions = library_versions();
  m.instruction_set = instruction_set();
  m.title = plan.title;
  m.model_file = fs::path(plan.spec.file).filename().string();
  m.arm = plan.spec.arm;
  m.model_hash = plan.hash;
  m.seed = plan.spec.first_seed;
  m.threads = jobs;
  m.end_time = plan.models.front().description.duration;
  return m;
}

/// run.json: that of a run, with what makes it a study.
std::string study_json(const results::Manifest& manifest, const StudyPlan& plan) {
  json root = json::parse(results::to_json(manifest));
  root["kind"] = "study";
  json names = json::array(), fidelities = json::array();
  for (const auto& context : plan.spec.contexts) names.push_back(context.name);
  for (const auto& fidelity : plan.spec.fidelities) fidelities.push_back(fidelity.name);
  root["study"] = {{"question", plan.question},  {"experiment", fs::path(plan.spec.experiment).filename().string()},
                   {"fidelities", fidelities},   {"contexts", names},
                   {"seeds", plan.spec.n_seeds}, {"variants", plan.variants.size()}};
  if (has_draws(plan)) {
    const auto units = draws_of_replicates(plan.spec);
    json keys = json::array();
    for (const auto& drawn : drawn_values(plan, 0, 0)) keys.push_back(drawn.name);
    root["study"]["draws"] = {{"from", draw_source(plan.spec)}, {"of_replicates", units}, {"values", keys}};
  }
  return root.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

results::RunFolder open_folder(const StudyPlan& plan, const results::Manifest& manifest) {
  std::error_code ignored;
  if (!fs::exists(plan.out / "run.json", ignored)) return results::RunFolder::create(plan.out, manifest);
  const auto old = results::read_manifest(plan.out);
  const auto refuse = [&](const std::string& what) {
    return Error("E8203", "'" + plan.out.string() + "' " + what, ErrorKind::input_output)
        .help("choose another folder with --out, or move this one away");
  };
  if (old.senoma_version != manifest.senoma_version)
    throw refuse("holds a study of Senoma " + old.senoma_version + ", this is " + manifest.senoma_version);
  if (old.model_hash != plan.hash)
    throw refuse("holds another study, or a run (plan " + old.model_hash + ", this one is " + plan.hash +
                 "): its models, variants or outcomes differ");
  return results::RunFolder::reopen(plan.out, plan.hash, true);
}

/// The members to be run now; throws E8202.
std::vector<bool> wanted_variants(const StudyPlan& plan, const std::vector<std::string>& only) {
  std::vector<std::string> names;
  for (const auto& actor : plan.spec.actors) names.push_back(actor.name);
  for (const auto& name : only) {
    if (std::find(names.begin(), names.end(), name) == names.end())
      throw unknown_in_study("target or drug", {name, {}}, names);
  }
  std::vector<bool> wanted;
  for (const auto& v : plan.variants) {
    wanted.push_back(only.empty() || std::all_of(v.actors.begin(), v.actors.end(), [&](std::size_t a) {
                       return std::find(only.begin(), only.end(), names[a]) != only.end();
                     }));
  }
  return wanted;
}

/// Models by variant, kept over the seeds of a (fidelity, context); those before the last few are let go.
class Models {
 public:
  explicit Models(const StudyPlan& plan) : plan_(plan) {}

  StudyModel get(const StudyMember& m) {
    if (!plan_.base(m).resolved.cohort.variations.empty()) return study_model(plan_, m);  // another for every seed
    const std::size_t setting = m.fidelity * plan_.spec.contexts.size() + m.context;
    {
      const std::lock_guard lock(mutex_);
      const auto& models = kept_[setting];
      if (const auto found = models.find(m.variant); found != models.end()) return found->second;
    }
    StudyModel model = study_model(plan_, m);  // twice at most, when two threads need it first
    const std::lock_guard lock(mutex_);
    kept_[setting].emplace(m.variant, model);
    while (kept_.size() > 2) kept_.erase(kept_.begin());
    return model;
  }

 private:
  const StudyPlan& plan_;
  std::mutex mutex_;
  std::map<std::size_t, std::map<std::size_t, StudyModel>> kept_;
};

class Runner {
 public:
  Runner(const StudyPlan& plan, const RunStudyOptions& options, CatalogueWriter& writer,
         std::vector<std::optional<results::CatalogueMember>>& rows, const std::vector<std::size_t>& missing)
      : plan_(plan), options_(options), writer_(writer), rows_(rows), models_(plan), queue_(plan, missing) {
    progress_.total = missing.size();
    for (const auto& row : rows) {
      if (!row) continue;
      ++progress_.total;
      ++progress_.done;
      progress_.failed += row->status == "failed" ? 1U : 0U;
    }
  }

  void run(std::size_t threads) {
    if (threads <= 1) {
      work();
    } else {
      std::vector<std::thread> workers;
      for (std::size_t t = 0; t < threads; ++t) workers.emplace_back([this] { work(); });
      for (auto& worker : workers) worker.join();
    }
    if (thrown_) std::rethrow_exception(thrown_);
  }

  [[nodiscard]] std::size_t simulated() const { return simulated_; }

 private:
  [[nodiscard]] bool stopped() const { return options_.stop && options_.stop->load(); }

  void work() {
    try {
      while (!stopped() && !writer_.broken()) {
        const auto task = queue_.take();
        if (!task) return;
        if (task->grow)
          grow_group(task->group, plan_.members[task->member]);
        else
          run_one(*task);
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!thrown_) thrown_ = std::current_exception();
    }
    queue_.abandon();
  }

  [[nodiscard]] StudyTask task_of(const StudyModel& model, std::uint64_t seed) const {
    return {model.description, seed, readouts_, options_.stop};
  }

  void grow_group(const std::shared_ptr<StudyQueue::Group>& group, StudyMember first) {
    first.variant = 0;  // the arm without intervention
    try {
      group->prefix = grow(task_of(models_.get(first), first.seed), *plan_.spec.fork_at);
    } catch (const Error& error) {
      group->error = error.code() + ": before the fork: " + error.message();
    }
    queue_.grown(group);
  }

  void run_one(const StudyQueue::Task& task) {
    const StudyMember& m = plan_.members[task.member];
    if (task.group && !task.group->prefix && task.group->error.empty()) return;  // stopped
    const auto start = Clock::now();
    results::CatalogueMember row;
    row.fidelity = plan_.spec.fidelities[m.fidelity].name;
    row.context = plan_.spec.contexts[m.context].name;
    row.variant = plan_.variants[m.variant].name;
    row.seed = m.seed;
    row.status = "finished";
    row.outcomes.assign(plan_.outcomes.columns.size(), std::numeric_limits<double>::quiet_NaN());
    try {
      if (task.group && !task.group->error.empty()) {
        row.status = "failed";
        row.error = task.group->error;
      } else if (!simulate(m, task.group ? task.group->prefix.get() : nullptr, row)) {
        return;
      }
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::input_output) throw;  // the next member would fare no better
      row.status = "failed";
      row.error = error.code() + ": " + error.message();
    } catch (const std::bad_alloc&) {
      row.status = "failed";
      row.error = "memory ran out";
    }
    row.wall_seconds = seconds_since(start);
    write_record(plan_.out, m, row);
    writer_.add(row);
    count(task.member, std::move(row));
  }

  /// Whether the member came to its end; fills in what it came to.
  bool simulate(const StudyMember& m, const StudyPrefix* prefix, results::CatalogueMember& row) {
    if (plan_.spec.keep_folders) return simulate_in_folder(m, row);
    const StudyModel model = models_.get(m);
    row.model_hash = model.hash;
    const StudyRun run = follow(task_of(model, m.seed), prefix);
    if (run.stopped) return false;
    row.time = run.time;
    row.state_hash = run.state_hash;
    row.outcomes = outcomes_of(plan_.outcomes, run.summary, m.seed);
    return true;
  }

  bool simulate_in_folder(const StudyMember& m, results::CatalogueMember& row) {
    const auto model = load_study_model(plan_, m);
    row.model_hash = model.hash;
    MemberOptions options;
    options.seed = m.seed;
    options.folder = plan_.out / "runs" / record_file(m).stem();
    options.arm = row.variant;
    options.model_file = fs::path(plan_.spec.experiment).filename().string();
    options.burden_readout = plan_.outcomes.roles.burden;
    options.save.every_seconds = 0;
    options.save.at_end = false;
    options.stop = options_.stop;
    const MemberResult run = is_finished_member(options.folder, model.hash, m.seed) ? read_member(options.folder)
                                                                                    : run_member(model, options);
    if (run.error) throw Error(run.error->code(), run.error->message(), run.error->kind());
    if (!run.good()) return false;
    row.time = run.time;
    row.state_hash = run.state_hash;
    row.outcomes = outcomes_of(plan_.outcomes, run.summary, m.seed);
    return true;
  }

  void count(std::size_t member, results::CatalogueMember row) {
    const std::lock_guard lock(mutex_);
    ++simulated_;
    ++progress_.done;
    progress_.failed += row.status == "failed" ? 1U : 0U;
    rows_[member] = std::move(row);
    progress_.wall_seconds = seconds_since(start_);
    progress_.seconds_left = progress_.wall_seconds / static_cast<double>(simulated_) *
                             static_cast<double>(progress_.total - progress_.done);
    if (options_.progress) options_.progress(progress_);
  }

  const StudyPlan& plan_;
  const RunStudyOptions& options_;
  CatalogueWriter& writer_;
  std::vector<std::optional<results::CatalogueMember>>& rows_;
  std::vector<std::string> readouts_ = plan_.outcomes.readouts();
  Models models_;
  StudyQueue queue_;
  std::mutex mutex_;
  StudyProgress progress_;
  std::size_t simulated_ = 0;
  std::exception_ptr thrown_;
  Clock::time_point start_ = Clock::now();
};

}  // namespace

StudyResult run_study(const StudyPlan& plan, const RunStudyOptions& options) {
  const auto start = Clock::now();
  const auto wanted = wanted_variants(plan, options.only);
  auto manifest = first_manifest_of(plan, options.jobs);
  const auto folder = open_folder(plan, manifest);
  results::make_folders(plan.out / "members");
  folder.write_text("run.json", study_json(manifest, plan));

  std::vector<std::optional<results::CatalogueMember>> rows(plan.members.size());
  std::vector<std::size_t> missing;
  std::size_t found = 0, damaged = 0;
  std::error_code ignored;
  for (std::size_t k = 0; k < plan.members.size(); ++k) {
    rows[k] = read_record(plan.out, plan, plan.members[k]);
    found += rows[k] ? 1U : 0U;
    damaged += !rows[k] && fs::exists(plan.out / record_file(plan.members[k]), ignored) ? 1U : 0U;
    if (!rows[k] && wanted[plan.members[k].variant]) missing.push_back(k);
  }
  if (options.note && found + damaged > 0)
    options.note(fmt::format("{} of {} members have run already, {} are run now{}", found, plan.members.size(),
                             missing.size(),
                             damaged ? fmt::format("; {} damaged records are made anew", damaged) : std::string()));

  StudyResult result;
  {
    std::vector<results::CatalogueMember> before;
    for (const auto& row : rows) {
      if (row) before.push_back(*row);
    }
    const std::map<std::string, std::string> about{
        {"title", plan.title}, {"question", plan.question}, {"plan", plan.hash}, {"version", program_version()}};
    CatalogueWriter writer(plan.out / "study.sqlite", about, plan.catalogue_variants(), plan.outcomes.columns, before);
    Runner runner(plan, options, writer, rows, missing);
    runner.run(std::min<std::size_t>(static_cast<std::size_t>(std::max(1, options.jobs)), missing.size()));
    writer.finish();
    result.simulated = runner.simulated();
  }
  for (const std::size_t k : missing) result.stopped |= !rows[k].has_value();
  result.total = plan.members.size();
  for (auto& row : rows) {
    if (!row) continue;
    result.failed += row->status == "failed" ? 1U : 0U;
    result.members.push_back(std::move(*row));
  }
  const auto variants = plan.catalogue_variants();
  folder.write_text("variants.csv", results::variants_csv(variants));
  folder.write_text("members.csv", results::members_csv(result.members, plan.outcomes.columns));
  const auto rankings = rank(plan, result.members);
  folder.write_text("ranking.csv", ranking_csv(rankings, plan));
  const auto findings = screen_findings(plan, result.members);
  folder.write_text("flips.csv", flips_csv(findings, plan));
  folder.write_text("pairs.csv", pairs_csv(findings, plan));
  folder.write_text("shapley.csv", shapley_csv(findings, plan));
  folder.write_text("survival.csv", survival_csv(findings, plan));
  folder.write_text("stability.csv", stability_csv(findings, plan));
  if (has_draws(plan)) {
    folder.write_text("draws.csv", draws_csv(plan));
    folder.write_text("robustness.csv", robustness_csv(robustness(plan, result.members), plan));
  }
  folder.write_text("report.html", results::render_html(study_report(plan, result.members, rankings, findings)));
  result.wall_seconds = seconds_since(start);
  manifest.status = result.stopped || result.members.size() < result.total ? results::RunStatus::stopped
                    : result.failed > 0                                    ? results::RunStatus::failed
                                                                           : results::RunStatus::finished;
  if (result.failed > 0) manifest.error = fmt::format("{} members failed, see members.csv", result.failed);
  manifest.wall_seconds = result.wall_seconds;
  manifest.peak_memory_bytes = results::peak_memory_bytes();
  folder.write_text("run.json", study_json(manifest, plan));
  return result;
}

}  // namespace senoma::study
