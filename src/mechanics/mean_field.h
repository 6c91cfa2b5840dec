// Crowding and contact without positions: what the pair forces (pair_forces.h) and the neighbour lists give on average
// for cells that are spread evenly over an area A (2D, discs) or a volume V (3D, spheres).
//
//   pressure  The cells fill the fraction φ = Σ πR²/A or Σ 4πR³/3/V. Equal cells on the densest lattice touch at
//             φ_t = π/(2√3) (2D) or π/(3√2) (3D); beyond it their distance is 2R (φ_t/φ)^(1/dimension), so that the
//             simple pressure of pair_forces.h is
//               p = ((1 − (φ_t/φ)^(1/dimension)) / (1 − √(π/(2√3))))²      for φ > φ_t, else 0:
//             1 at φ = 1 in 2D, as its definition says of hexagonal close packing. All cells have the same.
//   contact   A cell i and a cell j somewhere in the domain touch with the chance that the one's centre lies within
//             α(R_i + R_j) of the other's: π α²(R_i + R_j)²/A or 4π/3 α³(R_i + R_j)³/V. Equal discs at φ_t with
//             α = 1.25 have 5.7 neighbours by this (lattice: 6), equal spheres 11.6 (12).
// Lengths µm. Thread statement: pure functions.
#pragma once

#include "grid/geometry.h"

namespace senoma::mechanics {

/// The domain's area (2D, µm²) or volume (3D, µm³).
[[nodiscard]] double measure_of(const grid::Geometry& domain);

/// The area (2D) or volume (3D) of a cell of this radius.
[[nodiscard]] double measure_of_cell(double radius, bool two_dimensional);

/// Simple pressure of cells that fill this fraction of the domain.
[[nodiscard]] double packed_pressure(double fraction, bool two_dimensional);

/// The chance that two cells touch, whose radii times the range of contact are `reach_i` and `reach_j`.
[[nodiscard]] double touching_chance(double reach_i, double reach_j, double measure, bool two_dimensional);

}  // namespace senoma::mechanics
