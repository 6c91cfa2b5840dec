#include "study/survival.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "base/error.h"
#include "made_up_effects.h"

namespace senoma::study {
namespace {

using made_up::nan;

/// The 6-mercaptopurine arm of Freireich et al. 1963 (Blood 21:699), the textbook example: weeks of remission, +
/// censored.
std::vector<FollowUp> mercaptopurine() {
  std::vector<FollowUp> all;
  for (const double t : {6, 6, 6, 7, 10, 13, 16, 22, 23}) all.push_back({t, true});
  for (const double t : {6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35}) all.push_back({t, false});
  return all;
}

const SurvivalStep& step_at(const SurvivalCurve& curve, double time) {
  for (const auto& s : curve.steps) {
    if (s.time == time) return s;
  }
  throw std::runtime_error("no step");
}

TEST(Survival, The_textbook_curve_and_its_greenwood_errors_come_out) {
  const auto curve = kaplan_meier(mercaptopurine(), 0.95);
  EXPECT_EQ(curve.n, 21U);
  EXPECT_EQ(curve.n_events, 9U);
  EXPECT_NEAR(step_at(curve, 6).survival, 0.857143, 1e-6);
  EXPECT_NEAR(step_at(curve, 10).survival, 0.752941, 1e-6);
  EXPECT_NEAR(step_at(curve, 23).survival, 0.448179, 1e-6);
  EXPECT_DOUBLE_EQ(curve.median, 23);
  // Limits of log(−log S) at 23 weeks by hand: S = 0.448179, Greenwood sum 0.090 → standard error of log(−log S).
  double greenwood = 0;
  for (const auto& s : curve.steps) {
    if (s.time <= 23 && s.events > 0) greenwood += s.events / (s.at_risk * (s.at_risk - s.events));
  }
  EXPECT_NEAR(0.448179 * std::sqrt(greenwood), 0.1346, 1e-4);  // the published standard error
  const double spread = 1.959964 * std::sqrt(greenwood) / -std::log(0.448179);
  EXPECT_NEAR(step_at(curve, 23).low, std::pow(0.448179, std::exp(spread)), 1e-5);
  EXPECT_NEAR(step_at(curve, 23).high, std::pow(0.448179, std::exp(-spread)), 1e-5);
}

TEST(Survival, The_restricted_mean_is_the_area_under_the_curve) {
  const std::vector<FollowUp> replicates{{2, true}, {4, false}, {6, true}};
  // 1 until 2, 2/3 until 6 (the censored one leaves at 4), then 0.
  EXPECT_DOUBLE_EQ(restricted_mean(replicates, 10), 2 + 4 * 2.0 / 3);
  EXPECT_DOUBLE_EQ(restricted_mean(replicates, 3), 2 + 2.0 / 3);
  const std::vector<std::uint16_t> weights{0, 0, 2};
  EXPECT_DOUBLE_EQ(restricted_mean(replicates, 10, weights), 6);
  EXPECT_TRUE(std::isnan(restricted_mean(std::vector<FollowUp>{{nan, true}}, 10)));
}

RC_GTEST_PROP(Survival, Without_censoring_before_the_horizon_the_restricted_mean_is_the_mean_of_the_shorter_times, ()) {
  const auto n = *rc::gen::inRange<std::size_t>(1, 30);
  const auto t = made_up::times(*rc::gen::arbitrary<std::uint64_t>(), 1, n, 30, 40);
  std::vector<FollowUp> replicates;
  double sum = 0;
  for (const double v : t) {
    replicates.push_back({v, v < 40});
    sum += v;
  }
  RC_ASSERT(std::abs(restricted_mean(replicates, 40) - sum / static_cast<double>(n)) < 1e-9);
}

TEST(Survival, A_later_relapse_shows_as_a_paired_gain_of_restricted_mean) {
  const std::size_t n = 10;
  const auto base = made_up::normals(2, 0, n, 30, 8);
  std::vector<FollowUp> control, treated;
  for (const double v : base) {
    control.push_back({v, true});
    treated.push_back({std::min(v + 5, 60.0), v + 5 < 60});
  }
  const Interval gain = restricted_mean_difference(treated, control, 60, UnitResamples(n));
  EXPECT_NEAR(gain.centre, 5, 1e-9);
  EXPECT_NEAR(gain.low, 5, 1e-9);  // pairing leaves no spread
  treated[0] = {10, false};        // lost early: the curves have to be estimated
  const Interval estimated = restricted_mean_difference(treated, control, 60, UnitResamples(n));
  EXPECT_GT(estimated.centre, 4);
  EXPECT_LT(estimated.low, estimated.high);
}

TEST(Survival, A_negative_time_and_a_missing_replicate_are_refused) {
  EXPECT_THROW((void)kaplan_meier(std::vector<FollowUp>{{-1, true}}), Error);
  const std::vector<FollowUp> one{{1, true}};
  EXPECT_THROW((void)restricted_mean_interval(one, 5, UnitResamples(2)), Error);
}

}  // namespace
}  // namespace senoma::study
