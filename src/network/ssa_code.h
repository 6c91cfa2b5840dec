// Values of single nodes of a graph, one lane, as straight-line code over one array: slots | constants | temporaries.
// The bits are those of expr::evaluate. Immutable; threads share it, each with its own array.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "expr/graph.h"

namespace senoma::network {

class SsaCode {
 public:
  SsaCode() = default;
  /// One piece of code per root; each can be run alone.
  SsaCode(const expr::Graph& graph, std::size_t n_slots, std::span<const expr::NodeId> roots);

  /// An array to work on, with its constants set and its slots zero.
  [[nodiscard]] std::vector<double> array() const;
  [[nodiscard]] double run(std::size_t root, double* array) const;

 private:
  struct Instruction {
    expr::Op op;
    bool constant_exponent;
    std::int32_t target, a, b, c;  ///< places in the array; unused operands are 0
  };
  std::size_t n_slots_ = 0, size_ = 0;
  std::vector<double> constants_;
  std::vector<Instruction> code_;
  std::vector<std::size_t> begin_;    // of each root's code, and the end
  std::vector<std::int32_t> result_;  // by root: its place in the array
};

}  // namespace senoma::network
