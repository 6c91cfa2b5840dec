#include "study/distributions.h"

#include <cmath>
#include <limits>

namespace senoma::study {
namespace {

/// Continued fraction of the incomplete beta function by Lentz's method.
double beta_fraction(double a, double b, double x) {
  constexpr double tiny = 1e-300, precision = 1e-15;
  const auto guard = [](double v) { return std::abs(v) < tiny ? tiny : v; };
  double c = 1, d = 1 / guard(1 - (a + b) * x / (a + 1)), h = d;
  for (int m = 1; m < 500; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    h *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    h *= d * c;
    if (std::abs(d * c - 1) < precision) break;
  }
  return h;
}

/// log Γ(x), x ≥ 0.5, by Lanczos' series (g = 7, relative error 1e-15); std::lgamma writes a global.
double log_gamma(double x) {
  constexpr double series[] = {676.5203681218851,  -1259.1392167224028,  771.32342877765313,    -176.61502916214059,
                               12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7};
  double sum = 0.99999999999980993;
  for (int k = 0; k < 8; ++k) sum += series[k] / (x + k);
  const double t = x + 6.5;
  return 0.91893853320467274178 + (x - 0.5) * std::log(t) - t + std::log(sum);  // log √(2π)
}

/// I_x(a, b), the regularised incomplete beta function; y = 1 − x without cancellation.
double incomplete_beta(double a, double b, double x, double y) {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  const double front = std::exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * std::log(x) + b * std::log(y));
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
  return 1 - front * beta_fraction(b, a, y) / b;
}

}  // namespace

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

double student_cdf(double t, double freedom) {
  if (std::isnan(t)) return std::numeric_limits<double>::quiet_NaN();
  if (std::isinf(t)) return t > 0 ? 1 : 0;
  const double tail = 0.5 * incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t), t * t / (freedom + t * t));
  return t > 0 ? 1 - tail : tail;
}

double student_quantile(double p, double freedom) {
  if (p > 0.5) return -student_quantile(1 - p, freedom);
  double low = -1, high = 0;
  while (student_cdf(low, freedom) > p) low *= 2;
  for (int k = 0; k < 200 && high - low > 1e-13 * (1 - low); ++k) {
    const double middle = 0.5 * (low + high);
    (student_cdf(middle, freedom) < p ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

double normal_half_width(double level) {
  double low = 0, high = 40;
  for (int k = 0; k < 200 && high - low > 1e-13; ++k) {
    const double middle = 0.5 * (low + high);
    (2 * normal_cdf(middle) - 1 < level ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace senoma::study
