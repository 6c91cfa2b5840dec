// Internal to the room: one evaluation of the velocities from packed bodies, used by `velocities` and twice per
// sub-step by `move`. Pairs are gathered into a buffer, their terms computed with vectors, and then added row by row in
// list order, so the sum has the bits of the plain loop. See pair_forces.h for the equations; lengths µm, times min.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/aligned.h"
#include "base/parallel.h"
#include "grid/neighbours.h"

namespace senoma::mechanics {

struct Bodies;

/// What a neighbour needs to know of a body: one cache line.
struct alignas(64) PackedBody {
  double x, y, z;
  double radius;
  double root_repulsion, root_adhesion;  ///< √c, so that a pair's c is a product
};

struct PairLaw {
  double adhesion_range;
  bool two_dimensional;
  std::array<double, 3> period;
};

/// Where the results go: velocities of n cells, and pressure when not empty.
struct VelocityColumns {
  std::span<double> vx, vy, vz, pressure;
};

struct Maxima {
  double speed = 0.0;      ///< max |v|, µm/min; NaN-free for finite input
  double stiffness = 0.0;  ///< max over cells of the sum of its pairs' contracting stiffness, 1/min
};

/// Radii and strengths, and the positions (z = 0 in 2D).
void pack(const Bodies& bodies, bool two_dimensional, Column<PackedBody>& packed, const Executor& executor);

/// One evaluation at the packed positions; only id, drift and movable are read from `bodies`.
Maxima evaluate(const Column<PackedBody>& packed, const Bodies& bodies, const grid::NeighbourList& neighbours,
                const PairLaw& law, const VelocityColumns& out, const Executor& executor);

/// The unit vector along which cell `id` leaves cell `other` when their centres coincide; the other's is the opposite.
[[nodiscard]] std::array<double, 3> parting_direction(std::uint64_t id, std::uint64_t other, bool two_dimensional);

/// Σ (1 − d/(R_i+R_j))² of the reference packing: 12 (3D) or 6 (2D) neighbours at d = 2R·√(π/(2√3)).
[[nodiscard]] double reference_overlap(bool two_dimensional);

}  // namespace senoma::mechanics
