// Same seed, same bits: for 1, 2 and 4 threads, for any order of the cells, and for a copy of the world.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <numeric>

#include "../unit/mechanisms/tissue.h"
#include "base/philox.h"

namespace senoma {
namespace {

using test::run;
using test::simulate;
using test::tissue;

TEST(Determinism, Hashes_are_equal_for_one_two_and_four_threads) {
  std::vector<std::vector<std::uint64_t>> hashes;
  for (const int threads : {1, 2, 4}) {
    auto s = simulate(tissue(), 3, threads);
    auto& h = hashes.emplace_back();
    for (int k = 0; k < 12; ++k) {
      s->step();
      h.push_back(s->world.hash());
    }
    std::printf("%d threads: %zu cells, hash %016llx\n", threads, s->world.cells.size(),
                static_cast<unsigned long long>(h.back()));
    std::uint64_t divisions = 0, deaths = 0, conversions = 0;
    for (const auto& c : s->world.counters) divisions += c.divisions, deaths += c.deaths, conversions += c.conversions;
    EXPECT_GT(divisions, 5u);  // a test in which nothing happens would prove nothing
    EXPECT_GT(deaths, 3u);
    EXPECT_GT(conversions, 3u);
    double draws = 0.0, waiting = 0.0;  // of the network's events
    for (const double n : test::column(*s, "network.eventful.event draws")) draws += n;
    for (const double due : test::column(*s, "network.eventful.event 1 pulse waiting 1 due")) waiting += due >= 0.0;
    EXPECT_GT(draws, 50.0);
    EXPECT_GT(waiting, 3.0);
  }
  EXPECT_EQ(hashes[0], hashes[1]);
  EXPECT_EQ(hashes[0], hashes[2]);
}

TEST(Determinism, Another_seed_gives_another_hash) {
  auto a = simulate(tissue(), 3), b = simulate(tissue(), 4);
  run(*a, 2);
  run(*b, 2);
  EXPECT_NE(a->world.hash(), b->world.hash());
}

TEST(Determinism, A_copy_of_the_world_in_a_fresh_simulation_steps_like_the_original) {
  auto a = simulate(tissue(), 3), b = simulate(tissue(), 99);
  run(*a, 5);
  b->world = a->world;
  EXPECT_EQ(a->readouts(), b->readouts());
  for (int k = 0; k < 5; ++k) {
    a->step();
    b->step();
    ASSERT_EQ(a->world.hash(), b->world.hash()) << "step " << k;
  }
}

TEST(Determinism, Looking_at_readouts_changes_nothing) {
  auto d = tissue();
  d.readouts = {test::mean_of("N3", "N3"), test::mean_of("contacts", "neighbours.immune")};
  auto a = simulate(d, 3), b = simulate(d, 3);
  for (int k = 0; k < 6; ++k) {
    a->step();
    b->step();
    (void)b->readouts();
  }
  EXPECT_EQ(a->world.hash(), b->world.hash());
}

TEST(Determinism, Permuting_the_cells_changes_no_hash) {
  for (const int every : {1, 3}) {
    auto a = simulate(tissue(), 3), b = simulate(tissue(), 3);
    for (int k = 0; k < 9; ++k) {
      if (k % every == 0) {
        std::vector<std::uint32_t> order(b->world.cells.size());
        std::iota(order.begin(), order.end(), 0U);
        const RandomStream stream{7, static_cast<std::uint64_t>(k), Stream::test};
        for (std::size_t i = order.size(); i > 1; --i)
          std::swap(order[i - 1], order[static_cast<std::size_t>(stream.uniform(i) * static_cast<double>(i))]);
        b->world.cells.permute(order);
      }
      a->step();
      b->step();
      ASSERT_EQ(a->world.hash(), b->world.hash()) << "step " << k;
    }
  }
}

// More cells than are left in any order: they are sorted along a space-filling curve, those of `b` from another order.
TEST(Determinism, The_order_in_memory_changes_no_hash_and_no_readout) {
  auto d = test::world(60, 6.0);
  auto type = test::cell_type("cell");
  type.parameters["mechanics.repulsion"] = 10.0;
  type.cycle = {test::phase("all", 120.0)};
  type.cycle[0].divides = true;
  type.initial = {test::apart(5000, 12.0)};
  d.cell_types = {type};
  d.readouts = {test::mean_of("pressure", "pressure"), test::mean_of("age", "age")};
  auto a = simulate(d, 3), b = simulate(d, 3, 2);
  for (int k = 0; k < 4; ++k) {
    std::vector<std::uint32_t> order(b->world.cells.size());
    std::iota(order.rbegin(), order.rend(), 0U);
    b->world.cells.permute(order);
    ASSERT_NE(a->world.cells.id, b->world.cells.id);
    a->step();
    b->step();
    ASSERT_EQ(a->world.hash(), b->world.hash()) << "step " << k;
    ASSERT_EQ(a->readouts(), b->readouts()) << "step " << k;
  }
  EXPECT_GT(a->world.counters[0].divisions, 100u);
}

}  // namespace
}  // namespace senoma
