#include "field/row_kernels.h"

#include "base/kernel.h"

namespace senoma::field {

namespace {

template <bool planar>
SENOMA_INLINE double coupling_at(const HalfRow& x, const UniformCoupling& g, std::size_t m) {
  const double flat = g.x * (x.west[m] + x.east[m]) + g.y * (x.south[m] + x.north[m]);
  if constexpr (planar) return flat;
  return flat + g.z * (x.down[m] + x.up[m]);
}

template <bool planar>
SENOMA_INLINE double coupling_at(const HalfRow& x, const FaceCoupling& g, std::size_t m) {
  const double flat =
      (g.west[m] * x.west[m] + g.east[m] * x.east[m]) + (g.south[m] * x.south[m] + g.north[m] * x.north[m]);
  if constexpr (planar) return g.scale * flat;
  return g.scale * (flat + (g.down[m] * x.down[m] + g.up[m] * x.up[m]));
}

SENOMA_INLINE bool is_planar(const UniformCoupling& g) { return g.z == 0.0; }
SENOMA_INLINE bool is_planar(const FaceCoupling& g) { return g.planar; }

template <bool planar, class Coupling>
SENOMA_INLINE void relax_loop(const HalfRow x, const Coupling g, const double* __restrict b,
                              const double* __restrict diagonal, double* __restrict out) {
#pragma GCC ivdep
  for (std::size_t m = 0; m < x.count; ++m) out[m] = (b[m] + coupling_at<planar>(x, g, m)) / diagonal[m];
}

template <bool planar, class Coupling>
SENOMA_INLINE void couple_loop(const HalfRow x, const Coupling g, double* __restrict out) {
#pragma GCC ivdep
  for (std::size_t m = 0; m < x.count; ++m) out[m] = coupling_at<planar>(x, g, m);
}

template <bool planar, class Coupling>
SENOMA_INLINE void apply_loop(const HalfRow x, const Coupling g, const double* __restrict diagonal,
                              const double* __restrict centre, double* __restrict out) {
#pragma GCC ivdep
  for (std::size_t m = 0; m < x.count; ++m) out[m] = diagonal[m] * centre[m] - coupling_at<planar>(x, g, m);
}

constexpr std::size_t n_lanes = 8;

SENOMA_INLINE double lane_total(const double* lane) {
  return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

}  // namespace

SENOMA_KERNEL(void, relax,
              (const HalfRow& x, const UniformCoupling& g, const double* b, const double* diagonal, double* out),
              (x, g, b, diagonal, out)) {
  is_planar(g) ? relax_loop<true>(x, g, b, diagonal, out) : relax_loop<false>(x, g, b, diagonal, out);
}
SENOMA_KERNEL(void, relax,
              (const HalfRow& x, const FaceCoupling& g, const double* b, const double* diagonal, double* out),
              (x, g, b, diagonal, out)) {
  is_planar(g) ? relax_loop<true>(x, g, b, diagonal, out) : relax_loop<false>(x, g, b, diagonal, out);
}
SENOMA_KERNEL(void, couple, (const HalfRow& x, const UniformCoupling& g, double* out), (x, g, out)) {
  is_planar(g) ? couple_loop<true>(x, g, out) : couple_loop<false>(x, g, out);
}
SENOMA_KERNEL(void, couple, (const HalfRow& x, const FaceCoupling& g, double* out), (x, g, out)) {
  is_planar(g) ? couple_loop<true>(x, g, out) : couple_loop<false>(x, g, out);
}
SENOMA_KERNEL(void, apply,
              (const HalfRow& x, const UniformCoupling& g, const double* diagonal, const double* centre, double* out),
              (x, g, diagonal, centre, out)) {
  is_planar(g) ? apply_loop<true>(x, g, diagonal, centre, out) : apply_loop<false>(x, g, diagonal, centre, out);
}
SENOMA_KERNEL(void, apply,
              (const HalfRow& x, const FaceCoupling& g, const double* diagonal, const double* centre, double* out),
              (x, g, diagonal, centre, out)) {
  is_planar(g) ? apply_loop<true>(x, g, diagonal, centre, out) : apply_loop<false>(x, g, diagonal, centre, out);
}

SENOMA_KERNEL(double, dot, (const double* a, const double* b, std::size_t n), (a, b, n)) {
  double lane[n_lanes] = {};
  std::size_t i = 0;
  for (; i + n_lanes <= n; i += n_lanes) {
    for (std::size_t l = 0; l < n_lanes; ++l) lane[l] += a[i + l] * b[i + l];
  }
  for (std::size_t l = 0; i < n; ++i, ++l) lane[l] += a[i] * b[i];
  return lane_total(lane);
}

SENOMA_KERNEL(double, sum, (const double* a, std::size_t n), (a, n)) {
  double lane[n_lanes] = {};
  std::size_t i = 0;
  for (; i + n_lanes <= n; i += n_lanes) {
    for (std::size_t l = 0; l < n_lanes; ++l) lane[l] += a[i + l];
  }
  for (std::size_t l = 0; i < n; ++i, ++l) lane[l] += a[i];
  return lane_total(lane);
}

SENOMA_KERNEL(void, divide,
              (const double* __restrict numerator, const double* __restrict denominator, double* __restrict out,
               std::size_t n),
              (numerator, denominator, out, n)) {
  for (std::size_t i = 0; i < n; ++i) out[i] = numerator[i] / denominator[i];
}

SENOMA_KERNEL(void, add_scaled, (double weight, const double* __restrict a, double* __restrict out, std::size_t n),
              (weight, a, out, n)) {
  for (std::size_t i = 0; i < n; ++i) out[i] += weight * a[i];
}

SENOMA_KERNEL(void, scale_and_add, (double weight, const double* __restrict a, double* __restrict out, std::size_t n),
              (weight, a, out, n)) {
  for (std::size_t i = 0; i < n; ++i) out[i] = a[i] + weight * out[i];
}

SENOMA_KERNEL(double, descend,
              (double alpha, const double* __restrict p, const double* __restrict q, double* __restrict x,
               double* __restrict r, std::size_t n),
              (alpha, p, q, x, r, n)) {
  double lane[n_lanes] = {};
  std::size_t i = 0;
  for (; i + n_lanes <= n; i += n_lanes) {
    for (std::size_t l = 0; l < n_lanes; ++l) {
      x[i + l] += alpha * p[i + l];
      r[i + l] -= alpha * q[i + l];
      lane[l] += r[i + l] * r[i + l];
    }
  }
  for (std::size_t l = 0; i < n; ++i, ++l) {
    x[i] += alpha * p[i];
    r[i] -= alpha * q[i];
    lane[l] += r[i] * r[i];
  }
  return lane_total(lane);
}

SENOMA_KERNEL(double, subtract_from, (const double* __restrict b, double* __restrict r, std::size_t n), (b, r, n)) {
  double lane[n_lanes] = {};
  std::size_t i = 0;
  for (; i + n_lanes <= n; i += n_lanes) {
    for (std::size_t l = 0; l < n_lanes; ++l) {
      r[i + l] = b[i + l] - r[i + l];
      lane[l] += r[i + l] * r[i + l];
    }
  }
  for (std::size_t l = 0; i < n; ++i, ++l) {
    r[i] = b[i] - r[i];
    lane[l] += r[i] * r[i];
  }
  return lane_total(lane);
}

}  // namespace senoma::field
