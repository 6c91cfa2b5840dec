#include "grid/binning.h"

#include <algorithm>

namespace senoma::grid {

void Binning::build(const Geometry& geometry, std::span<const double> x, std::span<const double> y,
                    std::span<const double> z, std::span<const std::uint64_t> id) {
  const std::size_t n_cells = x.size();
  const std::size_t n_voxels = geometry.size();
  voxel_.resize(n_cells);
  cells_.resize(n_cells);
  offset_.assign(n_voxels + 1, 0);
  for (std::size_t i = 0; i < n_cells; ++i) {
    voxel_[i] = static_cast<std::uint32_t>(geometry.voxel_of(x[i], y[i], z[i]));
    ++offset_[voxel_[i] + 1];
  }
  occupied_.clear();
  for (std::size_t v = 0; v < n_voxels; ++v) {
    if (offset_[v + 1] > 0) occupied_.push_back(static_cast<std::uint32_t>(v));
    offset_[v + 1] += offset_[v];
  }
  // offset_[v] serves as the write position of voxel v; afterwards it stands at the start of v + 1 and is shifted back.
  for (std::size_t i = 0; i < n_cells; ++i) cells_[offset_[voxel_[i]]++] = static_cast<std::uint32_t>(i);
  for (std::size_t v = n_voxels; v > 0; --v) offset_[v] = offset_[v - 1];
  offset_[0] = 0;
  for (const std::uint32_t v : occupied_) {
    std::sort(cells_.begin() + offset_[v], cells_.begin() + offset_[v + 1],
              [&](std::uint32_t a, std::uint32_t b) { return id[a] < id[b]; });
  }
}

}  // namespace senoma::grid
