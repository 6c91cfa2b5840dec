// The branch-free bodies of base/math.h, to be inlined into vector loops (SENOMA_KERNEL): special cases are chosen by
// selection, never by a jump, so that a lane's bits do not depend on the loop or on the width it runs at.
//
//   exp: x = k·ln2 + r, |r| ≤ ln2/2; Taylor series to r^13; scaling by 2^k in two exact steps.
//   log: x = 2^k·m, m in [√½, √2); s = (m−1)/(m+1); log m = 2 atanh(s) (coefficients of FreeBSD's e_log.c).
//   pow: the logarithm as an unevaluated sum of two doubles (Dekker's products, no FMA), times y, then exp.
//   sin, cos: reduction by π/2 in four parts (99 bits + tail), FreeBSD's k_sin.c and k_cos.c polynomials.
// Reference: Muller et al., Handbook of Floating-Point Arithmetic (2nd ed.), ch. 4 and 10; fdlibm (Sun Microsystems
// 1993).
#pragma once

#include <bit>
#include <cstdint>
#include <limits>

#include "base/kernel.h"

namespace senoma::math::core {

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
inline constexpr double ln2_hi = 6.93147180369123816490e-01;  // 33 bits: k·ln2_hi is exact
inline constexpr double ln2_lo = 1.90821492927058770002e-10;
inline constexpr double whole_shift = 0x1.8p52;  // adding it rounds to the nearest whole number

struct Pair {
  double hi, lo;
};

SENOMA_INLINE Pair two_sum(double a, double b) {
  const double s = a + b, t = s - a;
  return {s, (a - (s - t)) + (b - t)};
}
SENOMA_INLINE Pair fast_two_sum(double a, double b) {  // |a| ≥ |b|
  const double s = a + b;
  return {s, b - (s - a)};
}
SENOMA_INLINE Pair split(double a) {  // Veltkamp: 26 + 26 bits
  const double c = 134217729.0 * a, hi = c - (c - a);
  return {hi, a - hi};
}
SENOMA_INLINE Pair two_product(double a, double b) {
  const double p = a * b;
  const Pair x = split(a), y = split(b);
  return {p, ((x.hi * y.hi - p) + x.hi * y.lo + x.lo * y.hi) + x.lo * y.lo};
}
SENOMA_INLINE Pair product(Pair a, Pair b) {
  const Pair p = two_product(a.hi, b.hi);
  return fast_two_sum(p.hi, p.lo + (a.hi * b.lo + a.lo * b.hi));
}
SENOMA_INLINE double absolute(double x) {
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(x) & ~(1ULL << 63));
}
SENOMA_INLINE double copy_sign(double magnitude, double sign) {
  return std::bit_cast<double>((std::bit_cast<std::uint64_t>(magnitude) & ~(1ULL << 63)) |
                               (std::bit_cast<std::uint64_t>(sign) & (1ULL << 63)));
}

/// e^r − 1 for |r| ≤ 0.35 with a small correction r_lo.
SENOMA_INLINE double expm1_reduced(double r, double r_lo) {
  const double r2 = r * r, r4 = r2 * r2;
  const double a = (0.5 + r * (1.0 / 6)) + r2 * (1.0 / 24 + r * (1.0 / 120));
  const double b = (1.0 / 720 + r * (1.0 / 5040)) + r2 * (1.0 / 40320 + r * (1.0 / 362880));
  const double c = (1.0 / 3628800 + r * (1.0 / 39916800)) + r2 * (1.0 / 479001600 + r * (1.0 / 6227020800));
  return r + (r2 * (a + r4 * (b + r4 * c)) + (r_lo + r_lo * r));
}

/// exp(hi + lo) for |lo| ≪ |hi|; hi must not be NaN.
SENOMA_INLINE double exp_pair(double hi, double lo) {
  lo = hi > 720.0 ? 0.0 : hi < -760.0 ? 0.0 : lo;
  hi = hi > 720.0 ? 720.0 : hi < -760.0 ? -760.0 : hi;
  const double shifted = hi * 1.44269504088896338700 + whole_shift, k = shifted - whole_shift;
  const double r_hi = hi - k * ln2_hi, r_lo = lo - k * ln2_lo;
  const double r = r_hi + r_lo;
  const double y = 1.0 + expm1_reduced(r, (r_hi - r) + r_lo);
  const std::uint64_t biased = std::bit_cast<std::uint64_t>(shifted) - std::bit_cast<std::uint64_t>(whole_shift) + 2046;
  const std::uint64_t half = biased >> 1;
  return y * std::bit_cast<double>(half << 52) * std::bit_cast<double>((biased - half) << 52);
}

