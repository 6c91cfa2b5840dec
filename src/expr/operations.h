// What every operation does to one lane, shared by evaluate(), constant folding and the vector programs, so that all
// three give the same bits.
#pragma once

#include <cmath>
#include <limits>

#include "base/kernel.h"
#include "base/math.h"
#include "expr/graph.h"

namespace senoma::expr {

[[nodiscard]] constexpr int arity(Op op) {
  switch (op) {
    case Op::constant:
    case Op::variable:
      return 0;
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::divide:
    case Op::power:
    case Op::minimum:
    case Op::maximum:
    case Op::remainder:
    case Op::quotient:
    case Op::less:
    case Op::less_equal:
    case Op::greater:
    case Op::greater_equal:
    case Op::equal:
    case Op::not_equal:
    case Op::logical_and:
    case Op::logical_or:
    case Op::logical_xor:
      return 2;
    case Op::select:
      return 3;
    default:
      return 1;
  }
}

/// a∘b = b∘a for every pair of values, so that the operands may be put in one order.
[[nodiscard]] constexpr bool commutative(Op op) {
  return op == Op::add || op == Op::multiply || op == Op::equal || op == Op::not_equal || op == Op::logical_and ||
         op == Op::logical_or || op == Op::logical_xor;
}

/// The operations that are plain arithmetic, as expressions the compiler vectorises in a loop.
template <Op op>
SENOMA_INLINE double plain([[maybe_unused]] double a, [[maybe_unused]] double b, [[maybe_unused]] double c) {
  if constexpr (op == Op::add) return a + b;
  if constexpr (op == Op::subtract) return a - b;
  if constexpr (op == Op::multiply) return a * b;
  if constexpr (op == Op::divide) return a / b;
  if constexpr (op == Op::negate) return -a;
  if constexpr (op == Op::abs) return std::fabs(a);
  if constexpr (op == Op::sqrt) return std::sqrt(a);
  if constexpr (op == Op::floor) return std::floor(a);
  if constexpr (op == Op::ceiling) return std::ceil(a);
  if constexpr (op == Op::sign) return a > 0.0 ? 1.0 : a < 0.0 ? -1.0 : a;  // keeps ±0 and NaN
  if constexpr (op == Op::minimum) return ((a < b) | (a != a)) ? a : b;     // NaN if either is
  if constexpr (op == Op::maximum) return ((a > b) | (a != a)) ? a : b;
  if constexpr (op == Op::less) return a < b ? 1.0 : 0.0;
  if constexpr (op == Op::less_equal) return a <= b ? 1.0 : 0.0;
  if constexpr (op == Op::greater) return a > b ? 1.0 : 0.0;
  if constexpr (op == Op::greater_equal) return a >= b ? 1.0 : 0.0;
  if constexpr (op == Op::equal) return a == b ? 1.0 : 0.0;
  if constexpr (op == Op::not_equal) return a != b ? 1.0 : 0.0;
  if constexpr (op == Op::logical_and) return ((a != 0.0) & (b != 0.0)) ? 1.0 : 0.0;
  if constexpr (op == Op::logical_or) return ((a != 0.0) | (b != 0.0)) ? 1.0 : 0.0;
  if constexpr (op == Op::logical_xor) return ((a != 0.0) != (b != 0.0)) ? 1.0 : 0.0;
  if constexpr (op == Op::logical_not) return a != 0.0 ? 0.0 : 1.0;
  if constexpr (op == Op::select) return a != 0.0 ? b : c;
}

// fmod and trunc are exact by definition, so the C library cannot change their bits.
inline double remainder_of(double a, double b) { return std::fmod(a, b); }
inline double quotient_of(double a, double b) { return std::trunc(a / b); }

/// A constant whole exponent up to this size is done by multiplication (math::whole_power) instead of math::pow.
inline constexpr double largest_whole_exponent = 16.0;
[[nodiscard]] inline bool is_small_whole(double exponent) {
  return std::fabs(exponent) <= largest_whole_exponent && exponent == std::floor(exponent);
}

/// Any operation with operands. `constant_exponent`: b comes from a constant node (which selects whole powers).
[[nodiscard]] double apply(Op op, double a, double b, double c, bool constant_exponent);

/// The ids reachable from the roots, ascending: operands always come before their users.
[[nodiscard]] std::vector<NodeId> reachable(const Graph& graph, std::span<const NodeId> roots);

}  // namespace senoma::expr
