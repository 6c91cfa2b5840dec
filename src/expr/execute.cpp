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

template <Op op, Op then>
SENOMA_INLINE void both(double* t, const double* a, const double* b, const double* c, std::size_t lanes) {
#pragma GCC ivdep
  for (std::size_t l = 0; l < lanes; ++l) {
    const double first = plain<op>(a[l], b[l], 0.0);
    t[l] = then == Op::negate ? c[l] - first : plain<then>(first, c[l], 0.0);
  }
}

template <Op op>
SENOMA_INLINE void pair(const BoundProgram::Instruction& i, std::size_t lanes) {
  switch (i.then) {
    case Op::add:
      return both<op, Op::add>(i.target, i.a, i.b, i.c, lanes);
    case Op::multiply:
      return both<op, Op::multiply>(i.target, i.a, i.b, i.c, lanes);
    case Op::subtract:
      return both<op, Op::subtract>(i.target, i.a, i.b, i.c, lanes);
    default:
      return both<op, Op::negate>(i.target, i.a, i.b, i.c, lanes);
  }
}

template <std::size_t Lanes>  // 0: as many as `lanes` says
SENOMA_INLINE void bound_loop(const BoundProgram::Instruction* code, std::size_t n, std::size_t lanes) {
  for (std::size_t k = 0; k < n; ++k) {
    const BoundProgram::Instruction& i = code[k];
    const std::size_t n_lanes = Lanes > 0 ? Lanes : lanes;
    if (i.then == Op::constant) {
      apply(i.op, {i.target, i.a, i.b, i.c}, i.whole_power, i.exponent, n_lanes);
    } else if (i.op == Op::multiply) {
      pair<Op::multiply>(i, n_lanes);
    } else if (i.op == Op::add) {
      pair<Op::add>(i, n_lanes);
    } else {
      pair<Op::subtract>(i, n_lanes);
    }
  }
}

SENOMA_KERNEL(void, run_bound, (const BoundProgram::Instruction* code, std::size_t n, std::size_t lanes),
              (code, n, lanes)) {
  if (lanes == 32) {  // the packs of network/pack_stepper.h: loops without a counter
    bound_loop<32>(code, n, lanes);
  } else {
    bound_loop<0>(code, n, lanes);
  }
}

}  // namespace

void execute(std::span<const Program::Instruction> code, double* registers, std::size_t groups) {
  run_all(code.data(), code.size(), registers, groups);
}

void execute(std::span<const BoundProgram::Instruction> code, std::size_t n) { run_bound(code.data(), code.size(), n); }

}  // namespace senoma::expr
