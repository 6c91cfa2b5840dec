#include "network/ssa_code.h"

#include <algorithm>
#include <map>

#include "expr/operations.h"

namespace senoma::network {

SsaCode::SsaCode(const expr::Graph& graph, std::size_t n_slots, std::span<const expr::NodeId> roots)
    : n_slots_(n_slots) {
  std::map<expr::NodeId, std::int32_t> constant_place;
  for (const expr::NodeId id : expr::reachable(graph, roots)) {
    if (!graph.is_constant(id)) continue;
    constant_place[id] = static_cast<std::int32_t>(n_slots + constants_.size());
    constants_.push_back(graph.node(id).value);
  }
  const std::size_t first_temporary = n_slots + constants_.size();
  size_ = first_temporary + 1;
  for (const expr::NodeId root : roots) {
    begin_.push_back(code_.size());
    std::map<expr::NodeId, std::int32_t> place;
    std::size_t next = first_temporary;
    const auto of = [&](expr::NodeId id) { return id < 0 ? 0 : place.at(id); };
    for (const expr::NodeId id : expr::reachable(graph, {&root, 1})) {
      const expr::Node& node = graph.node(id);
      if (node.op == expr::Op::constant) {
        place[id] = constant_place.at(id);
      } else if (node.op == expr::Op::variable) {
        place[id] = node.a;
      } else {
        place[id] = static_cast<std::int32_t>(next++);
        code_.push_back(
            {node.op, node.b >= 0 && graph.is_constant(node.b), place[id], of(node.a), of(node.b), of(node.c)});
      }
    }
    size_ = std::max(size_, next);
    result_.push_back(place.at(root));
  }
  begin_.push_back(code_.size());
}

std::vector<double> SsaCode::array() const {
  std::vector<double> all(size_, 0.0);
  std::copy(constants_.begin(), constants_.end(), all.begin() + static_cast<std::ptrdiff_t>(n_slots_));
  return all;
}

double SsaCode::run(std::size_t root, double* v) const {
  const Instruction* const end = code_.data() + begin_[root + 1];
  for (const Instruction* i = code_.data() + begin_[root]; i < end; ++i) {
    switch (i->op) {
      case expr::Op::add:
        v[i->target] = v[i->a] + v[i->b];
        break;
      case expr::Op::subtract:
        v[i->target] = v[i->a] - v[i->b];
        break;
      case expr::Op::multiply:
        v[i->target] = v[i->a] * v[i->b];
        break;
      case expr::Op::divide:
        v[i->target] = v[i->a] / v[i->b];
        break;
      default:
        v[i->target] = expr::apply(i->op, v[i->a], v[i->b], v[i->c], i->constant_exponent);
    }
  }
  return v[result_[root]];
}

}  // namespace senoma::network
