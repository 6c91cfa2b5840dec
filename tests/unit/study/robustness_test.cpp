#include "study/robustness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "base/philox.h"
#include "made_up_effects.h"

namespace senoma::study {
namespace {

using testing::HasSubstr;

constexpr std::size_t n_draws = 256;

/// One context; uniform(0, 1) values a … e; "turns" helps where a is low and harms where it is high, "holds" always
/// helps, whatever is drawn.
StudyPlan plan_of() {
  StudyPlan plan;
  plan.title = "planted";
  plan.spec.n_seeds = n_draws;
  plan.spec.best = 1;
  plan.spec.fidelities.resize(1);
  plan.spec.fidelities[0].name = "model";
  plan.spec.contexts.resize(1);
  plan.spec.contexts[0].name = plan.spec.contexts[0].label = "A";
  plan.spec.draws.emplace();
  plan.models.emplace_back();
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    model::Variation v;
    v.name = name;
    v.distribution.b = 1.0;
    plan.models[0].resolved.cohort.variations.push_back(v);
  }
  plan.variants.push_back({"none", "none", {}, {}, "", {}});
  plan.variants.push_back({"turns", "target", {0}, {0.5}, "", {}});
  plan.variants.push_back({"holds", "target", {0}, {0.5}, "", {}});
  plan.outcomes.columns = {{"burden", "%"}};
  plan.outcomes.objective = {{0, false, 1.0, 1.0, false}};
  return plan;
}

std::vector<results::CatalogueMember> members_of(const StudyPlan& plan) {
  std::vector<results::CatalogueMember> members;
  const auto& cohort = plan.models[0].resolved.cohort;
  for (std::uint64_t s = 1; s <= plan.spec.n_seeds; ++s) {
    const double a = model::draw(cohort, cohort.variations[0], draw_of(plan.spec, s)).value;
    for (std::size_t v = 0; v < plan.variants.size(); ++v) {
      const double effect = v == 1 ? 20.0 * (a - 0.5) : v == 2 ? -5.0 : 0.0;
      results::CatalogueMember m;
      m.fidelity = "model";
      m.context = "A";
      m.variant = plan.variants[v].name;
      m.seed = s;
      m.status = "finished";
      m.outcomes = {100.0 + effect + (v == 0 ? 0.0 : 0.5 * RandomStream{s, 7 + v}.normal(0))};
      members.push_back(std::move(m));
    }
  }
  return members;
}

TEST(Robustness, Rank_correlations_have_their_known_values) {
  const double up[] = {1, 2, 3, 4, 5}, down[] = {5, 4, 3, 2, -9}, ties[] = {1, 2, 2, 3}, other[] = {1, 3, 2, 4};
  const double constant[] = {1, 1, 1, 1};
  EXPECT_DOUBLE_EQ(rank_correlation(up, up), 1.0);
  EXPECT_DOUBLE_EQ(rank_correlation(up, down), -1.0);
  EXPECT_DOUBLE_EQ(rank_correlation(ties, other), 4.5 / std::sqrt(4.5 * 5.0));
  EXPECT_TRUE(std::isnan(rank_correlation(constant, other)));
}

TEST(Robustness, An_effect_that_turns_with_a_drawn_value_keeps_its_sign_in_half_of_the_draws_and_names_it) {
  const auto plan = plan_of();
  const auto members = members_of(plan);
  const auto list = robustness(plan, members);
  ASSERT_EQ(list.size(), 1U);
  ASSERT_EQ(list[0].variants.size(), 2U);
  const auto& turns = list[0].variants[0].outcomes;
  ASSERT_EQ(turns.size(), 2U) << "the score, and the outcome of the objective";
  double helped = 0;  // in truth
  const auto drawn = drawn_values(plan, 0, 0);
  for (const double a : drawn[0].values) helped += a < 0.5 ? 1.0 / n_draws : 0.0;
  const double truth = turns[0].mean > 0 ? helped : 1 - helped;
  EXPECT_NEAR(truth, 0.5, 0.1) << "three standard errors of 256 draws";
  EXPECT_NEAR(turns[0].sign.share, truth, 0.03) << "noise turns the sign near a = 0.5 only";
  EXPECT_LT(turns[0].sign.low, truth);
  EXPECT_GT(turns[0].sign.high, truth);
  EXPECT_EQ(turns[0].sign.n_draws, n_draws);
  ASSERT_EQ(turns[0].depends.size(), 3U);
  EXPECT_EQ(turns[0].depends[0].name, "a");
  EXPECT_LT(turns[0].depends[0].correlation, -0.95) << "the score is above zero for better";
  EXPECT_GT(turns[1].depends[0].correlation, 0.95) << "the burden itself";
  EXPECT_LT(std::abs(turns[0].depends[1].correlation), turns[0].by_chance);
  const auto& holds = list[0].variants[1].outcomes[0];
  EXPECT_EQ(holds.sign.share, 1.0);
  EXPECT_NEAR(holds.mean, 5.0, 0.5);
  EXPECT_LT(std::abs(holds.depends[0].correlation), holds.by_chance) << "it depends on nothing";

  const auto rankings = rank(plan, members);
  EXPECT_THAT(robustness_words(list, rankings, plan), HasSubstr("holds keeps its sign in 100 % of 256 draws"));
  const auto section = robustness_section(list, rankings, plan);
  EXPECT_EQ(section.title, "Does it hold over the priors?");
  const auto& table = std::get<results::ReportTable>(section.blocks.at(1));
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0][0], "holds");
  EXPECT_THAT(table.rows[0].back(), HasSubstr("none beyond chance"));
  EXPECT_THAT(table.rows[1].back(), HasSubstr("a (-"));
  EXPECT_THAT(robustness_csv(list, plan), HasSubstr("model,A,turns,gain,1,"));
}

