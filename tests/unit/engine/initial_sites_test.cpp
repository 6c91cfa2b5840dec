#include "engine/initial_sites.h"

#include <gtest/gtest.h>

#include <cmath>

namespace senoma::engine {
namespace {

using Pattern = InitialCells::Pattern;

Domain domain(bool flat) {
  Domain d;
  d.geometry.n = {20, 20, flat ? 1 : 20};
  d.geometry.spacing = {20, 20, flat ? 10.0 : 20.0};
  for (std::size_t a = 0; a < 3; ++a) d.geometry.origin[a] = -0.5 * d.geometry.n[a] * d.geometry.spacing[a];
  d.geometry.two_dimensional = flat;
  return d;
}

std::vector<std::array<double, 3>> sites(const InitialCells& p, const Domain& d, double spacing,
                                         std::uint64_t seed = 1) {
  return initial_sites(p, CellType{}, d, spacing, seed, 5);
}

double nearest(const std::vector<std::array<double, 3>>& s) {
  double least = 1e300;
  for (std::size_t i = 0; i < s.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j)
      least = std::min(least, std::hypot(s[i][0] - s[j][0], s[i][1] - s[j][1], s[i][2] - s[j][2]));
  }
  return least;
}

TEST(Initial_sites, A_disc_holds_its_area_over_the_area_per_cell) {
  InitialCells p;
  p.pattern = Pattern::disc;
  p.radius = 150;
  p.x = 20;
  const auto s = sites(p, domain(true), 12);
  EXPECT_NEAR(static_cast<double>(s.size()), M_PI * 150 * 150 / (std::sqrt(3.0) / 2 * 144), 30);
  EXPECT_NEAR(nearest(s), 12, 1e-9);
  for (const auto& q : s) {
    EXPECT_LE(std::hypot(q[0] - 20, q[1]), 150 + 1e-9);
    EXPECT_EQ(q[2], 0.0);
  }
}

TEST(Initial_sites, A_sphere_is_close_packed) {
  InitialCells p;
  p.pattern = Pattern::sphere;
  p.radius = 100;
  const auto s = sites(p, domain(false), 12);
  EXPECT_NEAR(static_cast<double>(s.size()), 4.0 / 3 * M_PI * 1e6 / (12 * 12 * 12 / std::sqrt(2.0)), 60);
  EXPECT_NEAR(nearest(s), 12, 1e-9);
}

TEST(Initial_sites, A_disc_in_three_dimensions_is_flat) {
  InitialCells p;
  p.pattern = Pattern::disc;
  p.radius = 60;
  p.z = 15;
  for (const auto& q : sites(p, domain(false), 12)) EXPECT_EQ(q[2], 15.0);
}

TEST(Initial_sites, A_count_keeps_those_nearest_to_the_centre) {
  InitialCells p;
  p.pattern = Pattern::disc;
  p.radius = 150;
  p.count = 7;
  const auto s = sites(p, domain(true), 12);
  ASSERT_EQ(s.size(), 7u);
  for (const auto& q : s) EXPECT_LE(std::hypot(q[0], q[1]), 12 + 1e-9);
}

TEST(Initial_sites, A_rectangle_and_a_grid_fill_their_size) {
  InitialCells p;
  p.pattern = Pattern::rectangle;
  p.size = {240, 120, 0};
  const auto r = sites(p, domain(true), 12);
  EXPECT_NEAR(static_cast<double>(r.size()), 240.0 * 120 / (std::sqrt(3.0) / 2 * 144), 25);
  p.pattern = Pattern::grid;
  EXPECT_EQ(sites(p, domain(true), 12).size(), 21u * 11u);
  p.size = {0, 0, 0};
  EXPECT_EQ(sites(p, domain(true), 100).size(), 25u);  // −200 … 200
}

TEST(Initial_sites, What_lies_outside_the_domain_is_left_out) {
  InitialCells p;
  p.pattern = Pattern::disc;
  p.radius = 100;
  p.x = 200;
  for (const auto& q : sites(p, domain(true), 12)) EXPECT_LE(q[0], 200.0);
}

TEST(Initial_sites, Random_places_keep_their_distances_and_depend_on_the_seed) {
  for (const bool flat : {true, false}) {
    InitialCells p;
    p.pattern = Pattern::uniform;
    p.count = 300;
    p.minimum_distance_to_domain_centre = 80;
    const auto s = sites(p, domain(flat), 12);
    ASSERT_EQ(s.size(), 300u);
    EXPECT_GE(nearest(s), 12);
    for (const auto& q : s) EXPECT_GE(std::hypot(q[0], q[1], q[2]), 80);
    EXPECT_EQ(s, sites(p, domain(flat), 12));
    EXPECT_NE(s, sites(p, domain(flat), 12, 2));
  }
}

}  // namespace
}  // namespace senoma::engine
