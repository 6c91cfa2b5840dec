// Inputs, fields, networks and decisions of one step.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/hash.h"
#include "engine/simulation.h"
#include "grid/surroundings.h"

namespace senoma::engine {

LaneSet Simulation::lanes(std::size_t type) const {
  return {cells_of_type[type], cells_of_type[type].size() == world.cells.size()};
}

void Simulation::refresh_type_lists() {
  cells_of_type.resize(types.size());
  for (auto& list : cells_of_type) list.clear();
  for (std::size_t i = 0; i < world.cells.size(); ++i)
    cells_of_type[world.cells.type[i]].push_back(static_cast<std::uint32_t>(i));
}

namespace {

pharm::Regimen::State to_regimen(const state::Drug& d) {
  return {d.time,   d.central,         d.peripheral,
          d.gut,    d.exposure,        d.deep,
          d.effect, d.effect_exposure, static_cast<std::size_t>(d.next_dose)};
}

void from_regimen(const pharm::Regimen::State& s, state::Drug& d) {
  d.time = s.time, d.central = s.central, d.peripheral = s.peripheral, d.gut = s.gut, d.exposure = s.exposure,
  d.next_dose = s.next_dose;
  d.deep = s.deep, d.effect = s.effect, d.effect_exposure = s.effect_exposure;
}

}  // namespace

void Simulation::refresh_uniforms(double end_of_step) {
  for (std::size_t d = 0; d < world.drugs.size(); ++d) {
    const auto& drug = world.drugs[d];
    values.uniform[signals.find("drug." + drug.name + ".mean")->index] =
        drug.mean * description->drugs[d].unbound_fraction;
    values.uniform[signals.find(drug.name + ".exposure")->index] = drug.exposure;
    if (const Signal* site = signals.find(drug.name + ".effect_site"))
      values.uniform[site->index] = drug.effect_mean * description->drugs[d].unbound_fraction;
  }
  refresh_dose_counts();
  values.uniform[signals.find("time")->index] = end_of_step;
  refresh_statistics();
  for (const auto& type : types) {
    if (type.system)
      values.uniform[signals.find("network.time." + type.spec->network)->index] = end_of_step / type.system->time_unit;
  }
  // A window that covers part of the step acts by its share of it.
  const double begin = std::max(0.0, end_of_step - world.step), length = world.step;
  std::fill(substrate_factor.begin(), substrate_factor.end(), 1.0);
  for (std::size_t k = 0; k < description->interventions.size(); ++k) {
    const auto& intervention = description->interventions[k];
    const double overlap = std::min(begin + length, intervention.until) - std::max(begin, intervention.from);
    const double factor = 1.0 + (intervention.factor - 1.0) * std::clamp(overlap / length, 0.0, 1.0);
    values.uniform[signals.find("intervention." + std::to_string(k))->index] = factor;
    if (const int s = substrate_index(intervention.target); s >= 0)
      substrate_factor[static_cast<std::size_t>(s)] *= factor;
  }
  refresh_systemic(end_of_step);  // its species, which its inputs may read
  refresh_systemic_inputs();
  refresh_systemic(end_of_step);
}

void Simulation::update_inputs() {
  const double t1 = world.time() + world.step;
  assess_doses(t1);
  for (std::size_t d = 0; d < world.drugs.size(); ++d) {
    auto& drug = world.drugs[d];
    auto regimen_state = to_regimen(drug);
    const double before = regimen_state.exposure, before_at_site = regimen_state.effect_exposure;
    pharm::Gives gives;
    if (!description->drugs[d].rules.empty())
      gives = [this, d](const pharm::Dose& dose, bool due) { return gives_dose(d, dose, due); };
    description->drugs[d].regimen->advance(regimen_state, t1, gives);
    count_doses(d, static_cast<std::size_t>(drug.next_dose), regimen_state.next_dose);
    from_regimen(regimen_state, drug);
    // The step's mean, so that exposure is exact although inputs are frozen over the step.
    drug.mean = std::max(0.0, (drug.exposure - before) / world.step);
    drug.effect_mean = std::max(0.0, (drug.effect_exposure - before_at_site) / world.step);
  }
  refresh_uniforms(t1);
  for (auto& e : exchange) {
    std::fill(e.source.begin(), e.source.end(), 0.0);
    std::fill(e.uptake.begin(), e.uptake.end(), 0.0);
    std::fill(e.saturable.begin(), e.saturable.end(), 0.0);
  }
  for (std::size_t s = 0; s < description->substrates.size(); ++s) {
    const auto& substrate = description->substrates[s];
    if (substrate.vessel_drug.empty()) continue;
    const auto drug = std::find_if(world.drugs.begin(), world.drugs.end(),
                                   [&](const auto& d) { return d.name == substrate.vessel_drug; });
    std::fill(fixed_values[s].begin(), fixed_values[s].end(), drug->mean * substrate.vessel_partition);
  }
  integrate_systemic();
}

void Simulation::bin_cells() {
  const auto& cells = world.cells;
  binning.build(description->domain.geometry, cells.values[state::col_x], cells.values[state::col_y],
                cells.values[state::col_z], cells.id);
  for (std::size_t s = 0; s < description->substrates.size(); ++s) {
    const auto& value = description->substrates[s].medium_value;
    if (!value) continue;
    fixed_voxels[s] = grid::surroundings(description->domain.geometry, binning.occupied());
    fixed_values[s].assign(fixed_voxels[s].size(), *value);
  }
}

void Simulation::run_input_programs() {
  for (std::size_t t = 0; t < types.size(); ++t) {
    auto& type = types[t];
    type.inputs.run(world, values, lanes(t), executor, [&](std::size_t, auto block, auto outputs) {
      for (std::size_t k = 0; k < type.input_scratch.size(); ++k) {
        auto& column = values.scratch[type.input_scratch[k]];
        for (std::size_t i = 0; i < block.size(); ++i) column[block[i]] = outputs[k][i];
      }
    });
  }
}

void Simulation::integrate_networks() {
  run_input_programs();
  for (std::size_t t = 0; t < types.size(); ++t) {
    auto& type = types[t];
    if (!type.integrator || cells_of_type[t].empty()) continue;
    const auto lane_set = lanes(t);
    const std::size_t n = lane_set.cells.size();
    auto& cells = world.cells;
    network::EventIntegrator::Lanes batch;
    batch.n = n;
    batch.parameters = type.network_parameters;
    std::vector<std::int64_t> labels(n);
    for (std::size_t i = 0; i < n; ++i) labels[i] = static_cast<std::int64_t>(cells.id[lane_set.cells[i]]);
    batch.label = labels;
    std::vector<Column<double>> packed;  // one type of several: contiguous copies of its lanes
    const auto pack = [&](Column<double>& column) -> double* {
      if (lane_set.all) return column.data();
      auto& copy = packed.emplace_back(n);
      for (std::size_t i = 0; i < n; ++i) copy[i] = column[lane_set.cells[i]];
      return copy.data();
    };
    packed.reserve(type.state_columns.size() + type.input_scratch.size() + type.event_columns.size() + 1);
    for (const std::size_t c : type.state_columns) batch.states.push_back(pack(cells.values[c]));
    for (const std::size_t k : type.input_scratch) batch.inputs.push_back({pack(values.scratch[k]), 1});
    batch.step = pack(cells.values[columns.network_step]);
    for (const std::size_t c : type.event_columns) batch.events.push_back(pack(cells.values[c]));
    batch.seed = world.seed;
    const double unit = type.system->time_unit;
    try {
      network_steps +=
          type.integrator->integrate(batch, world.time() / unit, (world.time() + world.step) / unit, executor).steps;
    } catch (const Error& error) {
      Error located(error.code(),
                    error.message() + " (a " + type.spec->name + " cell, in the step at " +
                        std::to_string(world.time() / 1440.0) + " d)",
                    error.kind());
      for (const auto& remedy : error.remedies()) located.help(remedy);
      throw located;
    }
    if (!lane_set.all) {
      const auto unpack = [&](const double* from, Column<double>& column) {
        for (std::size_t i = 0; i < n; ++i) column[lane_set.cells[i]] = from[i];
      };
      for (std::size_t k = 0; k < type.state_columns.size(); ++k)
        unpack(batch.states[k], cells.values[type.state_columns[k]]);
      unpack(batch.step, cells.values[columns.network_step]);
      for (std::size_t k = 0; k < type.event_columns.size(); ++k)
        unpack(batch.events[k], cells.values[type.event_columns[k]]);
    }
  }
}

void Simulation::decide() {
  for (std::size_t t = 0; t < types.size(); ++t) {
    auto& type = types[t];
    type.behaviours.run(world, values, lanes(t), executor, [&](std::size_t, auto block, auto outputs) {
      for (std::size_t k = 0; k < type.behaviour_columns.size(); ++k) {
        auto& column = world.cells.values[type.behaviour_columns[k]];
        bool good = true;
        for (std::size_t i = 0; i < block.size(); ++i) {
          const double v = outputs[k][i];
          good &= v >= 0.0 && v <= std::numeric_limits<double>::max();
          column[block[i]] = v;
        }
        if (!good) throw bad_behaviour(t, type.behaviour_columns[k], block, outputs[k]);
      }
    });
  }
}

Error Simulation::bad_behaviour(std::size_t t, std::size_t column, std::span<const std::uint32_t> cells,
                                const double* value) const {
  std::size_t k = 0;
  while (k + 1 < cells.size() && value[k] >= 0.0 && std::isfinite(value[k])) ++k;
  const std::size_t i = cells[k];
  Error error("E5009",
              "behaviour '" + world.cells.infos[column].name + "' of cell " + hex16(world.cells.id[i]) + " (" +
                  types[t].spec->name + ", " + types[t].states[world.cells.cell_state[i]] + ") is " +
                  std::to_string(value[k]) + " at " + std::to_string(world.time() / 1440.0) + " d",
              ErrorKind::numerical);
  error.at(types[t].spec->where);
  error.help("a behaviour must be finite and not negative: check the rules, couplings and drug effects that act on it");
  return error;
}

void Simulation::move() {
  auto& cells = world.cells;
  const std::size_t n = cells.size();
  if (n == 0) return;
  if (description->domain.well_mixed) return crowd();
  std::vector<unsigned char> movable;  // empty: all
  for (std::size_t t = 0; t < types.size(); ++t) {
    if (types[t].parameters.at("mechanics.movable") != 0.0) continue;
    if (movable.empty()) movable.assign(n, 1);
    for (const auto i : cells_of_type[t]) movable[i] = 0;
  }
  mechanics::Bodies bodies{cells.values[state::col_x],
                           cells.values[state::col_y],
                           cells.values[state::col_z],
                           cells.values[state::col_radius],
                           cells.values[columns.repulsion],
                           cells.values[columns.adhesion],
                           drift[0],
                           drift[1],
                           drift[2],
                           movable,
                           cells.id};
  mechanics::MotionOptions options = description->motion;
  options.edge = description->domain.edge;
  const auto report = mechanics::move(bodies, description->domain.geometry, world.step, options, neighbours,
                                      cells.values[state::col_pressure], executor);
  motion_substeps += static_cast<std::uint64_t>(report.substeps);
  neighbour_builds += static_cast<std::uint64_t>(report.neighbour_builds);
}

int Simulation::substrate_index(const std::string& name) const {
  for (std::size_t s = 0; s < description->substrates.size(); ++s) {
    if (description->substrates[s].name == name) return static_cast<int>(s);
  }
  return -1;
}

std::size_t Simulation::behaviour_column(const std::string& name) const {
  return behaviours.all[behaviours.require(name, {})].column;
}

}  // namespace senoma::engine
