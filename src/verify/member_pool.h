// Members of several experiments in one pool of threads, each simulated once whoever needs it: a member is known by the
// hash of its model (and donor) and its seed, and lies in FOLDER/<hash>/seed-<n>. A recipient waits for its donor.
// Members that are finished already are left as they are; interrupted ones go on. Thread statement: add() and run()
// from one thread; `settle` and `progress` come from workers, one at a time, with the pool at rest for them.
#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "study/experiment.h"

namespace senoma::verify {

class MemberPool {
 public:
  explicit MemberPool(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// The member of an arm for its s-th seed, and its donor's if it has one; the index of one that is there already. The
  /// arm must outlive the pool.
  std::size_t add(const study::ArmRun& arm, std::size_t s, std::uint64_t seed, const std::string& label);

  struct RunOptions {
    int threads = 1;
    const std::atomic<bool>* stop = nullptr;
    std::function<void()> settle;  ///< after each member
    std::function<void(std::size_t done, std::size_t all, const std::string& begins)> progress;
  };
  /// Until all members are over, or the stop flag is set. What fails is kept in failure().
  void run(const RunOptions& options);

  [[nodiscard]] bool is_over(std::size_t member) const { return members_[member].state >= State::finished; }
  [[nodiscard]] const std::string& failure(std::size_t member) const { return members_[member].failure; }
  [[nodiscard]] const std::filesystem::path& folder(std::size_t member) const { return members_[member].folder; }
  [[nodiscard]] double seconds(std::size_t member) const { return members_[member].seconds; }
  [[nodiscard]] std::optional<std::size_t> donor_of(std::size_t member) const { return members_[member].donor; }

 private:
  enum class State { waiting, running, finished, failed };
  struct Member {
    const study::ArmRun* arm = nullptr;
    std::uint64_t seed = 0;
    std::string hash, medium_hash, label;
    bool is_donor = false;
    std::optional<std::size_t> donor;
    std::filesystem::path folder;
    State state = State::waiting;
    std::string failure;
    double seconds = 0;
    std::map<std::string, double> final_medium;
  };

  std::size_t add_one(Member member);
  void work(const RunOptions& options);
  [[nodiscard]] std::optional<std::size_t> next() const;
  [[nodiscard]] study::MemberResult simulate(const Member& member, const RunOptions& options) const;

  std::filesystem::path folder_;
  std::vector<Member> members_;
  std::map<std::string, std::size_t> index_;  ///< folder → member
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t n_running_ = 0;
};

}  // namespace senoma::verify
