// One thread that writes while the simulation goes on: jobs run one after the other, in the order they came, and at
// most one waits or runs, so no more than one copy of the state is in memory. What a job throws is thrown by the next
// run() or wait(). Nothing is lost at a normal end: wait() before the results are read; the destructor waits too, and
// drops an error. A process killed in the middle leaves what any kill leaves (files.h). Thread statement: run() and
// wait() from one thread; a job owns what it was given.
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

namespace senoma::results {

class BackgroundWriter {
 public:
  BackgroundWriter() = default;
  ~BackgroundWriter();
  BackgroundWriter(const BackgroundWriter&) = delete;
  BackgroundWriter& operator=(const BackgroundWriter&) = delete;

  /// Waits until the job before has ended, then starts this one.
  void run(std::function<void()> job);
  /// Until nothing is left to write.
  void wait();

 private:
  void work();
  void wait_idle(std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::function<void()> job_;  ///< empty: idle
  std::exception_ptr failure_;
  bool stop_ = false;
  std::thread thread_;  ///< started with the first job
};

}  // namespace senoma::results
