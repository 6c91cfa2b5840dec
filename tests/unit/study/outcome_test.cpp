// The words follow from the numbers: each branch is held to synthetic outcomes.
#include "study/outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace senoma::study {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// A tumour that falls linearly to `nadir` (fraction of start) at nadir_day and grows back to reach its start at
/// relapse_day (≥ 1000: stays).
TimeTable course(double nadir, double nadir_day, double relapse_day, double end = 60.0) {
  TimeTable t;
  t.names = {"burden", "senescent", "CCL2", "escapees", "never"};
  t.units = {"um^3", "1", "nM", "1", "1"};
  t.values.resize(5);
  for (double d = 0.0; d <= end + 1e-9; d += 0.5) {
    const double b = d <= nadir_day       ? 1.0 - (1.0 - nadir) * d / nadir_day
                     : relapse_day < 1000 ? nadir + (1.0 - nadir) * (d - nadir_day) / (relapse_day - nadir_day)
                                          : nadir;
    t.times.push_back(d * 1440.0);
    t.values[0].push_back(2e6 * b);
    t.values[1].push_back(d < 10 ? 0.05 * d : 0.5 - 0.005 * (d - 10));
    t.values[2].push_back(d < 10 ? d : 20.0 - d > 0 ? 20.0 - d : 0.0);
    t.values[3].push_back(0.2);
    t.values[4].push_back(0.7);
  }
  return t;
}

TEST(Outcome, A_count_that_is_not_known_gives_no_share_with_and_without_tumour_cells_left) {
  TimeTable t;
  t.names = {"viable", "invaded"};
  t.units = {"cells", "cells"};
  t.times = {0.0, 1440.0};
  Roles r;
  r.viable = "viable", r.invaded = "invaded";
  for (const double viable : {20.0, 0.0}) {
    t.values = {{10.0, viable}, {nan, nan}};
    EXPECT_TRUE(std::isnan(member_outcome(t, r, 1).invaded)) << viable;
  }
}

Roles roles() {
  Roles r;
  r.burden = "burden", r.senescent = "senescent", r.peak = "CCL2", r.escapee = "escapees", r.never_arrested = "never";
  return r;
}

ArmOutcome arm(const std::string& name, const std::vector<TimeTable>& courses) {
  ArmOutcome a;
  a.name = a.label = name;
  for (std::size_t k = 0; k < courses.size(); ++k) a.members.push_back(member_outcome(courses[k], roles(), k + 1));
  return a;
}

OutcomeTable table(std::vector<ArmOutcome> arms) {
  OutcomeTable t;
  t.has_burden = true;
  t.roles = roles();
  t.arms = std::move(arms);
  t.reference = 0;
  t.followed = 60;
  return t;
}

ArmOutcome reference() {
  return arm("drug", {course(0.2, 20, 40), course(0.22, 21, 41), course(0.18, 20, 42), course(0.2, 22, 40)});
}

TEST(Outcome, Nadir_relapse_and_shares_come_from_the_course) {
  const auto m = member_outcome(course(0.2, 20, 40), roles(), 7);
  EXPECT_NEAR(m.nadir, 20.0, 1e-9);
  EXPECT_NEAR(m.nadir_day, 20.0, 1e-9);
  EXPECT_TRUE(m.regressed);
  EXPECT_TRUE(m.relapsed);
  EXPECT_NEAR(m.relapse_day, 40.0, 1e-9);
  EXPECT_NEAR(m.senescent_at_nadir, 45.0, 1e-9);
  EXPECT_NEAR(m.senescent_peak, 50.0, 1e-9);
  EXPECT_NEAR(m.senescent_peak_day, 10.0, 1e-9);
  EXPECT_NEAR(m.peak_level, 10.0, 1e-9);
  EXPECT_NEAR(m.escapees, 20.0, 1e-9);
  EXPECT_TRUE(std::isnan(m.doubling_day)) << "4 % of start a day from day 20 reach twice the start after the end";
}

TEST(Outcome, The_doubling_of_an_untreated_tumour_is_timed) {
  TimeTable t;
  t.names = {"burden"}, t.units = {"um^3"}, t.values.resize(1);
  for (int d = 0; d <= 30; ++d) t.times.push_back(d * 1440.0), t.values[0].push_back(100.0 * (1.0 + 0.1 * d));
  const auto m = member_outcome(t, roles(), 1);
  EXPECT_FALSE(m.regressed);
  EXPECT_FALSE(m.relapsed);
  EXPECT_NEAR(m.doubling_day, 10.0, 1e-9);
  EXPECT_NEAR(m.mean_burden, 250.0, 1e-9);
}

