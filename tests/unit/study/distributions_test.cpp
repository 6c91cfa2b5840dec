#include "study/distributions.h"

#include <gtest/gtest.h>

namespace senoma::study {
namespace {

TEST(Distributions, Students_quantiles_are_those_of_the_tables) {
  EXPECT_NEAR(student_quantile(0.95, 1), 6.313751514675, 1e-9);
  EXPECT_NEAR(student_quantile(0.95, 7), 1.894578605062, 1e-10);
  EXPECT_NEAR(student_quantile(0.025, 19), -2.093024054408, 1e-10);
  EXPECT_NEAR(student_quantile(0.995, 1000), 2.580754697, 1e-8);
}

TEST(Distributions, A_quantile_is_the_inverse_of_the_distribution) {
  for (const double freedom : {1.0, 2.5, 7.0, 40.0}) {
    for (const double p : {0.001, 0.2, 0.5, 0.9})
      EXPECT_NEAR(student_cdf(student_quantile(p, freedom), freedom), p, 1e-10);
  }
}

TEST(Distributions, The_normal_interval_of_ninety_per_cent_has_its_known_half_width) {
  EXPECT_NEAR(normal_half_width(0.9), 1.6448536269515, 1e-10);
  EXPECT_NEAR(normal_cdf(-1.6448536269515), 0.05, 1e-12);
}

}  // namespace
}  // namespace senoma::study
