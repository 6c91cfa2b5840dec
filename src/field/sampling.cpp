#include "field/sampling.h"

#include <algorithm>

namespace senoma::field {

namespace {

// The two voxels whose centres enclose a coordinate along one axis, and the weight of the upper one.
struct Bracket {
  int lower, upper;
  double weight;
};

Bracket bracket(const grid::Geometry& geometry, std::size_t axis, double coordinate) {
  const int last = geometry.n[axis] - 1;
  if (last == 0 || (axis == 2 && geometry.two_dimensional && last == 0)) return {0, 0, 0.0};
  const double t = (coordinate - geometry.origin[axis]) / geometry.spacing[axis] - 0.5;
  if (!(t > 0.0)) return {0, 1, 0.0};
  if (t >= last) return {last - 1, last, 1.0};
  const int lower = std::min(static_cast<int>(t), last - 1);
  return {lower, lower + 1, t - lower};
}

// Central difference at a voxel centre, one-sided at the edge.
double slope(const grid::Geometry& geometry, std::span<const double> rho, std::size_t axis, std::array<int, 3> at) {
  std::array<int, 3> lower = at, upper = at;
  lower[axis] = std::max(0, at[axis] - 1);
  upper[axis] = std::min(geometry.n[axis] - 1, at[axis] + 1);
  const int steps = upper[axis] - lower[axis];
  if (steps == 0) return 0.0;
  return (rho[geometry.index(upper[0], upper[1], upper[2])] - rho[geometry.index(lower[0], lower[1], lower[2])]) /
         (steps * geometry.spacing[axis]);
}

// Linear interpolation of a quantity known at voxel centres.
template <class AtVoxel>
double interpolate(const std::array<Bracket, 3>& b, const AtVoxel& at_voxel) {
  double sum = 0.0;
  for (int corner = 0; corner < 8; ++corner) {
    std::array<int, 3> at{};
    double weight = 1.0;
    for (std::size_t a = 0; a < 3; ++a) {
      const bool upper = ((corner >> a) & 1) != 0;
      at[a] = upper ? b[a].upper : b[a].lower;
      weight *= upper ? b[a].weight : 1.0 - b[a].weight;
    }
    if (weight != 0.0) sum += weight * at_voxel(at);
  }
  return sum;
}

}  // namespace

double value_at(const grid::Geometry& geometry, std::span<const double> rho, double x, double y, double z) {
  return interpolate({bracket(geometry, 0, x), bracket(geometry, 1, y), bracket(geometry, 2, z)},
                     [&](const std::array<int, 3>& at) { return rho[geometry.index(at[0], at[1], at[2])]; });
}

std::array<double, 3> gradient_at(const grid::Geometry& geometry, std::span<const double> rho, double x, double y,
                                  double z) {
  const std::array<Bracket, 3> b{bracket(geometry, 0, x), bracket(geometry, 1, y), bracket(geometry, 2, z)};
  std::array<double, 3> gradient{};
  for (std::size_t axis = 0; axis < (geometry.two_dimensional ? 2u : 3u); ++axis) {
    gradient[axis] = interpolate(b, [&](const std::array<int, 3>& at) { return slope(geometry, rho, axis, at); });
  }
  return gradient;
}

}  // namespace senoma::field
