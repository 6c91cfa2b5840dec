// The innermost loops of a vector program.
#pragma once

#include <span>

#include "expr/bound_program.h"
#include "expr/program.h"

namespace senoma::expr {

/// Runs the instructions over 8·groups lanes of a register file with Program::block_lanes doubles per register.
void execute(std::span<const Program::Instruction> code, double* registers, std::size_t groups);
/// Runs the instructions over n lanes, a multiple of 8 and at most Program::block_lanes.
void execute(std::span<const BoundProgram::Instruction> code, std::size_t n);
/// One operation from columns to a column, over lanes [begin, begin + lanes).
void execute_one(const BoundProgram::Instruction& instruction, std::size_t begin, std::size_t lanes);

}  // namespace senoma::expr
