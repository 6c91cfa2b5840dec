// Fields, engine columns, signals and the checks of the mechanisms' declarations.
#include <algorithm>
#include <set>

#include "engine/binder.h"
#include "field/compartment.h"
#include "mechanics/mean_field.h"

namespace senoma::engine {

void Binder::bind() {
  sim.world.step = model.step;
  check_world();
  fields();
  engine_columns();
  for (std::size_t t = 0; t < model.cell_types.size(); ++t) {
    sim.types.emplace_back();
    sim.types[t].spec = &model.cell_types[t];
    type_parameters(t);
  }
  world_signals();
  systemic_signals();
  check_targets();
  bindings();
  networks();
  for (auto& b : sim.behaviours.all) {
    b.column = sim.world.cells.add_column(
        {b.name, internal_unit(b.dimension), b.default_value, state::OnDivision::copy, true});
  }
  sim.columns.cycle_entry = sim.behaviour_column("cycle entry");
  sim.columns.repulsion = sim.behaviour_column("repulsion");
  sim.columns.adhesion = sim.behaviour_column("adhesion");
  for (const auto& type : sim.types) {
    auto& list = sim.columns.death_hazards.emplace_back();
    for (const auto& death : type.spec->deaths) list.push_back(sim.behaviour_column(death.name));
  }
  for (const auto& b : sim.behaviours.all) sim.signals.add_column("behaviour." + b.name, b.column, b.dimension);
  for (std::size_t t = 0; t < sim.types.size(); ++t) type_expressions(t);
  declare_contact_signals();
  input_nodes_.resize(sim.types.size());
  for (std::size_t t = 0; t < sim.types.size(); ++t) type_programs(t);
  bind_attacks();
  arrivals();
  for (const auto& b : sim.behaviours.all) sim.world.cells.infos[b.column].output = b.used;
  readouts();
  systemic_inputs();
  systemic_levels();
  dose_rules();
  check_mechanisms();
  for (const auto& mechanism : mechanisms) {
    if (auto pass = mechanism.bind(sim)) sim.passes_.emplace_back(mechanism.declaration.phase, std::move(pass));
  }
  contact_programs();
  wanted_statistics();
  perceived_substrates();
  perceived_cells();
  live_scratch();
  sim.values.scratch.resize(sim.signals.n_scratch());
  sim.values.uniform.resize(sim.signals.n_uniform(), 0.0);
  initial_cells();
}

namespace {

/// Of the vessels whose centres lie in a well-mixed domain.
double conductance_of_vessels(const Substrate& substrate, const Domain& domain) {
  if (substrate.well_mixed || !has_vessels(substrate)) return 0.0;
  const auto& g = domain.geometry;
  std::vector<double> radii;
  for (const Vessel& v : domain.vessels) {
    const std::array<double, 3> centre{v.x, v.y, g.two_dimensional ? g.centre(2, 0) : v.z};
    bool inside = true;
    for (std::size_t a = 0; a < 3; ++a)
      inside = inside && centre[a] >= g.origin[a] && centre[a] <= g.origin[a] + g.extent(static_cast<int>(a));
    if (inside) radii.push_back(v.radius);
  }
  return field::vessel_conductance(radii, mechanics::measure_of(g), g.two_dimensional, substrate.diffusion);
}

}  // namespace

void Binder::fields() {
  const auto& box = model.domain.geometry;
  for (const auto& substrate : model.substrates) {
    state::Field field{substrate.name, substrate.unit, box, {}};
    if (substrate.well_mixed) {
      field.geometry = grid::Geometry{};
      field.geometry.spacing = {box.extent(0), box.extent(1), model.domain.medium_height};
      field.geometry.origin = box.origin;
    }
    field.rho.assign(field.geometry.size(), substrate.initial);
    auto& fixed = sim.fixed_voxels.emplace_back();
    if (model.domain.well_mixed) {
      sim.vessel_conductance_.push_back(conductance_of_vessels(substrate, model.domain));
    } else if (!substrate.well_mixed && has_vessels(substrate)) {
      for (int k = 0; k < box.n[2]; ++k) {
        for (int j = 0; j < box.n[1]; ++j) {
          for (int i = 0; i < box.n[0]; ++i) {
            const bool inside =
                std::any_of(model.domain.vessels.begin(), model.domain.vessels.end(), [&](const Vessel& v) {
                  const double x = box.centre(0, i) - v.x, y = box.centre(1, j) - v.y,
                               z = box.two_dimensional ? 0.0 : box.centre(2, k) - v.z;
                  return x * x + y * y + z * z <= v.radius * v.radius;
                });
            if (inside) fixed.push_back(static_cast<std::uint32_t>(box.index(i, j, k)));
          }
        }
      }
    }
    const std::size_t n_held = model.domain.well_mixed ? 1 : fixed.size();  // well mixed: what all vessels hold
    sim.fixed_values.emplace_back(n_held, substrate.vessel_value.value_or(0.0));
    if (substrate.vessel_systemic.name.empty()) {
      for (std::size_t v = 0; v < fixed.size(); ++v) field.rho[fixed[v]] = sim.fixed_values.back()[v];
    }
    // A solver keeps grids and scratch but nothing of a substrate between steps: those of one grid take turns.
    const auto shared = std::find_if(sim.solvers.begin(), sim.solvers.end(),
                                     [&](const auto& solver) { return solver->geometry() == field.geometry; });
    sim.solvers.push_back(shared != sim.solvers.end() ? *shared : std::make_shared<field::Solver>(field.geometry));
    Exchange exchange;  // mechanisms that release or take up make the other columns when they are bound
    exchange.mean_rho.assign(field.geometry.size(), substrate.initial);
    sim.exchange.push_back(std::move(exchange));
    sim.world.fields.push_back(std::move(field));
    sim.world.ledgers.emplace_back();
  }
  sim.substrate_factor.assign(model.substrates.size(), 1.0);
  sim.field_work.resize(model.substrates.size());
  for (const auto& drug : model.drugs) {
    state::Drug compartments;
    compartments.name = drug.name;
    sim.world.drugs.push_back(compartments);
  }
  sim.world.counters.resize(model.cell_types.size());
}

void Binder::engine_columns() {
  auto& cells = sim.world.cells;
  using state::OnDivision;
  sim.columns.hazard_accumulated = cells.add_column({"hazard.accumulated", "1", 0.0, OnDivision::zero, false});
  sim.columns.hazard_threshold = cells.add_column({"hazard.threshold", "1", 1.0, OnDivision::initial, false});
  sim.columns.phase_duration = cells.add_column({"phase.duration", "min", 0.0, OnDivision::zero, false});
  sim.columns.network_step = cells.add_column({"network.step", "1", 0.0, OnDivision::copy, false});
  for (const auto& type : model.cell_types) sim.attacks_ = sim.attacks_ || !type.attacks.empty();
  if (!sim.attacks_) return;
  sim.columns.attack_accumulated = cells.add_column({"attack.accumulated", "1", 0.0, OnDivision::zero, false});
  sim.columns.attack_draws = cells.add_column({"attack.draws", "1", 0.0, OnDivision::zero, false});
  sim.columns.attack_busy_until = cells.add_column({"attack.busy_until", "min", 0.0, OnDivision::copy, false});
  sim.columns.attacks = cells.add_column({"attacks", "1", 0.0, OnDivision::copy, true});
}

void Binder::world_signals() {
  auto& s = sim.signals;
  s.add_uniform("time", dim::time);
  s.add_column("x", state::col_x, dim::length);
  s.add_column("y", state::col_y, dim::length);
  s.add_column("z", state::col_z, dim::length);
  s.add_column("volume", state::col_volume, dim::volume);
  s.add_column("radius", state::col_radius, dim::length);
  s.add_column("age", state::col_age, dim::time);
  s.add_column("state.age", state::col_state_age, dim::time);
  s.add_column("phase.elapsed", state::col_phase_elapsed, dim::time);
  s.add_column("pressure", state::col_pressure, dim::none);
  for (const auto& substrate : model.substrates) {
    const Signal concentration = s.add_scratch(substrate.name + ".concentration", substrate.dimension);
    s.add_alias(substrate.name + ".free", concentration);
    const bool bound =
        std::any_of(model.drugs.begin(), model.drugs.end(), [&](const Drug& d) { return d.binds == substrate.name; });
    if (bound) {
      s.add_scratch(substrate.name + ".total", substrate.dimension);
    } else {
      s.add_alias(substrate.name + ".total", concentration);
    }
    s.add_scratch(substrate.name + ".gradient", substrate.dimension / dim::length);
    for (const char axis : {'x', 'y', 'z'})
      s.add_scratch(substrate.name + ".gradient." + axis, substrate.dimension / dim::length);
    if (substrate.receptor_kd > 0.0) s.add_scratch(substrate.name + ".occupancy", dim::none);
  }
  for (const auto& drug : model.drugs) {
    for (const char* count : {".doses_given", ".doses_skipped"}) s.add_uniform(drug.name + count, dim::none);
    if (drug.regimen->kinetics().model == pharm::Kinetics::Model::radiation) {
      s.add_alias(drug.name + ".dose_rate", s.add_uniform("drug." + drug.name + ".mean", dim::dose_rate));
      s.add_alias(drug.name + ".dose", s.add_uniform(drug.name + ".exposure", dim::radiation));
      continue;
    }
    const Signal mean = s.add_uniform("drug." + drug.name + ".mean", dim::concentration);
    if (!drug.substrate.empty()) {
      s.add_scratch(drug.name + ".concentration", dim::concentration);
    } else {
      s.add_alias(drug.name + ".concentration", mean);
    }
    s.add_alias(drug.name + ".mean", mean);
    if (drug.regimen->kinetics().effect_rate > 0.0) s.add_uniform(drug.name + ".effect_site", dim::concentration);
    s.add_uniform(drug.name + ".exposure", dim::concentration * dim::time);
  }
  for (std::size_t k = 0; k < model.interventions.size(); ++k)
    s.add_uniform("intervention." + std::to_string(k), dim::none);
  cell_signals();
  statistic_signals();
  parameter_signals();
}

void Binder::cell_signals() {
  auto& s = sim.signals;
  if (sim.attacks_) {
    s.add_column("attacks", sim.columns.attacks, dim::none);
    s.add_scratch("attacking", dim::none);
  }
  for (const char* name : {"generation", "dying", "cycle.s_phase", "neighbours"}) s.add_scratch(name, dim::none);
  for (const auto& type : sim.types) {
    s.add_scratch("neighbours." + type.spec->name, dim::none);
    for (const auto& state : type.states) {
      s.add_scratch("state." + state, dim::none);
      s.add_scratch("neighbours." + state, dim::none);
    }
    for (const auto& transition : type.spec->transitions) {
      if (transition.mark.empty() || std::find(sim.marks.begin(), sim.marks.end(), transition.mark) != sim.marks.end())
        continue;
      if (sim.marks.size() == 16)
        throw Error("E5014", "more than 16 origin marks")
            .at(transition.where)
            .help("let several transitions set the same mark");
      sim.marks.push_back(transition.mark);
      s.add_scratch("origin." + transition.mark, dim::none);
    }
    if (!type.spec->network.empty()) s.add_uniform("network.time." + type.spec->network, dim::none);
  }
}

void Binder::parameter_signals() {
  auto& s = sim.signals;
  std::vector<std::pair<std::size_t, double>> constants;
  for (const auto& [name, value] : model.parameters) {
    if (s.find(name)) {
      throw Error("E5007", "the model's parameter '" + name + "' has the name of a signal")
          .help("rename it in [parameters]");
    }
    const auto dimension = model.parameter_dimensions.find(name);
    const Signal& signal =
        s.add_uniform(name, dimension == model.parameter_dimensions.end() ? Dimension{} : dimension->second);
    constants.emplace_back(signal.index, value);
  }
  sim.values.uniform.assign(s.n_uniform(), 0.0);
  for (const auto& [index, value] : constants) sim.values.uniform[index] = value;
  for (std::size_t k = 0; k < model.interventions.size(); ++k)
    sim.values.uniform[s.find("intervention." + std::to_string(k))->index] = 1.0;
}

void Binder::check_mechanisms() const {
  std::map<std::string, std::string> writer;  // phase and thing → mechanism
  for (const auto& mechanism : mechanisms) {
    for (const auto& thing : mechanism.declaration.writes) {
      const std::string key = std::to_string(static_cast<int>(mechanism.declaration.phase)) + ":" + thing;
      const auto [entry, added] = writer.try_emplace(key, mechanism.declaration.name);
      if (!added) {
        throw Error("E5004", "mechanisms '" + entry->second + "' and '" + mechanism.declaration.name +
                                 "' both write '" + thing + "'")
            .help("let one of them add or multiply instead, or remove one");
      }
    }
  }
}

}  // namespace senoma::engine
