#include "study/shapley.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>
#include <cmath>
#include <functional>

#include "base/error.h"
#include "made_up_effects.h"

namespace senoma::study {
namespace {

using Game = std::function<double(std::uint32_t)>;

std::vector<std::vector<double>> play(const CoalitionPlan& plan, std::size_t n, const Game& game) {
  std::vector<std::vector<double>> outcomes;
  for (const auto mask : plan.coalitions) outcomes.emplace_back(n, game(mask));
  return outcomes;
}

TEST(Shapley, The_glove_game_comes_out_as_by_hand) {
  // Player 0 has a left glove, 1 and 2 have right gloves: (2/3, 1/6, 1/6).
  const auto plan = plan_coalitions(3);
  const auto v = shapley_values(plan, play(plan, 4, [](auto m) { return (m & 1U) && (m & 6U) ? 1.0 : 0.0; }),
                                UnitResamples(4, 1, 50));
  EXPECT_NEAR(v[0].value.centre, 2.0 / 3, 1e-12);
  EXPECT_NEAR(v[1].value.centre, 1.0 / 6, 1e-12);
  EXPECT_NEAR(v[2].value.centre, 1.0 / 6, 1e-12);
}

TEST(Shapley, Redundant_targets_share_what_either_does_alone) {
  const auto plan = plan_coalitions(3);
  const auto v =
      shapley_values(plan, play(plan, 4, [](auto m) { return 10 + ((m & 3U) ? 6.0 : 0.0); }), UnitResamples(4, 1, 50));
  EXPECT_NEAR(v[0].value.centre, 3, 1e-12);
  EXPECT_NEAR(v[1].value.centre, 3, 1e-12);
  EXPECT_NEAR(v[2].value.centre, 0, 1e-12);
  EXPECT_NEAR(v[0].alone.centre, 6, 1e-12);
  EXPECT_NEAR(v[0].last.centre, 0, 1e-12);
}

RC_GTEST_PROP(Shapley, Values_add_up_to_the_effect_of_all_together, ()) {
  const auto n = *rc::gen::inRange<std::size_t>(1, 7);
  const auto plan = plan_coalitions(n);
  const auto worth = made_up::normals(*rc::gen::arbitrary<std::uint64_t>(), 5, plan.coalitions.size());
  const auto v = shapley_values(plan, play(plan, 2, [&](auto m) { return worth[m]; }), UnitResamples(2, 1, 3));
  double sum = 0;
  for (const auto& s : v) sum += s.value.centre;
  RC_ASSERT(std::abs(sum - (worth.back() - worth.front())) < 1e-9);
}

TEST(Shapley, Sampled_orders_come_near_the_exact_values_and_their_intervals_hold_them) {
  constexpr std::size_t n = 12;
  const auto plan = plan_coalitions(n, 40, 3);
  EXPECT_FALSE(plan.exact);
  EXPECT_LT(plan.coalitions.size(), 1100U);  // of 4096
  // Any of the first three suffices; the others add k each: values 2 (6 shared by three), then k.
  const auto game = [](std::uint32_t m) {
    double worth = (m & 7U) ? 6.0 : 0.0;
    for (std::uint32_t i = 3; i < n; ++i) worth += (m >> i & 1U) ? static_cast<double>(i) : 0.0;
    return worth;
  };
  const auto v = shapley_values(plan, play(plan, 6, game), UnitResamples(6, 1, 500));
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double exact = i < 3 ? 2.0 : static_cast<double>(i);
    EXPECT_NEAR(v[i].value.centre, exact, 1.0) << i;
    EXPECT_LE(v[i].value.low - 1e-9, exact);
    EXPECT_GE(v[i].value.high + 1e-9, exact);
    sum += v[i].value.centre;
  }
  EXPECT_NEAR(sum, game(0xFFFU), 1e-9);
  EXPECT_GT(v[0].value.high - v[0].value.low, 0.1);  // the sampling shows
}

TEST(Shapley, Noise_between_seeds_shows_in_the_interval) {
  constexpr std::size_t n = 20;
  const auto plan = plan_coalitions(2);
  std::vector<std::vector<double>> outcomes;
  for (const auto mask : plan.coalitions)
    outcomes.push_back(made_up::normals(71, mask, n, 4.0 * std::popcount(mask), 1.0));
  const auto v = shapley_values(plan, outcomes, UnitResamples(n));
  for (const auto& s : v) {
    EXPECT_LT(s.value.low, 4);
    EXPECT_GT(s.value.high, 4);
    EXPECT_GT(s.value.low, 3);
  }
}

TEST(Shapley, Too_many_targets_and_missing_subsets_are_refused) {
  EXPECT_THROW((void)plan_coalitions(33), Error);
  EXPECT_THROW((void)plan_coalitions(0), Error);
  EXPECT_THROW((void)shapley_values(plan_coalitions(2), std::vector<std::vector<double>>(3), UnitResamples(2)), Error);
}

}  // namespace
}  // namespace senoma::study
