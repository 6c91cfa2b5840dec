// Which cells lie in which voxel, as compressed rows: cells_of(v) are the indices of the cells in voxel v, in
// ascending order of their id, so that sums over them have a fixed order whatever the order of the columns.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "grid/geometry.h"

namespace senoma::grid {

class Binning {
 public:
  void build(const Geometry& geometry, std::span<const double> x, std::span<const double> y, std::span<const double> z,
             std::span<const std::uint64_t> id);
  [[nodiscard]] std::span<const std::uint32_t> cells_of(std::size_t voxel) const {
    return {cells_.data() + offset_[voxel], cells_.data() + offset_[voxel + 1]};
  }
  [[nodiscard]] std::span<const std::uint32_t> voxel_of_cell() const { return voxel_; }
  /// Voxels that hold at least one cell, ascending.
  [[nodiscard]] std::span<const std::uint32_t> occupied() const { return occupied_; }

 private:
  std::vector<std::uint32_t> offset_, cells_, voxel_, occupied_;
};

}  // namespace senoma::grid
