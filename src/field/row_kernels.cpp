#include "field/row_kernels.h"

#include "base/kernel.h"

namespace senoma::field {

namespace {

// Rounds to multiples of about 1e-27, far below what matters beside values near one.
SENOMA_INLINE float flushed(float value) { return (value + 1e-20f) - 1e-20f; }
SENOMA_INLINE float narrowed_to(double value) { return static_cast<float>((value + 1e-11) - 1e-11); }

constexpr std::size_t n_lanes = 8;

SENOMA_INLINE double lane_total(const double* lane) {
  return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

// Σ a b in eight lanes.
template <class A, class B>
SENOMA_INLINE double dot_lanes(const A* a, const B* b, std::size_t n) {
  double lane[n_lanes] = {};
  std::size_t i = 0;
  for (; i + n_lanes <= n; i += n_lanes) {
    for (std::size_t l = 0; l < n_lanes; ++l) lane[l] += static_cast<double>(a[i + l]) * static_cast<double>(b[i + l]);
  }
  for (std::size_t l = 0; i < n; ++i, ++l) lane[l] += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return lane_total(lane);
}

}  // namespace

SENOMA_KERNEL(double, dot, (const double* a, const double* b, std::size_t n), (a, b, n)) { return dot_lanes(a, b, n); }
SENOMA_KERNEL(double, dot, (const float* a, const float* b, std::size_t n), (a, b, n)) { return dot_lanes(a, b, n); }
SENOMA_KERNEL(double, dot, (const float* a, const double* b, std::size_t n), (a, b, n)) { return dot_lanes(a, b, n); }

SENOMA_KERNEL(double, sum, (const double* a, std::size_t n), (a, n)) {
  double lane[n_lanes] = {};
  std::size_t i = 0;
  for (; i + n_lanes <= n; i += n_lanes) {
    for (std::size_t l = 0; l < n_lanes; ++l) lane[l] += a[i + l];
  }
  for (std::size_t l = 0; i < n; ++i, ++l) lane[l] += a[i];
  return lane_total(lane);
}

SENOMA_KERNEL(void, multiply, (const float* a, const float* b, float* out, std::size_t n), (a, b, out, n)) {
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) out[i] = flushed(a[i] * b[i]);
}

SENOMA_KERNEL(void, add_scaled, (float weight, const float* __restrict a, float* __restrict out, std::size_t n),
              (weight, a, out, n)) {
  for (std::size_t i = 0; i < n; ++i) out[i] += weight * a[i];
}

SENOMA_KERNEL(void, add_scaled, (double weight, const double* __restrict a, double* __restrict out, std::size_t n),
              (weight, a, out, n)) {
  for (std::size_t i = 0; i < n; ++i) out[i] += weight * a[i];
}

SENOMA_KERNEL(void, combine,
              (float keep, float weight, const float* __restrict a, float* __restrict out, std::size_t n),
              (keep, weight, a, out, n)) {
  for (std::size_t i = 0; i < n; ++i) out[i] = flushed(keep * out[i] + weight * a[i]);
}

SENOMA_KERNEL(void, narrow, (double weight, const double* __restrict a, float* __restrict out, std::size_t n),
              (weight, a, out, n)) {
  for (std::size_t i = 0; i < n; ++i) out[i] = narrowed_to(weight * a[i]);
}

SENOMA_KERNEL(void, advance, (double alpha, const float* __restrict p, double* __restrict x, std::size_t n),
              (alpha, p, x, n)) {
  for (std::size_t i = 0; i < n; ++i) x[i] += alpha * static_cast<double>(p[i]);
}

SENOMA_KERNEL(void, turn,
              (double alpha, double beta, const float* __restrict z, float* __restrict p, double* __restrict x,
               std::size_t n),
              (alpha, beta, z, p, x, n)) {
  for (std::size_t i = 0; i < n; ++i) {
    const auto before = static_cast<double>(p[i]);
    x[i] += alpha * before;
    p[i] = narrowed_to(static_cast<double>(z[i]) + beta * before);
  }
}

SENOMA_KERNEL(double, descend,
              (double alpha, double weight, const double* __restrict q, double* __restrict r,
               float* __restrict narrowed, std::size_t n),
              (alpha, weight, q, r, narrowed, n)) {
  double lane[n_lanes] = {};
  std::size_t i = 0;
  for (; i + n_lanes <= n; i += n_lanes) {
    for (std::size_t l = 0; l < n_lanes; ++l) {
      r[i + l] -= alpha * q[i + l];
      lane[l] += r[i + l] * r[i + l];
      narrowed[i + l] = narrowed_to(weight * r[i + l]);
    }
  }
  for (std::size_t l = 0; i < n; ++i, ++l) {
    r[i] -= alpha * q[i];
    lane[l] += r[i] * r[i];
    narrowed[i] = narrowed_to(weight * r[i]);
  }
  return lane_total(lane);
}

}  // namespace senoma::field
