// The template models/templates/immune: killers recruited by a chemokine clear targets, unless nobody comes.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "engine/simulation.h"
#include "mechanisms/catalogue.h"
#include "model/load.h"

namespace senoma {
namespace {

struct Outcome {
  std::vector<double> readouts;
  std::map<std::string, std::size_t> events;
  std::size_t cells = 0, attacked_twice = 0;
};

Outcome run_arm(const std::string& arm) {
  model::LoadOptions options;
  options.arm = arm;
  const auto model = model::load(std::string(SENOMA_SOURCE_DIR) + "/models/templates/immune/model.toml", options,
                                 mechanisms::catalogue());
  engine::Simulation sim(std::make_shared<const engine::Description>(model.description), 1, mechanisms::catalogue(), 1);
  Outcome outcome;
  std::set<std::uint64_t> attacked;
  while (!sim.finished()) {
    sim.step();
    for (const auto& e : sim.events) {
      ++outcome.events[e.kind];
      if (e.kind == "attack" && !attacked.insert(e.cell).second) ++outcome.attacked_twice;
    }
    sim.events.clear();
  }
  outcome.readouts = sim.readouts();
  outcome.cells = sim.world.cells.size();
  std::printf("%s: %.0f targets, %.0f killers, %zu attacks, %zu arrivals, %zu left\n", arm.c_str(), outcome.readouts[0],
              outcome.readouts[1], outcome.events["attack"], outcome.events["arrival"], outcome.events["emigration"]);
  return outcome;
}

TEST(Recruited_killers, Clear_the_targets_unless_nobody_comes_or_the_targets_hide) {
  auto recruited = run_arm("recruited"), alone = run_arm("alone"), hidden = run_arm("hidden");
  EXPECT_LT(recruited.readouts[0], 8.0);
  EXPECT_GT(alone.readouts[0], 160.0);
  EXPECT_GT(hidden.readouts[0], 4 * recruited.readouts[0] + 20);
  EXPECT_EQ(alone.events["arrival"], 0U);
  EXPECT_GT(recruited.events["arrival"], 20U);
  EXPECT_GT(recruited.events["emigration"], 5U);
  for (auto* arm : {&recruited, &alone, &hidden}) {
    EXPECT_EQ(arm->attacked_twice, 0U);
    // Each division is recorded for both daughters. Who was there, came or was born is there, was removed or left.
    EXPECT_EQ(80 + arm->events["arrival"] + arm->events["division"] / 2,
              arm->cells + arm->events["removal"] + arm->events["emigration"]);
  }
}

}  // namespace
}  // namespace senoma
