// Exact cut-off neighbour lists, independent of the bin size: j is a neighbour of i when |xj − xi| ≤ reach_i + reach_j
// (each cell has its own reach, e.g. 1.25·radius). Rows are ascending in the neighbours' ids. Each pair stands in both rows
// (gather, never scatter).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/parallel.h"

namespace senoma::grid {

struct Points {
  std::span<const double> x, y, z, reach;
  std::span<const std::uint64_t> id;
};

class NeighbourList {
 public:
  /// `skin` (µm) is added to each pair's cut-off, so that the list stays valid while no cell has moved more than skin/2.
  void build(const Points& points, double skin, const Executor& executor);
  [[nodiscard]] std::span<const std::uint32_t> of(std::size_t i) const {
    return {neighbours_.data() + offset_[i], neighbours_.data() + offset_[i + 1]};
  }
  [[nodiscard]] std::size_t size() const { return offset_.empty() ? 0 : offset_.size() - 1; }

 private:
  std::vector<std::uint32_t> offset_, neighbours_;
};

/// The plain O(n²) twin, for tests.
[[nodiscard]] std::vector<std::vector<std::uint32_t>> neighbours_by_definition(const Points& points, double skin);

}  // namespace senoma::grid
