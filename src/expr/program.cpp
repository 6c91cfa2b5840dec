#include "expr/program.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "expr/execute.h"
#include "expr/operations.h"

namespace senoma::expr {

namespace {

constexpr std::size_t group = 8;  // lanes are padded to whole groups, so that the loops have no remainder

bool whole_exponent(const Graph& graph, const Node& node) {
  return node.op == Op::power && graph.is_constant(node.b) && is_small_whole(graph.node(node.b).value);
}

/// The nodes in the order in which they are computed: depth first from each output, so that values live shortly.
std::vector<NodeId> schedule(const Graph& graph, const std::vector<NodeId>& outputs) {
  std::vector<NodeId> order, stack;
  std::vector<signed char> state(graph.size(), 0);  // 0 new, 1 opened, 2 done
  for (const NodeId output : outputs) {
    stack.push_back(output);
    while (!stack.empty()) {
      const NodeId id = stack.back();
      auto& s = state[static_cast<std::size_t>(id)];
      const Node& node = graph.node(id);
      if (s == 0 && arity(node.op) > 0) {
        s = 1;
        const NodeId operands[] = {node.c, whole_exponent(graph, node) ? -1 : node.b, node.a};
        for (const NodeId operand : operands) {
          if (operand >= 0 && state[static_cast<std::size_t>(operand)] == 0) stack.push_back(operand);
        }
        continue;
      }
      stack.pop_back();
      if (s != 2) order.push_back(id);
      s = 2;
    }
  }
  return order;
}

class RegisterFile {
 public:
  std::int32_t take() {
    if (free_.empty()) return size_++;
    const std::int32_t r = free_.back();  // the one used last is still in the cache
    free_.pop_back();
    return r;
  }
  void give_back(std::int32_t r) { free_.push_back(r); }
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(size_); }

 private:
  std::vector<std::int32_t> free_;
  std::int32_t size_ = 0;
};

}  // namespace

Program::Program(const Graph& graph, std::vector<NodeId> outputs) {
  const std::vector<NodeId> order = schedule(graph, outputs);
  std::vector<std::int32_t> home(graph.size(), -1), uses(graph.size(), 0);
  RegisterFile file;
  const auto at = [](auto& column, NodeId id) -> auto& { return column[static_cast<std::size_t>(id)]; };

  for (const NodeId id : order) {
    const Node& node = graph.node(id);
    if (arity(node.op) == 0) {  // constants and inputs keep their registers: they are filled once, not per use
      at(home, id) = file.take();
      ++at(uses, id);  // one use more than there are, so that the register is never given back
      if (node.op == Op::constant) {
        constants_.emplace_back(at(home, id), node.value);
      } else {
        loads_.push_back({at(home, id), node.a});
      }
      continue;
    }
    for (const NodeId operand : {node.a, node.b, node.c}) {
      if (operand >= 0) ++at(uses, operand);
    }
  }
  for (const NodeId id : outputs) ++at(uses, id);

  for (const NodeId id : order) {
    const Node& node = graph.node(id);
    if (arity(node.op) == 0) continue;
    Instruction instruction{node.op, -1, -1, -1, -1};
    const bool whole = whole_exponent(graph, node);
    instruction.a = at(home, node.a);
    if (node.b >= 0 && !whole) instruction.b = at(home, node.b);
    if (node.c >= 0) instruction.c = at(home, node.c);
    if (whole) instruction.c = static_cast<std::int32_t>(graph.node(node.b).value);
    for (const NodeId operand :
         {node.a, node.b, node.c}) {  // the target may be the register of an operand seen last here
      if (operand < 0 || --at(uses, operand) > 0 || at(home, operand) < 0) continue;
      file.give_back(at(home, operand));
    }
    instruction.target = at(home, id) = file.take();
    code_.push_back(instruction);
  }
  for (const NodeId id : outputs) output_registers_.push_back(at(home, id));
  n_registers_ = file.size();
}

void Program::run(std::span<const Input> inputs, std::span<double* const> outputs, std::size_t n,
                  Workspace& workspace) const {
  if (n == 0) return;
  for (const Load& load : loads_) {
    const auto slot = static_cast<std::size_t>(load.slot);
    if (slot >= inputs.size() || inputs[slot].data == nullptr) {
      throw std::invalid_argument("expr::Program::run: no input for variable slot " + std::to_string(slot));
    }
  }
  if (outputs.size() < output_registers_.size())
    throw std::invalid_argument("expr::Program::run: an output is missing");

  if (workspace.registers.size() < n_registers_ * block_lanes) workspace.registers.resize(n_registers_ * block_lanes);
  const auto column = [&](std::int32_t r) {
    return workspace.registers.data() + static_cast<std::size_t>(r) * block_lanes;
  };
  const std::size_t widest = std::min(block_lanes, (n + group - 1) / group * group);
  for (const auto& [r, value] : constants_) std::fill_n(column(r), widest, value);
  for (const Load& load : loads_) {
    const Input& input = inputs[static_cast<std::size_t>(load.slot)];
    if (input.stride == 0) std::fill_n(column(load.target), widest, *input.data);
  }

  for (std::size_t begin = 0; begin < n; begin += block_lanes) {
    const std::size_t lanes = std::min(block_lanes, n - begin);
    for (const Load& load : loads_) {
      const Input& input = inputs[static_cast<std::size_t>(load.slot)];
      double* const to = column(load.target);
      if (input.stride == 1) {
        std::copy_n(input.data + begin, lanes, to);
      } else if (input.stride > 1) {
        for (std::size_t l = 0; l < lanes; ++l) to[l] = input.data[(begin + l) * input.stride];
      }
    }
    execute(code_, workspace.registers.data(), (lanes + group - 1) / group);
    for (std::size_t k = 0; k < output_registers_.size(); ++k)
      std::copy_n(column(output_registers_[k]), lanes, outputs[k] + begin);
  }
}

}  // namespace senoma::expr
