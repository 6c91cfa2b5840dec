// The programs of one cell type: network inputs, behaviours, and fates.
#include <algorithm>

#include "engine/binder.h"

namespace senoma::engine {

void Binder::type_parameters(std::size_t type_index) {
  auto& type = sim.types[type_index];
  type.states = type.spec->states;
  if (type.states.empty()) type.states.push_back("alive");
  type.n_living_states = type.states.size();
  for (const auto& death : type.spec->deaths) type.states.push_back(death.name == "apoptosis" ? "apoptotic" : death.name == "necrosis" ? "necrotic" : death.name);
  for (const auto& mechanism : mechanisms) {
    for (const auto& p : mechanism.declaration.parameters) {
      if (p.name != "*") type.parameters[mechanism.declaration.name + "." + p.name] = p.default_value;
    }
  }
  for (const auto& [key, value] : type.spec->parameters) type.parameters[key] = value;
  for (const auto& mechanism : mechanisms) {
    for (const auto& p : mechanism.declaration.parameters) {
      const std::string key = mechanism.declaration.name + "." + p.name;
      if (!p.required || type.spec->parameters.contains(key)) continue;
      throw Error("E5011", "cell type '" + type.spec->name + "' does not say its " + key)
          .at(type.spec->where)
          .help("add [cell." + type.spec->name + "." + mechanism.declaration.name + "] " + p.name + " = \"… " + internal_unit(p.dimension) +
                "\": " + p.doc);
    }
  }
}

void Binder::type_programs(std::size_t type_index) {
  auto& type = sim.types[type_index];
  const Signal* network_time = type.system ? sim.signals.find("network.time." + type.spec->network) : nullptr;
  type.expressions = std::make_unique<ExpressionSet>(sim.signals, type.system.get(), type.state_columns, type.input_scratch,
                                                     network_time ? network_time->index : 0);
  if (type.system) input_program(type);
  behaviour_program(type_index);
  fate_program(type_index);
}

expr::NodeId Binder::with_effect(BoundType& type, expr::NodeId value, std::size_t drug, const DrugEffect& effect,
                                 const Dimension* dimension, double to_internal) {
  auto& g = type.expressions->graph();
  const auto c = type.expressions->symbol(model.drugs[drug].name + ".concentration", effect.where).node;
  const auto one = g.constant(1.0);
  // C^n/(ec50^n + C^n) as 1/(1 + (ec50/C)^n), 0 without drug
  const auto ratio = g.pow(g.div(g.constant(effect.ec50), c), g.constant(effect.hill));
  const auto hill = g.make(expr::Op::select, g.make(expr::Op::greater, c, g.constant(0.0)), g.div(one, g.add(one, ratio)), g.constant(0.0));
  if (effect.full) {
    try {
      const double full = (dimension ? convert_to(*effect.full, *dimension) : effect.full->value) / to_internal;
      return g.add(value, g.mul(g.sub(g.constant(full), value), hill));
    } catch (const Error& error) {
      throw relocate(error, effect.where);
    }
  }
  const auto change = g.mul(g.constant(effect.emax), hill);
  return g.mul(value, effect.inhibits ? g.sub(one, change) : g.add(one, change));
}

void Binder::input_program(BoundType& type) {
  auto& e = *type.expressions;
  auto& g = e.graph();
  const auto& targets = network_targets_[static_cast<std::size_t>(&type - sim.types.data())];
  std::vector<expr::NodeId> outputs;
  for (const auto& input : type.system->inputs) {
    const double scale = input.dimension_known ? input.to_internal : 1.0;
    expr::NodeId node = g.constant(input.value);
    for (const auto& [name, expression] : type.spec->coupling.inputs) {
      if (name != input.name) continue;
      node = e.compile(expression, input.dimension_known ? &input.dimension : nullptr).node;
      if (scale != 1.0) node = g.div(node, g.constant(scale));
    }
    const auto& t = targets.at(input.name);
    for (const std::size_t column : t.heterogeneity_columns) node = g.mul(node, e.source({SlotSource::Kind::column, column, 0.0}));
    for (std::size_t k = 0; k < t.effects.size(); ++k) {
      node = with_effect(type, node, t.drugs[k], *t.effects[k], input.dimension_known ? &input.dimension : nullptr, scale);
    }
    for (const std::size_t k : t.interventions) {
      node = g.mul(node, e.symbol("intervention." + std::to_string(k), model.interventions[k].where).node);
    }
    outputs.push_back(node);
  }
  type.inputs = LaneProgram(e, outputs);
}

std::uint16_t Binder::state_index(const BoundType& type, const std::string& state, const SourcePosition& where) const {
  for (std::size_t s = 0; s < type.states.size(); ++s) {
    if (type.states[s] == state) return static_cast<std::uint16_t>(s);
  }
  Error error("E5006", "cell type '" + type.spec->name + "' has no state '" + state + "'");
  error.at(where);
  if (const auto near = nearest_name(state, type.states); !near.empty()) error.help("did you mean '" + near + "'?");
  throw error;
}

expr::NodeId Binder::base_value(BoundType& type, const Behaviour& behaviour) {
  auto& e = *type.expressions;
  auto& g = e.graph();
  const auto own = type.spec->parameters.find(behaviour.key);
  expr::NodeId node = g.constant(own == type.spec->parameters.end() ? behaviour.default_value : own->second);
  for (const auto& [expression, name] : type.spec->coupling.outputs) {
    if (name == behaviour.name) {
      // A dimensionless quantity scales the base; one with the behaviour's dimension replaces it.
      const auto symbol = e.compile(expression);
      if (symbol.dimension == behaviour.dimension && !behaviour.dimension.dimensionless()) {
        node = symbol.node;
      } else if (symbol.dimension.dimensionless()) {
        node = g.mul(node, symbol.node);
      } else {
        node = e.compile(expression, &behaviour.dimension).node;
      }
    }
  }
  for (std::size_t s = 0; s < type.spec->state_parameters.size(); ++s) {
    const auto value = type.spec->state_parameters[s].find(behaviour.key);
    if (value == type.spec->state_parameters[s].end()) continue;
    node = g.make(expr::Op::select, e.symbol("state." + type.states[s], type.spec->where).node, g.constant(value->second), node);
  }
  return node;
}

expr::NodeId Binder::with_rules(BoundType& type, const Behaviour& behaviour, expr::NodeId base) {
  auto& e = *type.expressions;
  auto& g = e.graph();
  const auto zero = g.constant(0.0), one = g.constant(1.0);
  expr::NodeId up = zero, down = zero;
  std::optional<double> maximum, minimum;
  for (const auto& rule : type.spec->rules) {
    if (rule.behaviour != behaviour.name) continue;
    auto signal = e.compile(rule.signal).node;
    if (rule.threshold > 0.0) signal = g.make(expr::Op::select, g.make(expr::Op::greater, signal, g.constant(rule.threshold)), signal, zero);
    const auto positive = g.make(expr::Op::greater, signal, zero);
    auto strength = g.make(expr::Op::select, positive, g.pow(g.div(signal, g.constant(rule.half)), g.constant(rule.hill)), zero);
    if (!rule.states.empty()) {
      expr::NodeId in_state = zero;
      for (const auto& state : rule.states) {
        (void)state_index(type, state, rule.where);
        in_state = g.make(expr::Op::maximum, in_state, e.symbol("state." + state, rule.where).node);
      }
      strength = g.mul(strength, in_state);
    }
    if (rule.when) strength = g.make(expr::Op::select, e.compile(*rule.when, &dim::none).node, strength, zero);
    if (rule.base) base = g.constant(*rule.base);
    (rule.increases ? up : down) = g.add(rule.increases ? up : down, strength);
    (rule.increases ? maximum : minimum) = rule.saturation;
  }
  if (maximum) {
    const auto u = g.div(up, g.add(one, up));
    base = g.add(base, g.mul(g.sub(g.constant(*maximum), base), u));
  }
  if (minimum) {
    const auto d = g.div(down, g.add(one, down));
    base = g.add(base, g.mul(g.sub(g.constant(*minimum), base), d));
  }
  return base;
}

void Binder::behaviour_program(std::size_t type_index) {
  auto& type = sim.types[type_index];
  auto& e = *type.expressions;
  auto& g = e.graph();
  for (const auto& rule : type.spec->rules) (void)sim.behaviours.require(rule.behaviour, rule.where);
  for (const auto& [expression, name] : type.spec->coupling.outputs) (void)sim.behaviours.require(name, expression.where);
  const std::string prefix = type.spec->name + " ";
  std::vector<expr::NodeId> outputs;
  for (const auto& behaviour : sim.behaviours.all) {
    expr::NodeId node = with_rules(type, behaviour, base_value(type, behaviour));
    for (std::size_t d = 0; d < model.drugs.size(); ++d) {
      for (const auto& effect : model.drugs[d].effects) {
        if (effect.target == prefix + behaviour.name) node = with_effect(type, node, d, effect, &behaviour.dimension, 1.0);
      }
    }
    for (std::size_t k = 0; k < model.interventions.size(); ++k) {
      if (model.interventions[k].target != prefix + behaviour.name) continue;
      node = g.mul(node, e.symbol("intervention." + std::to_string(k), model.interventions[k].where).node);
    }
    if (behaviour.alive_only && !type.spec->deaths.empty()) {
      node = g.make(expr::Op::select, e.symbol("dying", type.spec->where).node, g.constant(0.0), node);
    }
    outputs.push_back(node);
    type.behaviour_columns.push_back(behaviour.column);
  }
  type.behaviours = LaneProgram(e, outputs);
}

void Binder::fate_program(std::size_t type_index) {
  auto& type = sim.types[type_index];
  auto& e = *type.expressions;
  std::vector<expr::NodeId> outputs;
  const auto add = [&](const Expression& expression, const Dimension& dimension) {
    outputs.push_back(e.compile(expression, &dimension).node);
    return static_cast<int>(outputs.size() - 1);
  };
  for (const auto& transition : type.spec->transitions) {
    BoundTransition bound;
    bound.spec = &transition;
    bound.from.assign(type.states.size(), transition.from.empty());
    for (const auto& state : transition.from) bound.from[state_index(type, state, transition.where)] = true;
    for (std::size_t s = type.n_living_states; s < type.states.size(); ++s) bound.from[s] = false;
    bound.to_type = static_cast<std::uint16_t>(type_index);
    if (!transition.to_type.empty()) {
      const auto target = std::find_if(sim.types.begin(), sim.types.end(), [&](const BoundType& t) { return t.spec->name == transition.to_type; });
      if (target == sim.types.end()) {
        throw Error("E5010", "transition '" + transition.name + "' converts to unknown cell type '" + transition.to_type + "'").at(transition.where);
      }
      bound.to_type = static_cast<std::uint16_t>(target - sim.types.begin());
    }
    const auto& target_type = sim.types[bound.to_type];
    bound.to = transition.to.empty() ? 0 : state_index(target_type, transition.to, transition.where);
    if (transition.to_type.empty() && bound.to < type.n_living_states) bound.from[bound.to] = false;
    if (!transition.mark.empty()) {
      const auto mark = std::find(sim.marks.begin(), sim.marks.end(), transition.mark) - sim.marks.begin();
      bound.mark = static_cast<std::uint16_t>(1U << mark);
    }
    for (const auto& [name, value] : transition.reset) {
      auto column = sim.world.cells.find_column("network." + name);
      if (!column) column = sim.world.cells.find_column(name);
      if (!column) throw Error("E5001", "transition '" + transition.name + "' resets unknown '" + name + "'").at(transition.where);
      bound.resets.emplace_back(*column, value);
    }
    if (transition.hazard) bound.hazard_output = add(*transition.hazard, dim::rate);
    if (transition.when) bound.when_output = add(*transition.when, dim::none);
    type.transitions.push_back(std::move(bound));
  }
  type.fate = LaneProgram(e, outputs);
}

}  // namespace senoma::engine
