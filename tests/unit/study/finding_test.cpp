// Findings: measures of hand-made tables in closed form, verdicts on hand-made seeds, and what a bad file is told.
#include "study/finding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tiny_model.h"

namespace senoma::study {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr double infinite = std::numeric_limits<double>::infinity();
const double nan = std::nan("");

TimeTable table(const std::vector<double>& hours, const std::vector<double>& y) {
  TimeTable t;
  t.names = {"y"};
  t.units = {"1"};
  for (const double h : hours) t.times.push_back(60 * h);
  t.values = {y};
  return t;
}

Measure of(Statistic statistic) {
  Measure m;
  m.readout = "y";
  m.statistic = statistic;
  m.to = infinite;
  return m;
}

TEST(Measure, Statistics_are_those_of_the_rows_in_the_window) {
  const auto t = table({0, 1, 2, 4}, {2, 6, 4, 8});
  const auto value = [&](Statistic s, double from = 0, double to = infinite) {
    Measure m = of(s);
    m.from = from;
    m.to = to;
    return measure(m, t);
  };
  EXPECT_EQ(value(Statistic::initial), 2);
  EXPECT_EQ(value(Statistic::final), 8);
  EXPECT_EQ(value(Statistic::final, 0, 120), 4);
  EXPECT_EQ(value(Statistic::maximum, 0, 180), 6);
  EXPECT_EQ(value(Statistic::minimum, 30), 4);
  EXPECT_EQ(value(Statistic::time_of_maximum), 240);
  EXPECT_EQ(value(Statistic::time_of_minimum, 30), 120);
  EXPECT_DOUBLE_EQ(value(Statistic::area), 60 * (4 + 5 + 12));
  EXPECT_DOUBLE_EQ(value(Statistic::mean), 21.0 / 4);
  EXPECT_TRUE(std::isnan(value(Statistic::mean, 1000)));
  Measure at = of(Statistic::at);
  at.at = 180;
  EXPECT_DOUBLE_EQ(measure(at, t), 6);
  at.scale = 0.01;  // of a percentage
  EXPECT_DOUBLE_EQ(measure(at, t), 0.06);
}

TEST(Measure, A_rate_of_log2_is_doublings_per_time_and_unknown_at_zero) {
  const auto doubling = table({0, 10, 20, 30}, {3, 6, 12, 24});
  EXPECT_NEAR(measure(of(Statistic::rate_of_log2), doubling), 1.0 / 600, 1e-15);
  EXPECT_NEAR(measure(of(Statistic::slope), table({0, 1, 2}, {1, 3, 5})), 2.0 / 60, 1e-15);
  EXPECT_TRUE(std::isnan(measure(of(Statistic::rate_of_log2), table({0, 1}, {1, 0}))));
}

TEST(Measure, A_time_that_is_never_reached_is_later_than_the_end) {
  Measure m = of(Statistic::time_to);
  m.factor = 10;
  EXPECT_DOUBLE_EQ(measure(m, table({0, 1, 2}, {1, 5, 15})), 90);
  EXPECT_EQ(measure(m, table({0, 1, 2}, {1, 5, 9})), infinite);
  m.factor = 0.5;  // from above
  EXPECT_DOUBLE_EQ(measure(m, table({0, 1, 2}, {4, 3, 1})), 90);
  m.factor.reset();
  m.level = 3;
  EXPECT_DOUBLE_EQ(measure(m, table({0, 2}, {1, 5})), 60);
  // Relapse: back at the start after the nadir, which begins at the start.
  m.level.reset();
  m.factor = 1;
  m.after_minimum = true;
  EXPECT_DOUBLE_EQ(measure(m, table({0, 1, 2, 4}, {4, 1, 2, 6})), 180);
  EXPECT_EQ(measure(m, table({0, 1, 2, 4}, {4, 1, 2, 3})), infinite);
}

TEST(Measure, Pulses_are_counted_timed_and_measured_and_ripples_are_not) {
  std::vector<double> hours, y;
  for (int k = 0; k <= 300; ++k) {  // five periods of 6 h with a ripple
    hours.push_back(0.1 * k);
    y.push_back(1 - std::cos(2 * M_PI * hours.back() / 6) + 0.02 * std::cos(2 * M_PI * hours.back() / 0.5));
  }
  const auto t = table(hours, y);
  EXPECT_EQ(measure(of(Statistic::number_of_peaks), t), 5);
  EXPECT_NEAR(measure(of(Statistic::time_between_peaks), t), 360, 12);
  EXPECT_NEAR(measure(of(Statistic::height_of_peaks), t), 2, 0.03);
  EXPECT_EQ(measure(of(Statistic::number_of_peaks), table({0, 1, 2}, {1, 1, 1})), 0);
  EXPECT_TRUE(std::isnan(measure(of(Statistic::time_between_peaks), table({0, 1, 2}, {0, 1, 0}))));
}

TEST(Measure, A_dose_of_half_effect_is_between_its_neighbours_on_a_logarithmic_scale) {
  EXPECT_DOUBLE_EQ(dose_of_fraction({0, 1, 100}, {1.0, 0.75, 0.25}, 0.5), 10);
  EXPECT_DOUBLE_EQ(dose_of_fraction({0, 1}, {1.0, 0.0}, 0.5), 0.5);
  EXPECT_EQ(dose_of_fraction({0, 1, 10}, {1.0, 0.9, 0.8}, 0.5), infinite);
  EXPECT_TRUE(std::isnan(dose_of_fraction({0, 1}, {1.0, nan}, 0.5)));
}

/// One measure, one assertion about it.
struct One {
  Finding finding;
  explicit One(std::optional<double> low, std::optional<double> high = {}, bool fraction = false) {
    finding.measures.emplace_back();
    Assertion a;
    a.root = finding.graph.variable(0);
    a.measures = {0};
    a.low = low;
    a.high = high;
    a.is_fraction = fraction;
    finding.assertions.push_back(a);
  }
  Verdict operator()(const std::vector<double>& seeds) const { return judge(finding, finding.assertions[0], {seeds}); }
};

TEST(Verdict, Passes_on_the_whole_interval_and_not_on_the_median_alone) {
  const std::vector<double> scattered{1, 1, 1.9, 2.1, 2.2, 2.3, 2.4, 2.5};
  const auto verdict = One(2.0)(scattered);
  EXPECT_GT(verdict.interval.centre, 2.0);
  EXPECT_LT(verdict.interval.low, 2.0);
  EXPECT_FALSE(verdict.passed);
  EXPECT_TRUE(One(0.9)(scattered).passed);
  EXPECT_TRUE(One({}, 2.6)(scattered).passed);
  EXPECT_TRUE(One(0.5, 3.0)(scattered).passed);
  EXPECT_FALSE(One(0.5, 2.2)(scattered).passed);
  EXPECT_TRUE(One(2.0)({2.5}).passed) << "without chance one seed is enough";
}

TEST(Verdict, A_seed_without_value_counts_against_the_bound_whichever_side_it_is_on) {
  std::vector<double> values(8, 5.0);
  for (std::size_t k = 0; k < 4; ++k) values[k] = nan;
  for (const auto& one : {One(1.0), One({}, 10.0), One(1.0, 10.0)}) {
    const auto verdict = one(values);
    EXPECT_FALSE(verdict.passed);
    EXPECT_EQ(verdict.unknown, 4U);
  }
  EXPECT_FALSE(One(1.0)(std::vector<double>(8, nan)).passed);
}

TEST(Verdict, Censored_times_are_later_than_any_bound) {
  EXPECT_TRUE(One(10.0)(std::vector<double>(8, infinite)).passed);
  EXPECT_FALSE(One({}, 10.0)(std::vector<double>(8, infinite)).passed);
  std::vector<double> mixed(8, 3.0);
  mixed[0] = infinite;
  mixed[1] = -infinite;  // medians may average the two: never a pass by chance
  EXPECT_TRUE(std::isfinite(One({}, 10.0)(mixed).interval.centre));
}

TEST(Verdict, A_fraction_of_seeds_is_held_against_its_interval_too) {
  EXPECT_TRUE(One(0.8, {}, true)(std::vector<double>(8, 1.0)).passed);
  EXPECT_FALSE(One(0.8, {}, true)({1, 1, 1, 1, 1, 1, 0, 0}).passed);
  EXPECT_TRUE(One(0.5, {}, true)({1, 1, 1, 1, 1, 1, 1, 0}).passed);
}

std::string finding_text(const std::string& tail) {
  std::string text = test::tiny_model();
  text.replace(text.find("seeds = 2"), 9, "seeds = 8");
  return text + "[finding]\nid = \"T1\"\nclaim = \"c\"\ncitation = \"d\"\nrole = \"predicted\"\n" + tail;
}

const char* measured = R"([[finding.measure]]
name = "drug"
arm = "drug"
readout = "senescent"
at = "48 h"
[[finding.measure]]
name = "half"
arm = "drug"
readout = "senescent"
statistic = "time to"
level = "50 %"
)";

