// How much of each time window trajectories spend in each of several items (states, or nodes that are on): sums and
// sums of squares of the fractions over trajectories, one trajectory after the other. Fractions are kept as whole
// multiples of 2^-31, so that sums have the same bits in any order; a stay of many whole windows costs two additions.
//
// Time is in windows: window k is [k, k+1). One object per thread; merge() adds another one's sums.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace senoma::network {

class Occupancy {
 public:
  explicit Occupancy(std::size_t windows) : stride_(windows + 1) {}

  /// Adds an item and returns its number.
  std::size_t add_item();
  [[nodiscard]] std::size_t items() const { return pending_.size(); }
  [[nodiscard]] static std::size_t bytes_per_item(std::size_t windows) { return (windows + 1) * sizeof(Cell); }

  /// The trajectory is in the item from time a in window ka to time b ≥ a in window kb; times rise from call to call.
  void stay(std::size_t item, double a, std::uint32_t ka, double b, std::uint32_t kb) {
    if (ka == kb) {
      pend(item, ka, b - a);
      return;
    }
    const bool whole = a == static_cast<double>(ka);
    if (!whole) pend(item, ka, static_cast<double>(ka + 1) - a);
    cell(item, ka + (whole ? 0 : 1)).change += 1;
    cell(item, kb).change -= 1;
    if (b > static_cast<double>(kb)) pend(item, kb, b - static_cast<double>(kb));
  }
  void end_trajectory();

  /// Adds item `from` of the other to item `to` of this one.
  void merge(std::size_t to, const Occupancy& other, std::size_t from);

  /// Mean over n trajectories of the fraction of window k, and its standard error; `width` ≤ 1 is that of the window.
  struct Estimate {
    double mean, error;
  };
  [[nodiscard]] std::vector<Estimate> estimates(std::size_t item, std::uint64_t n, double last_width) const;

 private:
  struct Cell {
    std::int64_t change = 0;  // in the number of trajectories that spend the whole window, against the window before
    std::uint64_t sum = 0, square = 0;
  };
  struct Pending {
    std::uint32_t window = none;
    double fraction = 0.0;
  };
  static constexpr std::uint32_t none = 0xFFFFFFFFU;
  static constexpr double unit = 0x1.0p31;

  Cell& cell(std::size_t item, std::size_t window) { return cells_[item * stride_ + window]; }
  void pend(std::size_t item, std::uint32_t window, double fraction) {
    Pending& p = pending_[item];
    if (p.window == window) {
      p.fraction += fraction;
      return;
    }
    if (p.window == none) {
      touched_.push_back(item);
    } else {
      flush(item, p);
    }
    p = {window, fraction};
  }
  void flush(std::size_t item, const Pending& p) {
    const auto q = static_cast<std::uint64_t>(static_cast<std::int64_t>(p.fraction * unit + 0.5));
    Cell& c = cell(item, p.window);
    c.sum += q;
    c.square += q * q >> 31;
  }

  std::size_t stride_;
  std::vector<Cell> cells_;
  std::vector<Pending> pending_;
  std::vector<std::size_t> touched_;
};

}  // namespace senoma::network
