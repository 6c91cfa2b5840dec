// The rates at which cells attack those they touch; the engine's fate pass draws the attacks (engine/contacts.h).
#include "engine/simulation.h"
#include "mechanisms/catalogue.h"

namespace senoma::mechanisms {

engine::Mechanism attack() {
  engine::MechanismDeclaration d;
  d.name = "attack";
  d.phase = engine::Phase::fate;
  d.doc =
      "Attacks on touching cells of one type: killing, or the removal of dead cells; times are located inside the step.";
  d.parameters = {{"*", dim::rate, 0.0, 0.0, 1e6, "attack on *",
                   "Rate at which a free cell attacks each cell of that type that it touches, times its recognition.",
                   true, engine::ParameterDeclaration::Each::target_type}};
  d.reads = {"attack on *"};
  return {d, [](engine::Simulation&) -> engine::Pass { return {}; }};
}

}  // namespace senoma::mechanisms