std::string refused(const std::string& tail) {
  const test::Folder folder;
  ExperimentOptions o;
  o.file = folder.write("f.toml", finding_text(tail));
  std::map<std::string, std::string> sources;
  try {
    static_cast<void>(read_finding(plan_experiment(o, &sources)));
  } catch (const Error& error) {
    return model::render(error, sources);
  }
  return "accepted";
}

std::string with(const std::string& assertion) {
  return std::string(measured) + "[[finding.assert]]\nname = \"a\"\n" + assertion + "\n";
}

TEST(FindingFile, Is_read_with_dimensions_and_units_of_its_bounds) {
  const test::Folder folder;
  ExperimentOptions o;
  o.file =
      folder.write("f.toml", finding_text(with("value = \"half - 6 [h]\"\nat_most = \"1 d\"\nsummary = \"mean\"")));
  const auto plan = plan_experiment(o);
  const auto finding = read_finding(plan);
  ASSERT_EQ(finding.measures.size(), 2U);
  EXPECT_EQ(finding.measures[1].dimension, dim::time);
  ASSERT_EQ(finding.assertions.size(), 1U);
  EXPECT_EQ(finding.assertions[0].measures, std::vector<std::size_t>{1});
  EXPECT_EQ(finding.assertions[0].high, 1440.0);
  EXPECT_EQ(finding.assertions[0].unit, "d");
  EXPECT_FALSE(finding.assertions[0].median);
  EXPECT_EQ(finding.seeds, 8U);
  EXPECT_TRUE(finding.predicted);
  // The finding is no part of the model: neither of its hash nor of the text that is kept of it.
  auto plain = o;
  plain.file = folder.write("g.toml", finding_text(with("value = \"drug\"\nat_least = 0.9")));
  EXPECT_EQ(plan_experiment(plain).hash, plan.hash);
}

