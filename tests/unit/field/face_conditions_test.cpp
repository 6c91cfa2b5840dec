#include "field/face_conditions.h"

#include <gtest/gtest.h>

#include <vector>

namespace senoma::field {
namespace {

using Kind = FaceCondition::Kind;
const grid::Geometry box{{4, 3, 2}, {10.0, 20.0, 5.0}, {0.0, 0.0, 0.0}, false};

TEST(Face_conditions, A_value_face_couples_each_voxel_behind_it_over_half_a_voxel) {
  Coefficients k;
  k.diffusion = 50.0;
  k.faces[1] = {Kind::value, 7.0, 0, 0};
  std::vector<Exchange> list;
  collect_face_exchanges(box, k, list);
  ASSERT_EQ(list.size(), 6u);
  for (const Exchange& e : list) {
    EXPECT_EQ(e.voxel % 4, 3u);
    EXPECT_DOUBLE_EQ(e.conductance, 2.0 * 50.0 / 100.0);
    EXPECT_DOUBLE_EQ(e.inflow, 7.0 * e.conductance);
  }
}

TEST(Face_conditions, Exchange_is_limited_by_the_smaller_of_transfer_and_half_voxel) {
  Coefficients k;
  k.diffusion = 50.0;
  std::vector<Exchange> list;
  k.faces[2] = {Kind::mixed, 1.0, 0, 1e12};
  collect_face_exchanges(box, k, list);
  EXPECT_NEAR(list[0].conductance, 2.0 * 50.0 / 400.0, 1e-9);
  k.faces[2] = {Kind::mixed, 1.0, 0, 1e-6};
  collect_face_exchanges(box, k, list);
  EXPECT_NEAR(list[0].conductance, 1e-6 / 20.0, 1e-12);
  k.faces[2] = {Kind::mixed, 1.0, 0, 0.0};
  collect_face_exchanges(box, k, list);
  EXPECT_EQ(list[0].conductance, 0.0);
}

TEST(Face_conditions, A_flux_brings_the_same_amount_through_any_voxel_size) {
  Coefficients k;
  k.faces[4] = {Kind::flux, 0, 3.0, 0};
  std::vector<Exchange> list;
  collect_face_exchanges(box, k, list);
  double amount = 0.0;
  for (const Exchange& e : list) amount += e.inflow * box.voxel_volume();
  EXPECT_DOUBLE_EQ(amount, 3.0 * 40.0 * 60.0);
}

TEST(Face_conditions, In_two_dimensions_the_z_faces_are_ignored) {
  const grid::Geometry sheet{{4, 3, 1}, {10.0, 20.0, 5.0}, {0.0, 0.0, 0.0}, true};
  Coefficients k;
  k.diffusion = 1.0;
  k.faces[4] = k.faces[5] = {Kind::value, 1.0, 0, 0};
  std::vector<Exchange> list;
  collect_face_exchanges(sheet, k, list);
  EXPECT_TRUE(list.empty());
}

TEST(Face_conditions, Fixed_voxels_link_to_their_free_neighbours_only) {
  const std::vector<std::uint32_t> fixed{0, 1};
  const std::vector<double> values{2.0, 4.0};
  Coefficients k;
  k.diffusion = 100.0;
  k.fixed_voxels = fixed;
  k.fixed_values = values;
  std::vector<Exchange> list;
  collect_fixed_links(box, k, list);
  ASSERT_EQ(list.size(), 5u);  // voxel 0: +y, +z; voxel 1: +x, +y, +z
  EXPECT_EQ(list[0].voxel, 4u);
  EXPECT_DOUBLE_EQ(list[0].conductance, 100.0 / 400.0);
  EXPECT_DOUBLE_EQ(list[0].inflow, 0.5);
  EXPECT_EQ(list[2].voxel, 2u);
  EXPECT_EQ(list[2].partner, 1u);
}

}  // namespace
}  // namespace senoma::field
