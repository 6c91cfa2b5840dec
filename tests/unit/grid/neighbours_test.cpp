#include "grid/neighbours.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "base/hash.h"
#include "base/philox.h"

namespace senoma::grid {
namespace {

struct Cloud {
  std::vector<double> x, y, z, reach;
  std::vector<std::uint64_t> id;
  std::array<double, 3> period{0.0, 0.0, 0.0};

  [[nodiscard]] Points points() const { return {x, y, z, reach, id, period}; }
  void add(double px, double py, double pz, double r, std::uint64_t i) {
    x.push_back(px);
    y.push_back(py);
    z.push_back(pz);
    reach.push_back(r);
    id.push_back(i);
  }
};

double draw(std::uint64_t seed, std::uint64_t i, int k) {
  return RandomStream{seed, i, Stream::test}.uniform(static_cast<std::uint64_t>(k));
}

Cloud random_cloud(std::size_t n, std::uint64_t seed, double side, double smallest_reach, double largest_reach) {
  Cloud c;
  for (std::size_t i = 0; i < n; ++i) {
    c.add(side * (draw(seed, i, 0) - 0.5), side * (draw(seed, i, 1) - 0.5), side * (draw(seed, i, 2) - 0.5),
          smallest_reach * std::pow(largest_reach / smallest_reach, draw(seed, i, 3)), mix64(i + seed));
  }
  return c;
}

void expect_as_defined(const Cloud& cloud, double skin, const Executor& executor = Executor(1)) {
  NeighbourList list;
  list.build(cloud.points(), skin, executor);
  const auto expected = neighbours_by_definition(cloud.points(), skin);
  ASSERT_EQ(list.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto row = list.of(i);
    ASSERT_EQ(std::vector<std::uint32_t>(row.begin(), row.end()), expected[i])
        << "row " << i << " of " << expected.size();
  }
}

TEST(Neighbours, No_cell_and_one_cell_have_no_neighbours) {
  expect_as_defined({}, 1.0);
  Cloud one;
  one.add(3.0, 4.0, 5.0, 10.0, 7);
  expect_as_defined(one, 1.0);
}

TEST(Neighbours, Random_tissue_agrees_with_the_definition) {
  expect_as_defined(random_cloud(2000, 1, 150.0, 8.0, 12.0), 2.0);
  expect_as_defined(random_cloud(2000, 2, 150.0, 8.0, 12.0), 0.0);
  expect_as_defined(random_cloud(777, 3, 20.0, 8.0, 12.0), 0.0);  // all see nearly all: the long-row path
}

TEST(Neighbours, A_wide_spread_of_reach_agrees_with_the_definition) {
  expect_as_defined(random_cloud(1500, 4, 300.0, 0.01, 80.0), 0.5);
  auto some_zero = random_cloud(800, 5, 50.0, 1.0, 9.0);
  for (std::size_t i = 0; i < some_zero.reach.size(); i += 3) some_zero.reach[i] = 0.0;
  expect_as_defined(some_zero, 0.0);
  auto all_zero = random_cloud(300, 5, 5.0, 1.0, 1.0);
  std::fill(all_zero.reach.begin(), all_zero.reach.end(), 0.0);
  expect_as_defined(all_zero, 0.0);
  expect_as_defined(all_zero, 1.0);
}

TEST(Neighbours, Coincident_points_are_neighbours_of_each_other) {
  Cloud c;
  for (std::uint64_t i = 0; i < 70; ++i) c.add(1.0, 2.0, 3.0, i < 35 ? 0.0 : 5.0, 1000 - i);
  expect_as_defined(c, 0.0);
}

TEST(Neighbours, Points_far_outside_are_found_and_cost_no_memory) {
  auto c = random_cloud(1000, 6, 100.0, 8.0, 10.0);
  for (const double far : {1e4, -1e6, 1e9, -1e12, 1e15, -1e18, 1e200}) {
    for (int copy = 0; copy < 3; ++copy)
      c.add(far, copy == 0 ? far : 5.0, copy == 1 ? -far : 7.0, 9.0, mix64(c.id.size()) ^ 5);
    c.add(far, far, -far, 9.0, mix64(c.id.size()) ^ 5);
    c.add(far + 12.0, far, -far, 9.0, mix64(c.id.size()) ^ 5);
  }
  expect_as_defined(c, 1.0);
}

TEST(Neighbours, Points_exactly_at_the_cut_off_count_on_both_sides) {
  Cloud c;  // a lattice whose spacing is the reach sum: every nearest pair lies on the edge of the test and of the bins
  std::uint64_t id = 0;
  for (int i = -5; i < 6; ++i)
    for (int j = -5; j < 6; ++j)
      for (int k = -2; k < 3; ++k) c.add(i * 16.2, j * 16.2, k * 16.2, 8.1, mix64(id++));
  expect_as_defined(c, 0.0);
}

TEST(Neighbours, Periodic_axes_use_the_nearest_image) {
  auto c = random_cloud(900, 7, 100.0, 6.0, 9.0);
  c.period = {100.0, 100.0, 0.0};
  expect_as_defined(c, 1.0);
  c.period = {100.0, 0.0, 100.0};
  for (auto& x : c.x) x += 333.0;
  expect_as_defined(c, 1.0);
  c.period = {30.0, 30.0, 30.0};  // cut-off beyond half the period: each pair once
  expect_as_defined(c, 0.0);
  Cloud seam;
  seam.add(0.0, 0.0, 0.0, 5.0, 1);
  seam.add(99.5, 99.5, 0.0, 5.0, 2);
  seam.period = {100.0, 100.0, 100.0};
  NeighbourList list;
  list.build(seam.points(), 0.0, Executor(1));
  ASSERT_EQ(list.of(0).size(), 1U);
}

TEST(Neighbours, Rows_do_not_depend_on_threads) {
  const auto c = random_cloud(3000, 8, 160.0, 5.0, 12.0);
  for (const int threads : {1, 2, 4}) expect_as_defined(c, 1.5, Executor(threads));
}

TEST(Neighbours, A_list_can_be_rebuilt_with_other_sizes) {
  NeighbourList list;
  for (const std::size_t n : {1000U, 10U, 0U, 600U}) {
    const auto c = random_cloud(n, 9, 90.0, 8.0, 9.0);
    list.build(c.points(), 0.0, Executor(1));
    const auto expected = neighbours_by_definition(c.points(), 0.0);
    ASSERT_EQ(list.size(), n);
    for (std::size_t i = 0; i < n; ++i)
      ASSERT_TRUE(std::equal(list.of(i).begin(), list.of(i).end(), expected[i].begin(), expected[i].end()));
  }
}

// A list taken again later holds every pair, as long as it says that it covers the points.
TEST(Neighbours, A_list_covers_points_that_stay_within_their_skins) {
  auto c = random_cloud(1500, 21, 120.0, 4.0, 9.0);
  c.period = {0.0, 120.0, 0.0};
  auto with_skin = c;
  for (std::size_t i = 0; i < c.x.size(); ++i) with_skin.reach[i] += i % 3 == 0 ? 2.0 : 0.5;  // each its own
  NeighbourList list;
  list.build(with_skin.points(), 0.0, Executor(1));
  std::vector<float> margin(c.x.size());
  ASSERT_TRUE(list.covers(c.points(), margin, Executor(2)));
  for (std::size_t i = 0; i < margin.size(); ++i) {
    EXPECT_NEAR(margin[i], i % 3 == 0 ? 2.0 : 0.5, 1e-5);
    c.x[i] += 0.99 * margin[i] * std::cos(static_cast<double>(i));
    c.y[i] += 0.99 * margin[i] * std::sin(static_cast<double>(i)) + (i % 2 == 0 ? 120.0 : 0.0);  // also round the box
  }
  ASSERT_TRUE(list.covers(c.points(), margin, Executor(2)));
  const auto exact = neighbours_by_definition(c.points(), 0.0);
  for (std::size_t i = 0; i < exact.size(); ++i) {
    for (const auto j : exact[i]) ASSERT_NE(std::find(list.of(i).begin(), list.of(i).end(), j), list.of(i).end());
  }
  auto moved = c, grown = c, renamed = c, fewer = c;
  moved.z[7] += 0.2;
  grown.reach[8] += 0.2;
  std::swap(renamed.id[3], renamed.id[4]);
  fewer.id.pop_back(), fewer.x.pop_back(), fewer.y.pop_back(), fewer.z.pop_back(), fewer.reach.pop_back();
  for (const auto* other : {&moved, &grown, &renamed, &fewer})
    EXPECT_FALSE(list.covers(other->points(), margin, Executor(1)));
}

TEST(Neighbours, Non_finite_points_do_no_harm) {
  auto c = random_cloud(200, 10, 60.0, 8.0, 9.0);
  c.x[3] = std::nan("");
  c.y[5] = INFINITY;
  c.reach[7] = std::nan("");
  NeighbourList list;
  list.build(c.points(), 1.0, Executor(1));
  EXPECT_EQ(list.of(3).size(), 0U);
}

RC_GTEST_PROP(NeighboursProperty, any_cloud_agrees_with_the_definition, ()) {
  const auto n = *rc::gen::inRange<std::size_t>(0, 120);
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  const double side = *rc::gen::element(0.1, 10.0, 100.0, 1e5);
  const double spread = *rc::gen::element(1.0, 3.0, 1000.0);
  auto c = random_cloud(n, seed, side, 10.0 / spread, 10.0);
  if (*rc::gen::arbitrary<bool>()) c.period = {side, 0.0, 1.5 * side};
  expect_as_defined(c, *rc::gen::element(0.0, 0.7));
}

// Not a bar (those are in bench/): prints the figure that the header quotes.
TEST(Neighbours, Build_time_of_a_packed_tissue_is_printed) {
  constexpr double r = 8.41;
  Cloud c;
  std::uint64_t id = 0;
  for (int k = 0; k < 30; ++k)
    for (int j = 0; j < 47; ++j)
      for (int i = 0; i < 71; ++i)
        c.add(i * std::sqrt(3.0) * r + (k % 2) * r / 2, j * 2 * r + (i % 2) * r, k * std::sqrt(3.0) * r, 1.25 * r,
              id++);
  NeighbourList list;
  list.build(c.points(), 2.0, Executor(1));
  double best = 1e9;
  for (int repeat = 0; repeat < 3; ++repeat) {
    const auto start = std::chrono::steady_clock::now();
    list.build(c.points(), 2.0, Executor(1));
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::size_t pairs = 0;
  for (std::size_t i = 0; i < list.size(); ++i) pairs += list.of(i).size();
  std::printf("%zu cells, %.1f neighbours each: %.1f ms on one thread\n", list.size(),
              static_cast<double>(pairs) / static_cast<double>(list.size()), 1e3 * best);
  EXPECT_GT(pairs, 8 * list.size());
}

}  // namespace
}  // namespace senoma::grid
