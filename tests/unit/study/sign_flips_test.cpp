#include "study/sign_flips.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

#include "made_up_effects.h"

namespace senoma::study {
namespace {

using made_up::nan;

TEST(FalseDiscovery, The_procedure_of_benjamini_and_hochberg_comes_out_as_by_hand) {
  const std::vector<double> p{0.01, 0.04, 0.03, 0.5, nan};
  const auto q = q_values(p);
  EXPECT_NEAR(q[0], 0.04, 1e-12);
  EXPECT_NEAR(q[1], 4 * 0.04 / 3, 1e-12);
  EXPECT_NEAR(q[2], 4 * 0.04 / 3, 1e-12);  // not above that of the next larger p
  EXPECT_NEAR(q[3], 0.5, 1e-12);
  EXPECT_TRUE(std::isnan(q[4]));
  EXPECT_NEAR(q_values(p, FalseDiscovery::benjamini_yekutieli)[0], 0.04 * (1 + 1.0 / 2 + 1.0 / 3 + 1.0 / 4), 1e-12);
}

RC_GTEST_PROP(FalseDiscovery, A_q_value_is_never_below_its_p_value_and_keeps_the_order, ()) {
  std::vector<double> p;
  const RandomStream stream{*rc::gen::arbitrary<std::uint64_t>(), 0, Stream::test};
  for (std::uint64_t i = 0; i < 20; ++i) p.push_back(stream.uniform(i));
  const auto q = q_values(p);
  for (std::size_t i = 0; i < p.size(); ++i) {
    RC_ASSERT(q[i] >= p[i] && q[i] <= 1);
    for (std::size_t j = 0; j < p.size(); ++j) RC_ASSERT(p[i] > p[j] || q[i] <= q[j]);
  }
}

FlipCandidate candidate(const std::string& name, std::uint64_t purpose, std::size_t n,
                        const std::vector<double>& means) {
  FlipCandidate c{name, {}};
  for (std::size_t s = 0; s < means.size(); ++s)
    c.situations.push_back({"context " + std::to_string(s), "with", made_up::normals(purpose, s, n, means[s])});
  return c;
}

TEST(SignFlips, A_target_that_helps_here_and_harms_there_is_flagged_and_one_that_always_helps_is_not) {
  const std::vector<FlipCandidate> all{candidate("turns", 81, 10, {3, -3, 3}), candidate("helps", 82, 10, {3, 2, 4}),
                                       candidate("idle", 83, 10, {0, 0, 0})};
  const auto flips = sign_flips(all, UnitResamples(10));
  EXPECT_EQ(flips.pairs.size(), 9U);
  EXPECT_EQ(flips.n_flagged(), 2U);
  EXPECT_EQ(flips.pairs[0].candidate, 0U);
  EXPECT_EQ(flips.pairs[0].negative, 1U);
  EXPECT_GT(flips.pairs[0].probability, 0.99);
  EXPECT_TRUE(flips.turns(0, 0) && flips.turns(0, 1) && !flips.turns(1, 0));
  EXPECT_GT(flips.signs[1][0].probability_positive, 0.99);
}

TEST(SignFlips, The_p_value_of_a_flip_is_the_worse_of_its_two_sides_times_the_situations) {
  const std::vector<FlipCandidate> one{candidate("a", 84, 8, {2, -0.2})};
  const UnitResamples resamples(8, 1, 100);
  const auto flips = sign_flips(one, resamples);
  const auto& s = flips.signs[0];
  EXPECT_DOUBLE_EQ(flips.pairs[0].p, std::min(1.0, 2 * std::max(s[0].p_positive, s[1].p_negative)));
  EXPECT_DOUBLE_EQ(flips.pairs[0].q, flips.pairs[0].p);  // one target
}

TEST(SignFlips, Further_pairs_of_a_target_do_not_make_other_targets_harder_to_find) {
  // One weaker flip beside a target that turns in each of 8 situations: 16 pairs more, one target more.
  const FlipCandidate weak = candidate("weak", 86, 10, {1.5, -1.5}),
                      strong = candidate("strong", 87, 10, {4, -4, 4, -4, 4, -4, 4, -4});
  const UnitResamples resamples(10, 1, 50);
  const auto alone = sign_flips(std::vector{weak}, resamples), both = sign_flips(std::vector{weak, strong}, resamples);
  EXPECT_LE(both.q[0], 2 * alone.q[0]);
  EXPECT_LE(both.q[1], both.pairs[0].q + 1e-15);
  for (const auto& p : both.pairs) EXPECT_GE(p.q, both.q[p.candidate]);
  EXPECT_EQ(
      std::count_if(both.pairs.begin(), both.pairs.end(), [](const auto& p) { return p.candidate == 1 && p.flagged; }),
      16);
}

TEST(SignFlips, Both_sides_must_exceed_the_least_effect) {
  const UnitResamples resamples(8, 1, 100);
  FlipCandidate c = candidate("a", 84, 8, {2, -0.2});
  for (double& v : c.situations[1].effect) v = -1e-8 * (1 + 0.1 * v);  // tiny, and always of one sign
  EXPECT_TRUE(sign_flips(std::vector{c}, resamples).pairs[0].flagged);
  const auto bounded = sign_flips(std::vector{c}, resamples, 0.1, FalseDiscovery::benjamini_hochberg, 0.9, 0.01);
  EXPECT_FALSE(bounded.pairs[0].flagged);
  EXPECT_EQ(bounded.pairs[0].p, 1.0);
  c.situations[1] = candidate("b", 88, 8, {-2}).situations[0];
  EXPECT_TRUE(
      sign_flips(std::vector{c}, resamples, 0.1, FalseDiscovery::benjamini_hochberg, 0.9, 0.01).pairs[0].flagged);
}

TEST(SignFlips, Unknown_situations_are_not_tested) {
  FlipCandidate c = candidate("a", 85, 6, {1, -1});
  c.situations.push_back({"unknown", "with", std::vector<double>(6, nan)});
  EXPECT_EQ(sign_flips(std::vector{c}, UnitResamples(6, 1, 50)).pairs.size(), 1U);
}

TEST(SignFlips, The_share_of_false_flips_stays_below_its_rate) {
  // 30 targets × 4 contexts; 6 truly turn, 12 help everywhere, 12 do nothing. A pair is false unless its truths oppose.
  constexpr int trials = 20;
  constexpr std::size_t n = 12;
  const UnitResamples resamples(n, 1, 20);
  double rate = 0, yekutieli = 0, found = 0;
  for (std::uint64_t t = 0; t < trials; ++t) {
    std::vector<FlipCandidate> all;
    std::vector<std::vector<double>> truth;
    for (std::uint64_t c = 0; c < 30; ++c) {
      truth.push_back(c < 6 ? std::vector<double>{1.2, 1.2, -1.2, 0} : std::vector<double>(4, c < 18 ? 1.2 : 0.0));
      all.push_back(candidate("t", 1000 + t * 100 + c, n, truth.back()));
    }
    for (const auto method : {FalseDiscovery::benjamini_hochberg, FalseDiscovery::benjamini_yekutieli}) {
      double wrong = 0, flagged = 0;
      const auto flips = sign_flips(all, resamples, 0.1, method);
      for (const auto& p : flips.pairs) {
        if (!p.flagged) continue;
        flagged += 1;
        wrong += !(truth[p.candidate][p.positive] > 0 && truth[p.candidate][p.negative] < 0);
      }
      (method == FalseDiscovery::benjamini_hochberg ? rate : yekutieli) += wrong / std::max(flagged, 1.0) / trials;
      if (method == FalseDiscovery::benjamini_hochberg) found += (flagged - wrong) / 12 / trials;
    }
  }
  std::printf("false flips %.3f (Benjamini-Hochberg at 0.1), %.3f (Yekutieli); true flips found %.2f\n", rate,
              yekutieli, found);
  EXPECT_LE(rate, 0.1);
  EXPECT_LE(yekutieli, rate + 1e-9);
  // Effects of 1.2 standard deviations in 12 seeds: each side passes p ≤ 0.004 (t of 4.2 on average) in about 0.8.
  EXPECT_GT(found, 0.6);
}

TEST(SignRobustness, Counts_the_parameter_draws_that_keep_the_sign) {
  const std::vector<std::uint32_t> draw_of{0, 0, 1, 1, 2, 2, 3, 3};
  const std::vector<double> effect{5, 3, 4, -1, -2, 1, 6, 6};  // draws: 4, 1.5, −0.5, 6
  const auto r = sign_robustness(effect, UnitResamples(draw_of, 1, 1));
  EXPECT_EQ(r.n_draws, 4U);
  EXPECT_DOUBLE_EQ(r.share, 0.75);
  EXPECT_NEAR(r.low, 0.35617, 1e-4);  // Wilson by hand: (0.75 + z²/8 ± z √(0.1875/4 + z²/64)) / (1 + z²/4), z = 1.6449
  EXPECT_NEAR(r.high, 0.94209, 1e-4);
  EXPECT_TRUE(std::isnan(sign_robustness(std::vector<double>{nan, nan}, UnitResamples(2, 1, 1)).share));
}

}  // namespace
}  // namespace senoma::study
