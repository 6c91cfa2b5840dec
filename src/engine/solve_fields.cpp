// Reaction–diffusion of every substrate over the step. Ligands whose complexes are lost differently come first, as the
// antibodies' own fields lose what is taken.
#include <algorithm>
#include <cmath>

#include "engine/simulation.h"
#include "field/compartment.h"

namespace senoma::engine {

void Simulation::solve_fields() {
  std::vector<char> solved(world.fields.size(), 0);
  for (const auto& binding : bindings_) {
    if (!binding.complexes_differ) continue;
    solve_field(binding.ligand, &binding);
    solved[binding.ligand] = 1;
  }
  refresh_free_ligands();
  for (std::size_t s = 0; s < world.fields.size(); ++s) {
    if (solved[s] == 0) solve_field(s, nullptr);
  }
  refresh_statistics();
}

void Simulation::solve_field(std::size_t s, const BoundBinding* binding) {
  const auto& substrate = description->substrates[s];
  auto& field = world.fields[s];
  field::Coefficients c;
  const auto& domain = description->domain;
  c.diffusion = substrate.well_mixed ? 0.0 : substrate.diffusion;
  c.decay = substrate.decay;
  c.uptake = exchange[s].uptake;
  c.saturable = exchange[s].saturable;
  c.half_saturation = substrate.half_saturation;
  c.source = exchange[s].source;
  if (!substrate.well_mixed && !domain.well_mixed) {
    c.faces = faces_[s];
    c.fixed_voxels = fixed_voxels[s];
    c.fixed_values = fixed_values[s];
  }
  c.split = binding ? split_of_ligand(*binding) : split_of_antibody(s);
  if (c.split) std::swap(c.free_decay, c.decay);
  field::SolverOptions options;
  options.tolerance = substrate.tolerance;
  options.undershoot_tolerance = substrate.undershoot_tolerance;
  options.quasi_steady = substrate.quasi_steady;
  options.error_tolerance = substrate.time_tolerance;
  field::StepReport report;
  try {
    if (domain.well_mixed) {
      const auto& g = field.geometry;
      const field::Inflow edge = substrate.well_mixed
                                     ? field::Inflow{}
                                     : field::edge_inflow(faces_[s], {g.extent(0), g.extent(1), g.extent(2)},
                                                          g.two_dimensional, substrate.diffusion);
      const double held = vessel_conductance_[s];
      report = field::step_compartment(*solvers[s], g.voxel_volume(), field.rho[0], world.step, c, edge,
                                       {held, held * fixed_values[s][0]}, options, executor, exchange[s].mean_rho[0]);
    } else {
      report = solvers[s]->step(field.rho, world.step, c, options, executor, exchange[s].mean_rho);
    }
  } catch (const Error& error) {
    Error located(
        error.code(),
        "substrate '" + substrate.name + "' at " + std::to_string(world.time() / 1440.0) + " d: " + error.message(),
        error.kind());
    for (const auto& remedy : error.remedies()) located.help(remedy);
    throw located;
  }
  field_work[s].add(report);
  auto& total = world.ledgers[s];
  total.released += report.ledger.released;
  total.taken_up += report.ledger.taken_up;
  total.decayed += report.ledger.decayed;
  total.through_faces += report.ledger.through_faces;
  total.from_fixed += report.ledger.from_fixed;
  total.gross += report.ledger.gross;
  total.worst_closing_error = std::max(total.worst_closing_error, std::abs(report.ledger.closing_error()));
}

}  // namespace senoma::engine
