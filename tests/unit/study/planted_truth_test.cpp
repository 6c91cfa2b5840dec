// What a screen says of made-up outcomes whose truth is known.
#include <gtest/gtest.h>

#include "sample_screen.h"

namespace senoma::study {
namespace {

TEST(PlantedTruth, A_factor_that_drives_relapse_here_and_protects_there_is_first_last_and_flagged) {
  constexpr std::size_t n_seeds = 12;
  const auto all = sample::screen(1, n_seeds);
  const UnitResamples resamples(n_seeds, 1, 1000);
  const auto here = sample::ranking(all, 0, resamples, 3), there = sample::ranking(all, 1, resamples, 3);
  EXPECT_EQ(here.front().variant, 0U);
  EXPECT_GT(here.front().probability_best, 0.9);
  EXPECT_EQ(there.back().variant, 0U);
  EXPECT_LT(there.back().probability_top, 0.01);

  const auto candidates = sample::candidates(all);
  const auto flips = sign_flips(candidates, resamples);
  EXPECT_EQ(flips.pairs[0].candidate, 0U);
  EXPECT_EQ(flips.pairs[0].positive, 0U);
  EXPECT_EQ(flips.pairs[0].negative, 1U);
  EXPECT_TRUE(flips.pairs[0].flagged);
  for (const auto& pair : flips.pairs)
    EXPECT_TRUE(!pair.flagged || pair.candidate == 0) << sample::targets[pair.candidate];
}

TEST(PlantedTruth, Null_interventions_leave_out_zero_in_at_most_thirteen_per_cent_and_hardly_ever_flip) {
  constexpr std::size_t n_seeds = 8, n_studies = 10;
  const UnitResamples resamples(n_seeds, 1, 500);
  double excluded = 0, nulls = 0, found = 0, false_share = 0;
  for (std::uint64_t study = 0; study < n_studies; ++study) {
    const auto candidates = sample::candidates(sample::screen(10 + study, n_seeds));
    const auto flips = sign_flips(candidates, resamples);
    for (std::size_t t = 2; t < candidates.size(); ++t) {
      for (const auto& sign : flips.signs[t]) {
        nulls += 1;
        excluded += sign.effect.low > 0 || sign.effect.high < 0;
      }
    }
    double flagged = 0, wrong = 0;
    for (const auto& p : flips.pairs) {
      if (!p.flagged) continue;
      flagged += 1;
      const bool right = p.candidate == 0 && p.positive == 0 && p.negative == 1;
      found += right;
      wrong += !right;
    }
    false_share += wrong / std::max(1.0, flagged) / n_studies;
  }
  std::printf("%g null effects of 8 seeds: zero left out %.3f; planted flip found in %g of %zu, false share %.3f\n",
              nulls, excluded / nulls, found, n_studies, false_share);
  EXPECT_GE(nulls, 200);
  EXPECT_LE(excluded / nulls, 0.13);
  EXPECT_GE(found, 8);
  EXPECT_LE(false_share, 0.1);
}

}  // namespace
}  // namespace senoma::study