TEST(Outcome, Counts_become_shares_of_the_viable_cells) {
  TimeTable t = course(0.2, 20, 40);
  t.names[1] = "senescent", t.units[1] = "cells";
  for (double& v : t.values[1]) v = 30.0;
  t.names.emplace_back("viable");
  t.units.emplace_back("cells");
  t.values.emplace_back(t.times.size(), 120.0);
  Roles r = roles();
  r.viable = "viable";
  EXPECT_NEAR(member_outcome(t, r, 1).senescent_at_nadir, 25.0, 1e-9);
  r.viable.clear();
  EXPECT_TRUE(std::isnan(member_outcome(t, r, 1).senescent_at_nadir)) << "a count alone is no share";
}

TEST(Outcome, A_later_relapse_is_called_better) {
  const auto words = outcome_words(table({reference(), arm("plus", {course(0.2, 20, 50), course(0.22, 21, 51),
                                                                    course(0.18, 20, 53), course(0.2, 22, 52)})}));
  ASSERT_EQ(words.size(), 2U);
  EXPECT_THAT(words[0], HasSubstr("shrank to 20 %"));
  EXPECT_THAT(words[0], HasSubstr("in all 4 runs"));
  EXPECT_THAT(words[0], HasSubstr("mainly because some cells never arrested"));
  EXPECT_THAT(words[1], HasSubstr("did better than “drug”"));
  EXPECT_THAT(words[1], HasSubstr("later"));
  EXPECT_THAT(words[1], Not(HasSubstr("worse")));
}

TEST(Outcome, An_earlier_relapse_is_called_worse) {
  const auto words = outcome_words(table({reference(), arm("minus", {course(0.2, 20, 30), course(0.22, 21, 31),
                                                                     course(0.18, 20, 33), course(0.2, 22, 32)})}));
  EXPECT_THAT(words[1], HasSubstr("did worse than “drug”"));
  EXPECT_THAT(words[1], HasSubstr("earlier"));
  EXPECT_THAT(words[1], Not(HasSubstr("better")));
}

TEST(Outcome, An_interval_with_zero_is_no_clear_difference) {
  const auto words = outcome_words(table({reference(), arm("same", {course(0.2, 20, 45), course(0.22, 21, 36),
                                                                    course(0.18, 20, 45), course(0.2, 22, 37)})}));
  EXPECT_THAT(words[1], HasSubstr("no clear difference to “drug”"));
  EXPECT_THAT(words[1], Not(HasSubstr("better")));
  EXPECT_THAT(words[1], Not(HasSubstr("worse")));
}

TEST(Outcome, When_nothing_relapses_the_words_do_not_exclude_a_later_relapse) {
  const auto t = table({arm("drug", {course(0.2, 20, 1e6), course(0.3, 20, 1e6)}),
                        arm("plus", {course(0.1, 20, 1e6), course(0.15, 20, 1e6)})});
  const auto words = outcome_words(t);
  EXPECT_THAT(words[0], HasSubstr("did not come back to its starting size within the 60 days"));
  EXPECT_THAT(words[0], HasSubstr("a later relapse is not excluded"));
  EXPECT_THAT(words[0], Not(HasSubstr("treatment failed")));
  EXPECT_THAT(words[1], HasSubstr("cannot be compared"));
  EXPECT_EQ(outcome_table(t).rows[0][6], "> 60");
}

TEST(Outcome, A_cleared_tumour_is_called_cured_within_the_time_followed) {
  const auto t =
      table({reference(),
             arm("cure", {course(0.0, 20, 1e6), course(0.0, 22, 1e6), course(0.0, 21, 1e6), course(0.0, 20, 1e6)})});
  const auto words = outcome_words(t);
  EXPECT_THAT(words[1], HasSubstr("within the 60 days followed, the tumour was cured"));
  EXPECT_THAT(words[1], HasSubstr("did better"));
  EXPECT_THAT(words[1], HasSubstr("a lower bound"));
  EXPECT_EQ(outcome_table(t).rows[1][6], "none, cleared");
}

TEST(Outcome, An_arm_without_regression_is_judged_by_its_mean_burden) {
  std::vector<TimeTable> growing;
  for (int k = 0; k < 4; ++k) {
    TimeTable t = course(0.99, 1, 2);
    for (std::size_t r = 0; r < t.times.size(); ++r)
      t.values[0][r] = 2e6 * (1.0 + 0.1 * t.times[r] / 1440.0 + 0.01 * k);
    growing.push_back(t);
  }
  const auto t = table({reference(), arm("no drug", growing)});
  const auto words = outcome_words(t);
  EXPECT_THAT(words[1], HasSubstr("there was no regression"));
  EXPECT_THAT(words[1], HasSubstr("doubled by day 10"));
  EXPECT_THAT(words[1], HasSubstr("did worse than “drug”: mean burden"));
  EXPECT_THAT(words[1], Not(HasSubstr("relapse came")));
  EXPECT_EQ(outcome_table(t).rows[1][6], "no regression");
}

