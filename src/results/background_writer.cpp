#include "results/background_writer.h"

#include <utility>

namespace senoma::results {

BackgroundWriter::~BackgroundWriter() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void BackgroundWriter::run(std::function<void()> job) {
  std::unique_lock lock(mutex_);
  wait_idle(lock);
  job_ = std::move(job);
  if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
  lock.unlock();
  changed_.notify_all();
}

void BackgroundWriter::wait() {
  std::unique_lock lock(mutex_);
  wait_idle(lock);
}

void BackgroundWriter::wait_idle(std::unique_lock<std::mutex>& lock) {
  changed_.wait(lock, [this] { return !job_; });
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void BackgroundWriter::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return job_ || stop_; });
    if (!job_) return;
    lock.unlock();
    std::exception_ptr failure;
    try {
      job_();  // nobody touches it while it is not empty
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    failure_ = failure;
    job_ = nullptr;  // with what it holds
    changed_.notify_all();
  }
}

}  // namespace senoma::results
