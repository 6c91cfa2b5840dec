// Own elementary functions, so that a result never depends on the C library or on the vector width: the scalar and
// the vectorised call give the same bits. Accuracy: ≤ 2 ulp on the documented ranges (tests/unit/base/math_test.cpp).
#pragma once

#include <cmath>
#include <cstddef>

namespace senoma::math {

inline constexpr double pi = 3.14159265358979323846;

[[nodiscard]] double exp(double x);            ///< 0 below −745.2, +inf above 709.78, NaN for NaN
[[nodiscard]] double log(double x);            ///< −inf at 0, NaN below 0
[[nodiscard]] double pow(double x, double y);  ///< x ≥ 0, or x < 0 with whole y; pow(0,0)=1 as IEEE
[[nodiscard]] double sin(double x);            ///< |x| ≤ 1e6
[[nodiscard]] double cos(double x);            ///< |x| ≤ 1e6
[[nodiscard]] inline double sqrt(double x) { return std::sqrt(x); }  // correctly rounded by IEEE 754

/// Element-wise over n values; in and out may be the same array. Same bits as the scalar calls.
void exp(const double* x, double* out, std::size_t n);
void log(const double* x, double* out, std::size_t n);
void pow(const double* x, const double* y, double* out, std::size_t n);

}  // namespace senoma::math
