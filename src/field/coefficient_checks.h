// Refuses coefficients the solver cannot use, naming the first voxel: E4002 (negative, not finite), E4003 (sizes).
#pragma once

#include <span>

#include "field/reaction_diffusion.h"

namespace senoma::field {

void check_geometry(const grid::Geometry& geometry);
void check_coefficients(const grid::Geometry& geometry, std::span<const double> rho, double dt,
                        const Coefficients& coefficients, std::span<const double> mean_rho,
                        std::span<const double> mean_free);

}  // namespace senoma::field
