#include "study/study_queue.h"

#include <tuple>

namespace senoma::study {

std::vector<std::vector<std::size_t>> by_beginning(const StudyPlan& plan, const std::vector<std::size_t>& members) {
  std::vector<std::vector<std::size_t>> groups;
  std::map<std::tuple<std::size_t, std::size_t, std::uint64_t>, std::size_t> shared;
  for (const std::size_t k : members) {
    const StudyMember& m = plan.members[k];
    if (plan.forks(m)) {
      const auto [at, fresh] = shared.emplace(std::tuple{m.fidelity, m.context, m.seed}, groups.size());
      if (!fresh) {
        groups[at->second].push_back(k);
        continue;
      }
    }
    groups.push_back({k});
  }
  return groups;
}

StudyQueue::StudyQueue(const StudyPlan& plan, const std::vector<std::size_t>& missing) {
  for (auto& members : by_beginning(plan, missing)) {
    if (!plan.forks(plan.members[members.front()])) {
      ready_.push_back({nullptr, false, members.front()});
      continue;
    }
    waiting_.push_back(std::make_shared<Group>());
    waiting_.back()->members = std::move(members);
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
