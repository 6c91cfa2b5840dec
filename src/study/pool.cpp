#include "study/pool.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "study/patients.h"

namespace senoma::study {

std::map<std::string, double> donated_medium(const model::ResolvedModel& recipient, const MemberResult& donor,
                                             double share) {
  std::map<std::string, double> medium;
  for (const auto& substrate : recipient.description.substrates) {
    if (substrate.dimension != dim::concentration) continue;
    if (const auto found = donor.final_medium.find(substrate.name); found != donor.final_medium.end())
      medium[substrate.name] = share * found->second + (1.0 - share) * substrate.initial;
  }
  return medium;
}

void Pool::run(std::vector<Job> jobs) {
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

void Pool::work() {
  for (;;) {
    const std::size_t k = next_.fetch_add(1);
    if (k >= jobs_.size() || stop_wanted()) return;
    try {
      run_job(k);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!thrown_) thrown_ = std::current_exception();
      broken_ = true;
    }
  }
}

bool Pool::stop_wanted() const {
  if (broken_.load() || (options_.stop && options_.stop->load())) return true;
  return options_.deadline && std::chrono::steady_clock::now() >= *options_.deadline;
}

void Pool::run_job(std::size_t k) {
  Job& job = jobs_[k];
  const ArmRun& arm = plan_.arms[job.arm];
  job.options.stop = options_.stop;
  job.options.deadline = options_.deadline;
  job.options.save = options_.save;
  job.options.announce = plan_.single;
  job.options.note = [this](const std::string& text) {
    const std::lock_guard lock(mutex_);
    if (options_.note) options_.note(text);
  };
  if (arm.donor) {
    const MemberResult donor = run_donor(k, arm);
    if (!donor.good()) {
      result_.members[job.arm][job.seed].status = donor.status;
      result_.members[job.arm][job.seed].error = donor.error;
      return;
    }
    job.options.medium = donated_medium(arm.model, donor, arm.arm.donor_share);
    job.options.medium_hash = hash_of_medium(arm, job.seed);
  }
  job.options.progress = [this, k, share = arm.donor ? 0.5 : 0.0](const results::Progress& p) {
    report(k, p, share, 1.0 - share);
  };
  result_.members[job.arm][job.seed] = has_patients(arm) ? run_member(patient_model(arm, job.options.seed), job.options)
                                                         : run_member(arm.model, job.options);
  const std::lock_guard lock(mutex_);
  done_[k] = 1.0;
}

// Arms with the same donor share its run: the first to need it runs it, the others wait.
MemberResult Pool::run_donor(std::size_t k, const ArmRun& arm) {
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

MemberResult Pool::simulate_donor(std::size_t k, const ArmRun& arm) {
  MemberOptions options = jobs_[k].options;
  options.folder = plan_.out / "donors" / donor_owner(plan_, arm).slug / fmt::format("seed-{}", options.seed);
  options.arm = arm.arm.donor_arm;
  options.profile = arm.arm.donor_profile;
  options.overrides = arm.arm.donor_overrides;
  options.model_file = arm.arm.donor;
  options.label = "medium for " + options.label;
  options.burden_readout.clear();
  options.extend = options.must_resume = false;
  options.from.clear();
  if (is_finished_member(options.folder, hash_of_donor(arm, jobs_[k].seed), options.seed))
    return read_member(options.folder);
  options.progress = [this, k](const results::Progress& p) { report(k, p, 0.0, 0.5); };
  return has_patients(arm) ? run_member(patient_donor(arm, options.seed), options) : run_member(*arm.donor, options);
}

void Pool::report(std::size_t k, const results::Progress& p, double offset, double share) {
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

}  // namespace senoma::study
