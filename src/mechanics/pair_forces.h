// Centre-based cell mechanics, overdamped: a cell's velocity is the sum over its neighbours of
//   repulsion  c_r (1 − d/(R_i + R_j))²  for d < R_i + R_j,  away from the neighbour, and
//   adhesion   c_a (1 − d/S)²            for d < S = α(R_i + R_j), toward it,
// with c_r = √(c_r,i c_r,j), c_a = √(c_a,i c_a,j) in µm/min (Macklin 2012 doi 10.1016/j.jtbi.2012.02.002; the
// potentials of PhysiCell, Ghaffarizadeh 2018 doi 10.1371/journal.pcbi.1005991), plus the cell's own motility velocity.
// Sums run in ascending neighbour id. Two centres at the same place separate along a direction that depends on their
// two ids only. "simple pressure" is Σ (1 − d/(R_i+R_j))² over overlapping neighbours divided by the value for 12 (3D)
// or 6 (2D) neighbours at d = 2R·√(π/(2√3)) (dimensionless, 1 = hexagonal close packing).
//
// Cost: about 0.1 µs per cell and evaluation at 12 neighbours on one core; `velocities` works in 48
// bytes per cell, `move` in 110. Both
// functions run blocks of cells in parallel; a cell's bits depend neither on the threads nor on the order of the
// columns. They write only what they are given and keep no state.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/parallel.h"
#include "grid/geometry.h"
#include "grid/neighbours.h"

namespace senoma::mechanics {

struct Bodies {
  std::span<double> x, y, z;                          ///< µm, updated
  std::span<const double> radius;                     ///< µm, ≥ 0
  std::span<const double> repulsion, adhesion;        ///< µm/min, ≥ 0
  std::span<const double> drift_x, drift_y, drift_z;  ///< own velocity (motility), µm/min; all empty = none
  std::span<const unsigned char> movable;             ///< 0 = fixed in place; empty = all movable
  std::span<const std::uint64_t> id;                  ///< unique
};

/// What happens to a movable centre at the domain's faces. `reflect`: it cannot cross, stops at the face and slides
/// along it (the limit of ever shorter mirrored steps, without their jitter). `periodic`: it re-enters at the opposite
/// face, and pairs act across it. `open`: nothing. `absorb`: nothing here; whoever owns the cells removes those whose
/// centres lie outside afterwards. In 2D the z axis is left alone.
enum class EdgeRule { reflect, periodic, open, absorb };

struct MotionOptions {
  double adhesion_range = 1.0;    ///< α ≥ 1
  double max_displacement = 1.0;  ///< µm a cell may move in one sub-step
  double max_substep = 60.0;      ///< min
  double tolerance = 0.01;        ///< µm, of the estimated error of one sub-step, in any cell
  EdgeRule edge = EdgeRule::reflect;
};

struct MotionReport {
  int substeps = 0;
  int rejected_substeps = 0;  ///< tried too long: error or displacement came out too large
  int evaluations = 0;        ///< of all velocities
  int neighbour_builds = 0;
  double shortest_substep = 0.0;  ///< min
};

/// Velocities (µm/min) at the present positions into vx, vy, vz (and simple pressure when `pressure` is not empty).
/// `neighbours` must hold at least the pairs with d < α(R_i + R_j). In 2D the positions' z is ignored and vz = 0.
/// `period` (µm, 0 = none) is the domain's extent along periodic axes. Throws E5102, E5103; input is not checked for
/// NaN (move does).
void velocities(const Bodies& bodies, const grid::NeighbourList& neighbours, double adhesion_range,
                bool two_dimensional, std::span<double> vx, std::span<double> vy, std::span<double> vz,
                std::span<double> pressure, const Executor& executor,
                const std::array<double, 3>& period = {0.0, 0.0, 0.0});

/// Moves the bodies over dt (min) with RKC2, a stabilised explicit scheme of second order (chebyshev.h) whose number of
/// stages follows the pairs' stiffness, bounded by Gershgorin's theorem: h·2 max_i Σ_j k_ij ≤ 0.653 (s² − 1). A
/// sub-step h keeps h·max|v| ≤ max_displacement and h ≤ max_substep, and its estimated error stays below `tolerance`;
/// where forces have kinks (cells that collapse onto each other) no error makes h·max_i Σ_j k_ij smaller than 1/2. Each
/// body has its own skin in the neighbour list, by how far it will move; the list of an earlier call is taken again
/// while it still holds every pair within reach, which changes no bit. On return `neighbours` holds at least the pairs
/// within α(R_i + R_j) at the final positions (with a skin: test the distance), and `pressure` (may be empty) is for
/// the final positions. Throws E5101 to E5104; positions are then unspecified.
MotionReport move(const Bodies& bodies, const grid::Geometry& domain, double dt, const MotionOptions& options,
                  grid::NeighbourList& neighbours, std::span<double> pressure, const Executor& executor);

/// The plain O(n²) twin of `velocities` (no vectors, no lists), for tests.
void velocities_by_definition(const Bodies& bodies, double adhesion_range, bool two_dimensional, std::span<double> vx,
                              std::span<double> vy, std::span<double> vz, std::span<double> pressure,
                              const std::array<double, 3>& period = {0.0, 0.0, 0.0});

}  // namespace senoma::mechanics
