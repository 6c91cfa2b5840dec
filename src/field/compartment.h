// One substrate in a well-mixed volume V: a single concentration ρ that exchanges with what lies outside.
//
//   dρ/dt = s − (λ + u) ρ + Σ_k (i_k − g_k ρ)        k: through the domain's edge, from vessels
//
// Linear, so solved exactly over a step in which its coefficients are constant: with k = λ + u + Σ g, S = s + Σ i, x =
// k h,
//   ρ(h) = ρ(0) e^(−x) + S h φ1(x)      mean = ρ(0) φ1(x) + S h φ2(x)      φ1 = (1 − e^(−x))/x, φ2 = (1 − φ1)/x
// Saturable uptake and losses that differ between free and bound parts (Coefficients::split) make it nonlinear: then
// the solver of reaction_diffusion.h takes one implicit step on a grid of one voxel.
//
// Inside there are no gradients, but what enters must still reach the cells: exchange with the edge and with vessels is
// as slow as diffusion from there makes it for a load that is spread evenly, which is what a spatial model of such a
// tissue has on average:
//   edge     a slab of width L between two faces: mean − face = J L/(6D), in series with the face's own resistance 1/H
//            g = 1/(L/(6D) + 1/H)/L         per face; H = ∞ for a fixed value
//   vessels  each supplies its share of the domain, a cylinder (2D) or sphere (3D) of radius R around the vessel's a
//            (Krogh 1919, doi 10.1113/jphysiol.1919.sp001839): g = s/(mean deficit) of the steady solution without flux
//            at R
// Units: µm, min, ρ in the substrate's own unit C; conductances in 1/min, inflows in C/min. Thread statement: pure
// functions; a solver belongs to one caller at a time.
#pragma once

#include <array>
#include <span>

#include "field/reaction_diffusion.h"

namespace senoma::field {

/// What enters at the rate inflow − conductance · ρ.
struct Inflow {
  double conductance = 0.0, inflow = 0.0;
};

/// Of all faces of a box with these extents (µm).
[[nodiscard]] Inflow edge_inflow(const std::array<FaceCondition, 6>& faces, const std::array<double, 3>& extent,
                                 bool two_dimensional, double diffusion);

/// The conductance of vessels of these radii (µm), spread evenly over an area (2D, µm²) or volume (3D, µm³) that each
/// supplies an equal share of. 0 without vessels or diffusion. A vessel must be smaller than its share (E4002).
[[nodiscard]] double vessel_conductance(std::span<const double> radii, double measure, bool two_dimensional,
                                        double diffusion);

/// Advances rho over dt (> 0) in a volume (µm³). `c` gives decay, uptake, saturable, source (one value each, or empty)
/// and split; its diffusion, faces and fixed voxels are not looked at. In quasi-steady mode ρ is the steady one. Writes
/// the time average to `mean_rho`. The ledger closes to round-off; what vessels give counts as `from_fixed`. Throws
/// E4002 (a coefficient negative or not finite), E4004 (quasi-steady without any loss), E4001 and E4005 (nonlinear).
StepReport step_compartment(Solver& one_voxel, double volume, double& rho, double dt, const Coefficients& c,
                            const Inflow& edge, const Inflow& vessels, const SolverOptions& options,
                            const Executor& executor, double& mean_rho);

}  // namespace senoma::field
