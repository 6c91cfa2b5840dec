#include "grid/geometry.h"

namespace senoma::grid {

namespace {

// Comparisons before the cast, so that infinities are clamped and NaN falls into the first voxel without undefined
// behaviour.
int clamped_index(double position, double origin, double spacing, int n) {
  const double t = (position - origin) / spacing;
  if (!(t > 0.0)) return 0;
  if (t >= static_cast<double>(n)) return n - 1;
  return static_cast<int>(t);
}

}  // namespace

std::size_t Geometry::voxel_of(double x, double y, double z) const {
  return index(clamped_index(x, origin[0], spacing[0], n[0]), clamped_index(y, origin[1], spacing[1], n[1]),
               clamped_index(z, origin[2], spacing[2], n[2]));
}

}  // namespace senoma::grid