TEST(Outcome, Escapees_that_make_the_relapse_are_named_and_missing_readouts_admitted) {
  auto t = course(0.2, 20, 40);
  std::fill(t.values[3].begin(), t.values[3].end(), 0.9);
  std::fill(t.values[4].begin(), t.values[4].end(), 0.1);
  EXPECT_THAT(outcome_words(table({arm("drug", {t, t})}))[0], HasSubstr("mainly because senescent cells escaped"));
  std::fill(t.values[3].begin(), t.values[3].end(), 0.45);
  std::fill(t.values[4].begin(), t.values[4].end(), 0.5);
  EXPECT_THAT(outcome_words(table({arm("drug", {t, t})}))[0], HasSubstr("both made treatment fail"));
  Roles none = roles();
  none.escapee.clear(), none.never_arrested.clear();
  ArmOutcome a;
  a.name = a.label = "drug";
  a.members = {member_outcome(t, none, 1)};
  EXPECT_THAT(outcome_words(table({a}))[0], HasSubstr("do not tell which cells"));
}

TEST(Outcome, Three_seeds_are_too_few_for_a_verdict_and_less_than_a_day_is_hardly_a_difference) {
  const auto few = outcome_words(table({arm("drug", {course(0.2, 20, 40), course(0.2, 20, 41), course(0.2, 20, 40)}),
                                        arm("plus", {course(0.2, 20, 50), course(0.2, 20, 51), course(0.2, 20, 50)})}));
  EXPECT_THAT(few[1], HasSubstr("3 seeds are too few for a verdict"));
  EXPECT_THAT(few[1], Not(HasSubstr("better")));
  const auto small = outcome_words(table({reference(), arm("plus", {course(0.2, 20, 40.4), course(0.22, 21, 41.5),
                                                                    course(0.18, 20, 42.4), course(0.2, 22, 40.5)})}));
  EXPECT_THAT(small[1], HasSubstr("hardly differs from “drug”"));
  EXPECT_THAT(small[1], Not(HasSubstr("better")));
}

TEST(Outcome, One_seed_gives_no_interval_and_no_verdict) {
  const auto words = outcome_words(table({arm("drug", {course(0.2, 20, 40)}), arm("plus", {course(0.2, 20, 50)})}));
  EXPECT_THAT(words[0], HasSubstr("in the one run"));
  EXPECT_THAT(words[0], Not(HasSubstr("interval")));
  EXPECT_THAT(words[1], HasSubstr("fewer than two seeds"));
}

TEST(Outcome, Without_a_burden_the_words_give_ratios_and_what_is_kept_of_the_gain) {
  OutcomeTable t;
  t.readouts = {{"invasion", "1"}};
  t.reference = 0;
  const auto with = [](const std::string& name, const std::vector<double>& values) {
    ArmOutcome a;
    a.name = a.label = name;
    for (std::size_t k = 0; k < values.size(); ++k) {
      MemberOutcome m;
      m.seed = k + 1;
      m.finals["invasion"] = values[k];
      a.members.push_back(m);
    }
    return a;
  };
  t.arms = {with("control", {10, 11, 9, 10}), with("senescent medium", {20, 21, 19, 20}),
            with("anti-CCL2", {12, 14, 11, 13}), with("PARP off", {10, 10.5, 9.5, 9.9})};
  const auto words = outcome_words(t);
  ASSERT_EQ(words.size(), 1U);
  EXPECT_THAT(words[0], HasSubstr("against “control”: “senescent medium” 2.00 × ("));
  EXPECT_THAT(words[0], HasSubstr("25 % of the gain of “senescent medium”"));
  EXPECT_THAT(words[0], HasSubstr("no clear difference"));
}

TEST(Outcome, The_table_fits_a_narrow_terminal) {
  TextTable narrow = outcome_table(table({reference()}));
  narrow.notes.clear();
  const std::string text = render_text(narrow, 60);
  std::size_t line = 0, longest = 0;
  for (const char c : text) {
    line = c == '\n' ? 0 : line + ((static_cast<unsigned char>(c) & 0xC0) != 0x80);
    longest = std::max(longest, line);
  }
  EXPECT_LE(longest, 60U);
  EXPECT_THAT(text, HasSubstr("time to relapse"));
}

TEST(Outcome, The_csv_has_one_row_per_arm_and_seed) {
  const std::string csv = arms_csv(table({reference()}));
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 5);
  EXPECT_THAT(csv, HasSubstr("time_to_relapse[d]"));
}

}  // namespace
}  // namespace senoma::study
