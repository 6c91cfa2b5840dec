#include "study/group_findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "study/screen_findings.h"
#include "study/study_report.h"
#include "tiny_study.h"

namespace senoma::study::test {
namespace {

using testing::HasSubstr;

std::string with_group(const std::string& of, const std::string& more = "") {
  return std::string(tiny_study()) + "[[study.group]]\nname = \"whole\"\nof = " + of + "\n" + more;
}

const char* all_three = R"(["CCL2", "death", "second dose"])";

std::string error_of(const std::string& text) {
  const TinyStudy study(text);
  try {
    static_cast<void>(study.plan("out"));
  } catch (const Error& error) {
    return error.code() + ": " + error.message();
  }
  return "";
}

TEST(StudyGroup, Subsets_without_a_variant_are_added_and_only_the_whole_is_ranked) {
  const TinyStudy study(with_group(all_three));
  const auto plan = study.plan("out");
  std::vector<std::string> subsets, groups;
  for (const auto& v : plan.variants) {
    if (v.kind == "subset") subsets.push_back(v.name);
    if (v.kind == "group") groups.push_back(v.name);
  }
  // The single ones and CCL2 + death (a [[study.pair]]) are there already.
  EXPECT_THAT(subsets, testing::ElementsAre("CCL2 95% + second dose", "death 100% + second dose"));
  EXPECT_THAT(groups, testing::ElementsAre("whole: CCL2 95% + death 100% + second dose"));
  for (const auto& v : plan.variants)
    EXPECT_EQ(v.ranked(), v.kind != "none" && v.kind != "control" && v.kind != "subset");
}

TEST(StudyGroup, Too_few_too_many_and_repeated_names_are_refused) {
  EXPECT_THAT(error_of(with_group(R"(["CCL2", "death"])")), HasSubstr("E8201: the group 'whole' has 2 names"));
  EXPECT_THAT(error_of(with_group(R"(["CCL2", "death", "CCL2"])")), HasSubstr("names 'CCL2' twice"));
  EXPECT_THAT(error_of(with_group(R"(["CCL2", "death", "CCL22"])")), HasSubstr("E8202"));
  EXPECT_THAT(error_of(with_group(all_three, "timing = \"later\"")), HasSubstr("no timing 'later'"));
}

/// Members in which A and B take 20 away if either is blocked, C 5 more in any case.
std::vector<results::CatalogueMember> planted(const StudyPlan& plan) {
  std::vector<results::CatalogueMember> members;
  for (const auto& m : plan.members) {
    results::CatalogueMember row;
    row.fidelity = plan.spec.fidelities[m.fidelity].name;
    row.context = plan.spec.contexts[m.context].name;
    row.variant = plan.variants[m.variant].name;
    row.seed = m.seed;
    row.status = "finished";
    bool either = false, third = false;
    for (const std::size_t a : plan.variants[m.variant].actors) {
      either |= a < 2;
      third |= a == 3;
    }
    const double value = 100.0 + static_cast<double>(m.seed) - (either ? 20.0 : 0.0) - (third ? 5.0 : 0.0);
    row.outcomes.assign(plan.outcomes.columns.size(), value);
    members.push_back(std::move(row));
  }
  return members;
}

TEST(GroupFindings, What_two_can_do_for_each_other_is_shared_between_them) {
  const TinyStudy study(with_group(all_three));
  const auto plan = study.plan("out");
  const auto members = planted(plan);
  const auto findings = screen_findings(plan, members);
  ASSERT_EQ(findings[0].groups.size(), 4U) << "gain and one outcome, in two contexts";
  const auto& outcome = findings[0].groups[1];
  EXPECT_EQ(outcome.outcome, "chemokine");
  ASSERT_EQ(outcome.values.size(), 3U);
  for (const std::size_t i : {0U, 1U}) {
    EXPECT_NEAR(outcome.values[i].value.centre, -10.0, 1e-9);
    EXPECT_NEAR(outcome.values[i].alone.centre, -20.0, 1e-9);
    EXPECT_NEAR(outcome.values[i].last.centre, 0.0, 1e-9) << "the other one does it all";
  }
  EXPECT_NEAR(outcome.values[2].value.centre, -5.0, 1e-9);
  EXPECT_NEAR(outcome.values[2].last.centre, -5.0, 1e-9);
  const auto& gain = findings[0].groups[0];
  EXPECT_NEAR(gain.values[2].value.centre, 5.0 / 0.001, 1e-6) << "lower is better, 0.001 counts one";
  EXPECT_THAT(shapley_csv(findings, plan), HasSubstr("model,plain,whole,gain,1,CCL2,"));
  const auto json = results::report_json(study_report(plan, members, rank(plan, members), findings));
  EXPECT_THAT(json, HasSubstr("Who can stand in for whom"));
  EXPECT_THAT(json, HasSubstr("whole, plain"));
}

TEST(GroupFindings, A_subset_that_has_not_run_leaves_the_group_out) {
  const TinyStudy study(with_group(all_three));
  const auto plan = study.plan("out");
  auto members = planted(plan);
  std::erase_if(members, [](const auto& m) { return m.variant == "death 100% + second dose" && m.context == "plain"; });
  const auto findings = screen_findings(plan, members);
  ASSERT_EQ(findings[0].groups.size(), 2U);
  EXPECT_EQ(findings[0].groups[0].context, 1U);
}

}  // namespace
}  // namespace senoma::study::test
