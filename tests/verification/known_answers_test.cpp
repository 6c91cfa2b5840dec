// The known answers of `senoma verify`, each as a test of its own. Hashes, other people's suites and use cases have
// their own tests (tests/determinism, tests/conformance) or take too long here.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "verify/catalogue.h"
#include "verify/page.h"
#include "verify/run.h"

namespace senoma::verify {
namespace {

std::vector<std::string> known_answers() {
  const std::set<std::string> others{"reproducibility", "conformance", "use-cases"};
  std::vector<std::string> ids;
  for (const auto& check : catalogue()) {
    if (check.from == Depth::quick && !others.count(check.group)) ids.push_back(check.id);
  }
  return ids;
}

class KnownAnswer : public testing::TestWithParam<std::string> {};

TEST_P(KnownAnswer, Is_met_within_its_bounds) {
  std::string folder = (std::filesystem::temp_directory_path() / "senoma_verify_XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  RunOptions options;
  options.depth = Depth::quick;
  options.models = SENOMA_SOURCE_DIR "/models";
  options.scratch = folder;
  options.only = {GetParam()};
  const auto results = run(catalogue(), options);
  std::filesystem::remove_all(folder);
  ASSERT_EQ(results.size(), 1U);
  if (results[0].skipped()) GTEST_SKIP() << results[0].outcome.skipped;
  EXPECT_TRUE(results[0].passed()) << line_of(results[0], 100) << "\n" << details_of(results[0]);
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Verify, KnownAnswer, testing::ValuesIn(known_answers()), test_name);

}  // namespace
}  // namespace senoma::verify
