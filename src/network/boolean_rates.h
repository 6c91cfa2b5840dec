// The rates of a Boolean network, compiled for simulation. A node's rate depends on few others, so it is tabulated over
// the 2^k states of those k nodes (itself included): a flip of node j changes one bit of the table index of each of its
// dependents. Nodes with more than `most_tabled` regulators are evaluated as expressions. A network of at most
// `most_listed` nodes is tabulated as a whole: for each of its 2^n states the total rate and the possible flips. Both
// ways add and choose in one order, so they give the same bits.
//
// A rate that is negative or not finite becomes NaN here, and is an error (E3112) in the state that needs it.
// Immutable after construction; threads share it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "expr/program.h"
#include "network/boolean_network.h"

namespace senoma::network {

class BooleanRates {
 public:
  static constexpr std::size_t most_tabled = 14, most_listed = 12;

  explicit BooleanRates(const BooleanNetwork& network);

  struct Dependent {
    std::uint32_t node, mask;  ///< mask: the bit of its table index
  };
  struct NodeTable {
    std::vector<std::uint32_t> regulators;  ///< bit j of the index is node regulators[j]; the node itself is one
    std::vector<double> rates;              ///< by index; empty: evaluated as an expression
    expr::Program program;                  ///< outputs rate_up, rate_down; for the latter case
  };

  [[nodiscard]] std::size_t size() const { return tables_.size(); }
  [[nodiscard]] const NodeTable& table(std::size_t node) const { return tables_[node]; }
  /// Those whose rate may change when `node` flips, by rising number; itself included.
  [[nodiscard]] const std::vector<Dependent>& dependents(std::size_t node) const { return dependents_[node]; }
  [[nodiscard]] bool needs_values() const { return needs_values_; }

 private:
  std::vector<NodeTable> tables_;
  std::vector<std::vector<Dependent>> dependents_;
  bool needs_values_ = false;  // some nodes are evaluated as expressions
};

/// The rate at which `node` leaves its state, from a program of (rate_up, rate_down) over `values`; NaN if not a rate.
class RateEvaluator {
 public:
  double operator()(const expr::Program& program, const double* values, std::size_t n, bool on);

 private:
  std::vector<expr::Input> inputs_;
  expr::Program::Workspace workspace_;
};

/// All 2^n states of a small network. State s: bit i is node i.
struct BooleanStateList {
  struct Flip {
    double up_to;  ///< rates of the flips up to and including this one, added in order of the nodes
    std::uint32_t node, next;
  };
  std::vector<double> total;         ///< 0: fixed point; NaN: a rate of this state is not one
  std::vector<double> inverse;       ///< 1/(total·window)
  std::vector<std::uint32_t> begin;  ///< first flip of each state, and the end
  std::vector<Flip> flips;

  BooleanStateList() = default;
  BooleanStateList(const BooleanRates& rates, double window);
};

}  // namespace senoma::network
