// Persistent random motility with a bias: a cell runs straight at its speed and turns at the events of a Poisson
// process whose mean waiting time is the persistence time τ; then it takes the direction
//   n = normalised((1 − b)·random unit vector + b·preferred direction),   b = bias ∈ [0, 1], 0 without a preference
// (a velocity-jump process: Othmer, Dunbar & Alt 1988 doi 10.1007/BF00277392; the bias rule of PhysiCell). Unbiased:
//   ⟨v(0)·v(t)⟩ = v² e^(−t/τ),   mean-square displacement = 2 v² τ (t − τ (1 − e^(−t/τ))).
// The turns inside an interval are located exactly, and the drift velocity handed on is speed × the time-weighted mean
// direction, so the displacement over the interval, and with it all statistics at its ends, do not depend on dt.
//
// State per cell (all zero = not begun: the first direction is drawn at the first call; so daughters start from zeros):
//   direction (unit vector; 3 columns), `turns` (how many directions were drawn: the random ordinal), `wait` (what is
//   left of the exponential waiting time, in units of τ, so a τ that changes in time is exact when constant over each
//   interval).
// Draws are RandomStream{seed, lineage, motility_direction} at ordinal 2k (direction k) and 2k + 1 (waiting time k).
// In 2D directions lie in the plane (uniform on the circle) and z stays 0. Each cell is independent: blocks run in
// parallel.
#pragma once

#include <cstdint>
#include <span>

#include "base/parallel.h"

namespace senoma::mechanics {

struct WalkState {
  std::span<double> direction_x, direction_y, direction_z;
  std::span<double> wait;   ///< dimensionless
  std::span<double> turns;  ///< whole number
};

struct WalkInput {
  std::span<const std::uint64_t> lineage;
  std::span<const double> speed;        ///< µm/min, ≥ 0
  std::span<const double> persistence;  ///< τ, min, > 0 and not below 1e-5 dt
  std::span<const double> bias;         ///< 0…1; empty = 0
  std::span<const double> preferred_x, preferred_y,
      preferred_z;  ///< any length, zero = no preference; all empty = none
};

/// The unit vector along Σ_k weight_k·gradient_k/|gradient_k| is what a cell with several attractants prefers: adds one
/// term (a zero gradient adds nothing; a negative weight repels).
void add_preference(std::span<const double> gradient_x, std::span<const double> gradient_y,
                    std::span<const double> gradient_z, double weight, std::span<double> preferred_x,
                    std::span<double> preferred_y, std::span<double> preferred_z);

/// Advances every cell's walk by dt (min) and writes its mean velocity over dt (µm/min). A cell with speed 0 keeps
/// turning. Throws E5103 (lengths), E5105 (a parameter out of range, naming the cell's lineage id), E5102 (dt).
void walk(const WalkState& state, const WalkInput& input, std::uint64_t seed, double dt, bool two_dimensional,
          std::span<double> drift_x, std::span<double> drift_y, std::span<double> drift_z, const Executor& executor);

}  // namespace senoma::mechanics
