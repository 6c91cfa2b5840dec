// Parallel loops with a fixed decomposition. The block boundaries depend only on n and the block size, never on the
// number of threads; a body writes only what belongs to its own block. Sums are made per block and then added in
// block order, so the result has the same bits for any thread count.
//
// Thread contract: an Executor may be used from one thread at a time; bodies run concurrently and must not throw
// across blocks they share (the first exception, by block order, is rethrown after all blocks ended).
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace senoma {

struct Block {
  std::size_t begin = 0, end = 0, index = 0;
};

class Executor {
 public:
  /// `threads` ≥ 1. Nothing is started for 1.
  explicit Executor(int threads = 1);
  ~Executor();
  Executor(Executor&&) noexcept;
  Executor& operator=(Executor&&) noexcept;

  [[nodiscard]] int threads() const { return threads_; }

  /// Calls body once for each block of `block_size` indices of [0, n).
  void for_blocks(std::size_t n, std::size_t block_size, const std::function<void(Block)>& body) const;

  /// Sum of body(block) over blocks, added in block order.
  double sum_blocks(std::size_t n, std::size_t block_size, const std::function<double(Block)>& body) const;

 private:
  struct Backend;
  int threads_;
  std::unique_ptr<Backend> backend_;
};

[[nodiscard]] inline std::size_t block_count(std::size_t n, std::size_t block_size) {
  return (n + block_size - 1) / block_size;
}

/// The processors this process may use: the smaller of its affinity mask and its cgroup quota, at least 1.
[[nodiscard]] int available_processors();

}  // namespace senoma
