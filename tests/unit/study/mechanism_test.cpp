#include "study/mechanism.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "made_up_effects.h"

namespace senoma::study {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t n_seeds = 12;

/// A tumour of every seed, minus what is taken away, with a little noise of each member's own.
std::vector<double> burden(std::uint64_t member, double taken) {
  const auto tumour = made_up::normals(1, 0, n_seeds, 100, 20);
  auto values = made_up::normals(1, member, n_seeds, -taken, 1);
  for (std::size_t s = 0; s < n_seeds; ++s) values[s] += tumour[s];
  return values;
}

CarriedShare with(double target, double mediator, double both) {
  return carried_share(burden(1, 0), burden(2, target), burden(3, mediator), burden(4, both), UnitResamples(n_seeds));
}

TEST(Mechanism, The_share_of_a_planted_effect_that_passes_through_a_mediator_is_found) {
  // What T takes away, M takes away, and both together: all, half, none of it passes through M; M masks; M reverses.
  for (const auto& [both, share] : {std::pair{30.0, 1.0}, {35.0, 0.5}, {40.0, 0.0}, {45.0, -0.5}, {25.0, 1.5}}) {
    const auto found = with(10, 30, both);
    ASSERT_TRUE(found.defined) << found.reason;
    EXPECT_NEAR(found.share.centre, share, 0.15);
    EXPECT_LT(found.share.low, share);
    EXPECT_GT(found.share.high, share);
    EXPECT_LT(found.share.high - found.share.low, 0.6);
    EXPECT_NEAR(found.effect.centre, -10, 1);
    EXPECT_NEAR(found.blocked.centre, 30 - both, 1);
  }
}

TEST(Mechanism, It_is_not_defined_without_a_clear_effect_or_with_few_seeds) {
  const auto none = with(0, 30, 30);
  EXPECT_FALSE(none.defined);
  EXPECT_TRUE(std::isnan(none.share.centre));
  EXPECT_THAT(none.reason, HasSubstr("not clear of zero"));
  // A seed that is unknown in one variant is left out of all.
  auto both = burden(4, 30);
  for (std::size_t s = 3; s < n_seeds; ++s) both[s] = std::nan("");
  const auto few = carried_share(burden(1, 0), burden(2, 10), burden(3, 30), both, UnitResamples(n_seeds));
  EXPECT_FALSE(few.defined);
  EXPECT_EQ(few.share.n, 3U);
  both = burden(4, 30);
  both[0] = std::nan("");
  auto control = burden(1, 0);
  control[0] = 1e6;
  const auto rest = carried_share(control, burden(2, 10), burden(3, 30), both, UnitResamples(n_seeds));
  EXPECT_EQ(rest.share.n, n_seeds - 1);
  EXPECT_NEAR(rest.share.centre, 1.0, 0.15);
}

TEST(Mechanism, A_study_gives_both_orders_of_its_pairs_and_a_row_per_path) {
  StudyPlan plan;
  plan.spec.n_seeds = n_seeds;
  plan.spec.fidelities.resize(1);
  plan.spec.contexts.resize(1);
  plan.spec.contexts[0].name = plan.spec.contexts[0].label = "A";
  plan.models.emplace_back();
  plan.spec.timings.emplace_back();
  plan.spec.timings[0].name = "throughout";
  for (const char* name : {"T", "M", "drug"}) {
    plan.spec.actors.emplace_back();
    plan.spec.actors.back().name = name;
    plan.spec.actors.back().levels = {0.5, 0.95};
  }
  plan.spec.actors[2].drug = true;
  plan.spec.paths = {{"through M", {{"T", {}}, {"M", {}}, {"drug", {}}}, std::nullopt, std::nullopt, {}}};
  plan.variants = {{"none", "none", {}, {}, "", {}},
                   {"T 50%", "target", {0}, {0.5}, "throughout", {}},
                   {"T 95%", "target", {0}, {0.95}, "throughout", {}},
                   {"M 95%", "target", {1}, {0.95}, "throughout", {}},
                   {"drug", "drug", {2}, {std::nan("")}, "", {}},
                   {"T 95% + M 95%", "pair", {0, 1}, {0.95, 0.95}, "throughout", {}},
                   {"T 95% + drug", "pair", {0, 2}, {0.95, std::nan("")}, "throughout", {}}};
  plan.outcomes.columns = {{"burden", "%"}, {"kept", "1"}};
  plan.outcomes.objective = {{0, false, 1.0, 10.0, false}, {1, true, 1.0, 1.0, true}};
  const double taken[] = {0, 5, 10, 30, 20, 30, 30};
  std::vector<results::CatalogueMember> members;
  for (std::size_t v = 0; v < plan.variants.size(); ++v) {
    const auto values = burden(v + 1, taken[v]);
    for (std::size_t s = 0; s < n_seeds; ++s) {
      results::CatalogueMember m;
      m.context = "A";
      m.variant = plan.variants[v].name;
      m.seed = s + 1;
      m.status = "finished";
      m.outcomes = {values[s], 1.0};
      members.push_back(m);
    }
  }
  const auto rows = mechanism_rows(plan, members);
  ASSERT_EQ(rows.size(), 2U * 2U * 3U) << "pairs, orders; score and two outcomes";
  EXPECT_FALSE(rows[0].column.has_value());
  EXPECT_NEAR(rows[0].carried.effect.centre, 0.5, 0.1) << "10 of a scale of 10, at half of the weight";
  EXPECT_NEAR(rows[0].carried.share.centre, 1.0, 0.15);
  EXPECT_NEAR(rows[3].carried.share.centre, 1.0 / 3.0, 0.1) << "of M through T: 20 of its 30 stay";
  EXPECT_THAT(mechanism_csv(rows, plan), HasSubstr(",A,T 95%,M 95%,throughout,burden,%,-"));
  EXPECT_THAT(mechanism_csv(rows, plan), HasSubstr("not clear of zero")) << "nothing was lost of what is kept";

  const auto section = mechanism_section(rows, plan, 0);
  ASSERT_EQ(section.blocks.size(), 1U);
  const auto& table = std::get<results::ReportTable>(section.blocks[0]);
  ASSERT_EQ(table.columns.size(), 5U);
  ASSERT_EQ(table.rows.size(), 3U);
  EXPECT_EQ(table.rows[0][1], "score");
  EXPECT_THAT(table.rows[0][3], HasSubstr("|"));
  EXPECT_EQ(table.rows[2][4], "–");
}

}  // namespace
}  // namespace senoma::study
