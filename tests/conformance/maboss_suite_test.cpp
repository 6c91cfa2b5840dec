// MaBoSS's example models: every one is read and runs, the faulty one is refused, and one has reference output.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/error.h"
#include "convert/maboss.h"
#include "verify/catalogue.h"
#include "verify/page.h"
#include "verify/run.h"

namespace senoma::verify {
namespace {

namespace fs = std::filesystem;

fs::path suites() {
  const char* shared = std::getenv("SENOMA_SHARED");
  return fs::path(shared != nullptr ? shared : SENOMA_SOURCE_DIR "/../shared") / "suites";
}

TEST(Conformance, Every_maboss_model_is_read_and_runs_but_the_faulty_one) {
  const fs::path suite = suites() / "maboss";
  if (!fs::is_directory(suite)) GTEST_SKIP() << "MaBoSS's models are not at hand";
  int models = 0;
  for (const auto& entry : fs::directory_iterator(suite)) {
    if (entry.path().extension() != ".bnd") continue;
    const std::string stem = entry.path().stem().string();
    std::vector<std::string> cfg;
    for (const auto& other : fs::directory_iterator(suite)) {
      const std::string name = other.path().filename().string();
      if (other.path().extension() == ".cfg" && name.rfind(stem.substr(0, stem.find("-error")), 0) == 0)
        cfg.push_back(other.path().string());
    }
    ++models;
    try {
      const auto model = convert::read_maboss(entry.path().string(), cfg);
      EXPECT_EQ(stem.find("-error"), std::string::npos) << stem << " is accepted";
      network::BooleanRun run = model.run;
      run.trajectories = 20;
      const auto results = network::simulate(model.network, run, Executor(2));
      double sum = 0.0;
      for (const auto& s : results.state_series) sum += s.final;
      EXPECT_NEAR(sum, 1.0, 1e-12) << stem;
    } catch (const Error& error) {
      EXPECT_NE(stem.find("-error"), std::string::npos) << stem << ": " << error.message();
      EXPECT_EQ(error.code(), "E3021");
      ASSERT_TRUE(error.position().has_value());
      EXPECT_GT(error.position()->line, 0);
      EXPECT_FALSE(error.remedies().empty());
    }
  }
  EXPECT_GT(models, 0);
}

TEST(Conformance, Mabosss_reference_output_is_met_within_sampling_error) {
  Context context;
  context.suites = suites();
  context.threads = 2;
  Result result;
  for (const auto& check : boolean_checks()) {
    if (check.id == "conformance/maboss-cell-cycle") result.check = check;
  }
  result.outcome = result.check.run(context);
  result.ran = true;
  if (result.skipped()) GTEST_SKIP() << result.outcome.skipped;
  EXPECT_TRUE(result.passed()) << details_of(result);
}

}  // namespace
}  // namespace senoma::verify
