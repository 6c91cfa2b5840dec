#include "engine/systemic.h"

#include <algorithm>

#include "engine/binder.h"
#include "engine/targets.h"

namespace senoma::engine {

namespace {

std::string seen_name(const std::string& quantity) { return "systemic." + quantity; }

const Network& network_named(const Description& model) {
  std::vector<std::string> names;
  for (const auto& network : model.networks) {
    if (network.name == model.systemic.network) return network;
    names.push_back(network.name);
  }
  Error error("E5008", "the systemic network '" + model.systemic.network + "' is not a network of this model");
  error.at(model.systemic.where);
  if (const auto near = nearest_name(model.systemic.network, names); !near.empty())
    error.help("did you mean '" + near + "'?");
  throw error;
}

void require_input(const network::OdeSystem& system, const std::string& name, const SourcePosition& where) {
  if (system.find_parameter(name) || system.find_input(name)) return;
  Error error("E5008", "the systemic network has no parameter '" + name + "' to set");
  error.at(where);
  if (const auto near = nearest_name(name, system.names()); !near.empty()) error.help("did you mean '" + near + "'?");
  throw error;
}

/// The parameters that something acts on become inputs.
void promote(network::OdeSystem& system, const Description& model) {
  std::vector<std::string> promoted;
  const auto add = [&](const std::string& name) {
    const bool known = std::find(promoted.begin(), promoted.end(), name) != promoted.end();
    if (!known && system.find_parameter(name)) promoted.push_back(name);
  };
  const auto add_target = [&](const std::string& target, const SourcePosition& where) {
    if (const auto name = systemic_target(target); !name.empty()) add(input_for(system, name, where));
  };
  for (const auto& [name, expression] : model.systemic.inputs) {
    require_input(system, name, expression.where);
    add(name);
  }
  for (const auto& drug : model.drugs) {
    for (const auto& effect : drug.effects) add_target(effect.target, effect.where);
  }
  for (const auto& intervention : model.interventions) add_target(intervention.target, intervention.where);
  system.promote_to_inputs(promoted);
}

}  // namespace

void Binder::systemic_signals() {
  if (model.systemic.network.empty()) return;
  const Network& network = network_named(model);
  auto& body = sim.systemic_;
  auto system = std::make_shared<network::OdeSystem>(*network.system);
  promote(*system, model);
  const auto see = [&](const auto& quantity) {
    const bool known = quantity.dimension_known;
    const Signal& signal = sim.signals.add_uniform(seen_name(quantity.name), known ? quantity.dimension : Dimension{});
    return BoundSystemic::Quantity{signal.index, known ? quantity.to_internal : 1.0};
  };
  for (const auto& state : system->states) {
    body.state_keys.push_back(seen_name(state.name));
    body.states.push_back(see(state));
    sim.world.scalars[body.state_keys.back()] = state.initial;
  }
  for (const auto& input : system->inputs) body.inputs.push_back(see(input));
  std::vector<std::pair<BoundSystemic::Quantity, double>> constants;
  for (const auto& parameter : system->parameters) {
    body.parameters.push_back(parameter.value);
    constants.emplace_back(see(parameter), parameter.value);
  }
  for (const auto& output : system->outputs) body.outputs.push_back({output.node, see(output)});
  sim.values.uniform.resize(sim.signals.n_uniform(), 0.0);
  for (const auto& [seen, value] : constants) sim.values.uniform[seen.uniform] = value * seen.to_internal;

  network::IntegratorOptions options;
  options.relative_tolerance = network.relative_tolerance;
  options.absolute_tolerance = network.absolute_tolerance;
  body.integrator = std::make_unique<network::EventIntegrator>(system, options);
  for (const auto& column : body.integrator->columns().columns()) {
    body.event_keys.push_back("systemic event " + column.name);
    sim.world.scalars[body.event_keys.back()] = column.initial;
  }
  sim.world.scalars[BoundSystemic::step_key] = 0.0;
  body.system = std::move(system);
}

void Binder::systemic_inputs() {
  auto& body = sim.systemic_;
  if (!body) return;
  const auto& system = *body.system;
  auto& e = sim.world_expressions_;
  auto& g = e.graph();
  e.refuse([&](const std::string& name) -> std::string {
    const bool computed = std::any_of(system.inputs.begin(), system.inputs.end(),
                                      [&](const auto& input) { return seen_name(input.name) == name; }) ||
                          std::any_of(system.outputs.begin(), system.outputs.end(),
                                      [&](const auto& output) { return seen_name(output.name) == name; });
    if (!computed) return {};
    return "an input of the systemic network depends on '" + name +
           "', which follows from its inputs: write out what that is, from its species and parameters";
  });
  for (const auto& input : system.inputs) {
    const double scale = input.dimension_known ? input.to_internal : 1.0;
    const Dimension* dimension = input.dimension_known ? &input.dimension : nullptr;
    expr::NodeId node = g.constant(input.value);
    for (const auto& [name, expression] : model.systemic.inputs) {
      if (name != input.name) continue;
      node = e.compile(expression, dimension).node;
      if (scale != 1.0) node = g.div(node, g.constant(scale));
    }
    const auto acts = [&](const std::string& target) {
      const auto name = systemic_target(target);
      return !name.empty() && (system.find_state(name) ? activity_name(name) : name) == input.name;
    };
    for (const auto& drug : model.drugs) {
      const bool at_site = drug.regimen->kinetics().effect_rate > 0.0;
      const auto concentration =
          e.uniform(sim.signals.find(at_site ? drug.name + ".effect_site" : "drug." + drug.name + ".mean")->index);
      for (const auto& effect : drug.effects) {
        if (acts(effect.target)) node = under_drug(g, node, concentration, effect, dimension, scale);
      }
    }
    for (std::size_t k = 0; k < model.interventions.size(); ++k) {
      if (acts(model.interventions[k].target))
        node = g.mul(node, e.uniform(sim.signals.find("intervention." + std::to_string(k))->index));
    }
    body.input_nodes.push_back(node);
  }
  e.refuse({});
  body.input_values.assign(system.inputs.size(), 0.0);
}

void Binder::systemic_levels() {
  const auto bind = [&](std::size_t s, int face, const SystemicLevel& level) {
    if (level.name.empty()) return;
    const auto& substrate = model.substrates[s];
    const Signal* signal = sim.signals.find(seen_name(level.name));
    if (!sim.systemic_ || !signal) {
      throw Error("E5008", "substrate '" + substrate.name + "' takes '" + level.name +
                               "' from the body, which is not a quantity of the systemic network")
          .at(level.where)
          .help(
              "name one of its species, parameters or assigned variables; [systemic] network = \"…\" says which it is");
    }
    if (!(signal->dimension == substrate.dimension)) {
      throw Error("E1203", "'" + level.name + "' of the systemic network is " + describe(signal->dimension) +
                               ", substrate '" + substrate.name + "' is " + describe(substrate.dimension))
          .at(level.where)
          .help("declare the unit in the SBML file, or take a quantity in " + substrate.unit);
    }
    sim.systemic_levels_.push_back({s, face, signal->index, level.partition});
  };
  for (std::size_t s = 0; s < model.substrates.size(); ++s) {
    sim.faces_.push_back(model.substrates[s].faces);
    bind(s, -1, model.substrates[s].vessel_systemic);
    for (int f = 0; f < 6; ++f) bind(s, f, model.substrates[s].face_systemic[static_cast<std::size_t>(f)]);
  }
}

void Simulation::refresh_systemic(double end_of_step) {
  if (!systemic_) return;
  const auto& system = *systemic_.system;
  std::vector<double> slots;
  slots.reserve(system.n_slots());
  for (std::size_t i = 0; i < systemic_.states.size(); ++i) {
    slots.push_back(world.scalars.at(systemic_.state_keys[i]));
    values.uniform[systemic_.states[i].uniform] = slots.back() * systemic_.states[i].to_internal;
  }
  slots.push_back(end_of_step / system.time_unit);
  for (std::size_t i = 0; i < systemic_.inputs.size(); ++i) {
    slots.push_back(systemic_.input_values[i]);
    values.uniform[systemic_.inputs[i].uniform] = slots.back() * systemic_.inputs[i].to_internal;
  }
  slots.insert(slots.end(), systemic_.parameters.begin(), systemic_.parameters.end());
  for (const auto& [node, seen] : systemic_.outputs)
    values.uniform[seen.uniform] = expr::evaluate(system.graph, node, slots) * seen.to_internal;
}

void Simulation::refresh_systemic_inputs() {
  for (std::size_t i = 0; i < systemic_.input_nodes.size(); ++i)
    systemic_.input_values[i] = world_expressions_.value(systemic_.input_nodes[i], values);
}

void Simulation::integrate_systemic() {
  if (!systemic_) return;
  std::vector<double> before;
  for (const auto& level : systemic_levels_) before.push_back(values.uniform[level.uniform]);
  const auto load = [&](const std::vector<std::string>& keys) {
    std::vector<double> from;
    for (const auto& key : keys) from.push_back(world.scalars.at(key));
    return from;
  };
  std::vector<double> states = load(systemic_.state_keys), columns_of_events = load(systemic_.event_keys);
  double& step = world.scalars.at(BoundSystemic::step_key);
  network::EventIntegrator::Lanes lane;
  lane.n = 1;
  for (double& v : states) lane.states.push_back(&v);
  for (double& v : columns_of_events) lane.events.push_back(&v);
  for (const double& v : systemic_.input_values) lane.inputs.push_back({&v, 0});
  lane.parameters = systemic_.parameters;
  lane.step = &step;
  lane.seed = world.seed;
  const double unit = systemic_.system->time_unit, end = world.time() + world.step;
  try {
    network_steps += systemic_.integrator->integrate(lane, world.time() / unit, end / unit, executor).steps;
  } catch (const Error& error) {
    Error located(
        error.code(),
        error.message() + " (the systemic network, in the step at " + std::to_string(world.time() / 1440.0) + " d)",
        error.kind());
    for (const auto& remedy : error.remedies()) located.help(remedy);
    throw located.at(description->systemic.where);
  }
  for (std::size_t i = 0; i < states.size(); ++i) world.scalars.at(systemic_.state_keys[i]) = states[i];
  for (std::size_t i = 0; i < columns_of_events.size(); ++i)
    world.scalars.at(systemic_.event_keys[i]) = columns_of_events[i];
  refresh_systemic(end);
  for (std::size_t k = 0; k < systemic_levels_.size(); ++k) {
    const auto& level = systemic_levels_[k];
    const double mean = 0.5 * (before[k] + values.uniform[level.uniform]) * level.partition;
    if (level.face >= 0) {
      faces_[level.substrate][static_cast<std::size_t>(level.face)].value = mean;
    } else {
      std::fill(fixed_values[level.substrate].begin(), fixed_values[level.substrate].end(), mean);
    }
  }
}

}  // namespace senoma::engine
