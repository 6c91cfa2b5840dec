// A compiled set of outputs of one graph, run over columns of lanes (cells). The lanes are processed in blocks that fit
// the L1 cache; a lane's bits never depend on its neighbours or on the block it falls in, and equal expr::evaluate.
// Immutable after construction and thread-safe; each thread brings its own Workspace.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/aligned.h"
#include "expr/graph.h"

namespace senoma::expr {

/// One input column: `data[i * stride]` is lane i; stride 1 for a column, 0 for one value shared by all lanes.
struct Input {
  const double* data = nullptr;
  std::size_t stride = 1;
};

class Program {
 public:
  Program() = default;
  Program(const Graph& graph, std::vector<NodeId> outputs);

  struct Workspace {
    Column<double> registers;
  };

  /// Evaluates all outputs for lanes [0, n). inputs is indexed by variable slot (unused slots may be null);
  /// outputs[k] receives n values and may be the very column of an input (not a shifted one). Throws
  /// std::invalid_argument when an input or output that the program needs is missing.
  void run(std::span<const Input> inputs, std::span<double* const> outputs, std::size_t n, Workspace& workspace) const;

  [[nodiscard]] std::size_t n_outputs() const { return output_registers_.size(); }
  [[nodiscard]] std::size_t n_instructions() const { return code_.size(); }

  [[nodiscard]] std::size_t n_registers() const { return n_registers_; }

  static constexpr std::size_t block_lanes = 64;

  struct Instruction {
    Op op;
    std::int32_t target, a, b, c;  ///< register numbers; power with b = −1 has the whole exponent c
  };

 private:
  friend class BoundProgram;
  struct Load {
    std::int32_t target, slot;
  };
  std::vector<Instruction> code_;
  std::vector<Load> loads_;
  std::vector<std::pair<std::int32_t, double>> constants_;  // register, value
  std::vector<std::int32_t> output_registers_;
  std::size_t n_registers_ = 0;
};

}  // namespace senoma::expr
