// The amounts of one step, from the time-averaged field that the solver itself used: every term is linear in it, so the
// ledger is exact for the scheme and closes to round-off. Natural order throughout.
#pragma once

#include <span>

#include "field/implicit_system.h"
#include "field/reaction_diffusion.h"

namespace senoma::field {

[[nodiscard]] double content(const grid::Geometry& geometry, std::span<const double> rho, const ImplicitSystem& system);

/// `rho` already holds the field after the step; free voxels are corrected by round-off (relative to |rho|) so that the
/// content agrees with the exchanged amounts. `before_in_fixed` is Σ ρ over fixed voxels before the step; `saturated`
/// the step's mean saturable uptake per voxel [C/min], may be empty.
[[nodiscard]] Ledger close_ledger(const grid::Geometry& geometry, const Coefficients& coefficients,
                                  const ImplicitSystem& system, double dt, bool quasi_steady, double content_before,
                                  double before_in_fixed, std::span<const double> mean_rho,
                                  std::span<const double> saturated, std::span<double> rho);

/// With split losses, which close_ledger counts as taken up: what is not uptake · the free part has decayed.
void tell_losses_apart(const grid::Geometry& geometry, const Coefficients& coefficients, const ImplicitSystem& system,
                       double dt, std::span<const double> mean_free, Ledger& ledger);

}  // namespace senoma::field
