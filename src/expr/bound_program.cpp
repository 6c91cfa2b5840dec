#include "expr/bound_program.h"

#include <algorithm>
#include <stdexcept>

#include "expr/execute.h"

namespace senoma::expr {

BoundProgram::BoundProgram(const Program& program, std::span<const Input> inputs, std::span<double* const> outputs,
                           std::size_t n)
    : n_(n) {
  if (n == 0 || n % 8 != 0 || n > Program::block_lanes || outputs.size() < program.n_outputs())
    throw std::invalid_argument("expr::BoundProgram: lanes or outputs do not fit");
  registers_.assign(program.n_registers_ * n, 0.0);
  std::vector<double*> place(program.n_registers_);
  std::vector<const double*> source(program.n_registers_, nullptr);  // of registers that are never written
  for (std::size_t r = 0; r < place.size(); ++r) place[r] = registers_.data() + r * n;
  for (const auto& [r, value] : program.constants_) {
    const auto i = static_cast<std::size_t>(r);
    std::fill_n(place[i], n, value);
    source[i] = place[i];
  }
  for (const auto& load : program.loads_) {
    const auto slot = static_cast<std::size_t>(load.slot), i = static_cast<std::size_t>(load.target);
    if (slot >= inputs.size() || inputs[slot].data == nullptr || inputs[slot].stride > 1)
      throw std::invalid_argument("expr::BoundProgram: an input is missing");
    source[i] = inputs[slot].data;
    if (inputs[slot].stride == 1) continue;
    std::fill_n(place[i], n, *inputs[slot].data);
    source[i] = place[i];
  }
  // An output's register is written last by the output's own instruction, so all its values may live in the output.
  std::vector<char> is_output(place.size(), 0);
  for (std::size_t k = 0; k < program.output_registers_.size(); ++k) {
    const auto i = static_cast<std::size_t>(program.output_registers_[k]);
    for (const auto& load : program.loads_) {
      const Input& input = inputs[static_cast<std::size_t>(load.slot)];
      if (input.stride == 1 && input.data == outputs[k])
        throw std::invalid_argument("expr::BoundProgram: an output is an input");
    }
    if (source[i] != nullptr || is_output[i] != 0) {
      copies_.emplace_back(source[i] != nullptr ? source[i] : place[i], outputs[k]);
      continue;
    }
    place[i] = outputs[k];
    is_output[i] = 1;
  }
  const auto operand = [&](std::int32_t r) -> const double* {
    const auto i = static_cast<std::size_t>(std::max(r, 0));
    return source[i] != nullptr ? source[i] : place[i];
  };
  const auto plain = [](Op op) { return op == Op::add || op == Op::subtract || op == Op::multiply; };
  for (std::size_t k = 0; k < program.code_.size(); ++k) {
    const Program::Instruction& one = program.code_[k];
    Instruction bound{one.op, one.op == Op::power && one.b < 0};
    bound.a = bound.c = operand(one.a);
    bound.b = operand(one.b);
    if (bound.whole_power) bound.exponent = one.c;
    if (one.op == Op::select) bound.c = operand(one.c);
    std::int32_t target = one.target;
    if (one.feeds_next && plain(one.op) && plain(program.code_[k + 1].op)) {
      const Program::Instruction& two = program.code_[++k];
      const bool first = two.a == one.target;
      bound.then = two.op == Op::subtract && !first ? Op::negate : two.op;
      bound.c = operand(first ? two.b : two.a);
      target = two.target;
    }
    bound.target = place[static_cast<std::size_t>(target)];
    code_.push_back(bound);
  }
}

void BoundProgram::run() const {
  execute(code_, n_);
  for (const auto& [from, to] : copies_) std::copy_n(from, n_, to);
}

}  // namespace senoma::expr
