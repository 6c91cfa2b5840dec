// The size of a cluster of cells as one reads it under a microscope: the mean caliper (Feret) diameter of its outline,
//   d = mean over directions u of [ max_i (x_i·u + r_i) − min_i (x_i·u − r_i) ],
// the distance between two parallel tangents, averaged over fixed directions: 12 in 2D (every 15°), in 3D the 13 axes
// of a cube (3 faces, 6 edges, 4 corners). It needs no centre; for a sphere it is the diameter. Lengths µm. Maxima do
// not depend on the order of cells. Serial; about 15 ns per cell and direction.
#pragma once

#include <cstdint>
#include <span>

#include "state/cells.h"

namespace senoma::engine {

/// 0 without cells. Domains are taken as they are: a cluster that crosses a periodic border is not joined.
[[nodiscard]] double mean_caliper_diameter(const state::CellTable& cells, std::span<const std::uint32_t> selected,
                                           bool two_dimensional);

}  // namespace senoma::engine
