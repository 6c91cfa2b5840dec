// The random numbers of one trajectory of a Markov jump process: jump k has a waiting time (exponential, mean 1) and a
// choice (uniform in (0,1)), which depend on (seed, trajectory, k) only. Made in batches, with vector instructions; the
// bits are those of RandomStream::exponential(k) and RandomStream::uniform(k, 1). One object per thread.
#pragma once

#include <array>
#include <cstdint>

#include "base/philox.h"

namespace senoma::network {

class TrajectoryDraws {
 public:
  /// `waiting`: whether waiting times are needed; without, `waiting()` must not be called.
  explicit TrajectoryDraws(bool waiting) : with_waiting_(waiting) {}

  void start(std::uint64_t seed, std::uint64_t trajectory) {
    stream_ = {seed, trajectory, Stream::network_jump};
    next_ordinal_ = 0;
    at_ = filled_ = 0;
  }
  /// Moves on to the next jump.
  void next() {
    if (++at_ >= filled_) fill();
  }
  [[nodiscard]] double waiting() const { return waiting_[at_]; }
  [[nodiscard]] double choice() const { return choice_[at_]; }

  /// A uniform number for something before the first jump: a set of its own, which jumps do not reach.
  [[nodiscard]] double initial(std::uint64_t item) const { return stream_.uniform((1ULL << 63) + item); }

 private:
  static constexpr std::size_t batch = 16;
  void fill();

  bool with_waiting_;
  RandomStream stream_;
  std::uint64_t next_ordinal_ = 0;
  std::size_t at_ = 0, filled_ = 0;
  alignas(64) std::array<double, batch> waiting_{}, choice_{};
};

}  // namespace senoma::network
