#include "grid/space_curve.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/philox.h"

namespace senoma::grid {
namespace {

struct Cloud {
  std::vector<double> x, y, z;
  explicit Cloud(std::size_t n, double side) {
    for (std::size_t i = 0; i < n; ++i) {
      const RandomStream s{5, i, Stream::test};
      x.push_back(side * (s.uniform(0) - 0.5));
      y.push_back(side * (s.uniform(1) - 0.5));
      z.push_back(side * (s.uniform(2) - 0.5));
    }
  }
};

Geometry cube(int n) { return {{n, n, n}, {20, 20, 20}, {-10.0 * n, -10.0 * n, -10.0 * n}, false}; }

TEST(SpaceCurve, Gives_a_permutation_in_order_of_the_keys_for_any_threads) {
  const Cloud c(9000, 700.0);  // some lie outside the 640 µm
  const auto keys = curve_keys(cube(32), c.x, c.y, c.z, Executor(1));
  EXPECT_EQ(keys, curve_keys(cube(32), c.x, c.y, c.z, Executor(3)));
  auto order = order_by_key(keys);
  for (std::size_t k = 1; k < order.size(); ++k) {
    ASSERT_LE(keys[order[k - 1]], keys[order[k]]);
    ASSERT_TRUE(keys[order[k - 1]] < keys[order[k]] || order[k - 1] < order[k]);  // equal ones stay in order
  }
  EXPECT_GT(descents(keys), keys.size() / 3);
  std::sort(order.begin(), order.end());
  for (std::size_t k = 0; k < order.size(); ++k) ASSERT_EQ(order[k], k);
}

TEST(SpaceCurve, Brings_near_points_near_in_memory) {
  const Cloud c(20000, 640.0);
  const auto order = order_by_key(curve_keys(cube(32), c.x, c.y, c.z, Executor(1)));
  const auto step = [&](const auto& at) {
    double sum = 0.0;
    for (std::size_t k = 1; k < c.x.size(); ++k) {
      const auto i = at(k - 1), j = at(k);
      sum += std::hypot(c.x[i] - c.x[j], c.y[i] - c.y[j], c.z[i] - c.z[j]);
    }
    return sum / static_cast<double>(c.x.size());
  };
  EXPECT_LT(step([&](std::size_t k) { return static_cast<std::size_t>(order[k]); }),
            0.1 * step([](std::size_t k) { return k; }));
}

TEST(SpaceCurve, Takes_flat_and_very_long_grids) {
  Geometry flat{{4000, 3, 1}, {1, 1, 1}, {0, 0, 0}, true};
  const std::vector<double> x{3999.5, 0.5, 2000.5}, y{0.5, 2.5, 1.5}, z(3, 0.0);
  const auto keys = curve_keys(flat, x, y, z, Executor(1));
  EXPECT_LT(keys[1], keys[2]);
  EXPECT_LT(keys[2], keys[0]);
  Geometry wide{{5000, 1, 1}, {1, 1, 1}, {0, 0, 0}, false};
  const auto coarse = curve_keys(wide, x, y, z, Executor(1));
  EXPECT_LT(coarse[1], coarse[2]);
  EXPECT_LT(coarse[2], coarse[0]);
  EXPECT_TRUE(order_by_key({}).empty());
  EXPECT_EQ(descents({}), 0u);
}

}  // namespace
}  // namespace senoma::grid
