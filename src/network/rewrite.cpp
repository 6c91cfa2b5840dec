#include "network/rewrite.h"

#include <algorithm>
#include <unordered_map>

namespace senoma::network {

using expr::Graph;
using expr::Node;
using expr::NodeId;
using expr::Op;

namespace {

bool is_leaf(const Node& node) { return node.op == Op::constant || node.op == Op::variable; }

std::size_t index(NodeId id) { return static_cast<std::size_t>(id); }

/// Marks in `wanted` all nodes that the marked ones need, stopping where `stop` is true. Operands have smaller ids.
template <class Stop>
void mark_operands(const Graph& graph, std::vector<char>& wanted, Stop stop) {
  for (NodeId id = static_cast<NodeId>(graph.size()) - 1; id >= 0; --id) {
    const Node& node = graph.node(id);
    if (!wanted[index(id)] || is_leaf(node) || stop(id)) continue;
    for (const NodeId operand : {node.a, node.b, node.c}) {
      if (operand >= 0) wanted[index(operand)] = 1;
    }
  }
}

}  // namespace

std::vector<NodeId> copy_expressions(const Graph& from, Graph& to, std::span<const NodeId> roots,
                                     const std::function<NodeId(NodeId)>& replacement) {
  const std::size_t n = from.size();
  std::vector<char> wanted(n, 0);
  std::vector<NodeId> copied(n, -1);
  for (const NodeId root : roots) wanted[index(root)] = 1;
  mark_operands(from, wanted, [&](NodeId id) {
    copied[index(id)] = replacement(id);
    return copied[index(id)] >= 0;
  });
  const auto copy_of = [&](NodeId id) { return id < 0 ? -1 : copied[index(id)]; };
  for (NodeId id = 0; id < static_cast<NodeId>(n); ++id) {
    if (!wanted[index(id)] || copied[index(id)] >= 0) continue;
    const Node node = from.node(id);
    NodeId made = is_leaf(node) ? replacement(id) : -1;
    if (made < 0) {
      made = node.op == Op::constant   ? to.constant(node.value)
             : node.op == Op::variable ? to.variable(node.a)
                                       : to.make(node.op, copy_of(node.a), copy_of(node.b), copy_of(node.c));
    }
    copied[index(id)] = made;
  }
  std::vector<NodeId> result;
  result.reserve(roots.size());
  for (const NodeId root : roots) result.push_back(copy_of(root));
  return result;
}

namespace {

std::vector<Rank> ranks_of(const Graph& graph, const std::function<Rank(std::int32_t)>& slot_rank) {
  std::vector<Rank> ranks(graph.size(), Rank::constant);
  for (std::size_t i = 0; i < graph.size(); ++i) {
    const Node& node = graph.node(static_cast<NodeId>(i));
    if (node.op == Op::constant) continue;
    if (node.op == Op::variable) {
      ranks[i] = slot_rank(node.a);
      continue;
    }
    for (const NodeId operand : {node.a, node.b, node.c}) {
      if (operand >= 0) ranks[i] = std::max(ranks[i], ranks[index(operand)]);
    }
  }
  return ranks;
}

/// The nodes of `rank` that are roots themselves or operands of wanted nodes of a higher rank, by ascending id.
std::vector<NodeId> frontier(const Graph& graph, std::span<const NodeId> roots, const std::vector<char>& wanted,
                             const std::vector<Rank>& ranks, Rank rank) {
  std::vector<char> chosen(graph.size(), 0);
  for (const NodeId root : roots) chosen[index(root)] = ranks[index(root)] == rank;
  for (std::size_t i = 0; i < graph.size(); ++i) {
    const Node& node = graph.node(static_cast<NodeId>(i));
    if (!wanted[i] || is_leaf(node) || ranks[i] <= rank) continue;
    for (const NodeId operand : {node.a, node.b, node.c}) {
      if (operand >= 0 && ranks[index(operand)] == rank) chosen[index(operand)] = 1;
    }
  }
  std::vector<NodeId> result;
  for (std::size_t i = 0; i < graph.size(); ++i) {
    if (chosen[i]) result.push_back(static_cast<NodeId>(i));
  }
  return result;
}

}  // namespace

SplitExpressions split_by_rank(const Graph& graph, std::span<const NodeId> roots, std::size_t n_dynamic_slots,
                               std::size_t n_slots, const std::function<Rank(std::int32_t)>& slot_rank) {
  const std::vector<Rank> ranks = ranks_of(graph, slot_rank);
  std::vector<char> wanted(graph.size(), 0);
  for (const NodeId root : roots) wanted[index(root)] = 1;
  mark_operands(graph, wanted, [](NodeId) { return false; });
  const std::vector<NodeId> shared = frontier(graph, roots, wanted, ranks, Rank::shared);
  const std::vector<NodeId> lane = frontier(graph, roots, wanted, ranks, Rank::lane);

  std::unordered_map<NodeId, std::size_t> shared_position, lane_position;
  for (std::size_t i = 0; i < shared.size(); ++i) shared_position[shared[i]] = i;
  for (std::size_t i = 0; i < lane.size(); ++i) lane_position[lane[i]] = i;

  SplitExpressions split;
  split.shared_roots = copy_expressions(graph, split.shared, shared, [](NodeId) { return -1; });
  split.lane_roots = copy_expressions(graph, split.lane, lane, [&](NodeId id) -> NodeId {
    const auto found = shared_position.find(id);
    if (found == shared_position.end()) return -1;
    return split.lane.variable(static_cast<std::int32_t>(n_slots + found->second));
  });
  split.dynamic_roots = copy_expressions(graph, split.dynamic, roots, [&](NodeId id) -> NodeId {
    if (const auto found = lane_position.find(id); found != lane_position.end()) {
      return split.dynamic.variable(static_cast<std::int32_t>(n_dynamic_slots + found->second));
    }
    if (const auto found = shared_position.find(id); found != shared_position.end()) {
      return split.dynamic.variable(static_cast<std::int32_t>(n_dynamic_slots + lane.size() + found->second));
    }
    return -1;
  });
  return split;
}

}  // namespace senoma::network
