#include "field/split_layout.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace senoma::field {
namespace {

std::vector<SplitLayout> layouts() {
  std::vector<SplitLayout> all;
  for (const std::array<int, 3> n : {std::array{1, 1, 1}, std::array{7, 5, 3}, std::array{8, 4, 2}, std::array{1, 6, 5},
                                     std::array{71, 3, 2}, std::array{100, 2, 3}}) {
    all.emplace_back(n);
  }
  return all;
}

template <class Body>
void for_voxels(const SplitLayout& layout, const Body& body) {
  for (int k = 0; k < layout.n[2]; ++k) {
    for (int j = 0; j < layout.n[1]; ++j) {
      for (int i = 0; i < layout.n[0]; ++i) body(i, j, k);
    }
  }
}

TEST(Split_layout, Every_voxel_has_a_place_of_its_own_in_the_part_of_its_colour) {
  for (const SplitLayout& layout : layouts()) {
    std::set<std::size_t> places;
    std::size_t v = 0;
    for_voxels(layout, [&](int i, int j, int k) {
      const std::size_t at = layout.index(i, j, k);
      EXPECT_EQ(at, layout.index_of_voxel(v++));
      EXPECT_LT(at, 2 * layout.colour_size());
      EXPECT_EQ(at >= layout.colour_size(), (i + j + k) % 2 == 1);
      places.insert(at);
    });
    EXPECT_EQ(places.size(), layout.n_voxels());
  }
}

TEST(Split_layout, Neighbours_along_x_stand_side_by_side_and_padding_stands_where_there_are_none) {
  for (const SplitLayout& layout : layouts()) {
    std::vector<bool> is_voxel(layout.size(), false);
    for_voxels(layout, [&](int i, int j, int k) { is_voxel[layout.index(i, j, k)] = true; });
    for_voxels(layout, [&](int i, int j, int k) {
      const int parity = i % 2;
      const std::size_t other = layout.half(j, k, 1 - parity) + static_cast<std::size_t>(i / 2);
      const std::size_t west = parity == 0 ? other - 1 : other, east = parity == 0 ? other : other + 1;
      ASSERT_LT(east, layout.size());
      if (i > 0) {
        EXPECT_EQ(west, layout.index(i - 1, j, k));
      } else {
        EXPECT_FALSE(is_voxel[west]);
      }
      if (i + 1 < layout.n[0]) {
        EXPECT_EQ(east, layout.index(i + 1, j, k));
      } else {
        EXPECT_FALSE(is_voxel[east]);
      }
    });
  }
}

TEST(Split_layout, Padding_costs_little_on_large_grids_and_rows_of_small_ones_are_whole_vectors) {
  EXPECT_LE(static_cast<double>(SplitLayout({100, 100, 100}).size()) / 1e6, 1.021);
  EXPECT_LE(static_cast<double>(SplitLayout({10, 100, 100}).size()) / 1e5, 1.21);
  EXPECT_EQ(SplitLayout({30, 30, 1}).stride, 16u);
}

}  // namespace
}  // namespace senoma::field
