#include "base/math.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <random>
#include <vector>

namespace {

using senoma::math::pi;
namespace math = senoma::math;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

double ulps(double got, long double want) {
  const double rounded = static_cast<double>(want);
  if (std::isnan(rounded)) return std::isnan(got) ? 0.0 : 1e9;
  if (std::isinf(rounded) || rounded == 0.0) return got == rounded ? 0.0 : 1e9;
  int exponent = 0;
  std::frexp(rounded, &exponent);
  const long double ulp = std::ldexp(1.0L, std::max(exponent - 53, -1074));
  return std::fabs(static_cast<double>((static_cast<long double>(got) - want) / ulp));
}

struct Case {
  const char* name;
  double (*ours)(double);
  long double (*reference)(long double);
  double low, high, limit;
  bool logarithmic;  ///< draw the exponent evenly
};

class Uniform {
 public:
  double operator()(double low, double high) {
    return low + (high - low) * std::ldexp(static_cast<double>(engine_() >> 11), -53);
  }

 private:
  std::mt19937_64 engine_{20240607};
};

TEST(Math, Every_function_is_within_its_documented_error_of_long_double) {
  const Case cases[] = {
      {"exp", math::exp, expl, -745.0, 709.7, 2, false},
      {"exp near 0", math::exp, expl, -1.0, 1.0, 2, false},
      {"log", math::log, logl, 1e-307, 1e308, 2, true},
      {"log near 1", math::log, logl, 0.5, 2.0, 2, false},
      {"log subnormal", math::log, logl, 1e-320, 1e-308, 2, true},
      {"log10", math::log10, log10l, 1e-307, 1e308, 2, true},
      {"log10 near 1", math::log10, log10l, 0.5, 2.0, 2, false},
      {"sin", math::sin, sinl, -1e6, 1e6, 2, false},
      {"sin small", math::sin, sinl, -7.0, 7.0, 2, false},
      {"cos", math::cos, cosl, -1e6, 1e6, 2, false},
      {"cos small", math::cos, cosl, -7.0, 7.0, 2, false},
      {"tan", math::tan, tanl, -1e6, 1e6, 4, false},
      {"tan small", math::tan, tanl, -7.0, 7.0, 4, false},
      {"sinh", math::sinh, sinhl, -710.0, 710.0, 4, false},
      {"sinh small", math::sinh, sinhl, 1e-12, 30.0, 4, true},
      {"cosh", math::cosh, coshl, -710.0, 710.0, 4, false},
      {"cosh small", math::cosh, coshl, -2.0, 2.0, 4, false},
      {"tanh", math::tanh, tanhl, -25.0, 25.0, 4, false},
      {"tanh small", math::tanh, tanhl, 1e-12, 3.0, 4, true},
      {"asin", math::asin, asinl, -1.0, 1.0, 4, false},
      {"asin small", math::asin, asinl, 1e-12, 1.0, 4, true},
      {"acos", math::acos, acosl, -1.0, 1.0, 4, false},
      {"atan", math::atan, atanl, -5.0, 5.0, 4, false},
      {"atan wide", math::atan, atanl, 1e-12, 1e12, 4, true},
      {"asinh", math::asinh, asinhl, 1e-12, 1e300, 4, true},
      {"acosh", math::acosh, acoshl, 1.0, 20.0, 4, false},
      {"acosh wide", math::acosh, acoshl, 1.0, 1e300, 4, true},
      {"atanh", math::atanh, atanhl, -1.0, 1.0, 4, false},
      {"atanh small", math::atanh, atanhl, 1e-12, 1.0, 4, true},
  };
  Uniform uniform;
  for (const auto& c : cases) {
    double worst = 0.0, worst_at = 0.0;
    for (int i = 0; i < 50000; ++i) {
      double x = c.logarithmic ? std::exp(uniform(std::log(c.low), std::log(c.high))) : uniform(c.low, c.high);
      x = std::min(std::max(x, c.low), c.high);
      const double error = ulps(c.ours(x), c.reference(x));
      if (error > worst) {
        worst = error;
        worst_at = x;
      }
    }
    std::printf("  %-14s worst error %.3f ulp at %.17g\n", c.name, worst, worst_at);
    EXPECT_LE(worst, c.limit) << c.name << " at " << worst_at;
  }
}

TEST(Math, Sine_and_cosine_are_exact_next_to_multiples_of_half_pi) {
  double worst = 0.0;
  for (int k = 1; k < 600000; k += 7) {
    const double x = static_cast<double>(k) * (pi / 2);
    for (const double v : {x, std::nextafter(x, 0.0), std::nextafter(x, 1e9), -x}) {
      worst = std::max({worst, ulps(math::sin(v), sinl(v)), ulps(math::cos(v), cosl(v))});
    }
  }
  std::printf("  worst error %.3f ulp\n", worst);
  EXPECT_LE(worst, 2.0);
}

TEST(Math, Power_is_within_two_ulp_of_long_double_over_the_whole_range) {
  Uniform uniform;
  double worst = 0.0, worst_x = 0.0, worst_y = 0.0;
  for (int i = 0; i < 300000; ++i) {
    double x = 0.0, y = 0.0;
    switch (i % 4) {
      case 0:
        x = std::exp(uniform(-700.0, 700.0)), y = uniform(-708.0, 708.0) / std::log(x);
        break;
      case 1:
        x = uniform(0.5, 2.0), y = uniform(-708.0, 708.0) / std::log(x);
        break;
      case 2:
        x = std::exp(uniform(-10.0, 10.0)), y = uniform(-8.0, 8.0);
        break;
      default:
        x = -std::floor(uniform(1.0, 100.0)), y = std::floor(uniform(-100.0, 100.0));
        break;
    }
    const double error = ulps(math::pow(x, y), powl(x, y));
    if (error > worst) {
      worst = error;
      worst_x = x;
      worst_y = y;
    }
  }
  std::printf("  worst error %.3f ulp at pow(%.17g, %.17g)\n", worst, worst_x, worst_y);
  EXPECT_LE(worst, 2.0);
}

const std::vector<double>& odd_numbers() {
  static const std::vector<double> numbers = {0.0,
                                              -0.0,
                                              1.0,
                                              -1.0,
                                              2.0,
                                              -2.0,
                                              3.0,
                                              -3.0,
                                              0.5,
                                              -0.5,
                                              1e-310,
                                              -1e-310,
                                              1e308,
                                              infinity,
                                              -infinity,
                                              nan_value,
                                              1e300,
                                              -1e300,
                                              0.25,
                                              1e-300,
                                              -7.0,
                                              5e-324,
                                              4503599627370497.0,
                                              -4503599627370497.0,
                                              9007199254740993.0,
                                              9007199254740994.0,
                                              1e18,
                                              -1e18};
  return numbers;
}

TEST(Math, Power_has_the_special_values_of_IEEE_754) {
  for (const double x : odd_numbers()) {
    for (const double y : odd_numbers()) {
      const double got = math::pow(x, y), want = std::pow(x, y);
      if (std::isnan(want)) {
        EXPECT_TRUE(std::isnan(got)) << x << "^" << y;
      } else {
        EXPECT_LE(ulps(got, want), 1.0) << x << "^" << y << " = " << got << ", not " << want;
        EXPECT_EQ(std::signbit(got), std::signbit(want)) << x << "^" << y;
      }
    }
  }
}

TEST(Math, Special_values_are_those_the_header_promises) {
  EXPECT_EQ(math::exp(-infinity), 0.0);
  EXPECT_EQ(math::exp(infinity), infinity);
  EXPECT_EQ(math::exp(709.79), infinity);
  EXPECT_EQ(math::exp(-745.2), 0.0);
  EXPECT_GT(math::exp(-745.0), 0.0);
  EXPECT_EQ(math::exp(0.0), 1.0);
  EXPECT_EQ(math::log(0.0), -infinity);
  EXPECT_EQ(math::log(-0.0), -infinity);
  EXPECT_EQ(math::log(infinity), infinity);
  EXPECT_EQ(math::log(1.0), 0.0);
  EXPECT_EQ(math::tanh(infinity), 1.0);
  EXPECT_EQ(math::tanh(-40.0), -1.0);
  EXPECT_EQ(math::sinh(-infinity), -infinity);
  EXPECT_EQ(math::cosh(-infinity), infinity);
  EXPECT_EQ(math::sinh(711.0), infinity);
  EXPECT_EQ(math::atan(infinity), pi / 2);
  EXPECT_EQ(math::atan(-1.0), -pi / 4);
  EXPECT_EQ(math::asin(1.0), pi / 2);
  EXPECT_EQ(math::acos(-1.0), pi);
  EXPECT_EQ(math::acos(1.0), 0.0);
  EXPECT_EQ(math::atanh(1.0), infinity);
  EXPECT_EQ(math::acosh(1.0), 0.0);
  EXPECT_EQ(math::asinh(infinity), infinity);
  EXPECT_TRUE(std::signbit(math::sin(-0.0)));
  for (double x : {-1.0, nan_value}) EXPECT_TRUE(std::isnan(math::log(x)));
  for (double x : {1.5, -1.5, nan_value}) {
    EXPECT_TRUE(std::isnan(math::asin(x)));
    EXPECT_TRUE(std::isnan(math::acos(x)));
    EXPECT_TRUE(std::isnan(math::atanh(x)));
  }
  for (double x : {infinity, -infinity, nan_value, 1e18})
    EXPECT_TRUE(std::isnan(math::sin(x)) && std::isnan(math::cos(x)));
  EXPECT_TRUE(std::isnan(math::acosh(0.5)));
}

TEST(Math, Decimal_logarithm_is_exact_for_powers_of_ten) {
  double power = 1.0;
  for (int n = 0; n <= 22; ++n, power *= 10.0) EXPECT_EQ(math::log10(power), n);
}

TEST(Math, Factorial_is_rounded_from_the_exact_product) {
  EXPECT_EQ(math::factorial(0.0), 1.0);
  EXPECT_EQ(math::factorial(5.0), 120.0);
  EXPECT_EQ(math::factorial(22.0), 1124000727777607680000.0);
  EXPECT_LE(ulps(math::factorial(170.0), tgammal(171.0L)), 1.0);
  EXPECT_EQ(math::factorial(171.0), infinity);
  EXPECT_TRUE(std::isnan(math::factorial(2.5)));
  EXPECT_TRUE(std::isnan(math::factorial(-1.0)));
}

TEST(Math, Whole_powers_multiply_and_agree_with_pow_to_rounding) {
  Uniform uniform;
  for (int n = -16; n <= 16; ++n) {
    for (int i = 0; i < 200; ++i) {
      const double x = uniform(-3.0, 3.0);
      EXPECT_LE(ulps(math::whole_power(x, n), powl(x, n)), 1.0 + std::abs(n)) << x << "^" << n;
    }
  }
  EXPECT_EQ(math::whole_power(0.0, 0), 1.0);
  EXPECT_EQ(math::whole_power(-3.0, 3), -27.0);
  EXPECT_EQ(math::whole_power(2.0, -2), 0.25);
}

bool same(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) || (std::isnan(a) && std::isnan(b));
}

