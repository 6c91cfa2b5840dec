// Supply of a substrate toward a target concentration ρ*, as vessels do it:
//   s += r ρ* v/V,  u += r v/V      r 1/min inside the cell's own volume v, V voxel volume
// so that a cell alone in its voxel brings it to ρ* at the rate r v/V. An intervention on the substrate acts on r.
#include "mechanisms/catalogue.h"
#include "mechanisms/gather.h"

namespace senoma::mechanisms {

using engine::Simulation;
using engine::StepContext;

engine::Mechanism supply() {
  engine::MechanismDeclaration d;
  d.name = "supply";
  d.phase = engine::Phase::sources;
  d.doc = "Exchange that brings a substrate toward the target given in supply_target, e.g. by vessels.";
  d.parameters = {{"*", dim::rate, 0.0, 0.0, 1e6, "* supply",
                   "Rate inside the cell's own volume; in a voxel it counts as rate × cell volume / voxel volume.",
                   true}};
  d.reads = {"* supply", "* supply target", "volume"};
  d.adds = {"source of *", "loss of *"};
  return {d, [](Simulation& bound) -> engine::Pass {
            struct Supplied {
              std::size_t substrate, rate, target;
            };
            std::vector<Supplied> supplied;
            for (const auto& [s, column] : exchanged_substrates(bound, "supply"))
              supplied.push_back(
                  {s, column, bound.behaviour_column(bound.description->substrates[s].name + " supply target")});
            if (supplied.empty()) return {};
            for (const auto& each : supplied) {
              ensure(bound.exchange[each.substrate].source, bound.world.fields[each.substrate]);
              ensure(bound.exchange[each.substrate].uptake, bound.world.fields[each.substrate]);
            }
            return [supplied](StepContext& context) {
              auto& sim = context.simulation;
              auto& cells = context.world.cells;
              const auto& volume = cells.values[state::col_volume];
              for (const auto& each : supplied) {
                const std::size_t s = each.substrate;
                const auto& rate = cells.values[each.rate];
                const auto& target = cells.values[each.target];
                auto& exchange = sim.exchange[s];
                const double factor = sim.substrate_factor[s] / context.world.fields[s].geometry.voxel_volume();
                gather(sim, sim.description->substrates[s].well_mixed, [&](std::size_t voxel, std::size_t i) {
                  const double loss = rate[i] * volume[i] * factor;
                  exchange.source[voxel] += loss * target[i];
                  exchange.uptake[voxel] += loss;
                });
              }
            };
          }};
}

engine::Mechanism supply_target() {
  engine::MechanismDeclaration d;
  d.name = "supply_target";
  d.phase = engine::Phase::sources;
  d.doc = "Concentrations toward which cells supply substrates.";
  d.parameters = {{"*", dim::concentration, 0.0, 0.0, 1e12, "* supply target",
                   "Concentration to which the cell's supply tends.", true}};
  d.reads = {"* supply target"};
  return {d, [](Simulation&) -> engine::Pass { return {}; }};
}

}  // namespace senoma::mechanisms
