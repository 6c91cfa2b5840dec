// Small models made by hand for the tests of the engine and its mechanisms. Units: µm, min, nM, molecules.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/simulation.h"
#include "expr/parse.h"
#include "mechanisms/catalogue.h"
#include "network/constraints.h"

namespace senoma::test {

inline constexpr double hour = 60.0;
inline constexpr double day = 1440.0;

/// A square of n × n voxels of 20 µm, 10 µm thick, or a cube, around 0.
inline engine::Description world(int n, double step, bool two_dimensional = true, double spacing = 20.0) {
  engine::Description d;
  auto& g = d.domain.geometry;
  g.two_dimensional = two_dimensional;
  g.n = {n, n, two_dimensional ? 1 : n};
  g.spacing = {spacing, spacing, two_dimensional ? 10.0 : spacing};
  for (std::size_t a = 0; a < 3; ++a) g.origin[a] = -0.5 * g.n[a] * g.spacing[a];
  d.step = step;
  d.duration = 1e9;
  return d;
}

/// The same model without space: one representative volume.
inline engine::Description well_mixed(engine::Description d) {
  auto& g = d.domain.geometry;
  for (std::size_t a = 0; a < 3; ++a) g.spacing[a] *= g.n[a], g.n[a] = 1;
  d.domain.well_mixed = true;
  return d;
}

/// A cell type of 1000 µm³ that does nothing.
inline engine::CellType cell_type(const std::string& name) {
  engine::CellType type;
  type.name = name;
  type.parameters = {
      {"volume.target", 1000.0}, {"volume.rate", 0.1}, {"mechanics.repulsion", 0.0}, {"mechanics.adhesion", 0.0}};
  return type;
}

inline engine::InitialCells at(std::vector<std::array<double, 3>> positions) {
  engine::InitialCells initial;
  initial.pattern = engine::InitialCells::Pattern::table;
  initial.positions = std::move(positions);
  return initial;
}

/// A grid of `count` cells, so far apart that they do not meet.
inline engine::InitialCells apart(std::size_t count, double spacing = 60.0) {
  engine::InitialCells initial;
  initial.pattern = engine::InitialCells::Pattern::grid;
  initial.count = count;
  initial.spacing = spacing;
  return initial;
}

inline engine::Substrate substrate(const std::string& name, double diffusion, double decay, double initial) {
  engine::Substrate s;
  s.name = name;
  s.diffusion = diffusion;
  s.decay = decay;
  s.initial = initial;
  return s;
}

inline engine::CyclePhase phase(const std::string& name, double duration,
                                engine::CyclePhase::Exit exit = engine::CyclePhase::Exit::exponential) {
  engine::CyclePhase p;
  p.name = name;
  p.duration = duration;
  p.exit = exit;
  return p;
}

inline engine::Rule rule(const std::string& signal, const std::string& behaviour, bool increases, double saturation,
                         double half, double hill) {
  engine::Rule r;
  r.signal.text = signal;
  r.behaviour = behaviour;
  r.increases = increases;
  r.saturation = saturation;
  r.half = half;
  r.hill = hill;
  return r;
}

inline engine::Readout mean_of(const std::string& name, const std::string& value) {
  engine::Readout r;
  r.name = name;
  r.over = engine::Readout::Over::mean;
  r.value = engine::Expression{value, {}};
  return r;
}

/// A drug held at a constant concentration (nM) from time 0.
inline engine::Drug bath(const std::string& name, double concentration) {
  engine::Drug drug;
  drug.name = name;
  pharm::Kinetics kinetics;
  kinetics.model = pharm::Kinetics::Model::bath;
  pharm::Dose dose;
  dose.route = pharm::Dose::Route::bath_set;
  dose.concentration = concentration;
  drug.regimen = std::make_shared<const pharm::Regimen>(kinetics, std::vector<pharm::Dose>{dose});
  return drug;
}

/// A network from texts: states with initial values and rates of change, parameters with values.
struct NetworkText {
  struct State {
    std::string name;
    double initial;
    std::string rate;
  };
  std::vector<State> states;
  struct Event {
    std::string name, trigger, delay, priority;  ///< delay and priority may be empty
    std::vector<std::pair<std::string, std::string>> assignments;
    bool values_at_trigger = true, persistent = true, initial_trigger = false;
  };
  std::vector<std::pair<std::string, double>> parameters;
  double time_unit = 1.0;
  std::vector<Event> events = {};
  std::vector<std::pair<std::string, std::string>> constraints = {};  ///< the state that moves; what stays 0
};

inline engine::Network network(const std::string& name, const NetworkText& text) {
  auto system = std::make_shared<network::OdeSystem>();
  system->name = name;
  system->time_unit = text.time_unit;
  for (const auto& s : text.states) system->states.push_back({s.name, s.initial});
  for (const auto& [parameter, value] : text.parameters) system->parameters.push_back({parameter, value});
  expr::Scope scope;
  scope.check_dimensions = false;
  scope.names = [&] { return system->names(); };
  scope.find = [&](const std::string& symbol) -> std::optional<expr::Symbol> {
    if (symbol == "time") return expr::Symbol{system->graph.variable(system->time_slot()), {}};
    const expr::NodeId node = system->find_node(symbol);
    if (node < 0) return std::nullopt;
    return expr::Symbol{node, {}};
  };
  const auto parse = [&](const std::string& formula) { return expr::parse(formula, system->graph, scope).node; };
  for (const auto& s : text.states) system->derivatives.push_back(parse(s.rate));
  for (const auto& e : text.events) {
    network::OdeEvent event;
    event.name = e.name;
    event.trigger = parse(e.trigger);
    if (!e.delay.empty()) event.delay = parse(e.delay);
    if (!e.priority.empty()) event.priority = parse(e.priority);
    for (const auto& [state, value] : e.assignments)
      event.assignments.push_back({system->find_state(state).value(), parse(value)});
    event.values_at_trigger = e.values_at_trigger;
    event.persistent = e.persistent;
    event.initial_trigger = e.initial_trigger;
    system->events.push_back(std::move(event));
  }
  for (const auto& [state, residual] : text.constraints) {
    system->constraints.push_back({"the rule of " + state,
                                   parse(residual),
                                   {{system->find_state(state).value(), system->graph.constant(1.0)}},
                                   false});
  }
  network::impose_constraints(*system);
  engine::Network result;
  result.name = name;
  result.system = system;
  result.relative_tolerance = 1e-6;
  result.absolute_tolerance = 1e-9;
  return result;
}

inline std::unique_ptr<engine::Simulation> simulate(engine::Description d, std::uint64_t seed = 1, int threads = 1) {
  return std::make_unique<engine::Simulation>(std::make_shared<const engine::Description>(std::move(d)), seed,
                                              mechanisms::catalogue(), threads);
}

inline void run(engine::Simulation& simulation, int steps) {
  for (int i = 0; i < steps; ++i) simulation.step();
}

/// The column of a behaviour or of an extension.
inline const Column<double>& column(const engine::Simulation& simulation, const std::string& name) {
  return simulation.world.cells.values[simulation.world.cells.find_column(name).value()];
}

}  // namespace senoma::test
