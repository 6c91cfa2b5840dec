#include "expr/bound_program.h"

#include <algorithm>
#include <stdexcept>

#include "expr/execute.h"

namespace senoma::expr {

namespace {

using Kind = BoundProgram::Kind;
using From = BoundProgram::From;

bool is_whole_power(const Program::Instruction& i) { return i.op == Op::power && i.b < 0; }

/// What the accumulator can do; `reversed` when it holds the second operand.
Kind kind_of(const Program::Instruction& i, bool reversed) {
  switch (i.op) {
    case Op::add:
      return Kind::add;
    case Op::subtract:
      return reversed ? Kind::subtract_from : Kind::subtract;
    case Op::multiply:
      return Kind::multiply;
    case Op::divide:
      return reversed ? Kind::divide_into : Kind::divide;
    case Op::negate:
      return Kind::negate;
    default:
      return is_whole_power(i) ? Kind::whole_power : Kind::elsewhere;
  }
}

/// How an instruction gets at its operands.
struct Access {
  Kind kind = Kind::elsewhere;
  From from = From::column;
  bool number = false;  // of the operand that does not come first
  bool second = false;  // the accumulator holds the second operand
};

/// Which results are read from their register: as an output, or by an instruction that does not find them in the
/// accumulator.
std::vector<char> are_stored(std::span<const Program::Instruction> code, std::span<const Access> access,
                             std::vector<char> is_read) {
  std::vector<char> stored(code.size());
  for (std::size_t k = code.size(); k-- > 0;) {
    const Program::Instruction& i = code[k];
    char& target = is_read[static_cast<std::size_t>(i.target)];
    stored[k] = target;
    target = 0;
    const auto read = [&](std::int32_t r) {
      if (r >= 0) is_read[static_cast<std::size_t>(r)] = 1;
    };
    if (access[k].from != From::last || access[k].second) read(i.a);
    if (!access[k].second) read(i.b);
    if (i.op == Op::select) read(i.c);
  }
  return stored;
}

}  // namespace

BoundProgram::BoundProgram(const Program& program, std::span<const Input> inputs, std::span<double* const> outputs,
                           std::size_t n)
    : n_(n) {
  if (n == 0 || n % 8 != 0 || n > Program::block_lanes || outputs.size() < program.n_outputs())
    throw std::invalid_argument("expr::BoundProgram: lanes or outputs do not fit");
  registers_.assign(program.n_registers_ * n, 0.0);
  std::vector<double*> place(program.n_registers_);
  std::vector<const double*> source(program.n_registers_, nullptr);  // of registers that are never written
  std::vector<const double*> number(program.n_registers_, nullptr);  // of those that hold one value in all lanes
  numbers_.reserve((program.constants_.size() + program.loads_.size()) * 8);
  for (std::size_t r = 0; r < place.size(); ++r) place[r] = registers_.data() + r * n;
  const auto set_number = [&](std::size_t i, double value) {
    std::fill_n(place[i], n, value);
    source[i] = place[i];
    number[i] = numbers_.data() + numbers_.size();
    numbers_.insert(numbers_.end(), 8, value);
  };
  for (const auto& [r, value] : program.constants_) set_number(static_cast<std::size_t>(r), value);
  std::vector<const double*> columns;  // that are read
  for (const auto& load : program.loads_) {
    const auto slot = static_cast<std::size_t>(load.slot), i = static_cast<std::size_t>(load.target);
    if (slot >= inputs.size() || inputs[slot].data == nullptr || inputs[slot].stride > 1)
      throw std::invalid_argument("expr::BoundProgram: an input is missing");
    source[i] = inputs[slot].data;
    if (inputs[slot].stride == 0) {
      set_number(i, *inputs[slot].data);
    } else {
      columns.push_back(inputs[slot].data);
    }
  }
  std::sort(columns.begin(), columns.end());
  // An output's register is written last by the output's own instruction, so all its values may live in the output.
  std::vector<char> is_output(place.size(), 0);
  for (std::size_t k = 0; k < program.output_registers_.size(); ++k) {
    const auto i = static_cast<std::size_t>(program.output_registers_[k]);
    if (std::binary_search(columns.begin(), columns.end(), outputs[k]))
      throw std::invalid_argument("expr::BoundProgram: an output is an input");
    if (source[i] != nullptr || is_output[i] != 0) {
      copies_.emplace_back(source[i] != nullptr ? source[i] : place[i], outputs[k]);
      continue;
    }
    place[i] = outputs[k];
    is_output[i] = 1;
  }
  const auto column = [&](std::int32_t r) -> const double* {
    const auto i = static_cast<std::size_t>(std::max(r, 0));
    return source[i] != nullptr ? source[i] : place[i];
  };
  const auto number_of = [&](std::int32_t r) { return r < 0 ? nullptr : number[static_cast<std::size_t>(r)]; };
  std::vector<Access> accesses;
  std::int32_t in_accumulator = -1;
  for (const Program::Instruction& one : program.code_) {
    Instruction bound;
    bound.op = one.op;
    bound.whole = is_whole_power(one);
    bound.exponent = bound.whole ? one.c : 0;
    bound.target = place[static_cast<std::size_t>(one.target)];
    Access access;
    const bool first = one.a == in_accumulator;
    access.second = !first && one.b >= 0 && one.b == in_accumulator;
    access.kind = kind_of(one, access.second);
    in_accumulator = one.target;
    if (access.kind == Kind::elsewhere) {
      access.second = false;
      bound.a = column(one.a), bound.b = column(one.b), bound.c = one.op == Op::select ? column(one.c) : bound.a;
      in_accumulator = -1;
    } else {
      access.from = first || access.second ? From::last : number_of(one.a) != nullptr ? From::number : From::column;
      bound.a = access.from == From::number ? number_of(one.a) : column(one.a);
      const std::int32_t other = access.second ? one.a : one.b;
      access.number = number_of(other) != nullptr;
      bound.b = access.number ? number_of(other) : column(other);
    }
    accesses.push_back(access);
    code_.push_back(bound);
  }
  const std::vector<char> stored = are_stored(program.code_, accesses, std::move(is_output));
  for (std::size_t k = 0; k < code_.size(); ++k)
    code_[k].form = form_of(accesses[k].kind, accesses[k].from, accesses[k].number, stored[k] != 0);
}

void BoundProgram::run() const {
  execute(code_, n_);
  for (const auto& [from, to] : copies_) std::copy_n(from, n_, to);
}

}  // namespace senoma::expr
