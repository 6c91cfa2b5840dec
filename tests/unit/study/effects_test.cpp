#include "study/effects.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "made_up_effects.h"

namespace senoma::study {
namespace {

using made_up::nan;

/// Share of null interventions whose 90 % interval leaves out zero.
template <class Differences>
double share_excluded(std::size_t n, int trials, const std::vector<std::uint32_t>& draw_of, Differences&& differences) {
  const UnitResamples resamples(draw_of, 17, 400);
  EXPECT_EQ(resamples.n_replicates(), n);
  int excluded = 0;
  for (int t = 0; t < trials; ++t) {
    const Interval i = mean_interval(differences(static_cast<std::uint64_t>(t)), resamples);
    excluded += i.low > 0 || i.high < 0;
  }
  return excluded / static_cast<double>(trials);
}

std::vector<std::uint32_t> each_its_own(std::size_t n) {
  std::vector<std::uint32_t> draw_of(n);
  for (std::size_t i = 0; i < n; ++i) draw_of[i] = static_cast<std::uint32_t>(i);
  return draw_of;
}

// The accepted share is 13 % for a 90 % interval. Nulls perturb draws but no mean: both arms from one distribution.
TEST(Effects, Intervals_of_null_interventions_leave_out_zero_at_most_as_often_as_promised) {
  constexpr int trials = 600;
  for (const std::size_t n : {8U, 20U}) {
    const auto draws = each_its_own(n);
    const double normal = share_excluded(n, trials, draws, [n](auto t) { return made_up::normals(31, t, n); });
    const double censored = share_excluded(n, trials, draws, [n](auto t) {
      return paired_differences(made_up::times(32, t, n, 50, 40), made_up::times(33, t, n, 50, 40));
    });
    const double ties = share_excluded(n, trials, draws, [n](auto t) {  // half of the pairs are censored in both arms
      auto d = made_up::normals(34, t, n);
      const RandomStream stream{35, t, Stream::test};
      for (std::size_t i = 0; i < n; ++i) d[i] *= stream.uniform(i) < 0.5 ? 1 : 0;
      return d;
    });
    const double heavy = share_excluded(n, trials, draws, [n](auto t) {  // normal over a normal: Cauchy-like tails, cut
      auto d = made_up::normals(36, t, n);
      const auto e = made_up::normals(37, t, n);
      for (std::size_t i = 0; i < n; ++i) d[i] /= 0.3 + std::abs(e[i]);
      return d;
    });
    std::printf("n = %zu: zero left out by normal %.3f, censored %.3f, tied %.3f, heavy-tailed %.3f\n", n, normal,
                censored, ties, heavy);
    for (const double share : {normal, censored, ties, heavy}) EXPECT_LE(share, 0.13);
    EXPECT_GE(normal, 0.06);  // nor are they uselessly wide
  }
}

TEST(Effects, Intervals_hold_also_where_parameter_draws_differ_more_than_seeds) {
  constexpr std::size_t n_draws = 10, n_seeds = 4, n = n_draws * n_seeds;
  std::vector<std::uint32_t> draw_of;
  for (std::size_t i = 0; i < n; ++i) draw_of.push_back(static_cast<std::uint32_t>(i / n_seeds));
  const auto nulls = [](double between) {
    return [between](std::uint64_t t) {
      auto d = made_up::normals(41, t, n);
      const auto draw = made_up::normals(42, t, n_draws, 0, between);
      for (std::size_t i = 0; i < n; ++i) d[i] += draw[i / n_seeds];
      return d;
    };
  };
  const double apart = share_excluded(n, 300, draw_of, nulls(2.0)), alike = share_excluded(n, 300, draw_of, nulls(0.0));
  const double seeds_alone = share_excluded(n, 100, each_its_own(n), nulls(2.0));
  std::printf("10 draws x 4 seeds: zero left out %.3f (draws differ), %.3f (draws alike); as 40 seeds %.3f\n", apart,
              alike, seeds_alone);
  EXPECT_LE(apart, 0.13);
  EXPECT_LE(alike, 0.13);
  EXPECT_GE(alike, 0.06);
  EXPECT_GT(seeds_alone, 0.3);  // taking the seeds of a draw for independent is what the design is there to avoid
}

TEST(Effects, A_paired_effect_has_the_mean_difference_and_leaves_out_unknown_pairs) {
  const std::vector<double> treated{11, 21, nan, 41}, control{10, 20, 30, nan};
  const Interval i = paired_effect(treated, control, UnitResamples(4));
  EXPECT_DOUBLE_EQ(i.centre, 1);
  EXPECT_EQ(i.n, 2U);
  const std::vector<double> never{std::numeric_limits<double>::infinity(), 2}, two{1, 1};
  EXPECT_TRUE(std::isnan(paired_differences(never, two)[0]));
  EXPECT_THROW((void)paired_effect(treated, std::vector<double>{1}, UnitResamples(4)), Error);
}

TEST(Effects, The_one_sided_p_value_is_students) {
  const std::vector<double> values{1, 2, 3, 4, 5};  // mean 3, standard error 0.7071, t = 4.2426 with 4 degrees
  EXPECT_NEAR(p_above_zero(values, UnitResamples(5, 1, 1)), 0.006618, 1e-5);
  EXPECT_DOUBLE_EQ(p_above_zero(std::vector<double>{2, 2, 2}, UnitResamples(3, 1, 1)), 0.125);
  EXPECT_DOUBLE_EQ(p_above_zero(std::vector<double>{0, 0, 0}, UnitResamples(3, 1, 1)), 1);
  EXPECT_DOUBLE_EQ(p_above_zero(std::vector<double>{5}, UnitResamples(1, 1, 1)), 1);
}

TEST(Effects, Ranks_follow_the_means_and_ties_share_their_places) {
  const UnitResamples resamples(6);
  std::vector<Estimate> variants;
  for (const double mean : {0.0, 5.0, 5.0, -3.0})
    variants.push_back(mean_estimate(std::vector<double>(6, mean), resamples));
  variants.push_back(mean_estimate(std::vector<double>(6, nan), resamples));
  const auto ranked = rank_variants(variants, 3, true);
  EXPECT_DOUBLE_EQ(ranked[0].rank, 1.5);
  EXPECT_DOUBLE_EQ(ranked[0].probability_best, 0.5);
  EXPECT_EQ(ranked[2].variant, 0U);
  EXPECT_NEAR(ranked[2].probability_top, 1, 1e-9);
  EXPECT_EQ(ranked[3].variant, 3U);
  EXPECT_EQ(ranked[4].variant, 4U);
  EXPECT_DOUBLE_EQ(ranked[4].probability_top, 0);
  EXPECT_EQ(rank_variants(variants, 3, false)[0].variant, 3U);
}

TEST(Effects, Probabilities_of_being_among_the_best_add_up_to_k) {
  const UnitResamples resamples(8);
  std::vector<Estimate> variants;
  for (std::uint64_t v = 0; v < 12; ++v)
    variants.push_back(mean_estimate(made_up::normals(51, v, 8, 0.1 * static_cast<double>(v)), resamples));
  double best = 0, top = 0;
  for (const auto& r : rank_variants(variants, 4, true)) {
    best += r.probability_best;
    top += r.probability_top;
  }
  EXPECT_NEAR(best, 1, 1e-9);
  EXPECT_NEAR(top, 4, 1e-9);
}

TEST(Effects, Common_seeds_sharpen_a_ranking) {
  // Two variants that differ by 1 in every seed, in noise of 10 that both share: the order is certain.
  const auto noise = made_up::normals(52, 0, 8, 0, 10);
  auto better = noise;
  for (double& v : better) v += 1;
  const UnitResamples resamples(8);
  const std::vector<Estimate> variants{mean_estimate(noise, resamples), mean_estimate(better, resamples)};
  EXPECT_DOUBLE_EQ(rank_variants(variants, 1, true)[0].probability_best, 1);
}

}  // namespace
}  // namespace senoma::study