TEST(FindingFile, What_is_wrong_is_said_with_place_and_remedy) {
  const auto place = HasSubstr("f.toml:");
  EXPECT_EQ(refused(with("value = \"drug\"\nat_least = 0.5")), "accepted");
  EXPECT_THAT(refused(with("value = \"drug\"\nat_least = \"2 d\"")), AllOf(HasSubstr("error[E8103]"), place));
  EXPECT_THAT(refused(with("value = \"half\"\nat_least = 2")),
              AllOf(HasSubstr("error[E8103]"), HasSubstr("\"1 min\"")));
  EXPECT_THAT(refused(with("value = \"2 * 3\"\nat_least = 2")),
              AllOf(HasSubstr("error[E8104]"), HasSubstr("constant")));
  EXPECT_THAT(refused(with("value = \"drug\"")), AllOf(HasSubstr("error[E8104]"), HasSubstr("at_least")));
  EXPECT_THAT(refused(with("value = \"drug\"\nat_least = 1\nat_most = 2")), HasSubstr("error[E8104]"));
  EXPECT_THAT(refused(with("value = \"drog\"\nat_least = 2")),
              AllOf(HasSubstr("error[E2002]"), HasSubstr("drug"), place));
  EXPECT_THAT(refused(with("value = \"drug + half\"\nat_least = 2")), AllOf(HasSubstr("error[E2003]"), place));
  EXPECT_THAT(refused(with("holds = \"drug > 0.5\"")), HasSubstr("fraction_of_seeds"));
  EXPECT_THAT(refused(with("holds = \"drug > 0.5\"\nfraction_of_seeds = 1.5")), HasSubstr("error[E8101]"));
  const auto measure = [](const std::string& m) {
    return "[[finding.measure]]\nname = \"m\"\n" + m +
           "\n[[finding.assert]]\nname = \"a\"\nvalue = \"m\"\nat_least = 0\n";
  };
  EXPECT_EQ(refused(measure("arm = \"drug\"\nreadout = \"cells\"\nstatistic = \"final\"")), "accepted");
  EXPECT_THAT(refused(measure("arm = \"drugs\"\nreadout = \"cells\"\nstatistic = \"final\"")),
              AllOf(HasSubstr("error[E8102]"), HasSubstr("did you mean 'drug'?"), place));
  EXPECT_THAT(refused(measure("arm = \"drug\"\nreadout = \"cell\"\nstatistic = \"final\"")),
              AllOf(HasSubstr("error[E8102]"), HasSubstr("did you mean 'cells'?")));
  EXPECT_THAT(refused(measure("arm = \"drug\"\nreadout = \"cells\"\nstatistic = \"finale\"")),
              HasSubstr("error[E1202]"));
  EXPECT_THAT(refused(measure("arm = \"drug\"\nreadout = \"cells\"\nat = \"9 d\"")), HasSubstr("beyond the run"));
  EXPECT_THAT(refused(measure("arm = \"drug\"\nreadout = \"cells\"")), HasSubstr("'at' or 'statistic'"));
  EXPECT_THAT(refused(measure("readout = \"cells\"\nstatistic = \"final\"")), HasSubstr("needs 'arm'"));
  EXPECT_THAT(refused(measure("arm = \"drug\"\nreadout = \"cells\"\nstatistic = \"time to\"\nlevel = \"3 h\"")),
              HasSubstr("error[E8103]"));
  EXPECT_THAT(refused(measure(
                  "arms = [\"no drug\"]\ndoses = [\"0 uM\", \"1 uM\"]\nreadout = \"cells\"\nstatistic = \"final\"")),
              HasSubstr("1 arms and 2 doses"));
  EXPECT_THAT(refused("fitted = [\"cell.melanoma.cycle.duration\"]\n" + with("value = \"drug\"\nat_least = 0.5")),
              HasSubstr("predicted has no fitted"));
}

TEST(FindingFile, Fewer_than_eight_seeds_need_a_reason) {
  const test::Folder folder;
  ExperimentOptions o;
  std::string text = finding_text(with("value = \"drug\"\nat_least = 0.5"));
  text.replace(text.find("seeds = 8"), 9, "seeds = 4");
  o.file = folder.write("f.toml", text);
  try {
    static_cast<void>(read_finding(plan_experiment(o)));
    FAIL() << "four seeds";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "E8105");
  }
  text.replace(text.find("role = "), 7, "seeds_reason = \"no chance in it\"\nrole = ");
  o.file = folder.write("f.toml", text);
  EXPECT_EQ(read_finding(plan_experiment(o)).seeds, 4U);
}

}  // namespace
}  // namespace senoma::study
