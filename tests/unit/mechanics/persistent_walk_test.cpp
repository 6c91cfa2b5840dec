#include "mechanics/persistent_walk.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "base/error.h"
#include "base/hash.h"

namespace senoma::mechanics {
namespace {

struct Walkers {
  std::vector<double> dx, dy, dz, wait, turns, speed, persistence, bias, px, py, pz, vx, vy, vz, x, y, z;
  std::vector<std::uint64_t> lineage;
  explicit Walkers(std::size_t n, double v = 0.5, double tau = 15.0) {
    for (auto* c : {&dx, &dy, &dz, &wait, &turns, &bias, &px, &py, &pz, &vx, &vy, &vz, &x, &y, &z}) c->assign(n, 0.0);
    speed.assign(n, v);
    persistence.assign(n, tau);
    for (std::size_t i = 0; i < n; ++i) lineage.push_back(mix64(i + 1));
  }
  void advance(double dt, bool two_dimensional = false, int threads = 1) {
    walk({dx, dy, dz, wait, turns}, {lineage, speed, persistence, bias, px, py, pz}, 42, dt, two_dimensional, vx, vy,
         vz, Executor(threads));
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] += dt * vx[i];
      y[i] += dt * vy[i];
      z[i] += dt * vz[i];
    }
  }
};

TEST(PersistentWalk, The_path_does_not_depend_on_the_time_step) {
  Walkers one(200), many(200);
  one.advance(60.0);
  for (int i = 0; i < 240; ++i) many.advance(0.25);
  for (std::size_t i = 0; i < 200; ++i) {
    EXPECT_EQ(one.turns[i], many.turns[i]);
    EXPECT_EQ(one.dx[i], many.dx[i]);
    EXPECT_NEAR(one.x[i], many.x[i], 1e-11);
    EXPECT_NEAR(one.wait[i], many.wait[i], 1e-11);
  }
}

TEST(PersistentWalk, A_persistence_that_changes_is_exact_from_interval_to_interval) {
  Walkers a(50), b(50);
  for (auto& t : a.persistence) t = 30.0;
  a.advance(30.0);  // as much of the waiting time as 15 min at τ = 15
  b.advance(15.0);
  for (std::size_t i = 0; i < 50; ++i) {
    EXPECT_EQ(a.turns[i], b.turns[i]);
    EXPECT_NEAR(a.x[i], 2.0 * b.x[i], 1e-12);
  }
}

TEST(PersistentWalk, Threads_and_order_change_no_bit) {
  Walkers one(5000), four(5000), reversed(5000);
  std::reverse(reversed.lineage.begin(), reversed.lineage.end());
  for (int i = 0; i < 5; ++i) {
    one.advance(6.0);
    four.advance(6.0, false, 4);
    reversed.advance(6.0);
  }
  std::reverse(reversed.x.begin(), reversed.x.end());
  EXPECT_EQ(one.x, four.x);
  EXPECT_EQ(one.x, reversed.x);
}

TEST(PersistentWalk, Two_dimensions_stay_in_the_plane_at_full_speed) {
  Walkers w(100);
  for (std::size_t i = 0; i < 100; ++i) {
    w.bias[i] = 0.4;
    w.px[i] = 1.0;
    w.pz[i] = 5.0;
  }
  w.advance(1e-3, true);
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_EQ(w.dz[i], 0.0);
    EXPECT_EQ(w.vz[i], 0.0);
    EXPECT_NEAR(std::hypot(w.dx[i], w.dy[i]), 1.0, 1e-15);
  }
}

TEST(PersistentWalk, Full_bias_goes_straight_and_no_preference_means_no_bias) {
  Walkers w(10);
  for (std::size_t i = 0; i < 10; ++i) {
    w.bias[i] = 1.0;
    if (i < 5) w.py[i] = -1e-200;
  }
  w.advance(100.0);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(w.y[i], -50.0, 1e-12);
  Walkers free(10);
  free.advance(100.0);
  for (std::size_t i = 5; i < 10; ++i) EXPECT_EQ(w.y[i], free.y[i]);
}

TEST(PersistentWalk, Preferences_add_up_as_unit_vectors) {
  std::vector<double> gx{0.0, 1e-9, 0.0}, gy{0.0, 0.0, -3.0}, gz{0.0, 0.0, 4.0}, px(3), py(3), pz(3);
  add_preference(gx, gy, gz, 2.0, px, py, pz);
  add_preference(gx, gy, gz, -0.5, px, py, pz);
  EXPECT_EQ(px, (std::vector<double>{0.0, 1.5, 0.0}));
  EXPECT_NEAR(py[2], -0.9, 1e-15);
  EXPECT_NEAR(pz[2], 1.2, 1e-15);
}

TEST(PersistentWalk, Parameters_out_of_range_are_refused) {
  const auto code = [](const std::function<void(Walkers&)>& change, double dt = 6.0) {
    Walkers w(3);
    change(w);
    try {
      w.advance(dt);
    } catch (const Error& e) {
      return e.code();
    }
    return std::string("none");
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(code([](Walkers&) {}), "none");
  EXPECT_EQ(code([](Walkers& w) { w.speed[1] = 0.0; }), "none");
  EXPECT_EQ(code([](Walkers& w) { w.speed[1] = -1.0; }), "E5105");
  EXPECT_EQ(code([&](Walkers& w) { w.speed[1] = nan; }), "E5105");
  EXPECT_EQ(code([](Walkers& w) { w.persistence[1] = 0.0; }), "E5105");
  EXPECT_EQ(code([](Walkers& w) { w.persistence[1] = 1e-9; }), "E5105");
  EXPECT_EQ(code([](Walkers& w) { w.bias[1] = 1.1; }), "E5105");
  EXPECT_EQ(code([&](Walkers& w) { w.px[1] = nan; }), "E5105");
  EXPECT_EQ(code([](Walkers& w) { w.bias.pop_back(); }), "E5103");
  EXPECT_EQ(code([](Walkers&) {}, -1.0), "E5102");
}

}  // namespace
}  // namespace senoma::mechanics
