// Centre-based cell mechanics, overdamped: a cell's velocity is the sum over its neighbours of
//   repulsion  c_r (1 − d/(R_i + R_j))²  for d < R_i + R_j,  away from the neighbour, and
//   adhesion   c_a (1 − d/S)²            for d < S = α(R_i + R_j), toward it,
// with c_r = √(c_r,i c_r,j), c_a = √(c_a,i c_a,j) in µm/min (Macklin 2012 doi 10.1016/j.jtbi.2012.02.002; the potentials of
// PhysiCell, Ghaffarizadeh 2018), plus the cell's own motility velocity. Sums run in ascending neighbour id.
// "simple pressure" is Σ (1 − d/(R_i+R_j))² over overlapping neighbours divided by the value for 12 (3D) or 6 (2D)
// neighbours at d = 2R·√(π/(2√3)) (dimensionless, 1 = hexagonal close packing).
#pragma once

#include <cstddef>
#include <span>

#include "base/parallel.h"
#include "grid/geometry.h"
#include "grid/neighbours.h"

namespace senoma::mechanics {

struct Bodies {
  std::span<double> x, y, z;                        ///< µm, updated
  std::span<const double> radius;                   ///< µm
  std::span<const double> repulsion, adhesion;      ///< µm/min
  std::span<const double> drift_x, drift_y, drift_z;  ///< own velocity (motility), µm/min
  std::span<const unsigned char> movable;           ///< 0 = fixed in place; empty = all movable
  std::span<const std::uint64_t> id;
};

enum class EdgeRule { reflect, periodic, open };

struct MotionOptions {
  double adhesion_range = 1.25;      ///< α
  double max_displacement = 1.0;     ///< µm a cell may move in one sub-step
  double max_substep = 1.0;          ///< min; a guard for stability (explicit midpoint)
  EdgeRule edge = EdgeRule::reflect;
};

struct MotionReport {
  int substeps = 0;
  int neighbour_builds = 0;
};

/// Velocities at the present positions into vx, vy, vz (and simple pressure when `pressure` is not empty).
void velocities(const Bodies& bodies, const grid::NeighbourList& neighbours, double adhesion_range, bool two_dimensional,
                std::span<double> vx, std::span<double> vy, std::span<double> vz, std::span<double> pressure, const Executor& executor);

/// Moves the bodies over dt (min) with sub-steps bounded by displacement (Heun, second order), rebuilding the neighbour list when a
/// body moved more than half the skin. `neighbours` is valid for the final positions on return. `pressure` (may be empty) is for the final positions.
MotionReport move(const Bodies& bodies, const grid::Geometry& domain, double dt, const MotionOptions& options,
                  grid::NeighbourList& neighbours, std::span<double> pressure, const Executor& executor);

}  // namespace senoma::mechanics
