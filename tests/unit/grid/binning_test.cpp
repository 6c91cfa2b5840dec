#include "grid/binning.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

namespace senoma::grid {
namespace {

const Geometry box{{5, 4, 3}, {10.0, 10.0, 10.0}, {0.0, 0.0, 0.0}, false};

struct Cells {
  std::vector<double> x, y, z;
  std::vector<std::uint64_t> id;
};

Cells random_cells(std::size_t n) {
  Cells cells;
  for (std::size_t i = 0; i < n; ++i) {
    cells.x.push_back(*rc::gen::inRange(-20, 80) + 0.5);
    cells.y.push_back(*rc::gen::inRange(-20, 80) + 0.5);
    cells.z.push_back(*rc::gen::inRange(-20, 80) + 0.5);
    cells.id.push_back(i * 2654435761ULL % 4294967311ULL);  // distinct, not ascending
  }
  return cells;
}

RC_GTEST_PROP(Binning, Every_cell_stands_once_in_its_voxel_and_rows_ascend_in_id, ()) {
  const Cells cells = random_cells(*rc::gen::inRange<std::size_t>(0, 200));
  Binning bins;
  bins.build(box, cells.x, cells.y, cells.z, cells.id);
  std::vector<int> seen(cells.x.size(), 0);
  std::vector<std::uint32_t> occupied;
  for (std::size_t v = 0; v < box.size(); ++v) {
    const auto row = bins.cells_of(v);
    if (!row.empty()) occupied.push_back(static_cast<std::uint32_t>(v));
    for (std::size_t i = 0; i < row.size(); ++i) {
      RC_ASSERT(box.voxel_of(cells.x[row[i]], cells.y[row[i]], cells.z[row[i]]) == v);
      RC_ASSERT(bins.voxel_of_cell()[row[i]] == v);
      if (i > 0) RC_ASSERT(cells.id[row[i - 1]] < cells.id[row[i]]);  // RC_ASSERT does not short-circuit
      ++seen[row[i]];
    }
  }
  RC_ASSERT(std::all_of(seen.begin(), seen.end(), [](int times) { return times == 1; }));
  RC_ASSERT(std::equal(occupied.begin(), occupied.end(), bins.occupied().begin(), bins.occupied().end()));
}

RC_GTEST_PROP(Binning, The_order_of_the_columns_does_not_change_the_order_of_ids_in_a_voxel, ()) {
  const Cells cells = random_cells(*rc::gen::inRange<std::size_t>(0, 100));
  Cells reversed = cells;
  std::reverse(reversed.x.begin(), reversed.x.end());
  std::reverse(reversed.y.begin(), reversed.y.end());
  std::reverse(reversed.z.begin(), reversed.z.end());
  std::reverse(reversed.id.begin(), reversed.id.end());
  Binning a, b;
  a.build(box, cells.x, cells.y, cells.z, cells.id);
  b.build(box, reversed.x, reversed.y, reversed.z, reversed.id);
  for (std::size_t v = 0; v < box.size(); ++v) {
    RC_ASSERT(a.cells_of(v).size() == b.cells_of(v).size());
    for (std::size_t i = 0; i < a.cells_of(v).size(); ++i) {
      RC_ASSERT(cells.id[a.cells_of(v)[i]] == reversed.id[b.cells_of(v)[i]]);
    }
  }
}

TEST(Binning, A_second_build_forgets_the_first) {
  Binning bins;
  bins.build(box, std::vector{5.0, 6.0}, std::vector{5.0, 5.0}, std::vector{5.0, 5.0},
             std::vector<std::uint64_t>{7, 3});
  ASSERT_EQ(bins.cells_of(0).size(), 2u);
  EXPECT_EQ(bins.cells_of(0)[0], 1u);
  bins.build(box, {}, {}, {}, {});
  EXPECT_TRUE(bins.cells_of(0).empty());
  EXPECT_TRUE(bins.occupied().empty());
}

}  // namespace
}  // namespace senoma::grid
