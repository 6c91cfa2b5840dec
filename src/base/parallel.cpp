#include "base/parallel.h"

#include <algorithm>
#include <exception>

#include "base/processors.h"

#ifdef SENOMA_STD_THREADS
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#else
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#endif

namespace senoma {

namespace {

Block nth_block(std::size_t n, std::size_t block_size, std::size_t i) {
  return {i * block_size, std::min(n, (i + 1) * block_size), i};
}

void rethrow_first(const std::vector<std::exception_ptr>& errors) {
  for (const auto& error : errors) {
    if (error) std::rethrow_exception(error);
  }
}

}  // namespace

#ifdef SENOMA_STD_THREADS

// Workers wait for a numbered job and take blocks from a shared counter.
struct Executor::Backend {
  std::mutex mutex;
  std::condition_variable start, finished;
  std::vector<std::thread> workers;
  std::function<void(std::size_t)> job;
  std::size_t n_blocks = 0, round = 0;
  std::atomic<std::size_t> next{0};
  int busy = 0;
  bool stop = false;

  explicit Backend(int threads) {
    for (int i = 1; i < threads; ++i) workers.emplace_back([this] { work(); });
  }
  ~Backend() {
    {
      const std::lock_guard lock(mutex);
      stop = true;
    }
    start.notify_all();
    for (auto& worker : workers) worker.join();
  }
  void drain() {
    for (std::size_t i = next.fetch_add(1); i < n_blocks; i = next.fetch_add(1)) job(i);
  }
  void work() {
    std::size_t seen = 0;
    std::unique_lock lock(mutex);
    while (true) {
      start.wait(lock, [&] { return stop || round != seen; });
      if (stop) return;
      seen = round;
      lock.unlock();
      drain();
      lock.lock();
      if (--busy == 0) finished.notify_one();
    }
  }
  void run(std::size_t blocks, std::function<void(std::size_t)> body) {
    {
      const std::lock_guard lock(mutex);
      job = std::move(body);
      n_blocks = blocks;
      next = 0;
      busy = static_cast<int>(workers.size());
      ++round;
    }
    start.notify_all();
    drain();
    std::unique_lock lock(mutex);
    finished.wait(lock, [&] { return busy == 0; });
  }
};

#else

struct Executor::Backend {
  // Without this TBB starts no more workers than processors and says so on stderr; asked for 4 threads, we run 4.
  tbb::global_control limit;
  tbb::task_arena arena;
  explicit Backend(int threads)
      : limit(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads)), arena(threads) {}
  void run(std::size_t blocks, const std::function<void(std::size_t)>& body) {
    arena.execute([&] { tbb::parallel_for(std::size_t{0}, blocks, body); });
  }
};

#endif

Executor::Executor(int threads)
    : threads_(std::max(1, threads)), backend_(threads > 1 ? std::make_unique<Backend>(threads) : nullptr) {}
Executor::~Executor() = default;
Executor::Executor(Executor&&) noexcept = default;
Executor& Executor::operator=(Executor&&) noexcept = default;

void Executor::for_blocks(std::size_t n, std::size_t block_size, const std::function<void(Block)>& body) const {
  const std::size_t blocks = block_count(n, block_size);
  if (!backend_ || blocks <= 1) {
    for (std::size_t i = 0; i < blocks; ++i) body(nth_block(n, block_size, i));
    return;
  }
  std::vector<std::exception_ptr> errors(blocks);
  backend_->run(blocks, [&](std::size_t i) {
    try {
      body(nth_block(n, block_size, i));
    } catch (...) {
      errors[i] = std::current_exception();
    }
  });
  rethrow_first(errors);
}

double Executor::sum_blocks(std::size_t n, std::size_t block_size, const std::function<double(Block)>& body) const {
  std::vector<double> partial(block_count(n, block_size), 0.0);
  for_blocks(n, block_size, [&](Block b) { partial[b.index] = body(b); });
  double sum = 0.0;
  for (const double p : partial) sum += p;
  return sum;
}

int available_processors() { return usable_processors().usable; }

}  // namespace senoma
