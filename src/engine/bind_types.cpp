// The programs of one cell type: network inputs, behaviours, and fates.
#include <algorithm>

#include "engine/binder.h"
#include "engine/targets.h"

namespace senoma::engine {

void Binder::type_parameters(std::size_t type_index) {
  auto& type = sim.types[type_index];
  type.states = type.spec->states;
  if (type.states.empty()) type.states.push_back("alive");
  type.n_living_states = type.states.size();
  for (const auto& death : type.spec->deaths)
    type.states.push_back(death.name == "apoptosis" ? "apoptotic" : death.name == "necrosis" ? "necrotic" : death.name);
  for (const auto& mechanism : mechanisms) {
    for (const auto& p : mechanism.declaration.parameters) {
      if (p.name != "*") type.parameters[mechanism.declaration.name + "." + p.name] = p.default_value;
    }
  }
  for (const auto& [key, value] : type.spec->parameters) type.parameters[key] = value;
  for (const auto& mechanism : mechanisms) {
    for (const auto& p : mechanism.declaration.parameters) {
      const std::string key = mechanism.declaration.name + "." + p.name;
      if (!p.required || p.name == "*" || type.spec->parameters.contains(key)) continue;
      throw Error("E5011", "cell type '" + type.spec->name + "' does not say its " + key)
          .at(type.spec->where)
          .help("add [cell." + type.spec->name + "." + mechanism.declaration.name + "] " + p.name + " = \"… " +
                internal_unit(p.dimension) + "\": " + p.doc);
    }
  }
}

void Binder::type_expressions(std::size_t type_index) {
  auto& type = sim.types[type_index];
  const Signal* network_time = type.system ? sim.signals.find("network.time." + type.spec->network) : nullptr;
  type.expressions = std::make_unique<ExpressionSet>(sim.signals, type.system.get(), type.state_columns,
                                                     type.input_scratch, network_time ? network_time->index : 0);
  type.expressions->refuse_places(model.domain.well_mixed);
}

void Binder::type_programs(std::size_t type_index) {
  if (sim.types[type_index].system) input_program(type_index);
  behaviour_program(type_index);
  fate_program(type_index);
}

expr::NodeId Binder::with_effect(BoundType& type, expr::NodeId value, std::size_t drug, const DrugEffect& effect,
                                 const Dimension* dimension, double to_internal) {
  auto& e = *type.expressions;
  const bool at_site = model.drugs[drug].regimen->kinetics().effect_rate > 0.0;
  const auto c = e.symbol(model.drugs[drug].name + (at_site ? ".effect_site" : ".concentration"), effect.where).node;
  return under_drug(e.graph(), value, c, effect, dimension, to_internal);
}

void Binder::input_program(std::size_t type_index) {
  auto& type = sim.types[type_index];
  auto& e = *type.expressions;
  auto& g = e.graph();
  e.nodes_are(ExpressionSet::Nodes::levels);  // activities are among what is computed here
  const auto& targets = network_targets_[type_index];
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
    for (const std::size_t column : t.heterogeneity_columns)
      node = g.mul(node, e.source({SlotSource::Kind::column, column, 0.0}));
    for (std::size_t k = 0; k < t.effects.size(); ++k) {
      node =
          with_effect(type, node, t.drugs[k], *t.effects[k], input.dimension_known ? &input.dimension : nullptr, scale);
    }
    for (const std::size_t k : t.interventions) {
      node = g.mul(node, e.symbol("intervention." + std::to_string(k), model.interventions[k].where).node);
    }
    outputs.push_back(node);
  }
  for (const auto slot : g.variables(outputs)) {
    const auto first = static_cast<std::int32_t>(type.system->input_slot(0));
    if (slot < first || slot >= first + static_cast<std::int32_t>(type.system->inputs.size())) continue;
    throw Error("E5008", "an input of the network depends on its input '" +
                             type.system->inputs[static_cast<std::size_t>(slot - first)].name + "'")
        .at(type.spec->where)
        .help("write out what that input is");
  }
  type.inputs = LaneProgram(e, outputs);
  input_nodes_[type_index] = std::move(outputs);
  e.nodes_are(ExpressionSet::Nodes::acting);
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
  const double base = own == type.spec->parameters.end() ? behaviour.default_value : own->second;
  expr::NodeId node = g.constant(base);
  for (const auto& [expression, name] : type.spec->coupling.outputs) {
    if (name != behaviour.name) continue;
    // A dimensionless quantity scales the base; one with the behaviour's dimension replaces it, and so does a
    // dimensionless one where the behaviour is dimensionless and its base 0.
    const auto symbol = e.compile(expression);
    const bool same = symbol.dimension == behaviour.dimension;
    if (same && (base == 0.0 || !behaviour.dimension.dimensionless())) {
      node = symbol.node;
    } else if (symbol.dimension.dimensionless()) {
      if (base == 0.0) {
        throw Error("E5015",
                    "the coupling of '" + expression.text + "' scales '" + behaviour.name + "', whose base is 0")
            .at(expression.where)
            .help("give [cell." + type.spec->name + "] " + behaviour.key + ", or an expression in " +
                  internal_unit(behaviour.dimension));
      }
      node = g.mul(node, symbol.node);
    } else {
      node = e.compile(expression, &behaviour.dimension).node;
    }
  }
  for (std::size_t s = 0; s < type.spec->state_parameters.size(); ++s) {
    const auto value = type.spec->state_parameters[s].find(behaviour.key);
    if (value == type.spec->state_parameters[s].end()) continue;
    node = g.make(expr::Op::select, e.symbol("state." + type.states[s], type.spec->where).node,
                  g.constant(value->second), node);
  }
  return node;
}

