// Cell volume relaxes toward a target; the target doubles during the growing phases of the cycle, and is that of the
// state otherwise (a senescent cell is larger). Dying cells shrink or swell toward their final volume.
//   dV/dt = r (V_target − V), exact over a step
#include <algorithm>
#include <vector>

#include "base/math.h"
#include "engine/fate.h"
#include "engine/simulation.h"
#include "mechanisms/catalogue.h"

namespace senoma::mechanisms {

using engine::Simulation;
using engine::StepContext;

namespace {

/// What growth needs to know of one cell type.
struct Growth {
  double rate = 0, growing_duration = 0;  // 1/min, min
};

std::vector<Growth> growth_of_types(const Simulation& sim) {
  std::vector<Growth> result;
  for (const auto& type : sim.types) {
    Growth growth{type.parameters.at("volume.rate"), 0.0};
    for (const auto& phase : type.spec->cycle) growth.growing_duration += phase.grows ? phase.duration : 0.0;
    result.push_back(growth);
  }
  return result;
}

/// A growing phase adds its share of the base, at the cycle's own speed; a target is never below the base of the cell's
/// state nor above twice that.
double next_target(const Simulation& sim, std::size_t i, const Growth& growth, double base, double dt) {
  const auto& cells = sim.world.cells;
  const auto& cycle = sim.types[cells.type[i]].spec->cycle;
  if (cycle.empty()) return base;
  const auto& phase = cycle[cells.phase[i]];
  double target = cells.values[state::col_target_volume][i];
  if (phase.grows) {
    const double speed = phase.entry ? cells.values[sim.columns.cycle_entry][i] : 1.0;
    target += base * speed * dt / growth.growing_duration;
  } else if (cells.phase[i] == 0) {
    return base;
  }
  return std::clamp(target, base, 2.0 * base);
}

void grow(StepContext& context, std::size_t base_column, const std::vector<Growth>& growth_of_type) {
  auto& sim = context.simulation;
  auto& cells = context.world.cells;
  auto& volume = cells.values[state::col_volume];
  auto& target = cells.values[state::col_target_volume];
  auto& radius = cells.values[state::col_radius];
  const auto& base = cells.values[base_column];
  std::vector<std::vector<double>> approach;  // 1 − e^(−rate dt) per type: alive, then by death
  for (std::size_t t = 0; t < sim.types.size(); ++t) {
    auto& of_type = approach.emplace_back(1, 1.0 - math::exp(-growth_of_type[t].rate * context.dt));
    for (const auto& death : sim.types[t].spec->deaths)
      of_type.push_back(1.0 - math::exp(-death.volume_rate * context.dt));
  }
  sim.executor.for_blocks(cells.size(), 256, [&](Block b) {
    for (std::size_t i = b.begin; i < b.end; ++i) {
      const std::size_t t = cells.type[i];
      const std::size_t n_living = sim.types[t].n_living_states;
      const bool dying = cells.cell_state[i] >= n_living;
      if (!dying) target[i] = next_target(sim, i, growth_of_type[t], base[i], context.dt);
      const double before = volume[i];
      volume[i] += (target[i] - before) * approach[t][dying ? 1 + cells.cell_state[i] - n_living : 0];
      if (volume[i] != before) radius[i] = engine::radius_of_volume(volume[i]);
    }
  });
}

}  // namespace

engine::Mechanism volume() {
  engine::MechanismDeclaration d;
  d.name = "volume";
  d.phase = engine::Phase::fate;
  d.doc =
      "Cell volume: its target and how fast it is approached; the target doubles through the growing phases of the cycle.";
  d.parameters = {{"target", dim::volume, 0.0, 1e-3, 1e9, "target volume",
                   "Volume of a newborn cell that rests, approached at `rate`.", true},
                  {"rate", dim::rate, 0.0, 0.0, 1e3, "", "Relaxation rate of the volume toward its target.", true}};
  d.reads = {"cycle entry", "target volume"};
  d.writes = {"volume", "target_volume", "radius"};
  return {d, [](Simulation& sim) -> engine::Pass {
            const std::size_t column = sim.behaviour_column("target volume");
            return [column, growth = growth_of_types(sim)](StepContext& context) { grow(context, column, growth); };
          }};
}

engine::Mechanism proliferation() {
  engine::MechanismDeclaration d;
  d.name = "proliferation";
  d.phase = engine::Phase::fate;
  d.doc =
      "How readily a cell passes the entry phase of its cycle (G0/G1); 1 = as the cycle's durations say, 0 = arrested.";
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