TEST(Math, Vector_calls_give_the_bits_of_scalar_calls_at_any_length_and_offset) {
  using Scalar = double (*)(double);
  using Vector = void (*)(const double*, double*, std::size_t);
  const std::pair<Scalar, Vector> functions[] = {
      {math::exp, math::exp},     {math::log, math::log},     {math::log10, math::log10}, {math::sin, math::sin},
      {math::cos, math::cos},     {math::tan, math::tan},     {math::sinh, math::sinh},   {math::cosh, math::cosh},
      {math::tanh, math::tanh},   {math::asin, math::asin},   {math::acos, math::acos},   {math::atan, math::atan},
      {math::asinh, math::asinh}, {math::acosh, math::acosh}, {math::atanh, math::atanh}};
  Uniform uniform;
  std::vector<double> x = odd_numbers();
  while (x.size() < 4000) {
    x.push_back(uniform(-2.0, 2.0));
    x.push_back(uniform(-800.0, 800.0));
    x.push_back(std::exp(uniform(-700.0, 700.0)));
  }
  for (std::size_t f = 0; f < std::size(functions); ++f) {
    for (std::size_t offset : {0U, 1U, 3U}) {
      for (std::size_t n : {1U, 5U, 63U, 3900U}) {
        std::vector<double> out(x.begin() + static_cast<std::ptrdiff_t>(offset),
                                x.begin() + static_cast<std::ptrdiff_t>(offset + n));
        functions[f].second(out.data(), out.data(), n);  // in place
        for (std::size_t i = 0; i < n; ++i)
          ASSERT_TRUE(same(out[i], functions[f].first(x[offset + i]))) << f << " at " << x[offset + i];
      }
    }
  }
  std::vector<double> y = x, out(x.size());
  std::shuffle(y.begin(), y.end(), std::mt19937_64(7));
  math::pow(x.data(), y.data(), out.data(), x.size());
  for (std::size_t i = 0; i < x.size(); ++i) ASSERT_TRUE(same(out[i], math::pow(x[i], y[i]))) << x[i] << "^" << y[i];
}

}  // namespace
