#include "field/sampling.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace senoma::field {
namespace {

std::vector<double> linear_field(const grid::Geometry& g, double a, double b, double c, double d) {
  std::vector<double> rho(g.size());
  for (int k = 0; k < g.n[2]; ++k) {
    for (int j = 0; j < g.n[1]; ++j) {
      for (int i = 0; i < g.n[0]; ++i)
        rho[g.index(i, j, k)] = a + b * g.centre(0, i) + c * g.centre(1, j) + d * g.centre(2, k);
    }
  }
  return rho;
}

const grid::Geometry box{{7, 5, 4}, {10.0, 20.0, 15.0}, {-30.0, 5.0, 0.0}, false};

TEST(Sampling, Linear_fields_are_reproduced_between_the_centres) {
  const auto rho = linear_field(box, 3.0, 0.2, -0.1, 0.05);
  for (const double t : {0.0, 0.3, 0.77, 1.0}) {
    const double x = -25.0 + 60.0 * t, y = 15.0 + 80.0 * (1.0 - t), z = 7.5 + 45.0 * t * t;
    EXPECT_NEAR(value_at(box, rho, x, y, z), 3.0 + 0.2 * x - 0.1 * y + 0.05 * z, 1e-12);
  }
}

TEST(Sampling, The_gradient_of_a_linear_field_is_exact_everywhere) {
  const auto rho = linear_field(box, 3.0, 0.2, -0.1, 0.05);
  for (const double t : {-0.2, 0.0, 0.31, 0.5, 1.0, 1.5}) {
    const auto gradient = gradient_at(box, rho, -30.0 + 70.0 * t, 5.0 + 100.0 * t, 60.0 * t);
    EXPECT_NEAR(gradient[0], 0.2, 1e-13);
    EXPECT_NEAR(gradient[1], -0.1, 1e-13);
    EXPECT_NEAR(gradient[2], 0.05, 1e-13);
  }
}

TEST(Sampling, Values_are_clamped_beyond_the_outer_centres) {
  const auto rho = linear_field(box, 0.0, 1.0, 0.0, 0.0);
  EXPECT_DOUBLE_EQ(value_at(box, rho, -1e6, 50.0, 20.0), -25.0);
  EXPECT_DOUBLE_EQ(value_at(box, rho, 1e6, 1e6, -1e6), 35.0);
}

TEST(Sampling, A_two_dimensional_field_has_no_gradient_along_z) {
  const grid::Geometry sheet{{6, 6, 1}, {20.0, 20.0, 20.0}, {0.0, 0.0, 0.0}, true};
  const auto rho = linear_field(sheet, 1.0, 0.5, 0.25, 9.0);
  const auto gradient = gradient_at(sheet, rho, 33.0, 71.0, 5.0);
  EXPECT_NEAR(gradient[0], 0.5, 1e-13);
  EXPECT_NEAR(gradient[1], 0.25, 1e-13);
  EXPECT_EQ(gradient[2], 0.0);
}

TEST(Sampling, One_voxel_has_one_value_and_no_gradient) {
  const grid::Geometry dish{{1, 1, 1}, {100.0, 100.0, 100.0}, {0.0, 0.0, 0.0}, false};
  const std::vector<double> rho{4.5};
  EXPECT_EQ(value_at(dish, rho, 12.0, 99.0, -7.0), 4.5);
  EXPECT_EQ(gradient_at(dish, rho, 12.0, 99.0, -7.0), (std::array<double, 3>{0.0, 0.0, 0.0}));
}

TEST(Sampling, The_gradient_of_a_smooth_field_is_second_order_inside) {
  double before = 0.0;
  for (const int n : {16, 32, 64}) {
    const double h = 64.0 / n;
    const grid::Geometry line{{n, 1, 1}, {h, 1.0, 1.0}, {0.0, 0.0, 0.0}, true};
    std::vector<double> rho(line.size());
    for (int i = 0; i < n; ++i) rho[static_cast<std::size_t>(i)] = std::pow(line.centre(0, i), 3);
    const double error = std::abs(gradient_at(line, rho, 32.0, 0.5, 0.5)[0] - 3072.0);
    if (before > 0.0) {
      EXPECT_GT(before / error, 3.5);
    }
    before = error;
  }
}

}  // namespace
}  // namespace senoma::field
