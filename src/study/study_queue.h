// Which member a worker takes next. Without a fork every member is ready at once, in the order of the plan. With one,
// the members of a (fidelity, context, seed) become ready when their shared beginning has been grown; ready members go
// before further beginnings, so few states are in memory.
// Thread statement: every function may be called by any thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "study/study_member.h"
#include "study/study_plan.h"

namespace senoma::study {

/// Members (indices into the plan's, ascending) by what they start from: those that fork from one shared beginning
/// together, all others alone.
[[nodiscard]] std::vector<std::vector<std::size_t>> by_beginning(const StudyPlan& plan,
                                                                 const std::vector<std::size_t>& members);

class StudyQueue {
 public:
  /// What the members of one (fidelity, context, seed) share.
  struct Group {
    std::vector<std::size_t> members;  ///< of the plan, that fork from it
    std::shared_ptr<const StudyPrefix> prefix;
    std::string error;  ///< why there is no prefix
  };
  struct Task {
    std::shared_ptr<Group> group;  ///< none: the member starts from the beginning
    bool grow = false;             ///< grow the group's prefix, then call grown()
    std::size_t member = 0;
  };

  /// `missing`: indices into the plan's members, ascending.
  StudyQueue(const StudyPlan& plan, const std::vector<std::size_t>& missing);

  /// Waits while others may still make members ready; nothing when all is taken or abandoned.
  [[nodiscard]] std::optional<Task> take();
  /// The group has its prefix, or an error.
  void grown(const std::shared_ptr<Group>& group);
  /// No more tasks for anyone.
  void abandon();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> ready_;
  std::deque<std::shared_ptr<Group>> waiting_;
  std::size_t growing_ = 0;
  bool abandoned_ = false;
};

}  // namespace senoma::study
