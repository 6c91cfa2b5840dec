#include "base/math.h"

#include "base/kernel.h"
#include "base/math_core.h"

namespace senoma::math {

double exp(double x) { return core::exp(x); }
double log(double x) { return core::log(x); }
double pow(double x, double y) { return core::pow(x, y); }
double sin(double x) { return core::sin(x); }
double cos(double x) { return core::cos(x); }

SENOMA_KERNEL void exp(const double* x, double* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = core::exp(x[i]);
}
SENOMA_KERNEL void log(const double* x, double* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = core::log(x[i]);
}
SENOMA_KERNEL void pow(const double* x, const double* y, double* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = core::pow(x[i], y[i]);
}

}  // namespace senoma::math
