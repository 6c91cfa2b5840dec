// Rates of the possible jumps of a Markov process, kept so that one change costs one block of 16: the sum of a block is
// a fixed tree, the total adds block by block. No drift, and exactly zero when no jump is possible. One per thread.
#pragma once

#include <cstddef>
#include <vector>

namespace senoma::network {

class RateBlocks {
 public:
  static constexpr std::size_t block = 16;

  explicit RateBlocks(std::size_t n) : rates_((n + block - 1) / block * block, 0.0), sums_(rates_.size() / block) {}

  [[nodiscard]] double operator[](std::size_t i) const { return rates_[i]; }
  /// The sums count after update_block(i / block), or update().
  void set(std::size_t i, double rate) { rates_[i] = rate; }
  void update_block(std::size_t b) { sums_[b] = sum(rates_.data() + b * block); }
  void update() {
    for (std::size_t b = 0; b < sums_.size(); ++b) update_block(b);
  }
  [[nodiscard]] double total() const {
    double all = 0.0;
    for (const double s : sums_) all += s;
    return all;
  }
  /// The jump in whose part of [0, total) `target` lies; total > 0.
  [[nodiscard]] std::size_t choose(double target) const {
    std::size_t b = 0;
    while (b + 1 < sums_.size() && target >= sums_[b]) target -= sums_[b++];
    while (b > 0 && sums_[b] == 0.0) --b;  // rounding led past the last possible jump
    std::size_t chosen = 0;
    double up_to = 0.0;
    for (std::size_t i = b * block; i < (b + 1) * block; ++i) {
      if (rates_[i] == 0.0) continue;
      chosen = i;
      up_to += rates_[i];
      if (target < up_to) break;
    }
    return chosen;
  }
  [[nodiscard]] static double sum(const double* r) {
    const double a = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
    const double b = ((r[8] + r[9]) + (r[10] + r[11])) + ((r[12] + r[13]) + (r[14] + r[15]));
    return a + b;
  }

 private:
  std::vector<double> rates_, sums_;
};

}  // namespace senoma::network
