// Cell volume relaxes toward a target; the target doubles during the growing phases of the cycle, and is that of the
// state otherwise (a senescent cell is larger). Dying cells shrink or swell toward their final volume.
//   dV/dt = r (V_target − V), exact over a step
#include <algorithm>

#include "base/math.h"
#include "engine/fate.h"
#include "engine/simulation.h"
#include "mechanisms/catalogue.h"

namespace senoma::mechanisms {

using engine::Simulation;
using engine::StepContext;

namespace {

void grow(StepContext& context, std::size_t target_column) {
  auto& sim = context.simulation;
  auto& cells = context.world.cells;
  auto& volume = cells.values[state::col_volume];
  auto& target = cells.values[state::col_target_volume];
  auto& radius = cells.values[state::col_radius];
  const auto& base = cells.values[target_column];
  sim.executor.for_blocks(cells.size(), 256, [&](Block b) {
    for (std::size_t i = b.begin; i < b.end; ++i) {
      const auto& type = sim.types[cells.type[i]];
      double rate = type.parameters.at("volume.rate");
      if (sim.dying(i)) {
        rate = type.spec->deaths[cells.cell_state[i] - type.n_living_states].volume_rate;
      } else {
        const auto& cycle = type.spec->cycle;
        const bool growing = !cycle.empty() && cycle[cells.phase[i]].grows;
        if (growing) {
          double total = 0.0;
          for (const auto& phase : cycle) total += phase.grows ? phase.duration : 0.0;
          const double speed = cycle[cells.phase[i]].entry ? cells.values[sim.columns.cycle_entry][i] : 1.0;
          // Growth follows the cycle's own speed, and never passes twice the base.
          target[i] = std::max(base[i], std::min(2.0 * base[i], target[i] + base[i] * speed * context.dt / total));
        } else if (cycle.empty() || cells.phase[i] == 0) {
          target[i] = base[i];
        }
      }
      volume[i] += (target[i] - volume[i]) * (1.0 - math::exp(-rate * context.dt));
      radius[i] = engine::radius_of_volume(volume[i]);
    }
  });
}

}  // namespace

engine::Mechanism volume() {
  engine::MechanismDeclaration d;
  d.name = "volume";
  d.phase = engine::Phase::fate;
  d.doc = "Cell volume: its target and how fast it is approached; the target doubles through the growing phases of the cycle.";
  d.parameters = {{"target", dim::volume, 0.0, 1e-3, 1e9, "target volume", "Volume of a newborn cell that rests, approached at `rate`.", true},
                  {"rate", dim::rate, 0.0, 0.0, 1e3, "", "Relaxation rate of the volume toward its target.", true}};
  d.reads = {"cycle entry", "target volume"};
  d.writes = {"volume", "target_volume", "radius"};
  return {d, [](Simulation& sim) -> engine::Pass {
            const std::size_t column = sim.behaviour_column("target volume");
            return [column](StepContext& context) { grow(context, column); };
          }};
}

engine::Mechanism proliferation() {
  engine::MechanismDeclaration d;
  d.name = "proliferation";
  d.phase = engine::Phase::fate;
  d.doc = "How readily a cell passes the entry phase of its cycle (G0/G1); 1 = as the cycle's durations say, 0 = arrested.";
  d.parameters = {{"entry", dim::none, 1.0, 0.0, 100.0, "cycle entry", "Factor on the exit rate of the entry phase."}};
  return {d, [](Simulation&) -> engine::Pass { return {}; }};
}

engine::Mechanism hazard() {
  engine::MechanismDeclaration d;
  d.name = "hazard";
  d.phase = engine::Phase::fate;
  d.doc = "Hazards of death; each event time is located exactly inside the step.";
  d.parameters = {{"apoptosis", dim::rate, 0.0, 0.0, 1e3, "apoptosis", "Hazard of entering apoptosis."},
                  {"necrosis", dim::rate, 0.0, 0.0, 1e3, "necrosis", "Hazard of entering necrosis."}};
  return {d, [](Simulation&) -> engine::Pass { return {}; }};
}

engine::Mechanism mechanics() {
  engine::MechanismDeclaration d;
  d.name = "mechanics";
  d.phase = engine::Phase::forces;
  d.doc = "Repulsion and adhesion between neighbours (mechanics/pair_forces.h).";
  d.parameters = {
      {"repulsion", dim::speed, 0.0, 0.0, 1e3, "repulsion", "Repulsion velocity at full overlap.", true},
      {"adhesion", dim::speed, 0.0, 0.0, 1e3, "adhesion", "Adhesion velocity scale; scale it with E-cadherin.", true},
      {"movable", dim::none, 1.0, 0.0, 1.0, "", "1 = moves and is pushed; 0 = fixed in place."},
  };
  return {d, [](Simulation&) -> engine::Pass { return {}; }};
}

}  // namespace senoma::mechanisms
