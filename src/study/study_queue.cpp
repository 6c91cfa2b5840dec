#include "study/study_queue.h"

#include <tuple>

namespace senoma::study {

StudyQueue::StudyQueue(const StudyPlan& plan, const std::vector<std::size_t>& missing) {
  std::map<std::tuple<std::size_t, std::size_t, std::uint64_t>, std::shared_ptr<Group>> groups;
  for (const std::size_t k : missing) {
    const StudyMember& m = plan.members[k];
    if (!plan.forks(m)) {
      ready_.push_back({nullptr, false, k});
      continue;
    }
    auto& group = groups[{m.fidelity, m.context, m.seed}];
    if (!group) {
      group = std::make_shared<Group>();
      waiting_.push_back(group);
    }
    group->members.push_back(k);
  }
}

std::optional<StudyQueue::Task> StudyQueue::take() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (abandoned_) return std::nullopt;
    if (!ready_.empty()) {
      Task task = std::move(ready_.front());
      ready_.pop_front();
      return task;
    }
    if (!waiting_.empty()) {
      Task task{waiting_.front(), true, waiting_.front()->members.front()};
      waiting_.pop_front();
      ++growing_;
      return task;
    }
    if (growing_ == 0) return std::nullopt;
    changed_.wait(lock);
  }
}

void StudyQueue::grown(const std::shared_ptr<Group>& group) {
  const std::lock_guard lock(mutex_);
  --growing_;
  for (const std::size_t k : group->members) ready_.push_back({group, false, k});
  changed_.notify_all();
}

void StudyQueue::abandon() {
  const std::lock_guard lock(mutex_);
  abandoned_ = true;
  changed_.notify_all();
}

}  // namespace senoma::study