SENOMA_INLINE double exp(double x) {
  const double y = exp_pair(x == x ? x : 0.0, 0.0);
  return x == x ? y : x;
}

/// x = 2^exponent · mantissa, mantissa in [√½, √2); x positive and finite (anything else gives some finite pair).
SENOMA_INLINE void decompose(double x, double& exponent, double& mantissa) {
  const bool tiny = x < 0x1p-1022;
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(tiny ? x * 0x1p54 : x);
  constexpr std::uint64_t root_half = 0x3fe6a09e667f3bcdULL;         // the bits of √½
  const std::uint64_t shifted = bits - root_half + (1023ULL << 52);  // the exponent field is now that of x/√½
  const double field = std::bit_cast<double>((shifted >> 52) | 0x4330000000000000ULL) - 0x1p52;
  exponent = field - (tiny ? 1077.0 : 1023.0);
  mantissa = std::bit_cast<double>((shifted & 0x000fffffffffffffULL) + root_half);
}

/// log1p(f) + k·ln2 + correction for √½ ≤ 1+f < √2.
SENOMA_INLINE double log_reduced(double k, double f, double correction) {
  const double half_square = 0.5 * f * f, s = f / (2.0 + f), z = s * s, w = z * z;
  const double t1 = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
  const double t2 =
      z * (6.666666666666735130e-01 +
           w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
  return k * ln2_hi - ((half_square - (s * (half_square + (t1 + t2)) + (k * ln2_lo + correction))) - f);
}

SENOMA_INLINE double log(double x) {
  double k = 0.0, m = 1.0;
  decompose(x, k, m);
  const double y = log_reduced(k, m - 1.0, 0.0);
  const double special = x == 0.0 ? -infinity : x == infinity ? infinity : not_a_number;
  return ((x > 0.0) & (x < infinity)) ? y : special;
}

/// log x to about 2^-66 relative, x positive and finite.
SENOMA_INLINE Pair log_pair(double x) {
  double k = 0.0, m = 1.0;
  decompose(x, k, m);
  const double f = m - 1.0;  // exact
  const Pair below = two_sum(m, 1.0);
  const double s_hi = f / below.hi;
  const Pair p = two_product(s_hi, below.hi);
  const Pair s{s_hi, ((f - p.hi) - p.lo - s_hi * below.lo) / below.hi};
  const Pair z = product(s, s);
  const double u = z.hi, u2 = u * u, u4 = u2 * u2;
  const double a = (2.0 / 5 + u * (2.0 / 7)) + u2 * (2.0 / 9 + u * (2.0 / 11));
  const double b = (2.0 / 13 + u * (2.0 / 15)) + u2 * (2.0 / 17 + u * (2.0 / 19));
  const double c = (2.0 / 21 + u * (2.0 / 23)) + u2 * (2.0 / 25 + u * (2.0 / 27));
  const double tail = u * (a + u4 * (b + u4 * c));
  Pair q = fast_two_sum(2.0 / 3, tail);
  q.lo += 0x1.5555555555555p-55;  // what 2/3 lost in rounding
  const Pair t = product(product(s, z), q);
  const Pair m_part = fast_two_sum(2.0 * s.hi, t.hi);
  const Pair sum = two_sum(k * ln2_hi, m_part.hi);
  return fast_two_sum(sum.hi, sum.lo + ((m_part.lo + (2.0 * s.lo + t.lo)) + k * ln2_lo));
}

SENOMA_INLINE double pow(double x, double y) {
  constexpr double two52 = 0x1p52, limit = 0x1p65;  // beyond ±limit the result is 0, 1 or inf whatever y is
  const double ax = absolute(x), ay = absolute(y);
  const bool ordinary = (ax > 0.0) & (ax < infinity);
  const Pair l = log_pair(ordinary ? ax : 1.0);
  double e = y > limit ? limit : y < -limit ? -limit : y;
  e = y == y ? e : 0.0;
  const Pair p = two_product(e, l.hi);
  double result = exp_pair(p.hi, p.lo + e * l.lo);
  result = ordinary ? result : ((ax == 0.0) == (y < 0.0)) ? infinity : 0.0;
  const double half = 0.5 * ay;
  const bool whole = (ay >= two52) | ((ay + two52) - two52 == ay);
  const bool even = (half >= two52) | ((half + two52) - two52 == half);
  const bool negative = std::bit_cast<std::uint64_t>(x) >> 63;
  result = (negative & whole & !even) ? -result : result;
  result = ((x < 0.0) & (x > -infinity) & !whole) ? not_a_number : result;
  result = ((x != x) | (y != y)) ? not_a_number : result;
  return ((y == 0.0) | (x == 1.0)) ? 1.0 : result;
}

/// x^n for a small whole n by squaring, in one order everywhere; n < 0 is the reciprocal.
SENOMA_INLINE double whole_power(double x, int n) {
  double result = 1.0, square = x;
  bool first = true;
  for (unsigned m = static_cast<unsigned>(n < 0 ? -n : n); m != 0; m >>= 1) {
    if ((m & 1U) != 0) {
      result = first ? square : result * square;
      first = false;
    }
    square *= square;
  }
  return n < 0 ? 1.0 / result : result;
}

struct Reduced {
  double hi, lo;
  std::uint64_t quadrant;
};

/// x = quadrant·π/2 + hi + lo.
SENOMA_INLINE Reduced reduce_angle(double x) {
  constexpr double p1 = 1.57079632673412561417e+00, p2 = 6.07710050630396597660e-11, p3 = 2.02226624871116645580e-21,
                   p3_tail = 8.47842766036889956997e-32;
  const double shifted = x * 6.36619772367581382433e-01 + whole_shift, k = shifted - whole_shift;
  const Pair a = two_sum(x - k * p1, -(k * p2));
  const Pair b = two_sum(a.hi, -(k * p3));
  const double rest = (a.lo + b.lo) - k * p3_tail;
  const Pair r = fast_two_sum(b.hi, rest);
  return {r.hi, r.lo, std::bit_cast<std::uint64_t>(shifted)};
}
SENOMA_INLINE double sin_reduced(double x, double lo) {
  const double z = x * x, v = z * x;
  const double r =
      8.33333333332248946124e-03 +
      z * (-1.98412698298579493134e-04 +
           z * (2.75573137070700676789e-06 + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)));
  return x - ((z * (0.5 * lo - v * r) - lo) - v * -1.66666666666666324348e-01);
}
SENOMA_INLINE double cos_reduced(double x, double lo) {
  const double z = x * x, w = z * z;
  const double r =
      z * (4.16666666666666019037e-02 + z * (-1.38888888888741095749e-03 + z * 2.48015872894767294178e-05)) +
      w * w * (-2.75573143513906633035e-07 + z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11));
  const double half = 0.5 * z, c = 1.0 - half;
  return c + (((1.0 - c) - half) + (z * r - x * lo));
}

/// sin for turn = 0, cos for turn = 1 (a quarter turn ahead).
SENOMA_INLINE double sine(double x, std::uint64_t turn) {
  const bool usable = absolute(x) <= 0x1p30;
  const Reduced r = reduce_angle(usable ? x : 0.0);
  const double s = sin_reduced(r.hi, r.lo), c = cos_reduced(r.hi, r.lo);
  const std::uint64_t q = r.quadrant + turn;
  // All ones or all zeros from the quadrant's bits, since 64-bit comparisons have no baseline vector form.
  const std::uint64_t odd = 0ULL - (q & 1ULL);
  const std::uint64_t bits = (std::bit_cast<std::uint64_t>(s) & ~odd) | (std::bit_cast<std::uint64_t>(c) & odd);
  const double y = std::bit_cast<double>(bits ^ ((q & 2ULL) << 62));
  return usable ? y : not_a_number;
}
SENOMA_INLINE double sin(double x) {
  const double y = sine(x, 0);
  return x == 0.0 ? x : y;
}
SENOMA_INLINE double cos(double x) { return sine(x, 1); }

}  // namespace senoma::math::core
