// The strengths with which conditions move the states, as expressions: Cramer's rule on blocks of conditions that
// depend on each other, so that nothing is divided by but the block's determinant.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/error.h"
#include "expr/operations.h"
#include "network/constraints.h"
#include "network/rewrite.h"

namespace senoma::network {

using expr::NodeId;
using expr::Op;

namespace {

constexpr std::size_t most_coupled = 8;
constexpr NodeId zero = -1;  // an entry that is 0 whatever the state

class Strengths {
 public:
  explicit Strengths(OdeSystem& system) : system_(system), graph_(system.graph), n_(system.constraints.size()) {
    for (const OdeConstraint& constraint : system.constraints) {
      auto& row = matrix_.emplace_back();
      for (const OdeConstraint& other : system.constraints) row.push_back(slope_along(constraint, other));
      right_.push_back(drift(constraint));
    }
    for (std::size_t k = 0; k < n_; ++k) {
      if (system.constraints[k].relaxes) let_stand_still(k);
    }
  }

  void add_to_derivatives() {
    std::vector<NodeId> strengths(n_, zero);
    for (const auto& block : blocks()) solve(block, strengths);
    for (std::size_t k = 0; k < n_; ++k) {
      if (strengths[k] == zero) continue;
      for (const auto& [state, coefficient] : system_.constraints[k].direction) {
        system_.derivatives[state] = graph_.add(system_.derivatives[state], graph_.mul(coefficient, strengths[k]));
      }
    }
  }

 private:
  NodeId slope(NodeId node, std::int32_t slot) {
    const NodeId result = graph_.derivative(node, slot);
    return graph_.is_constant(result) && graph_.node(result).value == 0.0 ? zero : result;
  }
  NodeId sum(NodeId a, NodeId b) { return a == zero ? b : b == zero ? a : graph_.add(a, b); }
  NodeId product(NodeId a, NodeId b) { return a == zero || b == zero ? zero : graph_.mul(a, b); }
  NodeId negative(NodeId a) { return a == zero ? zero : graph_.make(Op::negate, a); }

  NodeId slope_along(const OdeConstraint& constraint, const OdeConstraint& other) {
    NodeId result = zero;
    for (const auto& [state, coefficient] : other.direction) {
      result = sum(result, product(slope(constraint.residual, static_cast<std::int32_t>(state)), coefficient));
    }
    return result;
  }

  /// −d/dt g without the moves.
  NodeId drift(const OdeConstraint& constraint) {
    NodeId result = slope(constraint.residual, system_.time_slot());
    for (std::size_t i = 0; i < system_.states.size(); ++i) {
      const NodeId rate = system_.derivatives[i];
      if (graph_.is_constant(rate) && graph_.node(rate).value == 0.0) continue;
      result = sum(result, product(slope(constraint.residual, static_cast<std::int32_t>(i)), rate));
    }
    return negative(result);
  }

  /// A fast reaction whose rate constant is 0 at the moment has a row of zeros: its strength is then 0.
  void let_stand_still(std::size_t k) {
    NodeId size = zero;
    for (const NodeId entry : matrix_[k]) {
      if (entry != zero) size = sum(size, graph_.make(Op::abs, entry));
    }
    if (size == zero || graph_.is_constant(size)) return;
    const NodeId still = graph_.make(Op::equal, size, graph_.constant(0.0));
    matrix_[k][k] = sum(matrix_[k][k], still);
  }

  /// Conditions that depend on each other, directly or through others.
  std::vector<std::vector<std::size_t>> blocks() const {
    std::vector<std::size_t> root(n_);
    for (std::size_t i = 0; i < n_; ++i) root[i] = i;
    const auto find = [&](std::size_t i) {
      while (root[i] != i) i = root[i];
      return i;
    };
    for (std::size_t i = 0; i < n_; ++i) {
      for (std::size_t j = 0; j < n_; ++j) {
        if (matrix_[i][j] != zero) root[std::max(find(i), find(j))] = std::min(find(i), find(j));
      }
    }
    std::map<std::size_t, std::vector<std::size_t>> members;
    for (std::size_t i = 0; i < n_; ++i) members[find(i)].push_back(i);
    std::vector<std::vector<std::size_t>> result;
    for (auto& [first, list] : members) result.push_back(std::move(list));
    return result;
  }

