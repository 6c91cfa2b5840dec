#include "pharm/convolutions.h"

#include <algorithm>

#include "base/math.h"

namespace senoma::pharm {

namespace {

// (1 − e^(−z))/z = ∫₀¹ e^(−zs) ds for z ≥ 0; by its series where the difference would cancel.
double mean_decay(double z) {
  if (z > 0.7) return (1.0 - math::exp(-z)) / z;
  double sum = 0.0;
  for (int n = 18; n >= 0; --n) sum = 1.0 / (n + 1.0) - z * sum / (n + 1.0);
  return sum;
}

// The divided difference of e^(−x) at 0, p, q with 0 ≤ p ≤ q: ∫∫ over the triangle of e^(−(…)), 1/2 at p = q = 0.
double triangle_decay(double p, double q) {
  if (q > 1.0) return (mean_decay(p) - math::exp(-p) * mean_decay(q - p)) / q;
  // Σ (−1)ⁿ h_n(p, q)/(n + 2)!, with the complete homogeneous polynomials h_n = q h_(n−1) + pⁿ.
  double sum = 0.0, homogeneous = 1.0, power = 1.0, factorial = 2.0, sign = 1.0;
  for (int n = 0; n < 22; ++n) {
    sum += sign * homogeneous / factorial;
    power *= p;
    homogeneous = q * homogeneous + power;
    factorial *= n + 3.0;
    sign = -sign;
  }
  return sum;
}

}  // namespace

double chain1(double a, double t) { return math::exp(-a * t); }

double chain2(double a, double b, double t) {
  const double low = std::min(a, b), high = std::max(a, b);
  return math::exp(-low * t) * t * mean_decay((high - low) * t);
}

double chain3(double a, double b, double c, double t) {
  const double low = std::min({a, b, c}), high = std::max({a, b, c});
  const double middle = std::max(std::min(a, b), std::min(std::max(a, b), c));
  return math::exp(-low * t) * t * t * triangle_decay((middle - low) * t, (high - low) * t);
}

}  // namespace senoma::pharm
