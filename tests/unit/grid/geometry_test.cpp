#include "grid/geometry.h"

#include <gtest/gtest.h>

#include <limits>

namespace senoma::grid {
namespace {

const Geometry box{{4, 3, 2}, {10.0, 20.0, 30.0}, {-5.0, 0.0, 100.0}, false};

TEST(Geometry, Index_runs_fastest_along_x) {
  EXPECT_EQ(box.size(), 24u);
  EXPECT_EQ(box.index(1, 0, 0), 1u);
  EXPECT_EQ(box.index(0, 1, 0), 4u);
  EXPECT_EQ(box.index(0, 0, 1), 12u);
  EXPECT_DOUBLE_EQ(box.voxel_volume(), 6000.0);
  EXPECT_DOUBLE_EQ(box.extent(1), 60.0);
}

TEST(Geometry, The_centre_of_every_voxel_lies_in_that_voxel) {
  for (int k = 0; k < 2; ++k) {
    for (int j = 0; j < 3; ++j) {
      for (int i = 0; i < 4; ++i) {
        EXPECT_EQ(box.voxel_of(box.centre(0, i), box.centre(1, j), box.centre(2, k)), box.index(i, j, k));
      }
    }
  }
}

TEST(Geometry, A_point_on_a_shared_face_belongs_to_the_upper_voxel) {
  EXPECT_EQ(box.voxel_of(5.0, 1.0, 101.0), box.index(1, 0, 0));
}

TEST(Geometry, Points_outside_and_not_finite_are_clamped_to_the_box) {
  const double inf = std::numeric_limits<double>::infinity();
  EXPECT_EQ(box.voxel_of(-1e9, -1.0, 0.0), 0u);
  EXPECT_EQ(box.voxel_of(inf, inf, inf), box.index(3, 2, 1));
  EXPECT_EQ(box.voxel_of(-inf, 1e300, 160.0), box.index(0, 2, 1));
  EXPECT_EQ(box.voxel_of(std::numeric_limits<double>::quiet_NaN(), 0.0, 100.0), 0u);
}

}  // namespace
}  // namespace senoma::grid
