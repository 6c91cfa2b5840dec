#include "mechanics/pair_forces.h"

#include <cmath>

#include "base/error.h"
#include "base/math.h"
#include "mechanics/pair_kernel.h"

namespace senoma::mechanics {

void velocities(const Bodies& bodies, const grid::NeighbourList& neighbours, double adhesion_range,
                bool two_dimensional, std::span<double> vx, std::span<double> vy, std::span<double> vz,
                std::span<double> pressure, const Executor& executor, const std::array<double, 3>& period) {
  const std::size_t n = bodies.x.size();
  if (neighbours.size() != n || vx.size() != n || vy.size() != n || vz.size() != n ||
      (!pressure.empty() && pressure.size() != n)) {
    throw Error("E5103", "the neighbour list or an output column has another length than the bodies",
                ErrorKind::numerical);
  }
  if (!(adhesion_range >= 1.0)) throw Error("E5102", "the adhesion range must be at least 1");
  Column<PackedBody> packed;
  pack(bodies, two_dimensional, packed, executor);
  evaluate(packed, bodies, neighbours, {adhesion_range, two_dimensional, period}, executor,
           [&](Block block, std::span<const CellSum> sums) {
             for (std::size_t i = block.begin; i < block.end; ++i) {
               const CellSum& sum = sums[i - block.begin];
               vx[i] = sum.x;
               vy[i] = sum.y;
               vz[i] = sum.z;
               if (!pressure.empty()) pressure[i] = sum.pressure;
             }
           });
}

void velocities_by_definition(const Bodies& bodies, double adhesion_range, bool two_dimensional, std::span<double> vx,
                              std::span<double> vy, std::span<double> vz, std::span<double> pressure,
                              const std::array<double, 3>& period) {
  const auto nearest_image = [](double d, double p) { return p > 0.0 ? d - p * std::nearbyint(d / p) : d; };
  const double reference =
      (two_dimensional ? 6.0 : 12.0) * std::pow(1.0 - std::sqrt(math::pi / (2.0 * std::sqrt(3.0))), 2.0);
  for (std::size_t i = 0; i < bodies.x.size(); ++i) {
    double v[3] = {0.0, 0.0, 0.0}, overlap = 0.0;
    for (std::size_t j = 0; j < bodies.x.size(); ++j) {
      if (j == i) continue;
      const double away[3] = {nearest_image(bodies.x[i] - bodies.x[j], period[0]),
                              nearest_image(bodies.y[i] - bodies.y[j], period[1]),
                              two_dimensional ? 0.0 : nearest_image(bodies.z[i] - bodies.z[j], period[2])};
      const double d = std::sqrt(away[0] * away[0] + away[1] * away[1] + away[2] * away[2]);
      const double touch = bodies.radius[i] + bodies.radius[j];
      double speed = 0.0;
      if (d < touch) {
        speed += std::sqrt(bodies.repulsion[i] * bodies.repulsion[j]) * std::pow(1.0 - d / touch, 2.0);
        overlap += std::pow(1.0 - d / touch, 2.0);
      }
      if (d < adhesion_range * touch) {
        speed -= std::sqrt(bodies.adhesion[i] * bodies.adhesion[j]) * std::pow(1.0 - d / (adhesion_range * touch), 2.0);
      }
      const auto parting = parting_direction(bodies.id[i], bodies.id[j], two_dimensional);
      for (int a = 0; a < 3; ++a)
        v[a] += d > 1e-15 ? speed * away[a] / d : std::max(speed, 0.0) * parting[static_cast<std::size_t>(a)];
    }
    const bool moves = bodies.movable.empty() || bodies.movable[i] != 0, drifts = moves && !bodies.drift_x.empty();
    vx[i] = moves ? v[0] + (drifts ? bodies.drift_x[i] : 0.0) : 0.0;
    vy[i] = moves ? v[1] + (drifts ? bodies.drift_y[i] : 0.0) : 0.0;
    vz[i] = moves && !two_dimensional ? v[2] + (drifts ? bodies.drift_z[i] : 0.0) : 0.0;
    if (!pressure.empty()) pressure[i] = overlap / reference;
  }
}

}  // namespace senoma::mechanics
