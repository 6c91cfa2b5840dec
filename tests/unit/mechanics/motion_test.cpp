#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <limits>
#include <numeric>

#include "base/error.h"
#include "mechanics/pair_forces.h"
#include "tissue.h"

namespace senoma::mechanics {
namespace {

MotionReport move_tissue(Tissue& t, const grid::Geometry& domain, double dt, MotionOptions options = {},
                         int threads = 1, std::vector<double>* pressure = nullptr) {
  grid::NeighbourList list;
  return move(t.bodies(), domain, dt, options, list,
              pressure == nullptr ? std::span<double>() : std::span<double>(*pressure), Executor(threads));
}

std::string code_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& e) {
    return e.code();
  }
  return "none";
}

TEST(Motion, Without_forces_nothing_moves_by_a_bit) {
  auto t = random_tissue(400, 1, 90.0);
  std::fill(t.repulsion.begin(), t.repulsion.end(), 0.0);
  std::fill(t.adhesion.begin(), t.adhesion.end(), 0.0);
  for (const EdgeRule edge : {EdgeRule::reflect, EdgeRule::periodic, EdgeRule::open}) {
    const auto before = t.hash();
    MotionOptions options;
    options.edge = edge;
    move_tissue(t, box(90.0), 30.0, options);
    EXPECT_EQ(t.hash(), before);
  }
}

TEST(Motion, No_time_and_no_cells_are_the_identity) {
  auto t = random_tissue(50, 2, 60.0);
  const auto before = t.hash();
  EXPECT_EQ(move_tissue(t, box(60.0), 0.0).substeps, 0);
  EXPECT_EQ(t.hash(), before);
  Tissue none;
  EXPECT_NO_THROW(move_tissue(none, box(60.0), 6.0));
}

TEST(Motion, A_lone_cell_moves_by_its_drift) {
  Tissue t;
  t.add(50, 50, 50);
  t.drift_x = {0.5};
  t.drift_y = {-0.25};
  t.drift_z = {3.0};
  const auto report = move_tissue(t, box(100.0), 6.0);
  EXPECT_NEAR(t.x[0], 53.0, 1e-12);
  EXPECT_NEAR(t.y[0], 48.5, 1e-12);
  EXPECT_NEAR(t.z[0], 68.0, 1e-12);
  EXPECT_GE(report.substeps, 18);  // at most 1 µm each
}

TEST(Motion, Threads_and_permutation_change_no_bit) {
  auto original = random_tissue(3000, 3, 150.0);
  original.drift_randomly(0.8, 5);
  std::vector<std::uint64_t> hashes;
  for (const int threads : {1, 2, 4}) {
    Tissue t = original;
    std::vector<double> pressure(t.size());
    move_tissue(t, box(150.0), 6.0, {}, threads, &pressure);
    Hasher h;
    h.add(t.hash());
    h.add(pressure);
    hashes.push_back(h.value());
  }
  EXPECT_EQ(hashes[0], hashes[1]);
  EXPECT_EQ(hashes[0], hashes[2]);

  Tissue straight = original, reversed = original;
  for (auto* column : {&reversed.x, &reversed.y, &reversed.z, &reversed.radius, &reversed.repulsion, &reversed.adhesion,
                       &reversed.drift_x, &reversed.drift_y, &reversed.drift_z})
    std::reverse(column->begin(), column->end());
  std::reverse(reversed.id.begin(), reversed.id.end());
  move_tissue(straight, box(150.0), 6.0);
  move_tissue(reversed, box(150.0), 6.0);
  std::reverse(reversed.x.begin(), reversed.x.end());
  std::reverse(reversed.y.begin(), reversed.y.end());
  std::reverse(reversed.z.begin(), reversed.z.end());
  EXPECT_EQ(straight.hash(), reversed.hash());
}

TEST(Motion, Fixed_cells_stay_and_still_push) {
  Tissue t;
  t.add(40, 50, 50);
  t.add(50, 50, 50);
  t.movable = {0, 1};
  move_tissue(t, box(100.0), 10.0);
  EXPECT_EQ(t.x[0], 40.0);
  EXPECT_GT(t.x[1], 52.0);
}

