// Branch-free bodies like math_core.h: hyperbolic functions and the inverse functions.
//
//   tanh, sinh, cosh: from e^x − 1 without cancellation; arsinh, arcosh, artanh: from log(1 + x).
//   atan: five ranges chosen by selection (coefficients of FreeBSD's s_atan.c); asin, acos: e_asin.c and e_acos.c.
// Accuracy ≤ 4 ulp (tests/unit/base/math_test.cpp measures it).
#pragma once

#include <cmath>

#include "base/math_core.h"

namespace senoma::math::core {

inline constexpr double half_pi_hi = 1.57079632679489655800e+00, half_pi_lo = 6.12323399573676603587e-17;
inline constexpr double quarter_pi_hi = 7.85398163397448278999e-01;
inline constexpr double ln2 = 6.93147180559945286227e-01, ln2_rest = 2.31904681384629955842e-17;

/// e^x − 1 for 0 ≤ x ≤ 60 (larger x as 60).
SENOMA_INLINE double expm1(double x) {
  x = x < 60.0 ? x : 60.0;
  const double shifted = x * 1.44269504088896338700 + whole_shift, k = shifted - whole_shift;
  const double r_hi = x - k * ln2_hi, r_lo = -(k * ln2_lo);
  const double r = r_hi + r_lo;
  const double p = expm1_reduced(r, (r_hi - r) + r_lo);
  const std::uint64_t biased = std::bit_cast<std::uint64_t>(shifted) - std::bit_cast<std::uint64_t>(whole_shift) + 1023;
  const double scale = std::bit_cast<double>(biased << 52);
  return scale * p + (scale - 1.0);
}

/// log(1 + x) for 0 ≤ x < inf.
SENOMA_INLINE double log1p(double x) {
  const Pair u = two_sum(1.0, x);
  double k = 0.0, m = 1.0;
  decompose(u.hi, k, m);
  return log_reduced(k, m - 1.0, u.lo / u.hi);
}

SENOMA_INLINE double log10(double x) {
  constexpr Pair inverse_ln10{4.34294481903251816668e-01, 1.09831965021676507e-17};
  const bool ordinary = (x > 0.0) & (x < infinity);
  const Pair p = product(log_pair(ordinary ? x : 1.0), inverse_ln10);
  const double special = x == 0.0 ? -infinity : x == infinity ? infinity : not_a_number;
  return ordinary ? p.hi + p.lo : special;
}

SENOMA_INLINE double tanh(double x) {
  const double e = expm1(2.0 * absolute(x));  // 60 is far beyond where tanh rounds to 1
  const double y = copy_sign(e / (e + 2.0), x);
  return x == x ? y : x;
}
SENOMA_INLINE double half_exp(double ax) {  // e^x/2 without early overflow
  const Pair p = two_sum(ax < 1000.0 ? ax : 1000.0, -ln2);
  return exp_pair(p.hi, p.lo - ln2_rest);
}
SENOMA_INLINE double sinh(double x) {
  const double ax = absolute(x), e = expm1(ax);
  const double small = 0.5 * (e + e / (e + 1.0));
  const double y = copy_sign(ax < 22.0 ? small : half_exp(ax), x);
  return x == x ? y : x;
}
SENOMA_INLINE double cosh(double x) {
  const double ax = absolute(x), h = half_exp(x == x ? ax : 0.0);
  const double y = ax < 22.0 ? h + 0.25 / h : h;
  return x == x ? y : x;
}

SENOMA_INLINE double arsinh(double x) {
  const double ax = absolute(x);
  const bool large = ax > 0x1p28;
  const double a = large ? 1.0 : ax, t = a * a;
  const double near = log1p(a + t / (1.0 + std::sqrt(1.0 + t)));
  const double y = copy_sign(large ? log(ax) + ln2 : near, x);
  return x == x ? y : x;
}
SENOMA_INLINE double arcosh(double x) {
  const bool large = x > 0x1p28;
  const double t = (large | !(x >= 1.0)) ? 0.0 : x - 1.0;
  const double near = log1p(t + std::sqrt(2.0 * t + t * t));
  const double y = large ? log(x) + ln2 : near;
  return x >= 1.0 ? y : not_a_number;
}
SENOMA_INLINE double artanh(double x) {
  const double ax = absolute(x);
  const double a = ax < 1.0 ? ax : 0.0;
  const double y = 0.5 * log1p(2.0 * a / (1.0 - a));
  const double magnitude = ax < 1.0 ? y : ax == 1.0 ? infinity : not_a_number;
  return copy_sign(magnitude, x);
}

SENOMA_INLINE double atan(double x) {
  const double ax = absolute(x);
  const bool b0 = ax < 0.4375, b1 = ax < 0.6875, b2 = ax < 1.1875, b3 = ax < 2.4375;
  const double finite = ax < 1e300 ? ax : 1e300;
  const double above = b0 ? finite : b1 ? 2.0 * finite - 1.0 : b2 ? finite - 1.0 : b3 ? finite - 1.5 : -1.0;
  const double below = b0 ? 1.0 : b1 ? 2.0 + finite : b2 ? finite + 1.0 : b3 ? 1.0 + 1.5 * finite : finite;
  const double hi = b0   ? 0.0
                    : b1 ? 4.63647609000806093515e-01
                    : b2 ? quarter_pi_hi
                    : b3 ? 9.82793723247329054082e-01
                         : half_pi_hi;
  const double lo = b0   ? 0.0
                    : b1 ? 2.26987774529616870924e-17
                    : b2 ? 3.06161699786838301793e-17
                    : b3 ? 1.39033110312309984516e-17
                         : half_pi_lo;
  const double v = above / below, z = v * v, w = z * z;
  const double s1 = z * (3.33333333333329318027e-01 +
                         w * (1.42857142725034663711e-01 +
                              w * (9.09088713343650656196e-02 +
                                   w * (6.66107313738753120669e-02 +
                                        w * (4.97687799461593236017e-02 + w * 1.62858201153657823623e-02)))));
  const double s2 =
      w *
      (-1.99999999998764832476e-01 +
       w * (-1.11111104054623557880e-01 +
            w * (-7.69187620504482999495e-02 + w * (-5.83357013379057348645e-02 + w * -3.65315727442169155270e-02))));
  const double y = copy_sign(hi - ((v * (s1 + s2) - lo) - v), x);
  return x == x ? y : x;
}

SENOMA_INLINE double arcsine_ratio(double t) {
  const double p = t * (1.66666666666666657415e-01 +
                        t * (-3.25565818622400915405e-01 +
                             t * (2.01212532134862925881e-01 +
                                  t * (-4.00555345006794114027e-02 +
                                       t * (7.91534994289814532176e-04 + t * 3.47933107596021167570e-05)))));
  const double q =
      1.0 + t * (-2.40339491173441421878e+00 +
                 t * (2.02094576023350569471e+00 + t * (-6.88283971605453293030e-01 + t * 7.70381505559019352791e-02)));
  return p / q;
}
SENOMA_INLINE double upper_half(double s) {
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(s) & 0xffffffff00000000ULL);
}
SENOMA_INLINE double asin(double x) {
  const double ax = absolute(x);
  const bool near = ax < 0.5;
  const double t = near ? ax * ax : (ax <= 1.0 ? 0.5 * (1.0 - ax) : 0.0);
  const double ratio = arcsine_ratio(t), s = std::sqrt(t), head = upper_half(s);
  const double rest = (t - head * head) / (s + head + (s == 0.0 ? 1.0 : 0.0));
  const double far = quarter_pi_hi - ((2.0 * s * ratio - (half_pi_lo - 2.0 * rest)) - (quarter_pi_hi - 2.0 * head));
  const double y = copy_sign(near ? ax + ax * ratio : far, x);
  return ax <= 1.0 ? y : not_a_number;
}
SENOMA_INLINE double acos(double x) {
  const double ax = absolute(x);
  const bool near = ax < 0.5;
  const double t = near ? ax * ax : (ax <= 1.0 ? 0.5 * (1.0 - ax) : 0.0);
  const double ratio = arcsine_ratio(t), s = std::sqrt(t), head = upper_half(s);
  const double rest = (t - head * head) / (s + head + (s == 0.0 ? 1.0 : 0.0));
  const double middle = half_pi_hi - (x - (half_pi_lo - x * ratio));
  const double left = 2.0 * half_pi_hi - 2.0 * (s + (ratio * s - half_pi_lo));
  const double right = 2.0 * (head + (ratio * s + rest));
  const double y = near ? middle : x < 0.0 ? left : right;
  return ax <= 1.0 ? y : not_a_number;
}

SENOMA_INLINE double tan(double x) {
  const bool usable = absolute(x) <= 0x1p30;
  const Reduced r = reduce_angle(usable ? x : 0.0);
  const double s = sin_reduced(r.hi, r.lo), c = cos_reduced(r.hi, r.lo);
  const std::uint64_t odd = 0ULL - (r.quadrant & 1ULL);
  const std::uint64_t sb = std::bit_cast<std::uint64_t>(s), cb = std::bit_cast<std::uint64_t>(c);
  const double above = std::bit_cast<double>((sb & ~odd) | (cb & odd)),
               below = std::bit_cast<double>((cb & ~odd) | (sb & odd));
  const double ratio = above / below;
  const double y = std::bit_cast<double>(std::bit_cast<std::uint64_t>(ratio) ^ (odd & (1ULL << 63)));
  return usable ? (x == 0.0 ? x : y) : not_a_number;
}

}  // namespace senoma::math::core
