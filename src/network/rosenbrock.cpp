#include "network/rosenbrock.h"

#include <cmath>

#include "base/kernel.h"
#include "network/sparse_lu.h"

namespace senoma::network::rodas5p {

namespace {

constexpr std::size_t W = pack_lanes;

/// Σ_{j<Stage} weights[j] · u_j[i], where u_j starts at u + j·n.
template <std::size_t Stage, std::size_t N>
SENOMA_INLINE double weighted_sum(const double (&weights)[N], const double* u, std::size_t n, std::size_t i) {
  double sum = weights[0] * u[i];
#pragma GCC unroll 8
  for (std::size_t j = 1; j < Stage; ++j) sum += weights[j] * u[j * n + i];
  return sum;
}

template <std::size_t Stage>
SENOMA_INLINE void argument_loop(std::size_t n, const double* __restrict y, const double* __restrict u,
                                 double* __restrict out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = y[i] + weighted_sum<Stage>(a[Stage], u, n, i);
}

template <std::size_t Stage>
SENOMA_INLINE void right_side_loop(std::size_t n_states, const double* __restrict f, const double* __restrict u,
                                   const double* __restrict inverse_h, double* __restrict out) {
  const std::size_t n = n_states * W;
  for (std::size_t s = 0; s < n; s += W) {
    for (std::size_t l = 0; l < W; ++l)
      out[s + l] = f[s + l] + weighted_sum<Stage>(c[Stage], u, n, s + l) * inverse_h[l];
  }
}

}  // namespace

SENOMA_KERNEL(void, stage_argument, (std::size_t stage, std::size_t n, const double* y, const double* u, double* out),
              (stage, n, y, u, out)) {
  switch (stage) {
    case 1:
      argument_loop<1>(n, y, u, out);
      break;
    case 2:
      argument_loop<2>(n, y, u, out);
      break;
    case 3:
      argument_loop<3>(n, y, u, out);
      break;
    case 4:
      argument_loop<4>(n, y, u, out);
      break;
    case 5:
      argument_loop<5>(n, y, u, out);
      break;
    default: {
      const double* __restrict last = u + (stage - 1) * n;
      for (std::size_t i = 0; i < n; ++i) out[i] += last[i];
    }
  }
}

SENOMA_KERNEL(void, stage_right_side,
              (std::size_t stage, std::size_t n_states, const double* f, const double* u, const double* inverse_h,
               double* out),
              (stage, n_states, f, u, inverse_h, out)) {
  switch (stage) {
    case 1:
      right_side_loop<1>(n_states, f, u, inverse_h, out);
      break;
    case 2:
      right_side_loop<2>(n_states, f, u, inverse_h, out);
      break;
    case 3:
      right_side_loop<3>(n_states, f, u, inverse_h, out);
      break;
    case 4:
      right_side_loop<4>(n_states, f, u, inverse_h, out);
      break;
    case 5:
      right_side_loop<5>(n_states, f, u, inverse_h, out);
      break;
    case 6:
      right_side_loop<6>(n_states, f, u, inverse_h, out);
      break;
    default:
      right_side_loop<7>(n_states, f, u, inverse_h, out);
      break;
  }
}

SENOMA_KERNEL(void, add_time_slope, (std::size_t stage, const double* h, const double* slope, double* out),
              (stage, h, slope, out)) {
  const double g = gammas[stage];
  for (std::size_t l = 0; l < W; ++l) out[l] += g * h[l] * slope[l];
}

SENOMA_KERNEL(void, finish_step,
              (std::size_t n_states, const double* __restrict y, const double* __restrict y8,
               const double* __restrict u8, double relative, const double* __restrict absolute,
               double* __restrict y_new, double* __restrict mean_square),
              (n_states, y, y8, u8, relative, absolute, y_new, mean_square)) {
  double sum[W];
  for (std::size_t l = 0; l < W; ++l) sum[l] = 0.0;
  for (std::size_t s = 0; s < n_states; ++s) {
    const double tolerance = absolute[s];
    for (std::size_t l = 0; l < W; ++l) {
      const std::size_t i = s * W + l;
      const double value = y8[i] + u8[i];
      y_new[i] = value;
      const double before = std::fabs(y[i]), after = std::fabs(value);
      const double e = u8[i] / (tolerance + relative * (before > after ? before : after));
      sum[l] += e * e + (value - value);  // an infinite value would make e 0
    }
  }
  const double n = static_cast<double>(n_states);
  for (std::size_t l = 0; l < W; ++l) mean_square[l] = sum[l] / n;
}

SENOMA_KERNEL(void, accept_lanes,
              (std::size_t n_states, const double* __restrict accepted, const double* __restrict y_new,
               double* __restrict y),
              (n_states, accepted, y_new, y)) {
  for (std::size_t s = 0; s < n_states * W; s += W) {
    for (std::size_t l = 0; l < W; ++l) y[s + l] = accepted[l] != 0.0 ? y_new[s + l] : y[s + l];
  }
}

SENOMA_KERNEL(void, zero_non_finite, (std::size_t n_rows, double* __restrict values, double* __restrict count),
              (n_rows, values, count)) {
  for (std::size_t s = 0; s < n_rows * W; s += W) {
    for (std::size_t l = 0; l < W; ++l) {
      const bool finite = values[s + l] - values[s + l] == 0.0;
      count[l] += finite ? 0.0 : 1.0;
      values[s + l] = finite ? values[s + l] : 0.0;
    }
  }
}

SENOMA_KERNEL(void, finite_mark,
              (std::size_t n_states, const double* __restrict y, const double* __restrict rates,
               double* __restrict mark),
              (n_states, y, rates, mark)) {
  double sum[W];
  for (std::size_t l = 0; l < W; ++l) sum[l] = 0.0;
  for (std::size_t s = 0; s < n_states * W; s += W) {
    for (std::size_t l = 0; l < W; ++l) sum[l] += (y[s + l] - y[s + l]) + (rates[s + l] - rates[s + l]);
  }
  for (std::size_t l = 0; l < W; ++l) mark[l] = sum[l];
}

}  // namespace senoma::network::rodas5p
