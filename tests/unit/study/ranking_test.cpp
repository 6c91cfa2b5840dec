#include "study/ranking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <map>

#include "base/philox.h"

namespace senoma::study {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Two contexts, variants "none", "helps" (protects in the second context), "null 0", "null 1" …; one outcome, lower is
/// better.
StudyPlan plan_of(std::size_t n_null, std::uint64_t seeds) {
  StudyPlan plan;
  plan.spec.n_seeds = seeds;
  plan.spec.best = 1;
  plan.spec.fidelities.resize(1);
  plan.spec.fidelities[0].name = "model";
  plan.spec.contexts.resize(2);
  plan.spec.contexts[0].name = "A";
  plan.spec.contexts[1].name = "B";
  plan.variants.push_back({"none", "none", {}, {}, "", {}});
  plan.variants.push_back({"helps", "target", {0}, {0.5}, "", {}});
  for (std::size_t k = 0; k < n_null; ++k)
    plan.variants.push_back({"null " + std::to_string(k), "target", {0}, {0.5}, "", {}});
  plan.outcomes.columns = {{"burden", "%"}};
  plan.outcomes.objective = {{0, false, 1.0, 1.0, false}};
  return plan;
}

std::vector<results::CatalogueMember> members_of(const StudyPlan& plan) {
  std::vector<results::CatalogueMember> members;
  for (std::size_t c = 0; c < 2; ++c) {
    for (std::uint64_t s = 1; s <= plan.spec.n_seeds; ++s) {
      const double shared = 10.0 * RandomStream{s, c}.normal(0);
      for (std::size_t v = 0; v < plan.variants.size(); ++v) {
        const double effect = v == 1 ? (c == 0 ? -5.0 : 5.0) : 0.0;
        const double noise = v == 0 ? 0.0 : RandomStream{s, 7 + v + 1000 * c}.normal(0);
        results::CatalogueMember m;
        m.fidelity = "model";
        m.context = plan.spec.contexts[c].name;
        m.variant = plan.variants[v].name;
        m.seed = s;
        m.status = "finished";
        m.outcomes = {100.0 + shared + effect + noise};
        members.push_back(std::move(m));
      }
    }
  }
  return members;
}

TEST(Ranking, A_target_that_helps_in_one_context_and_harms_in_the_other_is_first_and_last_with_both_signs) {
  const auto plan = plan_of(12, 8);
  const auto rankings = rank(plan, members_of(plan));
  ASSERT_EQ(rankings.size(), 2U);
  EXPECT_EQ(rankings[0].variants.front().variant, 1U);
  EXPECT_EQ(rankings[1].variants.back().variant, 1U);
  EXPECT_EQ(rankings[0].variants.front().sign, 1);
  EXPECT_EQ(rankings[1].variants.back().sign, -1);
  EXPECT_GT(rankings[0].variants.front().rank.probability_top, 0.99);
  EXPECT_EQ(rankings[1].variants.back().rank.probability_top, 0.0);
  double sum = 0.0;
  for (const auto& v : rankings[1].variants) sum += v.rank.probability_top;
  EXPECT_NEAR(sum, 1.0, 1e-9) << "one is best in every resample";
  const auto table = ranking_table(rankings[0], rankings, plan, 3);
  EXPECT_EQ(table.rows.front().back(), "+−");
}

TEST(Ranking, Intervals_are_those_of_paired_differences) {
  const auto plan = plan_of(1, 8);
  const auto members = members_of(plan);
  std::vector<double> with, without;
  for (const auto& m : members) {
    if (m.context == "A" && m.variant == "none") without.push_back(m.outcomes[0]);
    if (m.context == "A" && m.variant == "helps") with.push_back(m.outcomes[0]);
  }
  const auto expected = paired_effect(with, without, UnitResamples(8));
  const Interval got = rank(plan, members)[0].variants.front().differences[0];
  EXPECT_DOUBLE_EQ(got.centre, expected.centre);
  EXPECT_DOUBLE_EQ(got.low, expected.low);
  EXPECT_DOUBLE_EQ(got.high, expected.high);
}

TEST(Ranking, Null_interventions_are_rarely_called_clear) {
  const auto plan = plan_of(100, 16);
  std::size_t clear = 0, n = 0;
  for (const auto& ranking : rank(plan, members_of(plan))) {
    for (const auto& v : ranking.variants) {
      if (v.variant == 1) continue;
      ++n;
      clear += v.sign != 0 ? 1U : 0U;
    }
  }
  EXPECT_EQ(n, 200U);
  // 10 %, and two standard errors of 2.1 % more.
  EXPECT_LT(static_cast<double>(clear), 0.145 * static_cast<double>(n));
  EXPECT_GT(clear, 0U);
}

TEST(Ranking, Differences_of_rounding_have_no_sign_and_are_shown_as_none) {
  const auto plan = plan_of(0, 8);
  std::vector<results::CatalogueMember> members = members_of(plan);
  std::map<std::pair<std::string, std::uint64_t>, double> without;
  for (const auto& m : members) {
    if (m.variant == "none") without[{m.context, m.seed}] = m.outcomes[0];
  }
  for (auto& m : members) {
    if (m.variant == "helps") m.outcomes[0] = without.at({m.context, m.seed}) - 1e-11 * static_cast<double>(m.seed);
  }
  const auto rankings = rank(plan, members);
  const auto& ranked = rankings[0].variants.front();
  EXPECT_GT(ranked.score.low, 0.0) << "beyond what chance explains";
  EXPECT_EQ(ranked.sign, 0);
  EXPECT_EQ(ranking_table(rankings[0], rankings, plan, 3).rows.front().at(3), "0");
}

TEST(Ranking, Pairs_without_a_value_are_left_out_and_few_pairs_have_no_sign) {
  const auto plan = plan_of(0, 4);
  auto members = members_of(plan);
  for (auto& m : members) {
    if (m.variant == "helps" && m.seed == 2) m.status = "failed";
    if (m.variant == "helps" && m.context == "B") m.outcomes[0] = nan;
  }
  const auto rankings = rank(plan, members);
  EXPECT_EQ(rankings[0].variants[0].score.n, 3U);
  EXPECT_EQ(rankings[0].variants[0].sign, 0);
  EXPECT_EQ(rankings[1].variants[0].score.n, 0U);
}

}  // namespace
}  // namespace senoma::study
