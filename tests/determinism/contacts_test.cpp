// What cells do to each other has the same bits for any number of threads, any order in memory, and through saved
// states at any step.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numeric>

#include "../unit/mechanisms/skirmish.h"
#include "base/philox.h"
#include "trace.h"

namespace senoma {
namespace {

using test::simulate;
using test::skirmish;

constexpr int steps = 30;

std::vector<std::uint64_t> hashes(engine::Simulation& sim, bool shuffle) {
  std::vector<std::uint64_t> result;
  for (int k = 0; k < steps; ++k) {
    if (shuffle) {
      std::vector<std::uint32_t> order(sim.world.cells.size());
      std::iota(order.begin(), order.end(), 0U);
      const RandomStream stream{7, static_cast<std::uint64_t>(k), Stream::test};
      for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[static_cast<std::size_t>(stream.uniform(i) * static_cast<double>(i))]);
      sim.world.cells.permute(order);
    }
    sim.step();
    result.push_back(sim.world.hash());
  }
  return result;
}

TEST(Contacts, Have_the_same_bits_for_one_two_and_four_threads_and_any_order_of_the_cells) {
  const auto one = hashes(*simulate(skirmish(), 5, 1), false);
  EXPECT_EQ(one, hashes(*simulate(skirmish(), 5, 2), false));
  EXPECT_EQ(one, hashes(*simulate(skirmish(), 5, 4), false));
  EXPECT_EQ(one, hashes(*simulate(skirmish(), 5, 2), true));
}

TEST(Contacts, Have_the_same_bits_in_a_well_mixed_domain_too) {
  const auto d = test::well_mixed(skirmish());
  const auto one = hashes(*simulate(d, 5, 1), false);
  EXPECT_NE(one, hashes(*simulate(skirmish(), 5, 1), false));
  EXPECT_EQ(one, hashes(*simulate(d, 5, 2), false));
  EXPECT_EQ(one, hashes(*simulate(d, 5, 4), false));
  EXPECT_EQ(one, hashes(*simulate(d, 5, 2), true));
}

RC_GTEST_PROP(Contacts, Go_on_with_the_same_bits_from_saved_states_at_random_steps, ()) {
  static const auto d = std::make_shared<const engine::Description>(skirmish());
  static const auto whole = test::trace(d, steps, {}, false);
  std::map<int, int> cuts;
  for (const int at : *rc::gen::container<std::vector<int>>(3, rc::gen::inRange(0, steps)))
    cuts[at] = *rc::gen::inRange(1, 5);
  const auto split = test::trace(d, steps, cuts, false);
  RC_ASSERT(split.hashes == whole.hashes);
  RC_ASSERT(split.events == whole.events);
}

TEST(Contacts, Happen_in_the_model_of_these_tests) {
  for (const auto& d : {skirmish(), test::well_mixed(skirmish())}) {
    const auto whole = test::trace(std::make_shared<const engine::Description>(d), steps, {}, false);
    for (const char* kind : {"rouse", "division", "apoptosis", "attack", "emigration", "arrival"}) {
      const auto n = std::count_if(whole.events.begin(), whole.events.end(), [&](const auto& line) {
        return line.find(std::string(" ") + kind + " ") != std::string::npos;
      });
      EXPECT_GT(n, 3) << kind << ": a test in which nothing happens would prove nothing";
    }
  }
}

TEST(Contacts, A_branch_without_arrivals_says_so_and_one_with_new_ones_starts_them_at_nothing) {
  auto without = skirmish();
  without.cell_types[0].arrivals.pop_back();  // the visit over the edge
  auto a = simulate(skirmish(), 3), b = simulate(without, 3);
  test::run(*a, 10);
  const auto dropped = engine::restore(*b, test::through_bytes(*a), true);
  ASSERT_EQ(dropped.size(), 2U);
  EXPECT_NE(dropped[0].find("arrival.killer.visit"), std::string::npos) << dropped[0];
  auto c = simulate(skirmish(), 3);
  const auto added = engine::restore(*c, test::through_bytes(*b), true);
  ASSERT_EQ(added.size(), 2U);
  EXPECT_NE(added[0].find("is new"), std::string::npos) << added[0];
  test::run(*c, 5);
}

}  // namespace
}  // namespace senoma