  void solve(const std::vector<std::size_t>& block, std::vector<NodeId>& strengths) {
    const std::string& name = system_.constraints[block.front()].name;
    if (block.size() > most_coupled) {
      throw Error("E3105", fmt::format("{} depends on {} others at the same time; at most {} can", name,
                                       block.size() - 1, most_coupled - 1));
    }
    const NodeId whole = determinant(block, block.size());
    if (whole == zero) throw Error("E3105", fmt::format("{} does not determine what it should", name));
    for (std::size_t k = 0; k < block.size(); ++k) {
      const NodeId part = determinant(block, k);
      if (part != zero) strengths[block[k]] = graph_.div(part, whole);
    }
  }

  /// Of the block's matrix with column `replaced` replaced by the right-hand side; by expansion along the rows, minors
  /// shared.
  NodeId determinant(const std::vector<std::size_t>& block, std::size_t replaced) {
    std::map<unsigned, NodeId> minors{{0U, graph_.constant(1.0)}};  // of the last rows, by the set of their columns
    const auto n = static_cast<unsigned>(block.size());
    for (unsigned row = n; row-- > 0;) {
      std::map<unsigned, NodeId> larger;
      for (const auto& [columns, minor] : minors) {
        for (unsigned c = 0; c < n; ++c) {
          if ((columns >> c & 1U) != 0) continue;
          const NodeId entry = c == replaced ? right_[block[row]] : matrix_[block[row]][block[c]];
          if (entry == zero || minor == zero) continue;
          unsigned before = 0;  // columns of the minor left of c
          for (unsigned d = 0; d < c; ++d) before += columns >> d & 1U;
          const NodeId term = product(entry, minor);
          auto& slot = larger.try_emplace(columns | 1U << c, zero).first->second;
          slot = sum(slot, before % 2 == 0 ? term : negative(term));
        }
      }
      minors = std::move(larger);
    }
    const auto found = minors.find((1U << n) - 1U);
    return found == minors.end() ? zero : found->second;
  }

  OdeSystem& system_;
  expr::Graph& graph_;
  std::size_t n_;
  std::vector<std::vector<NodeId>> matrix_;
  std::vector<NodeId> right_;
};

void watch_comparisons(OdeSystem& system) {
  std::vector<NodeId> residuals;
  for (const OdeConstraint& constraint : system.constraints) residuals.push_back(constraint.residual);
  for (const NodeId node : expr::reachable(system.graph, residuals)) {
    const Op op = system.graph.node(node).op;
    if (op != Op::less && op != Op::less_equal && op != Op::greater && op != Op::greater_equal) continue;
    OdeEvent jump;
    jump.name = "jump";
    jump.trigger = node;
    jump.is_jump = true;
    system.events.push_back(std::move(jump));
  }
}

}  // namespace

void impose_constraints(OdeSystem& system) {
  if (system.constraints.empty()) return;
  Strengths(system).add_to_derivatives();
  watch_comparisons(system);
}

OdeSystem with_frozen_jumps(const OdeSystem& system) {
  OdeSystem result = system;
  result.events.clear();
  result.constraints.clear();
  result.outputs.clear();
  std::map<NodeId, std::int32_t> frozen;  // comparison → the slot of its value
  for (const OdeEvent& event : system.events) {
    if (!event.is_jump) continue;
    frozen[event.trigger] = result.input_slot(result.inputs.size());
    OdeParameter value;
    value.name = "jump " + std::to_string(result.inputs.size());
    result.inputs.push_back(std::move(value));
  }
  const auto shift = static_cast<std::int32_t>(result.inputs.size() - system.inputs.size());
  result.graph = expr::Graph();
  result.derivatives = copy_expressions(system.graph, result.graph, system.derivatives, [&](NodeId id) -> NodeId {
    if (const auto found = frozen.find(id); found != frozen.end()) return result.graph.variable(found->second);
    const expr::Node& node = system.graph.node(id);
    if (node.op != Op::variable || node.a < system.parameter_slot(0)) return -1;
    return result.graph.variable(node.a + shift);
  });
  return result;
}

}  // namespace senoma::network
