#include "network/ode_system.h"

#include <algorithm>

#include "base/error.h"
#include "network/rewrite.h"

namespace senoma::network {

namespace {

template <class Item>
std::optional<std::size_t> position_of(const std::vector<Item>& items, const std::string& name) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].name == name) return i;
  }
  return std::nullopt;
}

template <class Item>
void append_names(const std::vector<Item>& items, std::vector<std::string>& out) {
  for (const Item& item : items) out.push_back(item.name);
}

[[noreturn]] void throw_unknown_parameter(const OdeSystem& system, const std::string& name) {
  std::vector<std::string> known;
  append_names(system.parameters, known);
  Error error("E3010", "network '" + system.name + "' has no parameter '" + name + "'");
  if (system.find_state(name)) {
    error.help("'" + name + "' is a state: it has its own value in each cell already");
  } else if (const std::string near = nearest_name(name, known); !near.empty()) {
    error.help("did you mean '" + near + "'?");
  }
  throw error;
}

}  // namespace

std::optional<std::size_t> OdeSystem::find_state(const std::string& wanted) const {
  return position_of(states, wanted);
}
std::optional<std::size_t> OdeSystem::find_input(const std::string& wanted) const {
  return position_of(inputs, wanted);
}
std::optional<std::size_t> OdeSystem::find_parameter(const std::string& wanted) const {
  return position_of(parameters, wanted);
}

expr::NodeId OdeSystem::find_node(const std::string& wanted) {
  if (const auto i = find_state(wanted)) return graph.variable(static_cast<std::int32_t>(*i));
  if (const auto i = find_input(wanted)) return graph.variable(input_slot(*i));
  if (const auto i = find_parameter(wanted)) return graph.variable(parameter_slot(*i));
  if (const auto i = position_of(outputs, wanted)) return outputs[*i].node;
  return -1;
}

std::vector<std::string> OdeSystem::names() const {
  std::vector<std::string> all;
  append_names(states, all);
  append_names(inputs, all);
  append_names(parameters, all);
  append_names(outputs, all);
  return all;
}

void OdeSystem::promote_to_inputs(const std::vector<std::string>& parameter_names) {
  std::vector<char> promoted(parameters.size(), 0);
  std::vector<std::size_t> order;  // of promotion, so that the caller's order is the inputs' order
  for (const std::string& wanted : parameter_names) {
    if (find_input(wanted)) continue;  // already per lane
    const auto i = find_parameter(wanted);
    if (!i) throw_unknown_parameter(*this, wanted);
    if (!promoted[*i]) order.push_back(*i);
    promoted[*i] = 1;
  }
  if (order.empty()) return;

  // The time slot and everything before it stay; old inputs keep their slots, the promoted ones follow them.
  std::vector<std::int32_t> new_slot(n_slots());
  for (std::size_t s = 0; s < new_slot.size(); ++s) new_slot[s] = static_cast<std::int32_t>(s);
  std::int32_t next = input_slot(inputs.size());
  for (const std::size_t i : order) new_slot[static_cast<std::size_t>(parameter_slot(i))] = next++;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!promoted[i]) new_slot[static_cast<std::size_t>(parameter_slot(i))] = next++;
  }

  std::vector<expr::NodeId> roots;
  visit_nodes([&](expr::NodeId node) { roots.push_back(node); });
  expr::Graph rewritten;
  const auto copied = copy_expressions(graph, rewritten, roots, [&](expr::NodeId id) -> expr::NodeId {
    const expr::Node& node = graph.node(id);
    if (node.op != expr::Op::variable) return -1;
    return rewritten.variable(new_slot[static_cast<std::size_t>(node.a)]);
  });
  std::size_t next_root = 0;
  visit_nodes([&](expr::NodeId& node) { node = copied[next_root++]; });
  graph = std::move(rewritten);

  std::vector<OdeParameter> kept;
  for (const std::size_t i : order) inputs.push_back(parameters[i]);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!promoted[i]) kept.push_back(parameters[i]);
  }
  parameters = std::move(kept);
}

}  // namespace senoma::network
