// Where the cells of an initial pattern stand: packed discs, spheres and rectangles, grids, random places, tables.
// Lengths µm. In 2D all centres lie in the mid-plane. Sites outside a closed domain are left out (a table's are
// refused).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/description.h"

namespace senoma::engine {

/// `spacing` is the distance between neighbours; `stream_id` keys the random places. Throws E5005 when the pattern
/// cannot hold the count asked for, or a table's cell lies outside.
[[nodiscard]] std::vector<std::array<double, 3>> initial_sites(const InitialCells& pattern, const CellType& type,
                                                               const Domain& domain, double spacing, std::uint64_t seed,
                                                               std::uint64_t stream_id);

}  // namespace senoma::engine
