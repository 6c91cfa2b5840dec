// The order of points along a Z-shaped space-filling curve through the voxels (Morton 1966), so that cells near each
// other in space are near each other in memory. Points outside count as in the nearest voxel. A key has 10 bits per
// axis (16 in 2D); larger grids share keys, which makes the order coarser, nothing worse. Cost: about 10 ns a point for
// the keys, 15 ns for the order. Re-entrant; the result does not depend on the threads.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/parallel.h"
#include "grid/geometry.h"

namespace senoma::grid {

[[nodiscard]] std::vector<std::uint32_t> curve_keys(const Geometry& geometry, std::span<const double> x,
                                                    std::span<const double> y, std::span<const double> z,
                                                    const Executor& executor);

/// How often a key is smaller than the one before: 0 for points in order, about half of them without any.
[[nodiscard]] std::size_t descents(std::span<const std::uint32_t> keys);

/// Indices by ascending key; equal keys stay in the order they have.
[[nodiscard]] std::vector<std::uint32_t> order_by_key(std::span<const std::uint32_t> keys);

}  // namespace senoma::grid
