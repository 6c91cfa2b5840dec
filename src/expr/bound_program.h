// A program tied to its columns: for loops that run one program again and again over few lanes, where copying values in
// and out would cost as much as computing. Constants and inputs of stride 0 are kept as single numbers; columns are
// read and written in place. The bits are those of Program::run.
//
// Arithmetic passes from one instruction to the next in an accumulator (vector registers that hold all lanes), and goes
// to a column only where a later instruction or the caller reads it.
//
// Thread statement: one thread per object; the columns outlive it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/aligned.h"
#include "expr/program.h"

namespace senoma::expr {

class BoundProgram {
 public:
  BoundProgram() = default;
  /// `n` lanes, a multiple of 8 and at most Program::block_lanes. Inputs have stride 1 or 0; the values of those with
  /// stride 0 are read now, once. No output may be the column of an input. Throws std::invalid_argument otherwise.
  BoundProgram(const Program& program, std::span<const Input> inputs, std::span<double* const> outputs, std::size_t n);
  BoundProgram(BoundProgram&&) = default;
  BoundProgram& operator=(BoundProgram&&) = default;

  void run() const;

  /// What an instruction does with the accumulator r and its operand b.
  enum class Kind : std::uint8_t {
    add,            ///< r + b
    subtract,       ///< r − b
    subtract_from,  ///< b − r
    multiply,       ///< r · b
    divide,         ///< r / b
    divide_into,    ///< b / r
    negate,         ///< −r
    whole_power,    ///< r^exponent
    elsewhere       ///< any operation, from columns to a column; the accumulator is lost
  };
  /// What the accumulator holds at first: the last result, the column a or the number a.
  enum class From : std::uint8_t { last, column, number };

  /// `number`: b is one number (eight times), not a column; `store`: the result goes to target too.
  [[nodiscard]] static constexpr std::uint8_t form_of(Kind kind, From from, bool number, bool store) {
    return static_cast<std::uint8_t>(
        ((static_cast<int>(kind) * 3 + static_cast<int>(from)) * 2 + (number ? 1 : 0)) * 2 + (store ? 1 : 0));
  }

  struct Instruction {
    std::uint8_t form = form_of(Kind::elsewhere, From::column, false, true);
    Op op = Op::constant;
    bool whole = false;  ///< a power with the whole exponent `exponent`
    std::int32_t exponent = 0;
    double* target = nullptr;
    const double *a = nullptr, *b = nullptr, *c = nullptr;
  };

 private:
  std::size_t n_ = 0;
  Column<double> registers_;  // [register][lane], of values that live in no column of the caller
  Column<double> numbers_;    // each eight times, for one vector
  std::vector<Instruction> code_;
  std::vector<std::pair<const double*, double*>> copies_;  // outputs that are inputs, constants or other outputs
};

}  // namespace senoma::expr