TEST(Robustness, Seeds_of_one_draw_are_one_unit_and_few_draws_carry_a_note) {
  auto plan = plan_of();
  plan.spec.draws->n = 8;
  EXPECT_EQ(study_resamples(plan).n_units(), 8U);
  EXPECT_EQ(draw_of(plan.spec, 9), 1U);
  const auto list = robustness(plan, members_of(plan));
  EXPECT_EQ(list[0].variants[0].outcomes[0].sign.n_draws, 8U);
  EXPECT_EQ(list[0].variants[0].outcomes[0].depends[0].name, "a");
  EXPECT_THAT(robustness_csv(list, plan), HasSubstr("fewer than 16 draws"));
  plan.spec.draws->n = 1;
  EXPECT_TRUE(robustness(plan, members_of(plan)).empty()) << "one draw says nothing of others";
}

TEST(Robustness, The_largest_of_many_unrelated_correlations_seldom_exceeds_what_chance_makes) {
  constexpr std::size_t n_values = 10, n = 24, n_trials = 300;
  const UnitResamples resamples(n, 1, 1);
  std::size_t beyond = 0;
  for (std::size_t trial = 0; trial < n_trials; ++trial) {
    std::vector<DrawnValue> drawn;
    for (std::size_t k = 0; k < n_values; ++k) drawn.push_back({"k", "", made_up::normals(40 + trial, k, n, 0, 1)});
    const auto found = sign_over_draws(made_up::normals(40 + trial, 99, n, 0, 1), drawn, resamples);
    beyond += std::abs(found.depends[0].correlation) > found.by_chance ? 1U : 0U;
  }
  // 10 %, and three standard errors of 1.7 % more.
  std::printf("10 unrelated values, 24 draws: the largest correlation beyond chance in %.3f of cases\n",
              static_cast<double>(beyond) / n_trials);
  EXPECT_LT(static_cast<double>(beyond), 0.152 * n_trials);
  EXPECT_GT(static_cast<double>(beyond), 0.02 * n_trials);
}

}  // namespace
}  // namespace senoma::study
