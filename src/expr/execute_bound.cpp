#include "base/kernel.h"
#include "expr/execute.h"

namespace senoma::expr {

namespace {

using Kind = BoundProgram::Kind;
using From = BoundProgram::From;
using Instruction = BoundProgram::Instruction;
using Eight = double __attribute__((vector_size(64), may_alias, aligned(8)));

/// The accumulator: 8·V lanes, in registers where there are as many.
template <std::size_t V>
struct Lanes {
  Eight v[V];
};

SENOMA_INLINE const Eight& at(const double* column, std::size_t j) { return reinterpret_cast<const Eight*>(column)[j]; }

template <Kind kind>
SENOMA_INLINE void combine(Eight& r, const Eight& b) {
  if constexpr (kind == Kind::add) r = r + b;
  if constexpr (kind == Kind::subtract) r = r - b;
  if constexpr (kind == Kind::subtract_from) r = b - r;
  if constexpr (kind == Kind::multiply) r = r * b;
  if constexpr (kind == Kind::divide) r = r / b;
  if constexpr (kind == Kind::divide_into) r = b / r;
}

/// The multiplications of math::whole_power in the same order.
template <std::size_t V>  // n ≠ 0
SENOMA_INLINE void raise(Lanes<V>& r, int n) {
  Lanes<V> square = r;
  bool first = true;
  for (unsigned m = static_cast<unsigned>(n < 0 ? -n : n); m != 0; m >>= 1) {
    if ((m & 1U) != 0) {
      for (std::size_t j = 0; j < V; ++j) r.v[j] = first ? square.v[j] : r.v[j] * square.v[j];
      first = false;
    }
    if (m > 1) {
      for (auto& v : square.v) v *= v;
    }
  }
  if (n < 0) {
    for (auto& v : r.v) v = 1.0 / v;
  }
}

template <Kind kind, From from, bool number, bool store, std::size_t V>
SENOMA_INLINE void step(const Instruction& i, std::size_t begin, Lanes<V>& r) {
  if constexpr (from == From::column) {
    for (std::size_t j = 0; j < V; ++j) r.v[j] = at(i.a + begin, j);
  } else if constexpr (from == From::number) {
    for (auto& v : r.v) v = at(i.a, 0);
  }
  if constexpr (kind == Kind::whole_power) {
    raise(r, i.exponent);
  } else if constexpr (kind == Kind::negate) {
    for (auto& v : r.v) v = -v;
  } else if constexpr (number) {
    for (auto& v : r.v) combine<kind>(v, at(i.b, 0));
  } else {
    for (std::size_t j = 0; j < V; ++j) combine<kind>(r.v[j], at(i.b + begin, j));
  }
  if constexpr (store) {
    for (std::size_t j = 0; j < V; ++j) reinterpret_cast<Eight*>(i.target + begin)[j] = r.v[j];
  }
}

/// All instructions over lanes [begin, begin + 8·V). One case for each combination, so that an instruction costs one
/// jump and the accumulator stays in its registers.
template <std::size_t V>
SENOMA_INLINE void run_lanes(const Instruction* code, std::size_t n, std::size_t begin) {
#define SENOMA_CASE(kind, from, number, store)                       \
  case BoundProgram::form_of(Kind::kind, From::from, number, store): \
    step<Kind::kind, From::from, number, store>(i, begin, r);        \
    break;
#define SENOMA_OPERANDS(kind, from)     \
  SENOMA_CASE(kind, from, false, false) \
  SENOMA_CASE(kind, from, false, true)  \
  SENOMA_CASE(kind, from, true, false)  \
  SENOMA_CASE(kind, from, true, true)
#define SENOMA_KIND(kind)       \
  SENOMA_OPERANDS(kind, last)   \
  SENOMA_OPERANDS(kind, column) \
  SENOMA_OPERANDS(kind, number)
  Lanes<V> r{};
  for (const Instruction* end = code + n; code != end; ++code) {
    const Instruction& i = *code;
    switch (i.form) {
      SENOMA_KIND(add)
      SENOMA_KIND(subtract)
      SENOMA_OPERANDS(subtract_from, last)
      SENOMA_KIND(multiply)
      SENOMA_KIND(divide)
      SENOMA_OPERANDS(divide_into, last)
      SENOMA_KIND(negate)
      SENOMA_KIND(whole_power)
      default:
        execute_one(i, begin, 8 * V);
        r = {};
    }
  }
#undef SENOMA_KIND
#undef SENOMA_OPERANDS
#undef SENOMA_CASE
}

SENOMA_KERNEL(void, run_bound, (const Instruction* code, std::size_t n, std::size_t lanes), (code, n, lanes)) {
  std::size_t begin = 0;
  for (; begin + 32 <= lanes; begin += 32) run_lanes<4>(code, n, begin);
  for (; begin < lanes; begin += 8) run_lanes<1>(code, n, begin);
}

}  // namespace

void execute(std::span<const BoundProgram::Instruction> code, std::size_t n) { run_bound(code.data(), code.size(), n); }

}  // namespace senoma::expr