/// (signal/half)^hill where the rule holds, else 0; finite, so that a saturated rule gives its saturation.
expr::NodeId Binder::rule_strength(BoundType& type, const Rule& rule) {
  auto& e = *type.expressions;
  auto& g = e.graph();
  const auto zero = g.constant(0.0);
  auto signal = e.compile(rule.signal).node;
  if (rule.threshold > 0.0)
    signal = g.make(expr::Op::select, g.make(expr::Op::greater, signal, g.constant(rule.threshold)), signal, zero);
  const auto power = g.pow(g.div(signal, g.constant(rule.half)), g.constant(rule.hill));
  auto strength = g.make(expr::Op::select, g.make(expr::Op::greater, signal, zero),
                         g.make(expr::Op::minimum, power, g.constant(1e300)), zero);
  if (!rule.states.empty()) {
    expr::NodeId in_state = zero;
    for (const auto& state : rule.states) {
      (void)state_index(type, state, rule.where);
      in_state = g.make(expr::Op::maximum, in_state, e.symbol("state." + state, rule.where).node);
    }
    strength = g.mul(strength, in_state);
  }
  if (rule.when) strength = g.make(expr::Op::select, e.compile(*rule.when, &dim::none).node, strength, zero);
  return strength;
}

expr::NodeId Binder::with_rules(BoundType& type, const Behaviour& behaviour, expr::NodeId base) {
  auto& g = type.expressions->graph();
  const auto one = g.constant(1.0);
  for (const auto& rule : type.spec->rules) {
    if (rule.behaviour == behaviour.name && rule.base) base = g.constant(*rule.base);
  }
  for (const bool increases : {true, false}) {
    // Rules pull toward their saturations in proportion to their strengths; with one common saturation this is the
    // formula of description.h.
    std::map<double, expr::NodeId> strengths;  // by saturation
    expr::NodeId sum = g.constant(0.0);
    for (const auto& rule : type.spec->rules) {
      if (rule.behaviour != behaviour.name || rule.increases != increases) continue;
      const auto strength = rule_strength(type, rule);
      sum = g.add(sum, strength);
      const auto [entry, added] = strengths.try_emplace(rule.saturation, strength);
      if (!added) entry->second = g.add(entry->second, strength);
    }
    expr::NodeId value = base;
    for (const auto& [saturation, strength] : strengths) {
      const auto share = g.div(strength, g.add(one, sum));
      value = g.add(value, g.mul(g.sub(g.constant(saturation), base), share));
    }
    base = value;
  }
  return base;
}

void Binder::behaviour_program(std::size_t type_index) {
  auto& type = sim.types[type_index];
  auto& e = *type.expressions;
  auto& g = e.graph();
  for (const auto& rule : type.spec->rules) (void)sim.behaviours.require(rule.behaviour, rule.where);
  for (const auto& [expression, name] : type.spec->coupling.outputs)
    (void)sim.behaviours.require(name, expression.where);
  const std::string prefix = type.spec->name + " ";
  std::vector<expr::NodeId> outputs;
  for (auto& behaviour : sim.behaviours.all) {
    expr::NodeId node = with_rules(type, behaviour, base_value(type, behaviour));
    bool acted_on = false;
    for (std::size_t d = 0; d < model.drugs.size(); ++d) {
      for (const auto& effect : model.drugs[d].effects) {
        if (effect.target != prefix + behaviour.name) continue;
        acted_on = true;
        node = with_effect(type, node, d, effect, &behaviour.dimension, 1.0);
      }
    }
    for (std::size_t k = 0; k < model.interventions.size(); ++k) {
      if (model.interventions[k].target != prefix + behaviour.name) continue;
      node = g.mul(node, e.symbol("intervention." + std::to_string(k), model.interventions[k].where).node);
    }
    const bool zero = g.is_constant(node) && g.node(node).value == 0.0;
    behaviour.used = behaviour.used || acted_on || !zero;
    if (behaviour.alive_only && !type.spec->deaths.empty() && !zero) {
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
      const auto target = std::find_if(sim.types.begin(), sim.types.end(),
                                       [&](const BoundType& t) { return t.spec->name == transition.to_type; });
      if (target == sim.types.end()) {
        throw Error("E5010",
                    "transition '" + transition.name + "' converts to unknown cell type '" + transition.to_type + "'")
            .at(transition.where);
      }
      bound.to_type = static_cast<std::uint16_t>(target - sim.types.begin());
    }
    const auto& target_type = sim.types[bound.to_type];
    bound.leaves = transition.leaves;
    bound.to = transition.to.empty() ? 0 : state_index(target_type, transition.to, transition.where);
    if (!transition.leaves && transition.to_type.empty() && bound.to < type.n_living_states)
      bound.from[bound.to] = false;
    if (!transition.mark.empty()) {
      const auto mark = std::find(sim.marks.begin(), sim.marks.end(), transition.mark) - sim.marks.begin();
      bound.mark = static_cast<std::uint16_t>(1U << mark);
    }
    for (const auto& [name, value] : transition.reset) {
      std::optional<std::size_t> column = sim.world.cells.find_column(name);
      if (const auto state = target_type.system ? target_type.system->find_state(name) : std::nullopt)
        column = target_type.state_columns[*state];
      if (!column)
        throw Error("E5001", "transition '" + transition.name + "' resets unknown '" + name + "'").at(transition.where);
      bound.resets.emplace_back(*column, value);
    }
    if (transition.hazard) bound.hazard_output = add(*transition.hazard, dim::rate);
    if (transition.when) bound.when_output = add(*transition.when, dim::none);
    type.transitions.push_back(std::move(bound));
  }
  type.fate = LaneProgram(e, outputs);
}

}  // namespace senoma::engine
