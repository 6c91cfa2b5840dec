#include "study/compare.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>

#include "model/document.h"

namespace senoma::study {
namespace {

using ::testing::HasSubstr;

const char* spec_text() {
  return R"TOML(readout = "cells"
window = ["15 h", "100 h"]
columns = { time = "rel.time", count = "cell.count", well = ["UID", "well"], time_unit = "h" }
match = { line = "cellLine", dose = "Conc" }
units = { dose = "M" }
filter = { Drug = ["PLX4720 (nM)", "control"] }
fitted = ["zero"]
[condition.zero]
line = "A375"
dose = "0 uM"
[condition.eight]
line = "A375"
dose = "8 uM"
)TOML";
}

CompareSpec spec_of(const std::string& text = spec_text()) {
  model::ExperimentSpec experiment;
  for (const char* name : {"zero", "eight"}) {
    model::Arm arm;
    arm.name = arm.label = name;
    experiment.arms.push_back(arm);
  }
  return read_compare(model::parse_toml(text, "e.toml"), experiment);
}

/// Wells that grow at exactly `rate` doublings/h in the window, with a lag before it that must not count.
std::string rows(const std::string& well, double concentration, double rate, const std::string& line = "A375") {
  std::string text;
  for (const double t : {0.0, 10.0, 20.0, 40.0, 60.0, 90.0, 120.0}) {
    const double log2n = t < 15 ? 5.0 : 6.0 + rate * t;
    text += fmt::format("{},{},{},{},{:.9f},{},{}\n", line, well, "U" + well, t, t > 100 ? 3.0 : std::exp2(log2n),
                        concentration > 0 ? "PLX4720 (nM)" : "control", concentration);
  }
  return text;
}

const std::string header = "cellLine,well,UID,rel.time,cell.count,Drug,Conc\n";

std::string code_of(const std::string& data, const CompareSpec& spec, int* line = nullptr) {
  try {
    static_cast<void>(measured_rates(spec, data, "d.csv"));
  } catch (const Error& error) {
    if (line) *line = error.position() ? error.position()->line : -1;
    return error.code();
  }
  return "";
}

TEST(Compare, Slopes_of_known_wells_are_found_in_the_window_only) {
  const std::string data =
      header + rows("B1", 0, 0.05) + rows("B2", 0, 0.04) + rows("C1", 8e-6, 0.01) + rows("Z", 8e-6, 0.9, "other");
  const auto rates = measured_rates(spec_of(), data, "d.csv");
  EXPECT_NEAR(rates.at("zero").mean, 0.045, 1e-8);
  EXPECT_NEAR(rates.at("zero").sd, 0.01 / std::sqrt(2.0), 1e-8);
  EXPECT_EQ(rates.at("zero").n, 2U);
  EXPECT_NEAR(rates.at("eight").mean, 0.01, 1e-8);
}

TEST(Compare, Simulated_members_get_the_same_regression_and_the_errors_are_summed_up) {
  const auto spec = spec_of();
  MemberResult m;
  m.status = results::RunStatus::finished;
  m.summary.names = {"cells"};
  m.summary.units = {"1"};
  m.summary.values.resize(1);
  for (double t = 0; t <= 120; t += 5)
    m.summary.times.push_back(t * 60.0), m.summary.values[0].push_back(100.0 * std::exp2(0.03 * t));
  EXPECT_NEAR(simulated_rate(spec, {m}, "zero").mean, 0.03, 1e-12);

  ExperimentResult result;
  for (const char* name : {"zero", "eight"}) {
    ArmRun arm;
    arm.arm.name = arm.arm.label = name;
    result.arms.push_back(std::move(arm));
    result.members.push_back({m});
  }
  const auto comparison = compare(result, spec, header + rows("B1", 0, 0.05) + rows("C1", 8e-6, 0.02), "d.csv");
  EXPECT_NEAR(comparison.rms(true), 0.02, 1e-8);
  EXPECT_NEAR(comparison.rms(false), 0.01, 1e-8);
  EXPECT_NEAR(comparison.rms(), std::sqrt((4e-4 + 1e-4) / 2), 1e-8);
  EXPECT_THAT(comparison_words(comparison)[0], HasSubstr("fitted conditions 0.0200, predicted conditions 0.0100"));
  EXPECT_THAT(comparison_csv(comparison), HasSubstr("\"eight\","));
}

TEST(Compare, Bad_data_are_refused_with_code_and_line) {
  const auto spec = spec_of();
  const std::string good = header + rows("B1", 0, 0.05) + rows("C1", 8e-6, 0.01);
  int line = 0;
  EXPECT_EQ(code_of(good, spec), "");
  EXPECT_EQ(code_of("", spec), "E8008");
  EXPECT_EQ(code_of(header, spec), "E8008");
  EXPECT_EQ(code_of(header + "A375,B1\n", spec, &line), "E8008");
  std::string renamed = good;
  renamed.replace(renamed.find("cell.count"), 10, "cell.cuont");
  EXPECT_EQ(code_of(renamed, spec, &line), "E8002");
  EXPECT_EQ(line, 1);
  EXPECT_EQ(code_of(good + "A375,B9,U9,30,many,control,0\n", spec, &line), "E8003");
  EXPECT_EQ(line, 16);
  EXPECT_EQ(code_of(good + "A375,B1,UB1,30,0,control,0\n", spec, &line), "E8004");
  EXPECT_EQ(line, 16);
  EXPECT_EQ(code_of(good + "A375,B1,UB1,30,-4,control,0\n", spec), "E8004");
  EXPECT_EQ(code_of(good + "A375,B1,UB1,40,12,control,0\n", spec, &line), "E8005");
  EXPECT_EQ(line, 16);
  EXPECT_EQ(code_of(good + "A375,B9,U9,30,12,control,0\n", spec), "E8006") << "one point in the window";
  EXPECT_EQ(code_of(header + rows("B1", 0, 0.05), spec), "E8007") << "no well at 8 uM";
}

TEST(Compare, A_faulty_table_in_the_experiment_is_refused_with_its_place) {
  const auto code = [](std::string text, const std::string& what, const std::string& by) {
    const auto at = text.find(what);
    text.replace(at, what.size(), by);
    try {
      static_cast<void>(spec_of(text));
    } catch (const Error& error) {
      EXPECT_TRUE(error.position()) << by;
      return error.code();
    }
    return std::string();
  };
  EXPECT_EQ(code(spec_text(), "readout =", "readuot ="), "E8001");
  EXPECT_EQ(code(spec_text(), "[\"15 h\", \"100 h\"]", "[\"15 um\", \"100 h\"]"), "E8001");
  EXPECT_EQ(code(spec_text(), "[\"15 h\", \"100 h\"]", "[\"150 h\", \"100 h\"]"), "E8001");
  EXPECT_EQ(code(spec_text(), "[condition.eight]", "[condition.nine]"), "E8001");
  EXPECT_EQ(code(spec_text(), "fitted = [\"zero\"]", "fitted = [\"one\"]"), "E8001");
}

/// The published counts (Harris et al. 2016, Nat Methods 13:497), when they are at hand: growth of A375 under PLX4720.
TEST(Compare, Measured_growth_of_A375_is_reproduced_from_the_published_counts) {
  const char* shared = std::getenv("SENOMA_SHARED");
  const std::string root = shared ? shared : std::string(SENOMA_SOURCE_DIR) + "/../shared";
  const std::string path = root + "/data/qulab_melanoma_timecourses/mel_plx_time_course.csv";
  std::ifstream in(path, std::ios::binary);
  if (!in) GTEST_SKIP() << "the measured counts are not at hand (" << path << ")";
  const std::string data{std::istreambuf_iterator<char>(in), {}};
  std::string text = spec_text();
  text.replace(text.find("[\"UID\", \"well\"]"), 15, "[\"UID\", \"well\", \"Date\"]");
  const auto rates = measured_rates(spec_of(text), data, path);
  std::printf("A375: %.4f at 0, %.4f at 8 uM (wells %zu, %zu)\n", rates.at("zero").mean, rates.at("eight").mean,
              rates.at("zero").n, rates.at("eight").n);
  EXPECT_NEAR(rates.at("zero").mean, 0.048, 0.001);
  EXPECT_NEAR(rates.at("eight").mean, 0.009, 0.001);
}

}  // namespace
}  // namespace senoma::study
