// Values and gradients of a field at cell positions: linear interpolation between voxel centres, central differences
// for the gradient (one-sided at the edge). Second order for smooth fields.
#pragma once

#include <array>
#include <span>

#include "base/parallel.h"
#include "grid/geometry.h"

namespace senoma::field {

[[nodiscard]] double value_at(const grid::Geometry& geometry, std::span<const double> rho, double x, double y,
                              double z);
[[nodiscard]] std::array<double, 3> gradient_at(const grid::Geometry& geometry, std::span<const double> rho, double x,
                                                double y, double z);

}  // namespace senoma::field
