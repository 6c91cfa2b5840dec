#include "study/screen_findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/philox.h"
#include "study/screen_figures.h"
#include "study/study_report.h"

namespace senoma::study {
namespace {

using testing::HasSubstr;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double never = std::numeric_limits<double>::infinity();
constexpr std::size_t n_seeds = 12, mean_burden = 0, regressed = 1, relapsed = 2, failure = 3, kept = 4;
constexpr std::size_t turns = 1, harms = 3, both_harm = 5;  // variants

/// Two contexts. "turns" lowers the burden in A and raises it in B, "plain" lowers it, "harms" raises it in both; pairs
/// of "turns" or "plain" with another.
StudyPlan plan_of() {
  StudyPlan plan;
  plan.title = "planted";
  plan.spec.experiment = "planted.toml";
  plan.spec.n_seeds = n_seeds;
  plan.spec.best = 1;
  plan.spec.fidelities.resize(1);
  plan.spec.fidelities[0].name = "model";
  for (const char* name : {"A", "B"}) {
    plan.spec.contexts.emplace_back();
    plan.spec.contexts.back().name = plan.spec.contexts.back().label = name;
    plan.models.emplace_back();
    plan.models.back().description.duration = 60 * 1440.0;
  }
  plan.spec.timings.emplace_back();
  plan.spec.timings[0].name = "throughout";
  for (const char* name : {"turns", "plain", "harms"}) {
    plan.spec.actors.emplace_back();
    plan.spec.actors.back().name = name;
    plan.spec.actors.back().levels = {0.5};
  }
  plan.variants = {{"none", "none", {}, {}, "", {}},
                   {"turns 50%", "target", {0}, {0.5}, "throughout", {}},
                   {"plain 50%", "target", {1}, {0.5}, "throughout", {}},
                   {"harms 50%", "target", {2}, {0.5}, "throughout", {}},
                   {"turns 50% + plain 50%", "pair", {0, 1}, {0.5, 0.5}, "throughout", {}},
                   {"plain 50% + harms 50%", "pair", {1, 2}, {0.5, 0.5}, "throughout", {}}};
  plan.outcomes.columns = {
      {"mean burden", "%"}, {"regressed", "1"}, {"relapsed", "1"}, {"time to failure", "d"}, {"kept", "d"}};
  plan.outcomes.objective = {{mean_burden, false, 1.0, 10.0, false}};
  return plan;
}

std::vector<results::CatalogueMember> members_of(const StudyPlan& plan) {
  //                           none turns plain harms t+p p+h
  constexpr double shift[2][6] = {{0, -20, -20, 20, -60, 0}, {0, 20, -20, 20, 0, 0}};
  std::vector<results::CatalogueMember> members;
  for (std::size_t c = 0; c < 2; ++c) {
    for (std::uint64_t s = 1; s <= n_seeds; ++s) {
      const double shared = 5.0 * RandomStream{s, c}.normal(0);
      for (std::size_t v = 0; v < plan.variants.size(); ++v) {
        results::CatalogueMember m;
        m.fidelity = "model";
        m.context = plan.spec.contexts[c].name;
        m.variant = plan.variants[v].name;
        m.seed = s;
        m.status = "finished";
        const bool shrank = s > 3, back = s % 2 == 0;  // the first three never shrink
        m.outcomes = {100.0 + shared + shift[c][v] + RandomStream{s, 10 + v + 100 * c}.normal(0), shrank ? 1.0 : 0.0,
                      shrank && back ? 1.0 : 0.0, shrank ? (back ? 40.0 : 60.0) : 0.0, v == harms ? 10.0 : never};
        members.push_back(std::move(m));
      }
    }
  }
  return members;
}

TEST(PairedOutcomes, Never_is_the_length_of_the_run_and_members_that_failed_are_unknown) {
  const auto plan = plan_of();
  auto members = members_of(plan);
  for (auto& m : members) {
    if (m.seed == 2) m.status = "failed";
    m.outcomes[mean_burden] = m.seed == 3 ? never : m.outcomes[mean_burden];
  }
  const PairedOutcomes outcomes(plan, members, 0, 0);
  EXPECT_DOUBLE_EQ(outcomes.of(0, kept)[0], 60.0);
  EXPECT_TRUE(std::isnan(outcomes.of(0, kept)[1]));
  EXPECT_TRUE(std::isnan(outcomes.of(0, mean_burden)[2])) << "an infinite burden is no number";
}

TEST(PairedOutcomes, What_is_spared_counts_when_lost_only_and_stays_out_of_the_gain) {
  auto plan = plan_of();
  plan.outcomes.objective.push_back({kept, true, 1.0, 10.0, true});
  const PairedOutcomes outcomes(plan, members_of(plan), 0, 0);
  const UnitResamples resamples(n_seeds);
  const auto harm = outcomes.score(harms, resamples), turn = outcomes.score(turns, resamples);
  EXPECT_DOUBLE_EQ(harm.cost.centre, -2.5) << "50 d of 60 are lost, ten count one, half the weight";
  EXPECT_DOUBLE_EQ(turn.cost.centre, 0.0);
  EXPECT_NEAR(weighted_mean(outcomes.gain(harms)), 2.0 * harm.benefit.centre, 1e-12);
  plan.outcomes.objective[1].higher_is_better = false;  // the same change is now no loss
  EXPECT_DOUBLE_EQ(PairedOutcomes(plan, members_of(plan), 0, 0).score(harms, resamples).cost.centre, 0.0);
}

TEST(ScreenFindings, The_target_that_turns_is_the_only_flip) {
  const auto plan = plan_of();
  const auto findings = screen_findings(plan, members_of(plan));
  ASSERT_EQ(findings.size(), 1U);
  ASSERT_EQ(findings[0].families.size(), 1U) << "there is no drug";
  const auto& family = findings[0].families[0];
  ASSERT_EQ(findings[0].n_flips(), 1U);
  const auto& pair = family.flips.pairs.front();
  EXPECT_EQ(family.candidates[pair.candidate].name, "turns 50%");
  EXPECT_EQ(family.candidates[pair.candidate].situations[pair.positive].context, "A");
  EXPECT_THAT(flips_csv(findings, plan), HasSubstr("model,targets,turns 50%,A,"));
  EXPECT_THAT(findings_words(findings, plan), HasSubstr("turns 50%: "));
}

TEST(ScreenFindings, Pairs_are_held_against_their_single_targets_and_harm_is_no_fraction) {
  const auto plan = plan_of();
  const auto findings = screen_findings(plan, members_of(plan));
  ASSERT_EQ(findings[0].pairs.size(), 4U);
  const auto& together = findings[0].pairs[0];
  EXPECT_TRUE(together.synergy.bliss.defined);
  EXPECT_NEAR(together.synergy.bliss.interval.centre, 0.6 - (0.2 + 0.2 - 0.04), 0.03);
  EXPECT_GT(together.synergy.bliss.interval.low, 0.0);
  const auto& opposite = findings[0].pairs[1];
  EXPECT_EQ(opposite.variant, both_harm);
  EXPECT_FALSE(opposite.synergy.bliss.defined);
  EXPECT_THAT(opposite.synergy.bliss.reason, HasSubstr("'harms'"));
  EXPECT_THAT(pairs_csv(findings, plan), HasSubstr("model,A,plain 50% + harms 50%,Bliss,nan,nan,nan,0,"));
}

TEST(ScreenFindings, Tumours_that_never_shrank_have_failed_at_once) {
  const auto plan = plan_of();
  const auto findings = screen_findings(plan, members_of(plan));
  const auto& curve = findings[0].contexts[0].survival[0];
  EXPECT_EQ(curve.n, n_seeds);
  EXPECT_DOUBLE_EQ(curve.steps.at(1).survival, 0.75);
  EXPECT_EQ(curve.n_events, 3U + 5U);
}

TEST(StudyReport, A_heat_map_of_several_timings_becomes_one_per_timing) {
  const std::vector<Situation> situations{{"A", "early", {}}, {"A", "late", {}}, {"B", "early", {}}, {"B", "late", {}}};
  results::HeatMap all;
  all.title = "Gain";
  all.rows = {"target"};
  all.columns = {"1", "2", "3", "4"};
  all.cells.assign(1, std::vector<results::HeatCell>(4));
  for (std::size_t k = 0; k < 4; ++k) all.cells[0][k].value = static_cast<double>(k);
  const auto maps = by_timing(all, situations);
  ASSERT_EQ(maps.size(), 2U);
  EXPECT_EQ(maps[1].title, "Gain, late");
  EXPECT_THAT(maps[1].columns, testing::ElementsAre("A", "B"));
  ASSERT_EQ(maps[1].cells[0].size(), 2U);
  EXPECT_EQ(maps[1].cells[0][0].value, 1.0);
  EXPECT_EQ(maps[1].cells[0][1].value, 3.0);
}

TEST(StudyReport, It_says_what_was_asked_and_found_and_what_failed) {
  const auto plan = plan_of();
  auto members = members_of(plan);
  members.back().status = "failed";
  members.back().error = "E5001: a reason";
  const auto document = study_report(plan, members, rank(plan, members), screen_findings(plan, members));
  std::vector<std::string> titles;
  for (const auto& section : document.sections) titles.push_back(section.title);
  EXPECT_THAT(titles, testing::ElementsAre("What was asked", "In short", "Ranking", "Where the sign turns", "Pairs",
                                           "Time to failure", "Convergence", "What more data would change",
                                           "Members that failed, and versions"));
  const std::string json = results::report_json(document);
  EXPECT_THAT(json, HasSubstr("E5001: a reason"));
  EXPECT_THAT(json, HasSubstr("First is turns 50% + plain 50%"));
  EXPECT_EQ(json,
            results::report_json(study_report(plan, members, rank(plan, members), screen_findings(plan, members))));
}

}  // namespace
}  // namespace senoma::study
