#include "study/unit_resamples.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <numeric>

#include "made_up_effects.h"
#include "study/distributions.h"

namespace senoma::study {
namespace {

using made_up::nan;

TEST(UnitResamples, Seeds_of_one_parameter_draw_stay_together) {
  const std::vector<std::uint32_t> draw_of{7, 7, 9, 9, 9, 4};
  const UnitResamples resamples(draw_of, 1, 500);
  ASSERT_EQ(resamples.n_units(), 3U);
  for (std::size_t b = 0; b < resamples.size(); ++b) {
    const auto w = resamples.weights(b);
    EXPECT_EQ(w[0], w[1]);
    EXPECT_EQ(w[2], w[4]);
    EXPECT_EQ(w[0] + w[2] + w[5], 3);
  }
}

TEST(UnitResamples, With_one_parameter_draw_the_seeds_are_the_units) {
  const std::vector<std::uint32_t> draw_of{3, 3, 3, 3};
  const UnitResamples resamples(draw_of, 1, 10), seeds(4, 1, 10);
  EXPECT_EQ(resamples.n_units(), 4U);
  for (std::size_t b = 0; b < 10; ++b)
    EXPECT_TRUE(std::equal(resamples.weights(b).begin(), resamples.weights(b).end(), seeds.weights(b).begin()));
}

TEST(UnitResamples, The_expanded_interval_of_a_mean_is_students_interval) {
  const auto values = made_up::normals(1, 0, 10, 5, 2);
  const UnitResamples resamples(10, 3, 20000);
  std::vector<double> draws(resamples.size());
  for (std::size_t b = 0; b < draws.size(); ++b) draws[b] = weighted_mean(values, resamples.weights(b));
  const double mean = weighted_mean(values);
  double squares = 0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  const double half = student_quantile(0.95, 9) * std::sqrt(squares / 9 / 10);
  const Interval interval = expanded_interval(mean, draws, 10, 0.9);
  EXPECT_NEAR(interval.high - interval.low, 2 * half, 0.08 * 2 * half);
  const Interval percentile = bootstrap_mean(values);
  EXPECT_LT(percentile.high - percentile.low, 0.93 * (interval.high - interval.low));
}

TEST(UnitResamples, One_unit_says_nothing_about_spread) {
  const Interval i = expanded_interval(2, {2, 2, 2}, 1);
  EXPECT_TRUE(std::isinf(i.low) && std::isinf(i.high));
  const Interval u = expanded_interval(nan, {nan, nan}, 5);
  EXPECT_TRUE(std::isnan(u.low) && std::isnan(u.high));
}

TEST(UnitResamples, More_than_one_in_twenty_resamples_without_a_value_leave_the_interval_open) {
  std::vector<double> draws(100, 1.0);
  for (int k = 0; k < 5; ++k) draws[static_cast<std::size_t>(k)] = nan;
  EXPECT_DOUBLE_EQ(expanded_interval(1, draws, 8).low, 1.0);
  draws[5] = nan;
  EXPECT_TRUE(std::isinf(expanded_interval(1, draws, 8).low));
}

TEST(UnitResamples, Unknown_values_are_left_out_of_means_and_units) {
  const std::vector<std::uint32_t> draw_of{0, 0, 1, 1, 2};
  const UnitResamples resamples(draw_of, 1, 4);
  const std::vector<double> values{1, nan, nan, nan, 4};
  EXPECT_EQ(known_units(values, resamples), 2U);
  EXPECT_DOUBLE_EQ(weighted_mean(values), 2.5);
  const auto means = unit_means(values, resamples);
  EXPECT_EQ(means, (std::vector<double>{1, 4}));
}

RC_GTEST_PROP(UnitResamples, Weights_of_every_resample_add_up_to_the_number_of_units, ()) {
  const auto n = *rc::gen::inRange<std::size_t>(1, 40);
  const UnitResamples resamples(n, *rc::gen::arbitrary<std::uint64_t>(), 5);
  for (std::size_t b = 0; b < resamples.size(); ++b) {
    const auto w = resamples.weights(b);
    RC_ASSERT(std::accumulate(w.begin(), w.end(), 0U) == n);
  }
}

}  // namespace
}  // namespace senoma::study
