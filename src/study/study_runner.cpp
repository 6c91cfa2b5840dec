#include "study/study_runner.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <thread>

#include "study/study_queue.h"
#include "study/study_record.h"

namespace senoma::study {
namespace fs = std::filesystem;

StudyModel StudyModels::get(const StudyMember& m) {
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

namespace {

class Runner {
 public:
  Runner(StudyModels& models, const std::vector<std::size_t>& members, const std::atomic<bool>* stop,
         const std::function<bool(std::size_t, results::CatalogueMember)>& done)
      : plan_(models.plan()), models_(models), stop_(stop), done_(done), queue_(plan_, members) {}

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

 private:
  void work() {
    try {
      while (!(stop_ && stop_->load())) {
        const auto task = queue_.take();
        if (!task) return;
        if (task->grow)
          grow_group(task->group, plan_.members[task->member]);
        else if (!run_one(*task))
          break;
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!thrown_) thrown_ = std::current_exception();
    }
    queue_.abandon();
  }

  [[nodiscard]] StudyTask task_of(const StudyModel& model, std::uint64_t seed) const {
    return {model.description, seed, readouts_, stop_};
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

  /// Whether to go on.
  bool run_one(const StudyQueue::Task& task) {
    const StudyMember& m = plan_.members[task.member];
    if (task.group && !task.group->prefix && task.group->error.empty()) return true;  // stopped
    const auto start = std::chrono::steady_clock::now();
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
        return true;
      }
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::input_output) throw;  // the next member would fare no better
      row.status = "failed";
      row.error = error.code() + ": " + error.message();
    } catch (const std::bad_alloc&) {
      row.status = "failed";
      row.error = "memory ran out";
    }
    row.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return done_(task.member, std::move(row));
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
    options.folder = plan_.out / "runs" / record_name(m);
    options.arm = row.variant;
    options.model_file = fs::path(plan_.spec.experiment).filename().string();
    options.burden_readout = plan_.outcomes.roles.burden;
    options.save.every_seconds = 0;
    options.save.at_end = false;
    options.stop = stop_;
    const MemberResult run = is_finished_member(options.folder, model.hash, m.seed) ? read_member(options.folder)
                                                                                    : run_member(model, options);
    if (run.error) throw Error(run.error->code(), run.error->message(), run.error->kind());
    if (!run.good()) return false;
    row.time = run.time;
    row.state_hash = run.state_hash;
    row.outcomes = outcomes_of(plan_.outcomes, run.summary, m.seed);
    return true;
  }

  const StudyPlan& plan_;
  StudyModels& models_;
  const std::atomic<bool>* stop_;
  const std::function<bool(std::size_t, results::CatalogueMember)>& done_;
  std::vector<std::string> readouts_ = plan_.outcomes.readouts();
  StudyQueue queue_;
  std::mutex mutex_;
  std::exception_ptr thrown_;
};

}  // namespace

void run_members(StudyModels& models, const std::vector<std::size_t>& members, std::size_t threads,
                 const std::atomic<bool>* stop,
                 const std::function<bool(std::size_t, results::CatalogueMember)>& done) {
  Runner(models, members, stop, done).run(std::min(threads, members.size()));
}

}  // namespace senoma::study
