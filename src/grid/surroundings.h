// The voxels around a tissue: those that hold no cell and connect to a face of the box through voxels that hold none (6
// neighbours, 4 in 2D). A cavity inside the tissue is not among them. One flood fill, a few nanoseconds per voxel;
// serial; the result is a set in ascending order, so it depends on nothing but which voxels are occupied.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "grid/geometry.h"

namespace senoma::grid {

/// `occupied`: voxels that hold a cell. In 2D the z faces do not count.
[[nodiscard]] std::vector<std::uint32_t> surroundings(const Geometry& geometry,
                                                      std::span<const std::uint32_t> occupied);

}  // namespace senoma::grid
