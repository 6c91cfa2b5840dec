// PhysiCell's hanging drop (models/verify/community/hanging-drop.toml), its first day. No curve of it was published to
// hold it against; what must hold is that the day does not depend on the coupling step, and how the file says it
// starts.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "engine/simulation.h"
#include "mechanisms/catalogue.h"
#include "model/load.h"

namespace senoma {
namespace {

struct Day {
  double start_cells, cells, living, diameter, oxygen;
};

Day first_day(const std::string& step) {
  model::LoadOptions options;
  options.overrides = {"time.step=" + step, "time.duration=24 h"};
  const auto description = std::make_shared<engine::Description>(
      model::load(SENOMA_SOURCE_DIR "/models/verify/community/hanging-drop.toml", options, mechanisms::catalogue())
          .description);
  engine::Simulation sim(description, 1, mechanisms::catalogue(), 1);
  const auto start = static_cast<double>(sim.world.cells.size());
  while (!sim.finished()) sim.step();
  const auto values = sim.readouts();  // days, cells, living, diameter, oxygen
  return {start, values[1], values[2], values[3], values[4]};
}

TEST(HangingDrop, Its_first_day_does_not_depend_on_the_step) {
  const Day fine = first_day("30 min"), coarse = first_day("60 min");
  EXPECT_EQ(fine.start_cells, 2347);
  EXPECT_GT(fine.living, 1.2 * fine.start_cells);
  EXPECT_GT(fine.cells, fine.living);  // some died, and are still there
  EXPECT_LT(fine.oxygen, 30);          // mmHg; 38 at the faces
  EXPECT_NEAR(coarse.living / fine.living, 1, 0.01);
  EXPECT_NEAR(coarse.diameter / fine.diameter, 1, 0.02);
  EXPECT_NEAR(coarse.oxygen / fine.oxygen, 1, 0.02);
}

}  // namespace
}  // namespace senoma
