// Shared by the tests of this room: a scope with a few named variables, and random graphs.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "expr/parse.h"

namespace senoma::expr::testing {

/// x, y, z dimensionless in slots 0, 1, 2; more by add().
class Names {
 public:
  explicit Names(Graph& graph) : graph_(graph) {
    for (const char* name : {"x", "y", "z"}) add(name, dim::none);
  }
  void add(const std::string& name, const Dimension& dimension) {
    const auto slot = static_cast<std::int32_t>(names_.size());
    symbols_[name] = {graph_.variable(slot), dimension};
    names_.push_back(name);
  }
  [[nodiscard]] Scope scope(bool check = true) const {
    return {[this](const std::string& name) -> std::optional<Symbol> {
              const auto found = symbols_.find(name);
              return found == symbols_.end() ? std::nullopt : std::optional(found->second);
            },
            [this] { return names_; }, check};
  }
  [[nodiscard]] const std::string& name(std::int32_t slot) const { return names_[static_cast<std::size_t>(slot)]; }

 private:
  Graph& graph_;
  std::map<std::string, Symbol> symbols_;
  std::vector<std::string> names_;
};

inline bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) || (std::isnan(a) && std::isnan(b));
}

inline const std::vector<Op>& every_operation() {
  static const std::vector<Op> ops = [] {
    std::vector<Op> all;
    for (int i = static_cast<int>(Op::add); i <= static_cast<int>(Op::select); ++i) all.push_back(static_cast<Op>(i));
    return all;
  }();
  return ops;
}

/// A graph of `n` random nodes over the operations given, on variables 0 … n_variables−1; returns all node ids.
inline std::vector<NodeId> random_graph(Graph& graph, std::mt19937_64& engine, int n, int n_variables,
                                        const std::vector<Op>& ops) {
  std::vector<NodeId> nodes;
  const auto pick = [&](std::size_t size) { return static_cast<std::size_t>(engine() % size); };
  for (int slot = 0; slot < n_variables; ++slot) nodes.push_back(graph.variable(slot));
  for (const double c : {0.0, 1.0, 2.0, -1.0, 0.5, 3.0, 2.5, -2.0, 7.0, 1e-3}) nodes.push_back(graph.constant(c));
  for (int i = 0; i < n; ++i) {
    const NodeId a = nodes[pick(nodes.size())], b = nodes[pick(nodes.size())], c = nodes[pick(nodes.size())];
    nodes.push_back(graph.make(ops[pick(ops.size())], a, b, c));
  }
  return nodes;
}

}  // namespace senoma::expr::testing
