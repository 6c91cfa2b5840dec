// Own elementary functions, so that a result never depends on the C library or on the vector width: the scalar and
// the vectorised call give the same bits (which NaN is not specified). Accuracy: exp, log, log10, pow, sin, cos ≤ 2
// ulp, the others ≤ 4 ulp on the documented ranges (tests/unit/base/math_test.cpp measures it). Thread-safe.
#pragma once

#include <cmath>
#include <cstddef>

namespace senoma::math {

inline constexpr double pi = 3.14159265358979323846;

[[nodiscard]] double exp(double x);            ///< 0 below −745.2, +inf above 709.78, NaN for NaN
[[nodiscard]] double log(double x);            ///< −inf at 0, NaN below 0
[[nodiscard]] double log10(double x);          ///< exact for whole powers of ten
[[nodiscard]] double pow(double x, double y);  ///< x ≥ 0, or x < 0 with whole y; pow(0,0)=1 as IEEE
[[nodiscard]] double sin(double x);            ///< |x| ≤ 1e6; NaN above 2^30
[[nodiscard]] double cos(double x);            ///< |x| ≤ 1e6; NaN above 2^30
[[nodiscard]] double tan(double x);            ///< |x| ≤ 1e6; NaN above 2^30
[[nodiscard]] double sinh(double x);
[[nodiscard]] double cosh(double x);
[[nodiscard]] double tanh(double x);
[[nodiscard]] double asin(double x);  ///< NaN outside [−1, 1]
[[nodiscard]] double acos(double x);  ///< NaN outside [−1, 1]
[[nodiscard]] double atan(double x);
[[nodiscard]] double asinh(double x);
[[nodiscard]] double acosh(double x);                                ///< NaN below 1
[[nodiscard]] double atanh(double x);                                ///< NaN outside [−1, 1]
[[nodiscard]] inline double sqrt(double x) { return std::sqrt(x); }  // correctly rounded by IEEE 754

/// n! for whole 0 ≤ x ≤ 170, +inf above, NaN otherwise.
[[nodiscard]] double factorial(double x);

/// x^n by squaring, in one fixed order of multiplications: fast, error below |n| ulp; meant for |n| ≤ 16.
[[nodiscard]] double whole_power(double x, int n);

/// Element-wise over n values; in and out may be the same array. Same bits as the scalar calls.
void exp(const double* x, double* out, std::size_t n);
void log(const double* x, double* out, std::size_t n);
void pow(const double* x, const double* y, double* out, std::size_t n);
void log10(const double* x, double* out, std::size_t n);
void sin(const double* x, double* out, std::size_t n);
void cos(const double* x, double* out, std::size_t n);
void tan(const double* x, double* out, std::size_t n);
void sinh(const double* x, double* out, std::size_t n);
void cosh(const double* x, double* out, std::size_t n);
void tanh(const double* x, double* out, std::size_t n);
void asin(const double* x, double* out, std::size_t n);
void acos(const double* x, double* out, std::size_t n);
void atan(const double* x, double* out, std::size_t n);
void asinh(const double* x, double* out, std::size_t n);
void acosh(const double* x, double* out, std::size_t n);
void atanh(const double* x, double* out, std::size_t n);

}  // namespace senoma::math
