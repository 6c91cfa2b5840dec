// The shipped relapse experiment (2D, and well mixed) and the spheroid with oxygen (3D): the same bits for 1, 2 and 4
// threads and on every instruction set of this processor.
#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "base/instruction_set.h"
#include "engine/simulation.h"
#include "mechanisms/catalogue.h"
#include "model/load.h"

namespace senoma {
namespace {

struct Case {
  const char *file, *arm, *profile;
  double until;  // min
  std::uint64_t least_divisions;
  const char* setting = "";  ///< like -s
};

constexpr Case relapse{"relapse.toml", "drug", "quick", 4 * 1440.0, 20};
constexpr Case relapse_well_mixed{"relapse.toml", "drug", "quick", 8 * 1440.0, 20, "domain.space=well-mixed"};
constexpr Case spheroid{"spheroid.toml", "", "", 720.0, 20};

std::shared_ptr<const engine::Description> load(const Case& c) {
  const std::string file = std::string(SENOMA_SOURCE_DIR) + "/models/melanoma-tis/experiments/" + c.file;
  model::LoadOptions options;
  options.arm = c.arm;
  options.profile = c.profile;
  if (*c.setting) options.overrides = {c.setting};
  return std::make_shared<engine::Description>(model::load(file, options, mechanisms::catalogue()).description);
}

/// The state's hash after every eighth step.
std::vector<std::uint64_t> hashes(const Case& c, int threads) {
  engine::Simulation sim(load(c), 1, mechanisms::catalogue(), threads);
  std::vector<std::uint64_t> result;
  while (sim.world.time() < c.until) {
    sim.step();
    if (sim.world.tick % 8 == 0) result.push_back(sim.world.hash());
  }
  std::uint64_t divisions = 0;
  for (const auto& counters : sim.world.counters) divisions += counters.divisions;
  EXPECT_GT(divisions, c.least_divisions);  // a test in which nothing happens would prove nothing
  std::printf("%s, %d threads, %s: %zu cells, hash %016llx\n", c.file, threads, name(instruction_set()).c_str(),
              sim.world.cells.size(), static_cast<unsigned long long>(result.back()));
  return result;
}

class ShippedModel : public testing::TestWithParam<Case> {};

TEST_P(ShippedModel, Has_the_same_bits_for_any_thread_count_and_instruction_set) {
  const auto reference = hashes(GetParam(), 1);
  EXPECT_EQ(hashes(GetParam(), 2), reference);
  EXPECT_EQ(hashes(GetParam(), 4), reference);
  const InstructionSet before = instruction_set();
  for (const auto set : {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512}) {
    if (set > widest_instruction_set()) {
      std::printf("not on this processor: %s\n", name(set).c_str());
      continue;
    }
    if (set == before) continue;
    set_instruction_set(set);
    EXPECT_EQ(hashes(GetParam(), 2), reference) << name(set);
  }
  set_instruction_set(before);
}

INSTANTIATE_TEST_SUITE_P(Relapse_2D, ShippedModel, testing::Values(relapse));
INSTANTIATE_TEST_SUITE_P(Relapse_well_mixed, ShippedModel, testing::Values(relapse_well_mixed));
INSTANTIATE_TEST_SUITE_P(Spheroid_3D, ShippedModel, testing::Values(spheroid));

}  // namespace
}  // namespace senoma
