#include "network/influences.h"

#include <functional>
#include <unordered_set>

namespace senoma::network {

namespace {

class Walk {
 public:
  explicit Walk(const OdeSystem& system) : system_(system) {
    for (const auto& output : system.outputs) {
      const auto op = system.graph.node(output.node).op;
      if (op != expr::Op::variable && op != expr::Op::constant) assigned_.try_emplace(output.node, output.name);
    }
  }

  /// Names in the expression below `root`; assigned variables end the descent.
  std::set<std::string> names(expr::NodeId root) const {
    std::set<std::string> found;
    std::unordered_set<expr::NodeId> seen;
    const std::function<void(expr::NodeId)> descend = [&](expr::NodeId id) {
      if (id < 0 || !seen.insert(id).second) return;
      if (id != root) {
        if (const auto assigned = assigned_.find(id); assigned != assigned_.end()) {
          found.insert(assigned->second);
          return;
        }
      }
      const expr::Node& node = system_.graph.node(id);
      if (node.op == expr::Op::constant) return;
      if (node.op == expr::Op::variable) {
        if (const std::string name = name_of_slot(static_cast<std::size_t>(node.a)); !name.empty()) found.insert(name);
        return;
      }
      for (const auto next : {node.a, node.b, node.c}) descend(next);
    };
    descend(root);
    return found;
  }

 private:
  std::string name_of_slot(std::size_t slot) const {
    const std::size_t n_states = system_.states.size(), n_inputs = system_.inputs.size();
    if (slot < n_states) return system_.states[slot].name;
    if (slot == n_states) return {};  // time
    slot -= n_states + 1;
    return slot < n_inputs ? system_.inputs[slot].name : system_.parameters[slot - n_inputs].name;
  }

  const OdeSystem& system_;
  std::map<expr::NodeId, std::string> assigned_;
};

}  // namespace

Influences direct_influences(const OdeSystem& system) {
  const Walk walk(system);
  Influences influences;
  for (std::size_t i = 0; i < system.states.size(); ++i)
    influences[system.states[i].name] = walk.names(system.derivatives[i]);
  for (const auto& output : system.outputs) {
    auto& names = influences[output.name];
    names = walk.names(output.node);
    names.erase(output.name);
  }
  return influences;
}

}  // namespace senoma::network
