// Other people's suites, through the checks of `senoma verify`.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "verify/catalogue.h"
#include "verify/page.h"
#include "verify/run.h"

namespace senoma::verify {
namespace {

TEST(Conformance, Every_case_of_the_sbml_suite_is_simulated_within_its_tolerance_or_refused_by_name) {
  const char* shared = std::getenv("SENOMA_SHARED");
  Context context;
  context.suites = std::filesystem::path(shared != nullptr ? shared : SENOMA_SOURCE_DIR "/../shared") / "suites";
  Result result;
  result.check = conformance_checks().front();
  result.outcome = result.check.run(context);
  result.ran = true;
  if (result.skipped()) GTEST_SKIP() << result.outcome.skipped;
  for (const auto& note : result.outcome.notes) std::cout << note << "\n";
  EXPECT_TRUE(result.passed()) << details_of(result);
}

}  // namespace
}  // namespace senoma::verify