TEST(Motion, Two_dimensions_leave_z_alone) {
  auto t = random_tissue(300, 4, 100.0, true);
  for (std::size_t i = 0; i < t.size(); ++i) t.z[i] = 0.1 * static_cast<double>(i % 7);
  t.drift_randomly(0.5, 6);
  const auto z = t.z;
  const auto x = t.x;
  move_tissue(t, box(100.0, true), 12.0);
  EXPECT_EQ(t.z, z);
  EXPECT_NE(t.x, x);
}

TEST(Motion, Reflection_keeps_cells_inside_and_open_edges_do_not) {
  auto t = random_tissue(500, 5, 60.0);
  t.drift_randomly(2.0, 7);
  t.x[0] = 250.0;  // starts outside
  Tissue open = t;
  move_tissue(t, box(60.0), 60.0);
  for (std::size_t i = 0; i < t.size(); ++i) {
    for (const double p : {t.x[i], t.y[i], t.z[i]}) {
      EXPECT_GE(p, 0.0);
      EXPECT_LE(p, 60.0);
    }
  }
  MotionOptions options;
  options.edge = EdgeRule::open;
  move_tissue(open, box(60.0), 60.0, options);
  EXPECT_GT(*std::max_element(open.x.begin(), open.x.end()), 100.0);
}

TEST(Motion, A_cell_pressed_against_a_wall_slides_along_it) {
  Tissue t;
  t.add(99.0, 50, 50);
  t.drift_x = {1.0};
  t.drift_y = {0.5};
  t.drift_z = {0.0};
  move_tissue(t, box(100.0), 20.0);
  EXPECT_EQ(t.x[0], 100.0);
  EXPECT_NEAR(t.y[0], 60.0, 1e-12);
}

TEST(Motion, Periodic_edges_carry_cells_and_forces_across) {
  Tissue t;
  t.add(1.0, 50, 50);
  t.add(99.0, 50, 50);
  MotionOptions options;
  options.edge = EdgeRule::periodic;
  move_tissue(t, box(100.0), 5.0, options);
  EXPECT_GT(t.x[0], 4.0);
  EXPECT_LT(t.x[1], 96.0);
  EXPECT_NEAR(t.x[0] + t.x[1], 100.0, 1e-12);

  // Translating a periodic tissue by half the box translates the result.
  auto a = random_tissue(400, 8, 90.0);
  Tissue b = a;
  for (auto& x : b.x) x = x < 45.0 ? x + 45.0 : x - 45.0;
  move_tissue(a, box(90.0), 3.0, options);
  move_tissue(b, box(90.0), 3.0, options);
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double d = b.x[i] - a.x[i];
    EXPECT_NEAR(std::abs(d), 45.0, 1e-9);
    EXPECT_NEAR(a.y[i], b.y[i], 1e-9);
  }
}

TEST(Motion, A_crowded_tissue_stays_stable_with_long_steps) {
  auto t = random_tissue(350, 9, 70.0);  // strongly compressed: explicit steps of 1 min alone would oscillate
  std::vector<double> pressure(t.size());
  const auto report = move_tissue(t, box(70.0), 120.0, {}, 1, &pressure);
  std::printf("%d sub-steps (shortest %.3f min), %d rejected, %d neighbour builds in 120 min\n", report.substeps,
              report.shortest_substep, report.rejected_substeps, report.neighbour_builds);
  // An oscillation would show as a difference to a run with steps so short that they are stable beyond doubt.
  Tissue later = t, fine = t;
  move_tissue(later, box(70.0), 6.0);
  MotionOptions options;
  options.max_substep = 0.005;
  move_tissue(fine, box(70.0), 6.0, options);
  double moved = 0.0, apart = 0.0;
  for (std::size_t i = 0; i < t.size(); ++i) {
    moved = std::max(moved, std::hypot(t.x[i] - later.x[i], t.y[i] - later.y[i], t.z[i] - later.z[i]));
    apart = std::max(apart, std::hypot(fine.x[i] - later.x[i], fine.y[i] - later.y[i], fine.z[i] - later.z[i]));
  }
  std::printf("then moved %.3f um in 6 min, %.1e um from the run with short steps\n", moved, apart);
  EXPECT_LT(apart, 0.02);
}

TEST(Motion, The_list_on_return_holds_every_pair_within_reach) {
  auto t = random_tissue(800, 10, 90.0);
  t.drift_randomly(0.3, 9);
  grid::NeighbourList list;
  MotionOptions options;
  options.adhesion_range = 1.25;  // the reach that Tissue::neighbours takes
  move(t.bodies(), box(90.0), 6.0, options, list, {}, Executor(1));
  const auto exact = t.neighbours();
  ASSERT_EQ(list.size(), t.size());
  for (std::size_t i = 0; i < t.size(); ++i) {
    for (const auto j : exact.of(i)) EXPECT_NE(std::find(list.of(i).begin(), list.of(i).end(), j), list.of(i).end());
  }
}

