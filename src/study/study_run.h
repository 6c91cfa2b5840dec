// Runs the members of a study in this process, one thread each, or has them run elsewhere, and keeps their outcomes:
//   OUT/run.json (kind "study"), OUT/members/*.json (study_record.h), OUT/study.sqlite (results/catalogue.h),
//   OUT/members.csv, OUT/variants.csv, OUT/ranking.csv …; with draws OUT/draws.csv and OUT/robustness.csv; with keep =
//   "folders" OUT/runs/<member>/ too.
// Killed at any time, the same request goes on with the members that have no record, and ends with the same tables,
// byte for byte: at most the members in flight are lost. A member that fails is recorded with its reason, and the study
// goes on. Results do not depend on the number of threads. One thread writes the catalogue, which is made anew from the
// records whenever the study is opened.
// With fork_at the shared beginnings of a few (fidelity, context, seed) are in memory at a time, about one per thread.
// Elsewhere: `execute` gets the members that are missing and gives back their records, see study_worker.h. Where a
// member ran shows in no table.
// Thread statement: one caller; callbacks come from worker threads, one at a time.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "study/study_worker.h"

namespace senoma::study {

struct StudyProgress {
  std::size_t total = 0, done = 0, failed = 0;  ///< members; failed ones are done too
  double wall_seconds = 0, seconds_left = -1;   ///< −1: not known yet
  std::string stage;                            ///< its name, of a study with stages
};

struct RunStudyOptions {
  int jobs = 1;
  std::vector<std::string>
      only;  ///< names of targets and drugs to run now, with what they are compared with; empty: all
  const std::atomic<bool>* stop = nullptr;  ///< set: members in flight are given up
  std::function<void(const StudyProgress&)> progress;
  std::function<void(const std::string&)> note;  ///< sentences for the user
  /// Runs the missing members instead of `jobs` threads. What it throws comes out of run_study.
  std::function<void(const StudyWork&)> execute;
};

struct StudyResult {
  std::vector<results::CatalogueMember> members;  ///< those that have run, in the order of the plan
  std::size_t total = 0, simulated = 0, failed = 0;
  bool stopped = false;  ///< members that were asked for are missing
  double wall_seconds = 0;
};

/// Throws E6001 (the folder holds something else), E8203 (another study or version, a run), E6002, E6003, E8202
/// (`only`), E8201 (keep = "folders" with `execute`).
[[nodiscard]] StudyResult run_study(const StudyPlan& plan, const RunStudyOptions& options);

}  // namespace senoma::study
