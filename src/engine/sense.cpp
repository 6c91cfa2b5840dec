// What each cell perceives: local concentrations, gradients, receptor occupancies, contacts, its own state as numbers.
#include <algorithm>
#include <cmath>

#include "base/math.h"
#include "engine/simulation.h"
#include "field/sampling.h"

namespace senoma::engine {

namespace {

constexpr std::size_t block_size = 256;

}  // namespace

void Simulation::sense() {
  for (const std::size_t k : live_scratch_) values.scratch[k].resize(world.cells.size());
  for (auto& component : drift) component.clear();
  refresh_type_lists();
  sense_drugs();
  sense_fields();
  if (contacts_needed_ && description->domain.well_mixed) {
    sense_encounters();
  } else if (contacts_needed_) {
    sense_contacts();
  }
  sense_cells();
  sense_contact_signals();
}

void Simulation::sense_drugs() {
  const auto& cells = world.cells;
  for (std::size_t d = 0; d < world.drugs.size(); ++d) {
    const auto& drug = description->drugs[d];
    if (drug.substrate.empty()) continue;
    // The step's mean in the cell's voxel, so that exposure is not lost between samples.
    const auto s = static_cast<std::size_t>(substrate_index(drug.substrate));
    const auto& geometry = world.fields[s].geometry;
    const auto& mean = exchange[s].mean_rho;
    auto& column = values.scratch[signals.find(drug.name + ".concentration")->index];
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::size_t voxel = mean.size() == 1
                                    ? 0
                                    : geometry.voxel_of(cells.values[state::col_x][i], cells.values[state::col_y][i],
                                                        cells.values[state::col_z][i]);
      column[i] = std::max(0.0, mean[voxel]) * drug.unbound_fraction;
    }
  }
}

void Simulation::sense_fields() {
  const auto& cells = world.cells;
  const auto& x = cells.values[state::col_x];
  const auto& y = cells.values[state::col_y];
  const auto& z = cells.values[state::col_z];
  const auto scratch = [&](int index) {
    return index < 0 ? nullptr : values.scratch[static_cast<std::size_t>(index)].data();
  };
  for (std::size_t s = 0; s < world.fields.size(); ++s) {
    const auto& substrate = description->substrates[s];
    const auto& field = world.fields[s];
    const auto& met = exchange[s].met(field);  // free ligand, where an antibody binds some of it
    const auto& wanted = perceived[s];
    double* concentration = scratch(wanted.concentration);
    double* total = scratch(wanted.total);
    double* occupancy = scratch(wanted.occupancy);
    double* gradient = scratch(wanted.gradient);
    const std::array<double*, 3> components{scratch(wanted.gradient_components[0]),
                                            scratch(wanted.gradient_components[1]),
                                            scratch(wanted.gradient_components[2])};
    if (!concentration && !total && !occupancy && !gradient && !components[0] && !components[1] && !components[2])
      continue;
    const bool slopes = gradient || components[0] || components[1] || components[2];
    executor.for_blocks(cells.size(), block_size, [&](Block b) {
      for (std::size_t i = b.begin; i < b.end; ++i) {
        const auto value = [&](const Column<double>& rho) {
          return rho.size() == 1 ? rho[0] : field::value_at(field.geometry, rho, x[i], y[i], z[i]);
        };
        const double c = value(met), free = std::max(0.0, c);
        if (concentration) concentration[i] = c;
        if (total) total[i] = value(field.rho);
        if (occupancy) occupancy[i] = free / (free + substrate.receptor_kd);
        if (!slopes) continue;
        const auto g =
            met.size() == 1 ? std::array<double, 3>{} : field::gradient_at(field.geometry, met, x[i], y[i], z[i]);
        if (gradient) gradient[i] = math::sqrt(g[0] * g[0] + g[1] * g[1] + g[2] * g[2]);
        for (std::size_t a = 0; a < 3; ++a) {
          if (components[a]) components[a][i] = g[a];
        }
      }
    });
  }
}

void Simulation::sense_cells() {
  const auto& cells = world.cells;
  const auto& p = perceived_cells;
  const auto fill = [&](int index, auto&& value) {
    if (index < 0) return;
    auto& column = values.scratch[static_cast<std::size_t>(index)];
    executor.for_blocks(cells.size(), 4096, [&](Block b) {
      for (std::size_t i = b.begin; i < b.end; ++i) column[i] = value(i);
    });
  };
  for (std::uint32_t k = 0; k < p.states.size(); ++k) {
    fill(p.states[k].indicator,
         [&](std::size_t i) { return p.label[cells.type[i]][cells.cell_state[i]] == k ? 1.0 : 0.0; });
  }
  fill(p.dying, [&](std::size_t i) { return dying(i) ? 1.0 : 0.0; });
  fill(p.attacking,
       [&](std::size_t i) { return cells.values[columns.attack_busy_until][i] > world.time() ? 1.0 : 0.0; });
  fill(p.generation, [&](std::size_t i) { return static_cast<double>(cells.generation[i]); });
  fill(p.s_phase, [&](std::size_t i) {
    const auto& cycle = types[cells.type[i]].spec->cycle;
    return !dying(i) && cells.phase[i] < cycle.size() && cycle[cells.phase[i]].s_phase ? 1.0 : 0.0;
  });
  for (std::size_t m = 0; m < p.marks.size(); ++m) {
    fill(p.marks[m], [&](std::size_t i) { return (cells.origin[i] >> m) & 1U ? 1.0 : 0.0; });
  }
}

void Simulation::sense_contacts() {
  const auto& cells = world.cells;
  const auto& geometry = description->domain.geometry;
  const std::size_t n = cells.size();
  Column<double> reach(n);
  for (std::size_t i = 0; i < n; ++i)
    reach[i] = description->motion.adhesion_range * cells.values[state::col_radius][i];
  grid::Points points{cells.values[state::col_x], cells.values[state::col_y], cells.values[state::col_z], reach,
                      cells.id};
  if (geometry.two_dimensional) points.z = {};
  if (description->domain.edge == mechanics::EdgeRule::periodic) {
    for (int axis = 0; axis < (geometry.two_dimensional ? 2 : 3); ++axis)
      points.period[static_cast<std::size_t>(axis)] = geometry.extent(axis);
  }
  contacts.build(points, 0.0, executor);
  const auto& p = perceived_cells;
  const auto write = [&](int index, std::size_t i, double value) {
    if (index >= 0) values.scratch[static_cast<std::size_t>(index)][i] = value;
  };
  executor.for_blocks(n, block_size, [&](Block b) {
    std::vector<double> of_type(types.size()), of_state(p.states.size());
    for (std::size_t i = b.begin; i < b.end; ++i) {
      std::fill(of_type.begin(), of_type.end(), 0.0);
      std::fill(of_state.begin(), of_state.end(), 0.0);
      for (const auto j : contacts.of(i)) {
        of_type[cells.type[j]] += 1.0;
        of_state[p.label[cells.type[j]][cells.cell_state[j]]] += 1.0;
      }
      write(p.neighbours, i, static_cast<double>(contacts.of(i).size()));
      for (std::size_t k = 0; k < of_type.size(); ++k) write(p.neighbours_of_type[k], i, of_type[k]);
      for (std::size_t k = 0; k < of_state.size(); ++k) write(p.states[k].neighbours, i, of_state[k]);
    }
  });
}

}  // namespace senoma::engine
