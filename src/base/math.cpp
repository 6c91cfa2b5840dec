#include "base/math.h"

#include "base/kernel.h"
#include "base/math_core.h"
#include "base/math_inverse.h"

namespace senoma::math {

// The scalar call and the loop share one body, which is why their bits agree. ivdep: in and out may be the same array,
// and the check for overlap would then choose the scalar loop.
#define SENOMA_UNARY(name, body)                                                          \
  double name(double x) { return core::body(x); }                                         \
  SENOMA_KERNEL(void, name, (const double* x, double* out, std::size_t n), (x, out, n)) { \
    _Pragma("GCC ivdep") for (std::size_t i = 0; i < n; ++i) out[i] = core::body(x[i]);   \
  }

SENOMA_UNARY(exp, exp)
SENOMA_UNARY(log, log)
SENOMA_UNARY(log10, log10)
SENOMA_UNARY(sin, sin)
SENOMA_UNARY(cos, cos)
SENOMA_UNARY(tan, tan)
SENOMA_UNARY(sinh, sinh)
SENOMA_UNARY(cosh, cosh)
SENOMA_UNARY(tanh, tanh)
SENOMA_UNARY(asin, asin)
SENOMA_UNARY(acos, acos)
SENOMA_UNARY(atan, atan)
SENOMA_UNARY(asinh, arsinh)
SENOMA_UNARY(acosh, arcosh)
SENOMA_UNARY(atanh, artanh)
#undef SENOMA_UNARY

double pow(double x, double y) { return core::pow(x, y); }
SENOMA_KERNEL(void, pow, (const double* x, const double* y, double* out, std::size_t n), (x, y, out, n)) {
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) out[i] = core::pow(x[i], y[i]);
}

double whole_power(double x, int n) { return core::whole_power(x, n); }

double factorial(double x) {
  if (!(x >= 0.0) || x != std::floor(x)) return core::not_a_number;
  if (x > 170.0) return core::infinity;
  core::Pair product{0x1p-64,
                     0.0};  // two doubles, so that one rounding remains; scaled, since splitting needs headroom
  for (double i = 2.0; i <= x; i += 1.0) product = core::product(product, {i, 0.0});
  return (product.hi + product.lo) * 0x1p64;
}

}  // namespace senoma::math
