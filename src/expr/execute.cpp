#include "expr/execute.h"

#include "base/kernel.h"
#include "expr/operations.h"

namespace senoma::expr {

namespace {

constexpr std::size_t block = Program::block_lanes;

template <Op op>
SENOMA_INLINE void each(double* t, const double* a, const double* b, const double* c, std::size_t lanes) {
#pragma GCC ivdep  // a target may be an operand's register: lane by lane, that is no dependency
  for (std::size_t l = 0; l < lanes; ++l) t[l] = plain<op>(a[l], b[l], c[l]);
}

/// The multiplications of math::whole_power in the same order, over lanes.
SENOMA_INLINE void whole_powers(double* t, const double* a, int n, std::size_t lanes) {
  alignas(64) double square[block], result[block];
  for (std::size_t l = 0; l < lanes; ++l) square[l] = a[l];
  for (std::size_t l = 0; l < lanes; ++l) result[l] = 1.0;
  bool first = true;
  for (unsigned m = static_cast<unsigned>(n < 0 ? -n : n); m != 0; m >>= 1) {
    if ((m & 1U) != 0 && first) {
      for (std::size_t l = 0; l < lanes; ++l) result[l] = square[l];
      first = false;
    } else if ((m & 1U) != 0) {
      for (std::size_t l = 0; l < lanes; ++l) result[l] *= square[l];
    }
    if (m > 1) {
      for (std::size_t l = 0; l < lanes; ++l) square[l] *= square[l];
    }
  }
  for (std::size_t l = 0; l < lanes; ++l) t[l] = n < 0 ? 1.0 / result[l] : result[l];
}

struct Operands {
  double* target;
  const double *a, *b, *c;
};

SENOMA_INLINE Operands operands(const Program::Instruction& i, double* registers) {
  const auto column = [registers](std::int32_t r) {
    return registers + (r > 0 ? static_cast<std::size_t>(r) * block : 0);
  };
  return {column(i.target), column(i.a), column(i.b), i.op == Op::select ? column(i.c) : registers};
}

/// Functions whose loops live in base/math (compiled for each instruction set there) or are exact in the C library.
void call(Op op, const Operands& o, std::size_t lanes) {
  switch (op) {
    case Op::power:
      return math::pow(o.a, o.b, o.target, lanes);
    case Op::exp:
      return math::exp(o.a, o.target, lanes);
    case Op::ln:
      return math::log(o.a, o.target, lanes);
    case Op::log10:
      return math::log10(o.a, o.target, lanes);
    case Op::sin:
      return math::sin(o.a, o.target, lanes);
    case Op::cos:
      return math::cos(o.a, o.target, lanes);
    case Op::tan:
      return math::tan(o.a, o.target, lanes);
    case Op::sinh:
      return math::sinh(o.a, o.target, lanes);
    case Op::cosh:
      return math::cosh(o.a, o.target, lanes);
    case Op::tanh:
      return math::tanh(o.a, o.target, lanes);
    case Op::arcsin:
      return math::asin(o.a, o.target, lanes);
    case Op::arccos:
      return math::acos(o.a, o.target, lanes);
    case Op::arctan:
      return math::atan(o.a, o.target, lanes);
    case Op::arcsinh:
      return math::asinh(o.a, o.target, lanes);
    case Op::arccosh:
      return math::acosh(o.a, o.target, lanes);
    case Op::arctanh:
      return math::atanh(o.a, o.target, lanes);
    case Op::factorial:
      for (std::size_t l = 0; l < lanes; ++l) o.target[l] = math::factorial(o.a[l]);
      return;
    case Op::remainder:
      for (std::size_t l = 0; l < lanes; ++l) o.target[l] = remainder_of(o.a[l], o.b[l]);
      return;
    case Op::quotient:
      for (std::size_t l = 0; l < lanes; ++l) o.target[l] = quotient_of(o.a[l], o.b[l]);
      return;
    default:
      return;
  }
}

/// One instruction. `whole`: a power with the whole exponent `exponent`.
SENOMA_INLINE void apply(Op op, const Operands& o, bool whole, int exponent, std::size_t lanes) {
#define SENOMA_EACH(name)                           \
  case Op::name:                                    \
    each<Op::name>(o.target, o.a, o.b, o.c, lanes); \
    break
  switch (op) {
    SENOMA_EACH(add);
    SENOMA_EACH(subtract);
    SENOMA_EACH(multiply);
    SENOMA_EACH(divide);
    SENOMA_EACH(negate);
    SENOMA_EACH(abs);
    SENOMA_EACH(sqrt);
    SENOMA_EACH(floor);
    SENOMA_EACH(ceiling);
    SENOMA_EACH(sign);
    SENOMA_EACH(minimum);
    SENOMA_EACH(maximum);
    SENOMA_EACH(less);
    SENOMA_EACH(less_equal);
    SENOMA_EACH(greater);
    SENOMA_EACH(greater_equal);
    SENOMA_EACH(equal);
    SENOMA_EACH(not_equal);
    SENOMA_EACH(logical_and);
    SENOMA_EACH(logical_or);
    SENOMA_EACH(logical_xor);
    SENOMA_EACH(logical_not);
    SENOMA_EACH(select);
    case Op::power:
      if (whole) {
        whole_powers(o.target, o.a, exponent, lanes);
        break;
      }
      [[fallthrough]];
    default:
      call(op, o, lanes);
  }
#undef SENOMA_EACH
}

SENOMA_KERNEL(void, run_all, (const Program::Instruction* code, std::size_t n, double* registers, std::size_t groups),
              (code, n, registers, groups)) {
  for (std::size_t k = 0; k < n; ++k)
    apply(code[k].op, operands(code[k], registers), code[k].b < 0, code[k].c, groups * 8);
}

SENOMA_KERNEL(void, run_one, (Op op, const Operands& o, bool whole, int exponent, std::size_t lanes),
              (op, o, whole, exponent, lanes)) {
  apply(op, o, whole, exponent, lanes);
}

}  // namespace

void execute(std::span<const Program::Instruction> code, double* registers, std::size_t groups) {
  run_all(code.data(), code.size(), registers, groups);
}

void execute_one(const BoundProgram::Instruction& i, std::size_t begin, std::size_t lanes) {
  run_one(i.op, {i.target + begin, i.a + begin, i.b + begin, i.c + begin}, i.whole, i.exponent, lanes);
}

}  // namespace senoma::expr
