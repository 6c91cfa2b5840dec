// A program tied to its columns: for loops that run one program again and again over few lanes, where copying values in
// and out would cost as much as computing. Constants and inputs of stride 0 are laid out once; columns are read and
// written in place. The bits are those of Program::run.
//
// Thread statement: one thread per object; the columns outlive it.
#pragma once

#include <cstddef>
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

  /// An instruction whose operands are columns, or two of + − · in one, (a op b) then c, rounded in between.
  struct Instruction {
    Op op;
    bool whole_power = false;
    Op then = Op::constant;     ///< constant: nothing; add, multiply, subtract: (a op b) − c; negate: c − (a op b)
    std::int32_t exponent = 0;  ///< see Program::Instruction::c
    double* target = nullptr;
    const double *a = nullptr, *b = nullptr, *c = nullptr;
  };

 private:
  std::size_t n_ = 0;
  Column<double> registers_;  // [register][lane], of values that live in no column of the caller
  std::vector<Instruction> code_;
  std::vector<std::pair<const double*, double*>> copies_;  // outputs that are inputs, constants or other outputs
};

}  // namespace senoma::expr
