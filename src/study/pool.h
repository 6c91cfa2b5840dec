// Runs the members of an experiment on worker threads, and joins the progress of all into one. A donor shared by
// several arms runs once per seed: the first member to need it runs it, the others wait. Used by run_experiment only.
// Thread statement: run() from one thread; callbacks come from worker threads, one at a time.
#pragma once

#include <atomic>
#include <chrono>
#include <future>
#include <map>
#include <mutex>
#include <vector>

#include "study/experiment.h"

namespace senoma::study {

struct Job {
  std::size_t arm = 0, seed = 0;
  MemberOptions options;
};

/// The first arm with the same donor: the donor's run lies in its folder.
[[nodiscard]] const ArmRun& donor_owner(const ExperimentPlan& plan, const ArmRun& arm);

/// What a recipient starts with: the mean final concentration of each solute at its donor, mixed with fresh medium when
/// the share is below 1. Matrix and oxygen stay with their dish.
[[nodiscard]] std::map<std::string, double> donated_medium(const model::ResolvedModel& recipient,
                                                           const MemberResult& donor, double share);

class Pool {
 public:
  Pool(const ExperimentPlan& plan, const ExperimentOptions& options, ExperimentResult& result)
      : plan_(plan), options_(options), result_(result) {}

  /// Until all are done or the stop flag is set; rethrows the first exception of a job once all threads have ended.
  void run(std::vector<Job> jobs);

 private:
  void work();
  [[nodiscard]] bool stop_wanted() const;
  void run_job(std::size_t k);
  MemberResult run_donor(std::size_t k, const ArmRun& arm);
  MemberResult simulate_donor(std::size_t k, const ArmRun& arm);
  void report(std::size_t k, const results::Progress& p, double offset, double share);

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

}  // namespace senoma::study
