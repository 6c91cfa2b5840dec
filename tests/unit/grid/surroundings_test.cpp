#include "grid/surroundings.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace senoma::grid {
namespace {

Geometry box(int nx, int ny, int nz) {
  Geometry g;
  g.n = {nx, ny, nz};
  g.spacing = {10.0, 10.0, 10.0};
  return g;
}

/// A hollow cube of occupied voxels, side 3, around voxel (c, c, c).
std::vector<std::uint32_t> shell(const Geometry& g, int c) {
  std::vector<std::uint32_t> occupied;
  for (int k = c - 1; k <= c + 1; ++k) {
    for (int j = c - 1; j <= c + 1; ++j) {
      for (int i = c - 1; i <= c + 1; ++i) {
        if (i != c || j != c || k != c) occupied.push_back(static_cast<std::uint32_t>(g.index(i, j, k)));
      }
    }
  }
  return occupied;
}

TEST(Surroundings, A_cavity_inside_a_tissue_is_not_outside) {
  const Geometry g = box(7, 7, 7);
  const auto outside = surroundings(g, shell(g, 3));
  EXPECT_EQ(outside.size(), 343U - 27U);
  EXPECT_FALSE(std::binary_search(outside.begin(), outside.end(), static_cast<std::uint32_t>(g.index(3, 3, 3))));
}

TEST(Surroundings, A_hole_in_the_wall_opens_the_cavity_and_a_diagonal_gap_does_not) {
  const Geometry g = box(7, 7, 7);
  auto occupied = shell(g, 3);
  std::erase(occupied, static_cast<std::uint32_t>(g.index(2, 2, 2)));
  EXPECT_EQ(surroundings(g, occupied).size(), 343U - 26U);
  std::erase(occupied, static_cast<std::uint32_t>(g.index(2, 3, 3)));
  EXPECT_EQ(surroundings(g, occupied).size(), 343U - 24U);
}

TEST(Surroundings, In_2D_only_the_four_sides_count) {
  Geometry g = box(5, 5, 1);
  g.two_dimensional = true;
  std::vector<std::uint32_t> ring;
  for (int j = 1; j <= 3; ++j) {
    for (int i = 1; i <= 3; ++i) {
      if (i != 2 || j != 2) ring.push_back(static_cast<std::uint32_t>(g.index(i, j, 0)));
    }
  }
  EXPECT_EQ(surroundings(g, ring).size(), 16U);
  g.two_dimensional = false;  // one layer in 3D lies open to both z faces
  EXPECT_EQ(surroundings(g, ring).size(), 17U);
}

RC_GTEST_PROP(Surroundings, Agree_with_growing_the_outside_until_nothing_changes, ()) {
  const Geometry g = box(*rc::gen::inRange(1, 6), *rc::gen::inRange(1, 6), *rc::gen::inRange(1, 6));
  std::vector<std::uint32_t> occupied;
  for (std::uint32_t v = 0; v < g.size(); ++v) {
    if (*rc::gen::inRange(0, 10) < 6) occupied.push_back(v);
  }
  std::vector<bool> outside(g.size(), false);
  const auto is_occupied = [&](std::size_t v) {
    return std::binary_search(occupied.begin(), occupied.end(), static_cast<std::uint32_t>(v));
  };
  for (bool changed = true; changed;) {
    changed = false;
    for (int k = 0; k < g.n[2]; ++k) {
      for (int j = 0; j < g.n[1]; ++j) {
        for (int i = 0; i < g.n[0]; ++i) {
          const std::size_t v = g.index(i, j, k);
          if (outside[v] || is_occupied(v)) continue;
          bool near = i == 0 || j == 0 || k == 0 || i + 1 == g.n[0] || j + 1 == g.n[1] || k + 1 == g.n[2];
          near = near || outside[g.index(i - 1, j, k)] || outside[g.index(i + 1, j, k)] ||
                 outside[g.index(i, j - 1, k)] || outside[g.index(i, j + 1, k)] || outside[g.index(i, j, k - 1)] ||
                 outside[g.index(i, j, k + 1)];
          if (near) outside[v] = changed = true;
        }
      }
    }
  }
  std::vector<std::uint32_t> expected;
  for (std::uint32_t v = 0; v < g.size(); ++v) {
    if (outside[v]) expected.push_back(v);
  }
  RC_ASSERT(surroundings(g, occupied) == expected);
}

}  // namespace
}  // namespace senoma::grid
