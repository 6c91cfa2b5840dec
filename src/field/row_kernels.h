// The innermost loops of the field solver over contiguous values; those over a voxel's neighbours are in
// stencil_kernels.h. All functions: no allocation, thread-safe on disjoint outputs, the same bits on every instruction
// set.
#pragma once

#include <cstddef>

namespace senoma::field {

// ---- the preconditioner, in single precision; results below 1e-27 become zero, so that no denormal slows a loop ----

/// out = a · b.
void multiply(const float* a, const float* b, float* out, std::size_t n);
/// out += weight · a.
void add_scaled(float weight, const float* a, float* out, std::size_t n);
/// out = keep · out + weight · a.
void combine(float keep, float weight, const float* a, float* out, std::size_t n);
/// Sums in double precision.
[[nodiscard]] double dot(const float* a, const float* b, std::size_t n);
[[nodiscard]] double dot(const float* a, const double* b, std::size_t n);

// ---- conjugate gradients: x, residual and matrix in double precision, search directions in single ----

/// out = weight · a.
void narrow(double weight, const double* a, float* out, std::size_t n);
/// x += alpha p.
void advance(double alpha, const float* p, double* x, std::size_t n);
/// x += alpha p, then p = z + beta p.
void turn(double alpha, double beta, const float* z, float* p, double* x, std::size_t n);
/// r −= alpha q, narrowed = weight · r; returns r·r.
double descend(double alpha, double weight, const double* q, double* r, float* narrowed, std::size_t n);

/// Sums in eight lanes, added in a fixed order.
[[nodiscard]] double dot(const double* a, const double* b, std::size_t n);
[[nodiscard]] double sum(const double* a, std::size_t n);

/// out += weight · a.
void add_scaled(double weight, const double* a, double* out, std::size_t n);

// ---- between natural rows (n values, i ascending) and split rows ----

/// split = offset + weight · natural.
void split_row(double offset, double weight, const double* natural, double* even, double* odd, std::size_t n);
/// split += weight · natural.
void add_to_split_row(double weight, const double* natural, double* even, double* odd, std::size_t n);
/// natural = keep · natural + weight · split.
void merge_row(double keep, double weight, const double* even, const double* odd, double* natural, std::size_t n);

struct SignedSums {
  double plain = 0.0, absolute = 0.0;
  SignedSums& operator+=(const SignedSums& other) {
    plain += other.plain;
    absolute += other.absolute;
    return *this;
  }
};
/// Σ m x and Σ m |x| over half a row, m = base + weight · u[2i]; u may be null (then m = base).
SignedSums mass_sums(double base, double weight, const double* u, const double* x, std::size_t n);
/// Σ x and Σ |x|.
SignedSums plain_sums(const double* x, std::size_t n);

// ---- saturable uptake f(x) = v x / (1 + x/K) for x ≥ 0, v x below, over natural rows; `uptake` may be null (0) ----

/// Newton at x: rate = uptake + f'(x), extra = f'(x) x − f(x), at most 0.
void linearise(double half_saturation, const double* v, const double* uptake, const double* x, double* rate,
               double* extra, std::size_t n);
/// rate = uptake + f(x)/x.
void secant_rate(double half_saturation, const double* v, const double* uptake, const double* x, double* rate,
                 std::size_t n);
/// out += weight · (rate − uptake) · x.
void add_taken_up(double weight, const double* rate, const double* uptake, const double* x, double* out, std::size_t n);
/// Largest |a − b|.
double largest_difference(const double* a, const double* b, std::size_t n);

// ---- time stepping ----

/// The second stage from the first (y) and the start (rho): rho −= y, b −= ratio · rho, with b = rho + forcing before.
void second_stage(double ratio, const double* y, double* rho, double* b, std::size_t n);
/// Embedded error y2 − rho − (y1 − rho)/γ, with y1 = (mean − γ y2)/(1 − γ), in place of rho.
void embedded_error(double gamma, const double* y2, const double* mean, double* rho, std::size_t n);
/// x += weight · |x|.
void scale_by_magnitude(double weight, double* x, std::size_t n);
struct Range {
  double lowest = 0.0, magnitude = 0.0;
};
/// Smallest value (at most 0) and largest magnitude.
Range range_of(const double* x, std::size_t n);
/// Whether all values are finite and at least `lowest`.
[[nodiscard]] bool all_at_least(double lowest, const double* x, std::size_t n);

}  // namespace senoma::field
