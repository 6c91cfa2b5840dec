// The errors of the field solver, for `senoma explain`.
#pragma once

#include "base/error.h"

namespace senoma::field {

inline constexpr ErrorCode error_codes[] = {
    {"E4001", "The field solver did not converge",
     "The conjugate gradients did not reach the relative residual in the allowed number of iterations. Usually a coefficient is "
     "far from the others (a diffusion map with nearly closed regions) or the tolerance is below round-off. Loosen the "
     "tolerance, allow more iterations, or check the diffusion map."},
    {"E4002", "A field coefficient is negative or not finite",
     "Diffusion, decay and uptake must be zero or positive and finite; sources and concentrations must be finite. The message "
     "names the first voxel. An uptake or source per voxel collects all cells in it: look at the cells there."},
    {"E4003", "A field array or grid has the wrong size",
     "The grid needs at least one voxel of positive finite edge along each axis, and each array given per voxel must hold one "
     "value for each voxel (or be empty). Lists of fixed voxels must ascend and have one value for each."},
    {"E4004", "The steady state is not defined",
     "A quasi-steady substrate needs a sink: decay, uptake, a face with a value or exchange, or a fixed voxel. Without one, the "
     "source has nowhere to go and no steady concentration exists. Give the substrate a decay, or switch quasi-steady off."},
    {"E4005", "Losses that are not first order did not settle",
     "Newton's method for saturable (Michaelis-Menten) uptake, or for the losses of a ligand that an antibody binds, still "
     "changed the field after 100 iterations. With a "
     "half-saturation far below the concentrations the uptake is nearly a constant drain that switches off at zero. Give a "
     "larger half-saturation or a shorter time step."},
};

}  // namespace senoma::field
