#include "study/synergy.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "base/error.h"
#include "made_up_effects.h"

namespace senoma::study {
namespace {

Estimate constant(double value, const UnitResamples& resamples) {
  return mean_estimate(std::vector<double>(resamples.n_replicates(), value), resamples);
}

SingleAgent agent(const std::string& name, const std::vector<double>& level, const std::vector<double>& effect,
                  const UnitResamples& resamples) {
  SingleAgent a{name, level, {}};
  for (const double e : effect) a.effect.push_back(constant(e, resamples));
  return a;
}

TEST(Synergy, Bliss_and_highest_single_agent_come_out_as_by_hand) {
  const UnitResamples r(5, 1, 200);
  const auto a = agent("a", {0.5}, {0.4}, r), b = agent("b", {0.5}, {0.3}, r);
  const auto s = pair_synergy(a, 0.5, b, 0.5, constant(0.7, r));
  EXPECT_NEAR(s.bliss.interval.centre, 0.7 - 0.58, 1e-12);
  EXPECT_NEAR(s.hsa.interval.centre, 0.3, 1e-12);
}

TEST(Synergy, Loewe_of_two_straight_lines_is_their_sum) {
  // E_a = 2 d, E_b = d: a/(E/2) + b/E = 1 gives E = 2 a + b.
  const std::vector<double> level{1, 2, 4}, ea{2, 4, 8}, eb{1, 2, 4};
  EXPECT_NEAR(loewe_additive(level, ea, 1, level, eb, 1.5), 3.5, 1e-10);
}

TEST(Synergy, What_is_combined_with_itself_is_loewe_additive) {
  const std::vector<double> level{0.25, 0.5, 0.75, 0.95}, effect{0.05, 0.3, 0.62, 0.7};
  for (const double d : {0.1, 0.25, 0.37, 0.475})
    EXPECT_NEAR(loewe_additive(level, effect, d, level, effect, d), curve_at(level, effect, 2 * d), 1e-10) << d;
}

RC_GTEST_PROP(Synergy, Loewe_lies_between_what_each_reaches_alone_and_what_both_reach, ()) {
  const auto draws = made_up::normals(*rc::gen::arbitrary<std::uint64_t>(), 3, 8);
  const std::vector<double> level{0.25, 0.5, 0.75, 0.95};
  std::vector<double> ea, eb;
  double sum_a = 0, sum_b = 0;
  for (std::size_t k = 0; k < 4; ++k) {
    ea.push_back(sum_a += std::abs(draws[k]));
    eb.push_back(sum_b += std::abs(draws[k + 4]));
  }
  const double additive = loewe_additive(level, ea, 0.25, level, eb, 0.25);
  if (std::isnan(additive)) return;
  RC_ASSERT(additive >= std::max(ea[0], eb[0]) - 1e-9);
  RC_ASSERT(additive <= std::min(ea[3], eb[3]) + 1e-9);
  RC_ASSERT(std::abs(additive - loewe_additive(level, eb, 0.25, level, ea, 0.25)) < 1e-9);
}

TEST(Synergy, Loewe_says_where_it_is_not_defined) {
  const UnitResamples r(4, 1, 100);
  const auto strong = agent("strong", {0.5, 0.9}, {0.5, 0.9}, r), weak = agent("weak", {0.5, 0.9}, {0.05, 0.1}, r);
  const auto harmful = agent("harmful", {0.5, 0.9}, {-0.2, -0.4}, r);
  const auto above = pair_synergy(strong, 0.5, weak, 0.5, constant(0.6, r));
  EXPECT_FALSE(above.loewe.defined);
  EXPECT_NE(above.loewe.reason.find("'weak'"), std::string::npos) << above.loewe.reason;
  EXPECT_TRUE(std::isnan(above.loewe.interval.low));
  EXPECT_DOUBLE_EQ(above.loewe.share_defined, 0);
  EXPECT_TRUE(above.bliss.defined);
  const auto against = pair_synergy(strong, 0.5, harmful, 0.5, constant(0.3, r));
  EXPECT_NE(against.loewe.reason.find("opposite"), std::string::npos);
}

TEST(Synergy, Curves_are_made_monotone_by_least_squares) {
  const std::vector<double> level{1, 2, 3}, effect{2, 1, 4};  // pooled: 1.5, 1.5, 4
  EXPECT_DOUBLE_EQ(curve_at(level, effect, 1), 1.5);
  EXPECT_DOUBLE_EQ(curve_at(level, effect, 2), 1.5);
  EXPECT_DOUBLE_EQ(curve_at(level, effect, 2.5), 2.75);
  EXPECT_DOUBLE_EQ(curve_at(level, effect, 0.5), 0.75);
  EXPECT_TRUE(std::isnan(curve_at(level, effect, 3.5)));
  EXPECT_DOUBLE_EQ(curve_at(level, std::vector<double>{-2, -1, -4}, 2.5), -2.75);
}

TEST(Synergy, Levels_that_do_not_fit_are_refused) {
  const UnitResamples r(3, 1, 10);
  const auto good = agent("good", {0.5}, {0.5}, r), unsorted = agent("unsorted", {0.5, 0.3}, {0.1, 0.2}, r);
  EXPECT_THROW((void)pair_synergy(good, 0.7, good, 0.5, constant(1, r)), Error);
  EXPECT_THROW((void)pair_synergy(unsorted, 0.3, good, 0.5, constant(1, r)), Error);
}

TEST(Synergy, The_interval_of_an_independent_pair_holds_zero_and_that_of_a_synergistic_one_does_not) {
  constexpr std::size_t n = 20;
  const UnitResamples resamples(n);
  const auto control = made_up::normals(61, 0, n, 100, 5);
  const auto burden = [&](std::uint64_t which, double left) {
    auto v = made_up::normals(62, which, n, 0, 2);
    for (std::size_t i = 0; i < n; ++i) v[i] += left * control[i];
    return fraction_removed(v, control, resamples);
  };
  const SingleAgent a{"a", {0.5}, {burden(1, 0.7)}}, b{"b", {0.5}, {burden(2, 0.6)}};
  const auto null = pair_synergy(a, 0.5, b, 0.5, burden(3, 0.42)),
             synergy = pair_synergy(a, 0.5, b, 0.5, burden(4, 0.2));
  EXPECT_LT(null.bliss.interval.low, 0);
  EXPECT_GT(null.bliss.interval.high, 0);
  EXPECT_GT(synergy.bliss.interval.low, 0.15);
  EXPECT_NEAR(synergy.bliss.interval.centre, 0.22, 0.03);
}

}  // namespace
}  // namespace senoma::study
