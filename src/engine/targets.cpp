#include "engine/targets.h"

#include "engine/expressions.h"

namespace senoma::engine {

namespace {

/// What keeps `node` tied to other states, so that its influence cannot change by itself; null if nothing does.
const network::OdeConstraint* constraint_on(const network::OdeSystem& system, std::size_t node) {
  const auto slot = static_cast<std::int32_t>(node);
  for (const auto& constraint : system.constraints) {
    if (system.graph.depends_on(constraint.residual, slot)) return &constraint;
    for (const auto& [moved, coefficient] : constraint.direction) {
      if (moved == node || system.graph.depends_on(coefficient, slot)) return &constraint;
    }
  }
  return nullptr;
}

/// Lets `node` act on everything else only through activity(node), 1 in the wild type: its own equation is untouched.
void add_activity(network::OdeSystem& system, std::size_t node, const SourcePosition& where) {
  const std::string name = activity_name(system.states[node].name);
  if (system.find_parameter(name) || system.find_input(name)) return;
  if (const auto* constraint = constraint_on(system, node)) {
    throw Error("E5003", "network '" + system.name + "': nothing can act on '" + system.states[node].name + "', as " +
                             constraint->name + " ties it to other quantities")
        .at(where)
        .help("act on a parameter of the network instead");
  }
  system.parameters.push_back({name, 1.0, {}, true, 1.0});
  auto& graph = system.graph;
  const auto slot = static_cast<std::int32_t>(node);
  const expr::NodeId active =
      graph.mul(graph.variable(slot), graph.variable(system.parameter_slot(system.parameters.size() - 1)));
  const auto replace = [&](expr::NodeId root) {
    return graph.substitute(root, [&](std::int32_t s) { return s == slot ? active : -1; });
  };
  for (std::size_t i = 0; i < system.derivatives.size(); ++i) {
    if (i != node) system.derivatives[i] = replace(system.derivatives[i]);
  }
  for (auto& output : system.outputs) output.node = replace(output.node);
  for (auto& event : system.events) {
    for (auto* condition : {&event.trigger, &event.delay, &event.priority}) {
      if (*condition >= 0) *condition = replace(*condition);
    }
    for (auto& assignment : event.assignments) {
      if (assignment.state != node) assignment.value = replace(assignment.value);
      if (assignment.scale >= 0) assignment.scale = replace(assignment.scale);
    }
  }
}

}  // namespace

std::string input_for(network::OdeSystem& system, const std::string& target, const SourcePosition& where) {
  if (const auto node = system.find_state(target)) {
    add_activity(system, *node, where);
    return activity_name(target);
  }
  return target;
}

expr::NodeId under_drug(expr::Graph& g, expr::NodeId value, expr::NodeId concentration, const DrugEffect& effect,
                        const Dimension* dimension, double to_internal) {
  const auto one = g.constant(1.0);
  // C^n/(ec50^n + C^n) as 1/(1 + (ec50/C)^n), 0 without drug
  const auto ratio = g.pow(g.div(g.constant(effect.ec50), concentration), g.constant(effect.hill));
  const auto hill = g.make(expr::Op::select, g.make(expr::Op::greater, concentration, g.constant(0.0)),
                           g.div(one, g.add(one, ratio)), g.constant(0.0));
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

}  // namespace senoma::engine
