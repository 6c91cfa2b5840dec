#include "mechanics/pair_forces.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <numeric>

#include "base/error.h"
#include "tissue.h"

namespace senoma::mechanics {
namespace {

void expect_as_defined(Tissue& t, bool two_dimensional, std::array<double, 3> period = {0, 0, 0}) {
  const Velocities v = velocities_of(t, two_dimensional, period);
  Velocities plain(t.size());
  velocities_by_definition(t.bodies(), 1.25, two_dimensional, plain.x, plain.y, plain.z, plain.pressure, period);
  for (std::size_t i = 0; i < t.size(); ++i) {
    const double scale = 20.0 + 10.0 * plain.pressure[i];
    EXPECT_NEAR(v.x[i], plain.x[i], 1e-13 * scale) << i;
    EXPECT_NEAR(v.y[i], plain.y[i], 1e-13 * scale) << i;
    EXPECT_NEAR(v.z[i], plain.z[i], 1e-13 * scale) << i;
    EXPECT_NEAR(v.pressure[i], plain.pressure[i], 1e-12 * (1.0 + plain.pressure[i])) << i;
  }
}

TEST(PairForces, A_pair_feels_the_published_potentials) {
  Tissue t;
  t.add(0, 0, 0, 8.0, 10.0, 0.4);
  t.add(12.0, 0, 0, 7.0, 40.0, 0.1);
  const Velocities v = velocities_of(t);
  const double repulsion = 20.0 * std::pow(1 - 12.0 / 15.0, 2), adhesion = 0.2 * std::pow(1 - 12.0 / 18.75, 2);
  EXPECT_NEAR(v.x[0], -(repulsion - adhesion), 1e-14);
  EXPECT_NEAR(v.x[1], repulsion - adhesion, 1e-14);
  EXPECT_EQ(v.y[0], 0.0);
}

TEST(PairForces, Pressure_is_one_in_a_hexagonal_packing) {
  const double d = 2.0 * 8.41 * std::sqrt(M_PI / (2.0 * std::sqrt(3.0)));
  Tissue t;
  t.add(0, 0, 0);
  for (int k = 0; k < 6; ++k) t.add(d * std::cos(k * M_PI / 3), d * std::sin(k * M_PI / 3), 0);
  EXPECT_NEAR(velocities_of(t, true).pressure[0], 1.0, 1e-12);
  EXPECT_NEAR(velocities_of(t, false).pressure[0], 0.5, 1e-12);
}

TEST(PairForces, The_vector_kernel_agrees_with_the_plain_definition) {
  auto dense = random_tissue(600, 1, 90.0);
  dense.drift_randomly(0.7, 3);
  for (std::size_t i = 0; i < dense.size(); ++i) dense.movable.push_back(i % 5 != 0);
  expect_as_defined(dense, false);
  auto flat = random_tissue(300, 2, 120.0, true);
  flat.drift_randomly(0.7, 3);
  expect_as_defined(flat, true);
  auto crowd = random_tissue(700, 3, 20.0);  // rows longer than the pair buffer
  expect_as_defined(crowd, false);
  auto periodic = random_tissue(500, 4, 100.0);
  expect_as_defined(periodic, false, {100.0, 0.0, 100.0});
}

TEST(PairForces, Coincident_cells_part_in_opposite_directions) {
  for (const bool two_dimensional : {false, true}) {
    Tissue t;
    t.add(5, 5, 5);
    t.add(5, 5, 5);
    t.add(5, 5, 5, 0.0);
    t.add(5, 5, 5, 0.0);  // two points without extent do not push each other
    expect_as_defined(t, two_dimensional);
    const Velocities v = velocities_of(t, two_dimensional);
    const double speed = std::hypot(v.x[0], v.y[0], v.z[0]);
    EXPECT_GT(speed, 1.0);
    if (two_dimensional) {
      EXPECT_EQ(v.z[0], 0.0);
    }
    EXPECT_NEAR(v.x[0] + v.x[1] + v.x[2] + v.x[3], 0.0, 1e-14);
    EXPECT_NEAR(v.y[0] + v.y[1] + v.y[2] + v.y[3], 0.0, 1e-14);
  }
}

TEST(PairForces, The_velocities_of_all_pairs_sum_to_zero) {
  auto t = random_tissue(5000, 5, 180.0);
  const Velocities v = velocities_of(t);
  double gross = 0.0;
  for (std::size_t i = 0; i < t.size(); ++i) gross += std::abs(v.x[i]) + std::abs(v.y[i]) + std::abs(v.z[i]);
  const double net = std::abs(std::accumulate(v.x.begin(), v.x.end(), 0.0)) +
                     std::abs(std::accumulate(v.y.begin(), v.y.end(), 0.0)) +
                     std::abs(std::accumulate(v.z.begin(), v.z.end(), 0.0));
  std::printf("net %.2e of gross %.2e\n", net, gross);
  EXPECT_LT(net, 1e-13 * gross);
}

TEST(PairForces, Rotating_the_scene_rotates_the_velocities) {
  auto t = random_tissue(800, 6, 100.0);
  const Velocities v = velocities_of(t);
  const double c = std::cos(0.7), s = std::sin(0.7);
  Tissue turned = t;
  for (std::size_t i = 0; i < t.size(); ++i) {  // about z by 0.7, then x → y → z → x
    turned.y[i] = c * t.x[i] - s * t.y[i];
    turned.z[i] = s * t.x[i] + c * t.y[i];
    turned.x[i] = t.z[i];
  }
  const Velocities w = velocities_of(turned);
  for (std::size_t i = 0; i < t.size(); ++i) {
    EXPECT_NEAR(w.y[i], c * v.x[i] - s * v.y[i], 1e-11);
    EXPECT_NEAR(w.z[i], s * v.x[i] + c * v.y[i], 1e-11);
    EXPECT_NEAR(w.x[i], v.z[i], 1e-11);
  }
}

TEST(PairForces, Permuting_the_cells_changes_no_bit) {
  auto t = random_tissue(900, 7, 100.0);
  t.drift_randomly(1.0, 4);
  const Velocities v = velocities_of(t);
  std::vector<std::size_t> order(t.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [](std::size_t a, std::size_t b) { return mix64(a) < mix64(b); });
  Tissue p;
  for (const std::size_t i : order) {
    p.add(t.x[i], t.y[i], t.z[i], t.radius[i], t.repulsion[i], t.adhesion[i]);
    p.id.back() = t.id[i];
    p.drift_x.push_back(t.drift_x[i]);
    p.drift_y.push_back(t.drift_y[i]);
    p.drift_z.push_back(t.drift_z[i]);
  }
  const Velocities w = velocities_of(p);
  for (std::size_t k = 0; k < order.size(); ++k) {
    ASSERT_EQ(w.x[k], v.x[order[k]]);
    ASSERT_EQ(w.y[k], v.y[order[k]]);
    ASSERT_EQ(w.z[k], v.z[order[k]]);
    ASSERT_EQ(w.pressure[k], v.pressure[order[k]]);
  }
}

TEST(PairForces, Columns_of_other_lengths_are_refused) {
  auto t = random_tissue(5, 8, 30.0);
  Velocities v(4);
  try {
    velocities(t.bodies(), t.neighbours(), 1.25, false, v.x, v.y, v.z, {}, Executor(1));
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), "E5103");
  }
}

