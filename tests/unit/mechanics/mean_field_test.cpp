// Crowding and contact without places, against the pair forces and neighbour lists of evenly spread cells.
#include "mechanics/mean_field.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tissue.h"

namespace senoma::mechanics {
namespace {

constexpr double radius = 8.41;

/// A periodic hexagonal (2D) or face-centred cubic (3D) lattice of neighbours at distance `d`, and its box.
struct Lattice {
  Tissue cells;
  std::array<double, 3> period{};
  double measure = 0.0;
};

Lattice lattice(double d, bool flat) {
  Lattice l;
  const int n = flat ? 6 : 3;
  const double row = d * std::sqrt(3.0) / 2.0, edge = d * std::sqrt(2.0);
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) {
      if (flat) {
        l.cells.add((i + 0.5 * (j % 2)) * d, j * row, 0, radius);
        continue;
      }
      for (int k = 0; k < n; ++k) {
        for (const auto& at : {std::array{0.0, 0.0, 0.0}, std::array{0.5, 0.5, 0.0}, std::array{0.5, 0.0, 0.5},
                               std::array{0.0, 0.5, 0.5}})
          l.cells.add((i + at[0]) * edge, (j + at[1]) * edge, (k + at[2]) * edge, radius);
      }
    }
  }
  l.period = flat ? std::array<double, 3>{n * d, n * row, 0.0} : std::array<double, 3>{n * edge, n * edge, n * edge};
  l.measure = l.period[0] * l.period[1] * (flat ? 1.0 : l.period[2]);
  return l;
}

TEST(Mean_field, Pressure_is_that_of_the_pair_forces_on_an_even_lattice) {
  for (const bool flat : {true, false}) {
    for (const double distance : {1.02, 0.99, 0.97, 0.9523, 0.93, 0.88}) {
      auto l = lattice(2.0 * radius * distance, flat);
      Velocities v(l.cells.size());
      velocities_by_definition(l.cells.bodies(), 1.0, flat, v.x, v.y, v.z, v.pressure, l.period);
      const double fraction = static_cast<double>(l.cells.size()) * measure_of_cell(radius, flat) / l.measure;
      EXPECT_NEAR(packed_pressure(fraction, flat), v.pressure[0], 1e-9) << distance << " " << flat;
      EXPECT_NEAR(v.pressure[0], v.pressure[7], 1e-9);
      if (distance < 1.0) {
        EXPECT_GT(v.pressure[0], 0.0);
      }
    }
  }
  EXPECT_NEAR(packed_pressure(1.0, true), 1.0, 1e-12);
  EXPECT_EQ(packed_pressure(0.0, true), 0.0);
}

TEST(Mean_field, Contacts_of_dense_cells_are_nearly_those_of_a_lattice) {
  for (const bool flat : {true, false}) {
    const auto l = lattice(2.0 * radius, flat);
    const double reach = 1.25 * radius, n = static_cast<double>(l.cells.size());
    const auto list = l.cells.neighbours(1.25, l.period);
    const double expected = (n - 1.0) * touching_chance(reach, reach, l.measure, flat);
    EXPECT_EQ(list.of(0).size(), flat ? 6U : 12U);
    EXPECT_NEAR(expected, static_cast<double>(list.of(0).size()), 0.1 * static_cast<double>(list.of(0).size()));
  }
}

// 2000 cells thrown anywhere into a periodic box, small and large ones.
TEST(Mean_field, Contacts_of_cells_at_random_places_are_as_many_as_expected) {
  for (const bool flat : {true, false}) {
    const double side = flat ? 1000.0 : 180.0;
    Tissue cells;
    for (std::uint64_t i = 0; i < 2000; ++i) {
      const RandomStream s{9, i, Stream::test};
      cells.add(side * s.uniform(0), side * s.uniform(1), flat ? 0.0 : side * s.uniform(2), i % 3 == 0 ? 12.0 : 7.0);
    }
    const auto list = cells.neighbours(1.25, {side, side, flat ? 0.0 : side});
    const double measure = flat ? side * side : side * side * side;
    double found = 0.0, expected = 0.0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      found += static_cast<double>(list.of(i).size());
      for (const double r : {12.0, 7.0}) {
        const double n = r == 12.0 ? 667.0 : 1333.0;
        expected +=
            (n - (r == cells.radius[i] ? 1.0 : 0.0)) * touching_chance(1.25 * cells.radius[i], 1.25 * r, measure, flat);
      }
    }
    EXPECT_NEAR(found, expected, 3.0 * 2.0 * std::sqrt(0.5 * expected)) << flat;  // pairs: each counted twice
  }
}

}  // namespace
}  // namespace senoma::mechanics
