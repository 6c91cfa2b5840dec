// Exchange between cells and fields, gathered per voxel in ascending cell id:
//   secretion  s += q / (κ V)        q molecules/min, κ = 0.6022 molecules/(µm³ nM), V voxel volume
//   uptake     u += k v_cell / V     k 1/min inside the cell's own volume; with a half-saturation K of the substrate
//                                    the loss is u ρ / (1 + ρ/K)
//   degradation u_S += Σ_E k_E ρ_E   e.g. matrix by metalloproteinase
#include "mechanisms/catalogue.h"
#include "mechanisms/gather.h"

namespace senoma::mechanisms {

using engine::Simulation;
using engine::StepContext;

engine::Mechanism secretion() {
  engine::MechanismDeclaration d;
  d.name = "secretion";
  d.phase = engine::Phase::sources;
  d.doc = "Release of substrates by cells.";
  d.parameters = {{"*", dim::amount_rate, 0.0, 0.0, 1e12, "* secretion", "Molecules a cell releases per minute."}};
  d.reads = {"* secretion"};
  d.adds = {"source of *"};
  return {d, [](Simulation& bound) -> engine::Pass {
            const auto exchanged = exchanged_substrates(bound, "secretion");
            if (exchanged.empty()) return {};
            for (const auto& e : exchanged) ensure(bound.exchange[e.substrate].source, bound.world.fields[e.substrate]);
            return [exchanged](StepContext& context) {
              auto& sim = context.simulation;
              auto& cells = context.world.cells;
              for (const auto& [s, column] : exchanged) {
                const auto& field = context.world.fields[s];
                const auto& rate = cells.values[column];
                auto& source = sim.exchange[s].source;
                const double factor =
                    sim.substrate_factor[s] / (molecules_per_um3_per_nM * field.geometry.voxel_volume());
                gather(sim, sim.description->substrates[s].well_mixed,
                       [&](std::size_t voxel, std::size_t i) { source[voxel] += rate[i] * factor; });
              }
            };
          }};
}

engine::Mechanism uptake() {
  engine::MechanismDeclaration d;
  d.name = "uptake";
  d.phase = engine::Phase::sources;
  d.doc =
      "Uptake of substrates by cells, first order in the local concentration, or up to the substrate's half-saturation.";
  d.parameters = {
      {"*", dim::rate, 0.0, 0.0, 1e6, "* uptake",
       "Uptake rate inside the cell's own volume; in a voxel it counts as rate × cell volume / voxel volume."}};
  d.reads = {"* uptake", "volume"};
  d.adds = {"loss of *"};
  return {d, [](Simulation& bound) -> engine::Pass {
            const auto exchanged = exchanged_substrates(bound, "uptake");
            if (exchanged.empty()) return {};
            for (const auto& e : exchanged) {
              auto& columns = bound.exchange[e.substrate];
              const bool saturates = bound.description->substrates[e.substrate].half_saturation > 0.0;
              ensure(saturates ? columns.saturable : columns.uptake, bound.world.fields[e.substrate]);
            }
            return [exchanged](StepContext& context) {
              auto& sim = context.simulation;
              auto& cells = context.world.cells;
              const auto& volume = cells.values[state::col_volume];
              for (const auto& [s, column] : exchanged) {
                const auto& field = context.world.fields[s];
                const auto& rate = cells.values[column];
                auto& exchange = sim.exchange[s];
                auto& loss =
                    sim.description->substrates[s].half_saturation > 0.0 ? exchange.saturable : exchange.uptake;
                const double per_volume = 1.0 / field.geometry.voxel_volume();
                gather(sim, sim.description->substrates[s].well_mixed,
                       [&](std::size_t voxel, std::size_t i) { loss[voxel] += rate[i] * volume[i] * per_volume; });
              }
            };
          }};
}

engine::Mechanism degradation() {
  engine::MechanismDeclaration d;
  d.name = "degradation";
  d.phase = engine::Phase::sources;
  d.doc =
      "First-order loss of one substrate in the presence of another ([substrates.MATRIX] degraded_by = { PROTEASE = … }).";
  d.adds = {"loss of *"};
  return {d, [](Simulation& bound) -> engine::Pass {
            struct Pair {
              std::size_t substrate, enzyme;
              double rate;
            };
            std::vector<Pair> pairs;
            for (std::size_t s = 0; s < bound.description->substrates.size(); ++s) {
              for (const auto& [name, rate] : bound.description->substrates[s].degraded_by) {
                const int enzyme = bound.substrate_index(name);
                if (enzyme < 0) {
                  throw Error("E5003", "substrate '" + bound.description->substrates[s].name + "' is degraded by '" +
                                           name + "', which is not a substrate of this model")
                      .at(bound.description->substrates[s].where);
                }
                pairs.push_back({s, static_cast<std::size_t>(enzyme), rate});
                ensure(bound.exchange[s].uptake, bound.world.fields[s]);
              }
            }
            if (pairs.empty()) return {};
            return [pairs](StepContext& context) {
              for (const auto& pair : pairs) {
                auto& loss = context.simulation.exchange[pair.substrate].uptake;
                const auto& enzyme = context.simulation.exchange[pair.enzyme].met(context.world.fields[pair.enzyme]);
                for (std::size_t v = 0; v < loss.size(); ++v) {
                  const double concentration = enzyme.size() == 1 ? enzyme[0] : enzyme[v];
                  loss[v] += concentration > 0.0 ? pair.rate * concentration : 0.0;
                }
              }
            };
          }};
}

}  // namespace senoma::mechanisms
