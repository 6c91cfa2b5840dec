// Copies expressions from one graph into another while replacing some of their nodes, and splits a set of expressions
// by how often their parts change, so that the inner loop evaluates only what depends on states or time.
//
// Not for use while another thread changes either graph.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "expr/graph.h"

namespace senoma::network {

/// Copies `roots` into `to`. `replacement(id)` returns a node of `to` that stands for node `id` of `from`, or −1 to
/// copy the node with its operands. Returns the copied roots in order.
[[nodiscard]] std::vector<expr::NodeId> copy_expressions(const expr::Graph& from, expr::Graph& to,
                                                         std::span<const expr::NodeId> roots,
                                                         const std::function<expr::NodeId(expr::NodeId)>& replacement);

/// How often a value changes during one call of the integrator.
enum class Rank : signed char { constant, shared, lane, dynamic };

/// `roots` split into three graphs, each of which reads the results of the ones before it as variables:
/// shared (parameters only: once per call), lane (inputs too: once per lane and call), dynamic (states and time).
/// The slots of `dynamic`: states, time, then the lane values, then the shared values. The slots of `lane`: the
/// original ones, then the shared values. The slots of `shared`: the original ones.
struct SplitExpressions {
  expr::Graph shared, lane, dynamic;
  std::vector<expr::NodeId> shared_roots, lane_roots, dynamic_roots;  ///< dynamic_roots follow the given roots
};

/// `slot_rank(slot)` is dynamic for states and time, lane for inputs, shared for parameters. `n_slots` is the number
/// of original slots and `n_dynamic_slots` the number of leading slots that are dynamic.
[[nodiscard]] SplitExpressions split_by_rank(const expr::Graph& graph, std::span<const expr::NodeId> roots,
                                             std::size_t n_dynamic_slots, std::size_t n_slots,
                                             const std::function<Rank(std::int32_t)>& slot_rank);

}  // namespace senoma::network
