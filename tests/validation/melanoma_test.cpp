// The shipped experiments against what was published and what they promise; figures are printed. Minutes, so make
// test-long.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/parallel.h"
#include "study/compare.h"
#include "study/experiment.h"
#include "study/outcome.h"

namespace senoma::study {
namespace {

namespace fs = std::filesystem;

struct Scratch {
  fs::path path;
  Scratch() {
    std::string pattern = (fs::temp_directory_path() / "senoma-validation-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~Scratch() { fs::remove_all(path); }
};

ExperimentResult run(const std::string& experiment, const fs::path& out, const std::string& only_arm = {}) {
  ExperimentOptions options;
  options.file = std::string(SENOMA_SOURCE_DIR) + "/models/melanoma-tis/experiments/" + experiment + ".toml";
  options.out = out;
  options.only_arm = only_arm;
  options.jobs = available_processors();
  auto result = run_experiment(plan_experiment(options), options);
  EXPECT_FALSE(result.first_error());
  return result;
}

TEST(Relapse, The_drug_sensitive_tumour_regresses_and_comes_back_in_every_seed) {
  const Scratch scratch;
  const auto table = outcomes(run("relapse", scratch.path / "relapse", "drug"));
  ASSERT_EQ(table.arms.size(), 1U);
  ASSERT_GE(table.arms[0].members.size(), 8U);
  for (const auto& m : table.arms[0].members) {
    std::printf("seed %d: nadir %.1f %% on day %.0f, senescent at most %.0f %% on day %.0f, relapse on day %.0f\n",
                static_cast<int>(m.seed), m.nadir, m.nadir_day, m.senescent_peak, m.senescent_peak_day, m.relapse_day);
    EXPECT_LE(m.nadir, 30.0);
    EXPECT_TRUE(m.relapsed);
    EXPECT_GT(m.senescent_peak_day, 1.0) << "the first dose is on day 1";
    EXPECT_GT(m.senescent_peak, 50.0);
  }
}

TEST(Relapse, An_untreated_nodule_grows_and_neither_arrests_nor_makes_itself_senescent) {
  const Scratch scratch;
  const auto table = outcomes(run("relapse", scratch.path / "relapse", "no drug"));
  ASSERT_EQ(table.arms.size(), 1U);
  for (const auto& m : table.arms[0].members) {
    std::printf("seed %d: end %.0f %%, senescent at most %.2f %%, never arrested %.1f %%\n", static_cast<int>(m.seed),
                m.end_burden, m.senescent_peak, m.never_arrested);
    EXPECT_GT(m.end_burden, 300.0);
    EXPECT_LT(m.senescent_peak, 1.0);
    EXPECT_GT(m.never_arrested, 99.0);
  }
}

TEST(ConditionedMedium, Senescent_medium_makes_naive_cells_invade_through_PARP1_NFkB_and_CCL2) {
  const Scratch scratch;
  const auto table = outcomes(run("conditioned-medium", scratch.path / "medium"));
  const auto mean = [&](const std::string& arm) {
    const auto found = std::find_if(table.arms.begin(), table.arms.end(), [&](const auto& a) { return a.name == arm; });
    const auto values = found->finals("invaded_fraction");
    EXPECT_GE(values.size(), 8U);
    return bootstrap_mean(values).centre;
  };
  const double control = mean("control medium"), senescent = mean("senescent medium") / control;
  const double parp = mean("senescent medium, PARP inhibited") / control;
  const double ikk = mean("senescent medium, IKK inhibited") / control;
  const double neutralised = mean("senescent medium + anti-CCL2") / control;
  std::printf("invasion relative to control medium: senescent %.2f, PARP %.2f, IKK %.2f, anti-CCL2 %.2f\n", senescent,
              parp, ikk, neutralised);
  EXPECT_GE(senescent, 1.5);
  EXPECT_LE(parp, 1.2);
  EXPECT_LE(ikk, 1.2);
  EXPECT_LE(neutralised - 1.0, 0.5 * (senescent - 1.0));
}

TEST(BrafInhibitor, Growth_of_four_lines_is_predicted_at_the_doses_that_were_not_fitted) {
  const char* shared = std::getenv("SENOMA_SHARED");
  const fs::path data = fs::path(shared ? shared : std::string(SENOMA_SOURCE_DIR) + "/../shared") /
                        "data/qulab_melanoma_timecourses/mel_plx_time_course.csv";
  if (!fs::exists(data)) GTEST_SKIP() << "no measured counts: set SENOMA_SHARED (" << data << " is absent)";
  std::ifstream in(data);
  std::stringstream text;
  text << in.rdbuf();
  const std::map<std::string, double> doubling_time_h = {
      {"A375", 20.7}, {"A2058", 22.1}, {"WM115", 24.8}, {"SKMEL5", 30.2}};
  const Scratch scratch;
  double sum = 0.0;
  std::size_t n = 0;
  for (const auto& [line, published] : doubling_time_h) {
    const auto result = run("brafi-" + line, scratch.path / line);
    const auto& model = result.arms[0].model;
    const auto comparison =
        compare(result, read_compare(model.experiment.compare, model.experiment), text.str(), data.string());
    const double control = 1.0 / comparison.conditions.at(0).simulated.mean;
    std::printf("%s: control doubles in %.1f h (published %.1f), RMS fitted %.4f, predicted %.4f doublings/h\n",
                line.c_str(), control, published, comparison.rms(true), comparison.rms(false));
    EXPECT_NEAR(control, published, 0.05 * published);
    for (const auto& c : comparison.conditions) {
      if (c.fitted) continue;
      sum += c.difference() * c.difference();
      ++n;
    }
  }
  ASSERT_EQ(n, 20U);
  EXPECT_LE(std::sqrt(sum / static_cast<double>(n)), 0.004);
}

}  // namespace
}  // namespace senoma::study
