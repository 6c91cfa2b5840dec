#include "mechanics/mean_field.h"

#include "base/math.h"

namespace senoma::mechanics {

double measure_of(const grid::Geometry& domain) {
  return domain.extent(0) * domain.extent(1) * (domain.two_dimensional ? 1.0 : domain.extent(2));
}

double measure_of_cell(double radius, bool two_dimensional) {
  const double square = math::pi * radius * radius;
  return two_dimensional ? square : 4.0 / 3.0 * square * radius;
}

double packed_pressure(double fraction, bool two_dimensional) {
  const double touching = two_dimensional ? math::pi / (2.0 * math::sqrt(3.0)) : math::pi / (3.0 * math::sqrt(2.0));
  if (!(fraction > touching)) return 0.0;
  const double ratio = touching / fraction;
  const double closeness = two_dimensional ? math::sqrt(ratio) : math::pow(ratio, 1.0 / 3.0);
  const double overlap = (1.0 - closeness) / (1.0 - math::sqrt(math::pi / (2.0 * math::sqrt(3.0))));
  return overlap * overlap;
}

double touching_chance(double reach_i, double reach_j, double measure, bool two_dimensional) {
  return measure_of_cell(reach_i + reach_j, two_dimensional) / measure;
}

}  // namespace senoma::mechanics
