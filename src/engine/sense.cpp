// What each cell perceives: local concentrations, gradients, receptor occupancies, contacts, its own state as numbers.
#include <algorithm>
#include <cmath>

#include "base/math.h"
#include "engine/simulation.h"
#include "field/sampling.h"
#include "pharm/effects.h"

namespace senoma::engine {

namespace {

constexpr std::size_t block_size = 256;

}  // namespace

void Simulation::sense() {
  for (auto& column : values.scratch) column.resize(world.cells.size());
  for (auto& component : drift) component.assign(world.cells.size(), 0.0);
  refresh_type_lists();
  sense_fields();
  if (contacts_needed_) sense_contacts();
  const auto& cells = world.cells;
  const auto fill = [&](const std::string& name, auto&& value) {
    const Signal* signal = signals.find(name);
    if (!signal) return;
    auto& column = values.scratch[signal->index];
    for (std::size_t i = 0; i < cells.size(); ++i) column[i] = value(i);
  };
  for (std::size_t t = 0; t < types.size(); ++t) {
    for (const auto& name : types[t].states) {
      fill("state." + name, [&](std::size_t i) { return types[cells.type[i]].states[cells.cell_state[i]] == name ? 1.0 : 0.0; });
    }
  }
  fill("dying", [&](std::size_t i) { return dying(i) ? 1.0 : 0.0; });
  fill("generation", [&](std::size_t i) { return static_cast<double>(cells.generation[i]); });
  fill("cycle.s_phase", [&](std::size_t i) {
    const auto& cycle = types[cells.type[i]].spec->cycle;
    return !dying(i) && cells.phase[i] < cycle.size() && cycle[cells.phase[i]].s_phase ? 1.0 : 0.0;
  });
  for (std::size_t m = 0; m < marks.size(); ++m) {
    fill("origin." + marks[m], [&](std::size_t i) { return (cells.origin[i] >> m) & 1U ? 1.0 : 0.0; });
  }
}

void Simulation::sense_fields() {
  const auto& cells = world.cells;
  const auto& x = cells.values[state::col_x];
  const auto& y = cells.values[state::col_y];
  const auto& z = cells.values[state::col_z];
  const std::size_t n = cells.size();
  for (std::size_t s = 0; s < world.fields.size(); ++s) {
    const auto& substrate = description->substrates[s];
    const auto& field = world.fields[s];
    const auto& wanted = perceived[s];
    double antibody = 0.0, antibody_kd = 0.0;
    for (std::size_t d = 0; d < world.drugs.size(); ++d) {
      if (description->drugs[d].binds != substrate.name) continue;
      antibody = world.drugs[d].mean * description->drugs[d].unbound_fraction;
      antibody_kd = description->drugs[d].binding_kd;
    }
    const auto scratch = [&](int index) { return index < 0 ? nullptr : values.scratch[static_cast<std::size_t>(index)].data(); };
    double* concentration = scratch(wanted.concentration);
    double* occupancy = scratch(wanted.occupancy);
    double* gradient = scratch(wanted.gradient);
    const std::array<double*, 3> components{scratch(wanted.gradient_components[0]), scratch(wanted.gradient_components[1]),
                                            scratch(wanted.gradient_components[2])};
    executor.for_blocks(n, block_size, [&](Block b) {
      for (std::size_t i = b.begin; i < b.end; ++i) {
        const double c = substrate.well_mixed ? field.rho[0] : field::value_at(field.geometry, field.rho, x[i], y[i], z[i]);
        if (concentration) concentration[i] = c;
        if (occupancy) {
          const double positive = std::max(0.0, c);
          const double free = antibody > 0.0 ? pharm::free_ligand(positive, antibody, antibody_kd) : positive;
          occupancy[i] = free / (free + substrate.receptor_kd);
        }
        if (!gradient && !components[0]) continue;
        const auto g = substrate.well_mixed ? std::array<double, 3>{} : field::gradient_at(field.geometry, field.rho, x[i], y[i], z[i]);
        if (gradient) gradient[i] = math::sqrt(g[0] * g[0] + g[1] * g[1] + g[2] * g[2]);
        for (std::size_t a = 0; components[0] && a < 3; ++a) components[a][i] = g[a];
      }
    });
  }
  for (std::size_t d = 0; d < world.drugs.size(); ++d) {
    const auto& drug = description->drugs[d];
    if (drug.substrate.empty()) continue;
    // The step's mean in the cell's voxel, so that exposure is not lost between samples.
    const auto s = static_cast<std::size_t>(substrate_index(drug.substrate));
    auto& column = values.scratch[signals.find(drug.name + ".concentration")->index];
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t voxel = world.fields[s].rho.size() == 1 ? 0 : world.fields[s].geometry.voxel_of(x[i], y[i], z[i]);
      column[i] = std::max(0.0, exchange[s].mean_rho[voxel]) * drug.unbound_fraction;
    }
  }
}

void Simulation::sense_contacts() {
  const auto& cells = world.cells;
  const std::size_t n = cells.size();
  std::vector<double> reach(n);
  for (std::size_t i = 0; i < n; ++i) reach[i] = description->motion.adhesion_range * cells.values[state::col_radius][i];
  contacts.build({cells.values[state::col_x], cells.values[state::col_y], cells.values[state::col_z], reach, cells.id}, 0.0, executor);
  auto& total = values.scratch[signals.find("neighbours")->index];
  std::vector<Column<double>*> per_type, per_state;
  std::vector<std::string> state_names;
  for (const auto& type : types) per_type.push_back(&values.scratch[signals.find("neighbours." + type.spec->name)->index]);
  for (std::size_t i = 0; i < n; ++i) {
    const auto row = contacts.of(i);
    total[i] = static_cast<double>(row.size());
    for (auto* column : per_type) (*column)[i] = 0.0;
    for (const auto j : row) (*per_type[cells.type[j]])[i] += 1.0;
  }
  for (const auto& type : types) {
    for (std::size_t k = 0; k < type.states.size(); ++k) {
      auto& column = values.scratch[signals.find("neighbours." + type.states[k])->index];
      for (std::size_t i = 0; i < n; ++i) {
        double count = 0.0;
        for (const auto j : contacts.of(i)) count += types[cells.type[j]].states[cells.cell_state[j]] == type.states[k] ? 1.0 : 0.0;
        column[i] = count;
      }
    }
  }
}

}  // namespace senoma::engine
