// Runs members of a study on threads of this process, one thread each, in memory or (keep = "folders") in a folder. A
// member that fails gives a row with its reason. With fork_at the shared beginnings of a few (fidelity, context, seed)
// are in memory at a time, about one per thread.
// Thread statement: StudyModels may be used by any number of threads; run_members has one caller per call.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <vector>

#include "study/study_plan.h"

namespace senoma::study {

/// Models by variant, kept over the seeds of a (fidelity, context); those before the last few are let go.
class StudyModels {
 public:
  explicit StudyModels(const StudyPlan& plan) : plan_(plan) {}
  StudyModels(const StudyModels&) = delete;
  StudyModels& operator=(const StudyModels&) = delete;

  [[nodiscard]] StudyModel get(const StudyMember& member);
  [[nodiscard]] const StudyPlan& plan() const { return plan_; }

 private:
  const StudyPlan& plan_;
  std::mutex mutex_;
  std::map<std::size_t, std::map<std::size_t, StudyModel>> kept_;
};

/// `members`: indices into the plan's members, ascending. `done` gets each as it ends, from several threads at once;
/// when it returns false, no more are begun. Throws what is no single member's fault (E6002, E6003), and what `done`
/// throws. `stop`: set by anyone, members in flight are given up.
void run_members(StudyModels& models, const std::vector<std::size_t>& members, std::size_t threads,
                 const std::atomic<bool>* stop, const std::function<bool(std::size_t, results::CatalogueMember)>& done);

}  // namespace senoma::study
