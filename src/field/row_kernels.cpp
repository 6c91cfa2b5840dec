#include "field/row_kernels.h"

#include "base/kernel.h"

namespace senoma::field {

namespace {

// Σ g x over the six faces, in the precision of the conductances.
template <bool planar, class X, class G>
SENOMA_INLINE G coupling_at(const HalfRow<X>& x, const UniformCoupling<G>& g, std::size_t m) {
  const G flat = g.x * (G(x.west[m]) + G(x.east[m])) + g.y * (G(x.south[m]) + G(x.north[m]));
  if constexpr (planar) return flat;
  return flat + g.z * (G(x.down[m]) + G(x.up[m]));
}

template <bool planar, class X, class G>
SENOMA_INLINE G coupling_at(const HalfRow<X>& x, const FaceCoupling<G>& g, std::size_t m) {
  const G flat =
      (g.west[m] * G(x.west[m]) + g.east[m] * G(x.east[m])) + (g.south[m] * G(x.south[m]) + g.north[m] * G(x.north[m]));
  if constexpr (planar) return g.scale * flat;
  return g.scale * (flat + (g.down[m] * G(x.down[m]) + g.up[m] * G(x.up[m])));
}

template <class T>
SENOMA_INLINE bool is_planar(const UniformCoupling<T>& g) {
  return g.z == T(0);
}
template <class T>
SENOMA_INLINE bool is_planar(const FaceCoupling<T>& g) {
  return g.planar;
}

// Rounds to multiples of about 1e-27, far below what matters beside values near one.
SENOMA_INLINE float flushed(float value) { return (value + 1e-20f) - 1e-20f; }
SENOMA_INLINE float narrowed_to(double value) { return static_cast<float>((value + 1e-11) - 1e-11); }

template <bool planar, class Coupling>
SENOMA_INLINE void relax_loop(const HalfRow<float> x, const Coupling g, const float* __restrict b,
                              const float* __restrict inverse, float* __restrict out) {
#pragma GCC ivdep
  for (std::size_t m = 0; m < x.count; ++m) out[m] = flushed((b[m] + coupling_at<planar>(x, g, m)) * inverse[m]);
}

template <bool planar, class Coupling>
SENOMA_INLINE void residual_loop(const HalfRow<float> x, const Coupling g, const float* __restrict b,
                                 const float* __restrict inverse, const float* __restrict centre,
                                 float* __restrict out) {
#pragma GCC ivdep
  for (std::size_t m = 0; m < x.count; ++m)
    out[m] = flushed((b[m] + coupling_at<planar>(x, g, m)) - centre[m] / inverse[m]);
}

template <bool planar, class X, class Coupling>
SENOMA_INLINE void apply_loop(const HalfRow<X> x, const Coupling g, const double* __restrict diagonal,
                              const X* __restrict centre, double* __restrict out) {
#pragma GCC ivdep
  for (std::size_t m = 0; m < x.count; ++m)
    out[m] = diagonal[m] * static_cast<double>(centre[m]) - coupling_at<planar>(x, g, m);
}

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

SENOMA_KERNEL(void, relax,
              (const HalfRow<float>& x, const UniformCoupling<float>& g, const float* b, const float* inverse,
               float* out),
              (x, g, b, inverse, out)) {
  is_planar(g) ? relax_loop<true>(x, g, b, inverse, out) : relax_loop<false>(x, g, b, inverse, out);
}
SENOMA_KERNEL(void, residual,
              (const HalfRow<float>& x, const UniformCoupling<float>& g, const float* b, const float* inverse,
               const float* centre, float* out),
              (x, g, b, inverse, centre, out)) {
  is_planar(g) ? residual_loop<true>(x, g, b, inverse, centre, out)
               : residual_loop<false>(x, g, b, inverse, centre, out);
}
SENOMA_KERNEL(void, apply,
              (const HalfRow<double>& x, const UniformCoupling<double>& g, const double* diagonal, const double* centre,
               double* out),
              (x, g, diagonal, centre, out)) {
  is_planar(g) ? apply_loop<true>(x, g, diagonal, centre, out) : apply_loop<false>(x, g, diagonal, centre, out);
}
SENOMA_KERNEL(void, apply,
              (const HalfRow<float>& x, const UniformCoupling<double>& g, const double* diagonal, const float* centre,
               double* out),
              (x, g, diagonal, centre, out)) {
  is_planar(g) ? apply_loop<true>(x, g, diagonal, centre, out) : apply_loop<false>(x, g, diagonal, centre, out);
}
SENOMA_KERNEL(void, relax,
              (const HalfRow<float>& x, const FaceCoupling<float>& g, const float* b, const float* inverse, float* out),
              (x, g, b, inverse, out)) {
  is_planar(g) ? relax_loop<true>(x, g, b, inverse, out) : relax_loop<false>(x, g, b, inverse, out);
}
SENOMA_KERNEL(void, residual,
              (const HalfRow<float>& x, const FaceCoupling<float>& g, const float* b, const float* inverse,
               const float* centre, float* out),
              (x, g, b, inverse, centre, out)) {
  is_planar(g) ? residual_loop<true>(x, g, b, inverse, centre, out)
               : residual_loop<false>(x, g, b, inverse, centre, out);
}
SENOMA_KERNEL(void, apply,
              (const HalfRow<double>& x, const FaceCoupling<double>& g, const double* diagonal, const double* centre,
               double* out),
              (x, g, diagonal, centre, out)) {
  is_planar(g) ? apply_loop<true>(x, g, diagonal, centre, out) : apply_loop<false>(x, g, diagonal, centre, out);
}
SENOMA_KERNEL(void, apply,
              (const HalfRow<float>& x, const FaceCoupling<double>& g, const double* diagonal, const float* centre,
               double* out),
              (x, g, diagonal, centre, out)) {
  is_planar(g) ? apply_loop<true>(x, g, diagonal, centre, out) : apply_loop<false>(x, g, diagonal, centre, out);
}
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
