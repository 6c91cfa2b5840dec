// Internal to the room: one evaluation of the velocities from packed bodies, used by `velocities` and by the
// stages of `move`. Pairs are gathered into a buffer, their terms computed with vectors, and then added row by row in
// list order, so the sum has the bits of the plain loop. See pair_forces.h for the equations; lengths µm, times min.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>

#include "base/aligned.h"
#include "base/parallel.h"
#include "grid/neighbours.h"

namespace senoma::mechanics {

struct Bodies;

/// What a neighbour needs to know of a body, side by side.
struct alignas(16) PackedBody {
  double x, y, z;
  double radius;
  double root_repulsion, root_adhesion;  ///< √c, so that a pair's c is a product
};

struct PairLaw {
  double adhesion_range;
  bool two_dimensional;
  std::array<double, 3> period;
};

/// What one evaluation gives for one cell.
struct CellSum {
  double x = 0.0, y = 0.0, z = 0.0;  ///< velocity, µm/min: pairs and drift; 0 for a cell fixed in place
  double pressure = 0.0;             ///< 1
  double stiffness = 0.0;            ///< sum of its pairs' contracting stiffness, 1/min
};

/// Takes the results of the cells [block.begin, block.end); blocks run concurrently.
using TakeSums = std::function<void(Block, std::span<const CellSum>)>;

/// Radii and strengths, and the positions (z = 0 in 2D).
void pack(const Bodies& bodies, bool two_dimensional, Column<PackedBody>& packed, const Executor& executor);

/// One evaluation at the packed positions; only id, drift and movable are read from `bodies`.
void evaluate(const Column<PackedBody>& packed, const Bodies& bodies, const grid::NeighbourList& neighbours,
              const PairLaw& law, const Executor& executor, const TakeSums& take);

/// The unit vector along which cell `id` leaves cell `other` when their centres coincide; the other's is the opposite.
[[nodiscard]] std::array<double, 3> parting_direction(std::uint64_t id, std::uint64_t other, bool two_dimensional);

/// Σ (1 − d/(R_i+R_j))² of the reference packing: 12 (3D) or 6 (2D) neighbours at d = 2R·√(π/(2√3)).
[[nodiscard]] double reference_overlap(bool two_dimensional);

}  // namespace senoma::mechanics