// Prints the figures quoted in the header and in BENCHMARKS; asserts no time.
TEST(PairForces, Speed_of_the_kernel_is_printed) {
  constexpr double r = 8.41;
  Tissue t;
  for (int k = 0; k < 30; ++k)
    for (int j = 0; j < 47; ++j)
      for (int i = 0; i < 71; ++i)
        t.add(i * std::sqrt(3.0) * r + (k % 2) * r / 2, j * 2 * r + (i % 2) * r, k * std::sqrt(3.0) * r);
  const auto list = t.neighbours();
  std::size_t pairs = 0;
  for (std::size_t i = 0; i < list.size(); ++i) pairs += list.of(i).size();
  Velocities v(t.size());
  double best = 1e9;
  for (int repeat = 0; repeat < 7; ++repeat) {
    const auto start = std::chrono::steady_clock::now();
    velocities(t.bodies(), list, 1.25, false, v.x, v.y, v.z, v.pressure, Executor(1));
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  const double n = static_cast<double>(t.size());
  std::printf("%.1f neighbours: %.1f M cell velocities per second on one thread\n", static_cast<double>(pairs) / n,
              1e-6 * n / best);
  EXPECT_GT(v.pressure[50000], 0.0);
}

}  // namespace
}  // namespace senoma::mechanics
