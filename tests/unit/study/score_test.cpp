#include "study/score.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "made_up_effects.h"

namespace senoma::study {
namespace {

using made_up::nan;

TEST(Score, Is_the_weighted_sum_of_changes_in_their_scales) {
  const std::vector<ScoreTerm> terms{{"relapse day", 2, 10, true, false, Side::efficacy},
                                     {"platelets", 1, 20, true, true, Side::safety}};
  const std::vector<std::vector<double>> control{{30, 40, 50, 60}, {100, 100, 100, 100}};
  const std::vector<std::vector<double>> treated{{35, 45, 55, 65}, {70, 70, 70, 70}};
  const Score s = score_variant(terms, treated, control, UnitResamples(4));
  EXPECT_NEAR(s.score.centre, (2 * 0.5 + 1 * -1.5) / 3, 1e-12);
  EXPECT_NEAR(s.benefit.centre, 1.0 / 3, 1e-12);
  EXPECT_NEAR(s.cost.centre, -0.5, 1e-12);
  EXPECT_NEAR(s.benefit.centre + s.cost.centre, s.score.centre, 1e-12);
  EXPECT_NEAR(s.change[1].centre, -1.5, 1e-12);
}

TEST(Score, Sparing_more_than_no_intervention_does_earns_nothing) {
  const std::vector<ScoreTerm> terms{{"platelets", 1, 10, true, true, Side::safety}};
  const std::vector<std::vector<double>> control{{100, 100, 100}}, treated{{150, 150, 150}};
  EXPECT_DOUBLE_EQ(score_variant(terms, treated, control, UnitResamples(3)).score.centre, 0);
}

TEST(Score, An_outcome_that_nobody_knows_leaves_the_score_unknown) {
  const std::vector<ScoreTerm> terms{{"a", 1, 1}, {"b", 1, 1}};
  const std::vector<std::vector<double>> control{{1, 2}, {nan, 1}}, treated{{0, 1}, {1, nan}};
  EXPECT_TRUE(std::isnan(score_variant(terms, treated, control, UnitResamples(2)).score.centre));
}

TEST(Score, Weights_and_scales_must_be_above_zero) {
  const std::vector<std::vector<double>> v{{1, 2}};
  for (const ScoreTerm& bad : {ScoreTerm{"a", -1, 1}, ScoreTerm{"a", 1, 0}, ScoreTerm{"a", nan, 1}})
    EXPECT_THROW((void)score_variant(std::vector{bad}, v, v, UnitResamples(2)), Error);
  EXPECT_THROW((void)score_variant({}, {}, {}, UnitResamples(2)), Error);
}

TEST(Score, The_default_scale_is_the_spread_without_intervention) {
  EXPECT_DOUBLE_EQ(default_scale(std::vector<double>{1, 3, nan}), std::sqrt(2.0));
  EXPECT_DOUBLE_EQ(default_scale(std::vector<double>{-4, -4}), 4);
  EXPECT_DOUBLE_EQ(default_scale(std::vector<double>{0, 0}), 1);
}

}  // namespace
}  // namespace senoma::study
