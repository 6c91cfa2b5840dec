// Small tissues for the tests of mechanics.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "base/hash.h"
#include "base/philox.h"
#include "mechanics/pair_forces.h"

namespace senoma::mechanics {

struct Tissue {
  std::vector<double> x, y, z, radius, repulsion, adhesion, drift_x, drift_y, drift_z;
  std::vector<unsigned char> movable;
  std::vector<std::uint64_t> id;

  [[nodiscard]] std::size_t size() const { return x.size(); }
  void add(double px, double py, double pz, double r = 8.41, double rep = 10.0, double adh = 0.4) {
    x.push_back(px);
    y.push_back(py);
    z.push_back(pz);
    radius.push_back(r);
    repulsion.push_back(rep);
    adhesion.push_back(adh);
    id.push_back(mix64(id.size() + 1));
  }
  void drift_randomly(double speed, std::uint64_t seed) {
    for (std::size_t i = 0; i < size(); ++i) {
      const auto d = RandomStream{seed, id[i], Stream::test}.direction(99);
      drift_x.push_back(speed * d[0]);
      drift_y.push_back(speed * d[1]);
      drift_z.push_back(speed * d[2]);
    }
  }
  [[nodiscard]] Bodies bodies() {
    return {x, y, z, radius, repulsion, adhesion, drift_x, drift_y, drift_z, movable, id};
  }
  [[nodiscard]] grid::NeighbourList neighbours(double range = 1.25, std::array<double, 3> period = {0, 0, 0}) const {
    std::vector<double> reach;
    for (const double r : radius) reach.push_back(range * r);
    grid::NeighbourList list;
    list.build({x, y, z, reach, id, period}, 0.0, Executor(1));
    return list;
  }
  [[nodiscard]] std::uint64_t hash() const {
    Hasher h;
    h.add(x);
    h.add(y);
    h.add(z);
    return h.value();
  }
};

inline Tissue random_tissue(std::size_t n, std::uint64_t seed, double side, bool two_dimensional = false) {
  Tissue t;
  for (std::size_t i = 0; i < n; ++i) {
    const RandomStream s{seed, i, Stream::test};
    t.add(side * s.uniform(0), side * s.uniform(1), two_dimensional ? 0.0 : side * s.uniform(2),
          6.0 + 4.0 * s.uniform(3), 5.0 + 10.0 * s.uniform(4), s.uniform(5));
  }
  return t;
}

struct Velocities {
  std::vector<double> x, y, z, pressure;
  explicit Velocities(std::size_t n) : x(n), y(n), z(n), pressure(n) {}
};

inline Velocities velocities_of(Tissue& t, bool two_dimensional = false, std::array<double, 3> period = {0, 0, 0},
                                const Executor& executor = Executor(1)) {
  Velocities v(t.size());
  velocities(t.bodies(), t.neighbours(1.25, period), 1.25, two_dimensional, v.x, v.y, v.z, v.pressure, executor,
             period);
  return v;
}

inline grid::Geometry box(double side, bool two_dimensional = false) {
  grid::Geometry g;
  g.spacing = {side, side, two_dimensional ? 20.0 : side};
  g.two_dimensional = two_dimensional;
  return g;
}

}  // namespace senoma::mechanics
