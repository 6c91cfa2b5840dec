// The loops of row_kernels.h that run once or twice per solve rather than in every sweep.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/kernel.h"
#include "field/row_kernels.h"

namespace senoma::field {

namespace {

constexpr std::size_t n_lanes = 8;

SENOMA_INLINE double lane_total(const double* lane) {
  return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

// Calls body(i, lane) for i in [0, n), eight lanes at a time so that the sums keep one order on every machine.
template <class Body>
SENOMA_INLINE void in_lanes(std::size_t n, const Body& body) {
  std::size_t i = 0;
  for (; i + n_lanes <= n; i += n_lanes) {
    for (std::size_t l = 0; l < n_lanes; ++l) body(i + l, l);
  }
  for (std::size_t l = 0; i < n; ++i, ++l) body(i, l);
}

}  // namespace

SENOMA_KERNEL(void, split_row,
              (double offset, double weight, const double* __restrict natural, double* __restrict even,
               double* __restrict odd, std::size_t n),
              (offset, weight, natural, even, odd, n)) {
  for (std::size_t m = 0; m < n / 2; ++m) {
    even[m] = offset + weight * natural[2 * m];
    odd[m] = offset + weight * natural[2 * m + 1];
  }
  if (n % 2 == 1) even[n / 2] = offset + weight * natural[n - 1];
}

SENOMA_KERNEL(void, add_to_split_row,
              (double weight, const double* __restrict natural, double* __restrict even, double* __restrict odd,
               std::size_t n),
              (weight, natural, even, odd, n)) {
  for (std::size_t m = 0; m < n / 2; ++m) {
    even[m] += weight * natural[2 * m];
    odd[m] += weight * natural[2 * m + 1];
  }
  if (n % 2 == 1) even[n / 2] += weight * natural[n - 1];
}

SENOMA_KERNEL(void, merge_row,
              (double keep, double weight, const double* __restrict even, const double* __restrict odd,
               double* __restrict natural, std::size_t n),
              (keep, weight, even, odd, natural, n)) {
  if (keep == 0.0) {
    for (std::size_t m = 0; m < n / 2; ++m) {
      natural[2 * m] = weight * even[m];
      natural[2 * m + 1] = weight * odd[m];
    }
    if (n % 2 == 1) natural[n - 1] = weight * even[n / 2];
    return;
  }
  for (std::size_t m = 0; m < n / 2; ++m) {
    natural[2 * m] = keep * natural[2 * m] + weight * even[m];
    natural[2 * m + 1] = keep * natural[2 * m + 1] + weight * odd[m];
  }
  if (n % 2 == 1) natural[n - 1] = keep * natural[n - 1] + weight * even[n / 2];
}

SENOMA_KERNEL(SignedSums, mass_sums, (double base, double weight, const double* u, const double* x, std::size_t n),
              (base, weight, u, x, n)) {
  double plain[n_lanes] = {}, absolute[n_lanes] = {};
  if (u == nullptr) {
    in_lanes(
        n, [&](std::size_t i, std::size_t l) __attribute__((always_inline)) {
          plain[l] += base * x[i];
          absolute[l] += base * std::abs(x[i]);
        });
  } else {
    in_lanes(
        n, [&](std::size_t i, std::size_t l) __attribute__((always_inline)) {
          const double mass = base + weight * u[2 * i];
          plain[l] += mass * x[i];
          absolute[l] += mass * std::abs(x[i]);
        });
  }
  return {lane_total(plain), lane_total(absolute)};
}

SENOMA_KERNEL(SignedSums, plain_sums, (const double* x, std::size_t n), (x, n)) {
  double plain[n_lanes] = {}, absolute[n_lanes] = {};
  in_lanes(
      n, [&](std::size_t i, std::size_t l) __attribute__((always_inline)) {
        plain[l] += x[i];
        absolute[l] += std::abs(x[i]);
      });
  return {lane_total(plain), lane_total(absolute)};
}

SENOMA_KERNEL(void, second_stage,
              (double ratio, const double* __restrict y, double* __restrict rho, double* __restrict b, std::size_t n),
              (ratio, y, rho, b, n)) {
  for (std::size_t i = 0; i < n; ++i) {
    rho[i] -= y[i];
    b[i] -= ratio * rho[i];
  }
}

SENOMA_KERNEL(void, embedded_error,
              (double gamma, const double* __restrict y2, const double* __restrict mean, double* __restrict rho,
               std::size_t n),
              (gamma, y2, mean, rho, n)) {
  const double to_first = 1.0 / (1.0 - gamma), per_gamma = 1.0 / gamma;
  for (std::size_t i = 0; i < n; ++i) {
    const double y1 = (mean[i] - gamma * y2[i]) * to_first;
    rho[i] = (y2[i] - rho[i]) - (y1 - rho[i]) * per_gamma;
  }
}

SENOMA_KERNEL(void, scale_by_magnitude, (double weight, double* x, std::size_t n), (weight, x, n)) {
  for (std::size_t i = 0; i < n; ++i) x[i] += weight * std::abs(x[i]);
}

SENOMA_KERNEL(Range, range_of, (const double* x, std::size_t n), (x, n)) {
  double low[n_lanes] = {}, high[n_lanes] = {};
  in_lanes(
      n, [&](std::size_t i, std::size_t l) __attribute__((always_inline)) {
        low[l] = x[i] < low[l] ? x[i] : low[l];
        const double size = std::abs(x[i]);
        high[l] = size > high[l] ? size : high[l];
      });
  return {*std::min_element(low, low + n_lanes), *std::max_element(high, high + n_lanes)};
}

SENOMA_KERNEL(bool, all_at_least, (double lowest, const double* x, std::size_t n), (lowest, x, n)) {
  constexpr double highest = std::numeric_limits<double>::max();
  std::size_t bad = 0;
  for (std::size_t i = 0; i < n; ++i) bad += !(x[i] >= lowest) | !(x[i] <= highest);
  return bad == 0;
}

}  // namespace senoma::field
