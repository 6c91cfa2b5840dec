#include "study/statistics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/philox.h"

namespace senoma::study {
namespace {

TEST(Statistics, The_interval_of_a_mean_covers_the_truth_about_as_often_as_it_says) {
  int covered = 0;
  constexpr int trials = 200, n = 20;
  for (int t = 0; t < trials; ++t) {
    const RandomStream stream{99, static_cast<std::uint64_t>(t), Stream::test};
    std::vector<double> values;
    for (std::uint64_t i = 0; i < n; ++i) values.push_back(3.0 + stream.normal(i));
    const Interval interval = bootstrap_mean(values);
    covered += interval.low <= 3.0 && 3.0 <= interval.high;
  }
  std::printf("coverage of the 90 %% interval, n = 20: %.3f\n", covered / static_cast<double>(trials));
  EXPECT_GT(covered, 0.82 * trials);
  EXPECT_LT(covered, 0.96 * trials);
}

TEST(Statistics, Pairing_by_seed_removes_what_both_arms_share) {
  const std::vector<double> a{11, 21, 31, 41, 52}, b{10, 20, 30, 40, 50};
  const Interval d = paired_difference(a, b);
  EXPECT_DOUBLE_EQ(d.centre, 1.2);
  EXPECT_GT(d.low, 0.9);
  EXPECT_LT(d.high, 1.9);
}

TEST(Statistics, A_ratio_has_an_interval_and_needs_a_base_above_zero) {
  const std::vector<double> a{2, 4, 6, 8}, b{1, 2, 3, 4}, zero{0, 0, 0, 0};
  const Interval r = paired_ratio(a, b);
  EXPECT_DOUBLE_EQ(r.centre, 2.0);
  EXPECT_DOUBLE_EQ(r.low, 2.0);
  EXPECT_DOUBLE_EQ(r.high, 2.0);
  EXPECT_EQ(paired_ratio(a, zero).n, 0U);
}

TEST(Statistics, The_median_and_its_interval_stay_within_the_values) {
  const std::vector<double> v{5, 1, 9, 3, 7};
  const Interval m = bootstrap_median(v);
  EXPECT_DOUBLE_EQ(m.centre, 5.0);
  EXPECT_GE(m.low, 1.0);
  EXPECT_LE(m.high, 9.0);
  EXPECT_LT(m.low, m.high);
}

TEST(Statistics, A_slope_is_exact_on_a_line) {
  const std::vector<double> x{0, 1, 2, 5}, y{1, 3, 5, 11};
  EXPECT_DOUBLE_EQ(slope(x, y), 2.0);
}

}  // namespace
}  // namespace senoma::study