TEST(Motion, Pressure_is_that_of_the_final_positions) {
  auto t = random_tissue(500, 11, 80.0);
  std::vector<double> pressure(t.size());
  move_tissue(t, box(80.0), 6.0, {}, 1, &pressure);
  EXPECT_EQ(velocities_of(t).pressure, pressure);
}

TEST(Motion, Numbers_that_are_not_usable_are_refused_by_name) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  const auto spoil = [&](const std::function<void(Tissue&)>& change) {
    auto t = random_tissue(20, 12, 50.0);
    t.drift_randomly(1.0, 1);
    change(t);
    return code_of([&] { move_tissue(t, box(50.0), 6.0); });
  };
  EXPECT_EQ(spoil([](Tissue&) {}), "none");
  EXPECT_EQ(spoil([&](Tissue& t) { t.x[3] = nan; }), "E5101");
  EXPECT_EQ(spoil([&](Tissue& t) { t.z[3] = -inf; }), "E5101");
  EXPECT_EQ(spoil([&](Tissue& t) { t.radius[3] = -1.0; }), "E5101");
  EXPECT_EQ(spoil([&](Tissue& t) { t.adhesion[3] = inf; }), "E5101");
  EXPECT_EQ(spoil([&](Tissue& t) { t.drift_y[3] = nan; }), "E5101");
  EXPECT_EQ(spoil([&](Tissue& t) { t.drift_y[3] = 1e300; }), "E5104");
  EXPECT_EQ(spoil([&](Tissue& t) { std::fill(t.repulsion.begin(), t.repulsion.end(), 1e300); }), "E5104");
  EXPECT_EQ(spoil([&](Tissue& t) { t.drift_y.pop_back(); }), "E5103");
  const auto with = [&](double dt, const std::function<void(MotionOptions&)>& change, double side = 50.0) {
    auto t = random_tissue(20, 12, 50.0);
    MotionOptions options;
    change(options);
    return code_of([&] { move_tissue(t, box(side), dt, options); });
  };
  EXPECT_EQ(with(-1.0, [](MotionOptions&) {}), "E5102");
  EXPECT_EQ(with(nan, [](MotionOptions&) {}), "E5102");
  EXPECT_EQ(with(1.0, [](MotionOptions& o) { o.max_substep = 0.0; }), "E5102");
  EXPECT_EQ(with(1.0, [](MotionOptions& o) { o.adhesion_range = 0.5; }), "E5102");
  EXPECT_EQ(with(1.0, [&](MotionOptions& o) { o.max_displacement = nan; }), "E5102");
  EXPECT_EQ(with(
                1.0, [](MotionOptions&) {}, 0.0),
            "E5102");
}

TEST(Motion, Attraction_without_repulsion_collapses_without_blowing_up) {
  auto t = random_tissue(60, 13, 40.0);
  std::fill(t.repulsion.begin(), t.repulsion.end(), 0.0);
  std::fill(t.adhesion.begin(), t.adhesion.end(), 2.0);
  EXPECT_NO_THROW(move_tissue(t, box(40.0), 60.0));
  for (std::size_t i = 0; i < t.size(); ++i) EXPECT_TRUE(std::isfinite(t.x[i] + t.y[i] + t.z[i]));
}

TEST(Motion, Speed_of_a_packed_tissue_is_printed) {
  constexpr double r = 8.41;
  Tissue t;
  for (int k = 0; k < 20; ++k)
    for (int j = 0; j < 30; ++j)
      for (int i = 0; i < 34; ++i)
        t.add(i * std::sqrt(3.0) * r + (k % 2) * r / 2, j * 2 * r + (i % 2) * r, k * std::sqrt(3.0) * r);
  const auto start = std::chrono::steady_clock::now();
  const auto report = move_tissue(t, box(600.0), 6.0);
  const double s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("%zu cells over 6 min: %d sub-steps, %d builds, %.1f ms on one thread\n", t.size(), report.substeps,
              report.neighbour_builds, 1e3 * s);
  EXPECT_GT(report.substeps, 0);
}

}  // namespace
}  // namespace senoma::mechanics
