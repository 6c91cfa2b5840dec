// Newton's method for losses that are not first order, inside one implicit stage: Michaelis–Menten uptake, and losses
// that differ between the free and the bound part.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/kernel.h"
#include "field/implicit_system.h"

namespace senoma::field {

SENOMA_KERNEL(void, linearise,
              (double half_saturation, const double* v, const double* uptake, const double* x, double* rate,
               double* extra, std::size_t n),
              (half_saturation, v, uptake, x, rate, extra, n)) {
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) {
    const double at = x[i] > 0.0 ? x[i] : 0.0;
    const double share = half_saturation / (half_saturation + at);  // 1 where x ≤ 0
    const double slope = v[i] * share * share;
    rate[i] = slope + (uptake == nullptr ? 0.0 : uptake[i]);
    extra[i] = -slope * at * (at / half_saturation);
  }
}

SENOMA_KERNEL(void, secant_rate,
              (double half_saturation, const double* v, const double* uptake, const double* x, double* rate,
               std::size_t n),
              (half_saturation, v, uptake, x, rate, n)) {
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) {
    const double at = x[i] > 0.0 ? x[i] : 0.0;
    rate[i] = v[i] * (half_saturation / (half_saturation + at)) + (uptake == nullptr ? 0.0 : uptake[i]);
  }
}

SENOMA_KERNEL(void, add_taken_up,
              (double weight, const double* rate, const double* uptake, const double* x, double* out, std::size_t n),
              (weight, rate, uptake, x, out, n)) {
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) out[i] += weight * ((rate[i] - (uptake == nullptr ? 0.0 : uptake[i])) * x[i]);
}

SENOMA_KERNEL(double, largest_difference, (const double* a, const double* b, std::size_t n), (a, b, n)) {
  double largest = 0.0;
  for (std::size_t i = 0; i < n; ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

namespace {
constexpr int most_newton = 100;
}  // namespace

// The matrix at the iterate at_: with f' and the right side b − c (f − f' x), or with f/x and b itself.
void ImplicitSystem::linearise(bool newton, double c, const Column<double>& b) {
  const Coefficients& k = *coefficients_;
  const SplitLayout& layout = stencil().layout;
  const auto n_x = static_cast<std::size_t>(layout.n[0]);
  for_rows(stencil(), *executor_, [&](std::size_t first, std::size_t end) {
    const std::size_t at = first * n_x, n = (end - first) * n_x;
    const double* uptake = k.uptake.empty() ? nullptr : k.uptake.data() + at;
    if (is_split()) {
      linearise_split(newton, at, n);
    } else if (!newton) {
      secant_rate(k.half_saturation, k.saturable.data() + at, uptake, &at_[at], &rate_[at], n);
    } else {
      field::linearise(k.half_saturation, k.saturable.data() + at, uptake, &at_[at], &rate_[at], &extra_[at], n);
    }
    if (!newton) return;
    for (std::size_t r = first; r < end; ++r) {
      const std::size_t even = layout.half(r, 0), odd = layout.half(r, 1);
      std::copy_n(&b[even], layout.even, &right_side_[even]);
      std::copy_n(&b[odd], layout.odd, &right_side_[odd]);
      add_to_split_row(c, extra_.data() + r * n_x, &right_side_[even], &right_side_[odd], n_x);
    }
  });
  if (newton) zero_fixed(stencil(), right_side_.data());
}

void ImplicitSystem::linearise_split(bool newton, std::size_t first, std::size_t n) {
  const Coefficients& k = *coefficients_;
  for (std::size_t v = first; v < first + n; ++v) {
    const double x = at_[v] > 0.0 ? at_[v] : 0.0;
    const Split part = k.split(v, x);
    const double u = k.free_decay + (k.uptake.empty() ? 0.0 : k.uptake[v]);
    const double slope = u * part.free_slope + part.loss_slope, lost = u * part.free + part.loss;
    if (newton) {
      rate_[v] = slope;
      extra_[v] = slope * x - lost;
    } else {
      rate_[v] = x > 0.0 ? lost / x : slope;
      share_[v] = x > 0.0 ? part.free / x : part.free_slope;
    }
  }
}

int ImplicitSystem::solve_nonlinear(double mass, double c, Column<double>& b, Column<double>& x,
                                    const Tolerances& tolerances, bool along, double weight, int& newton) {
  const std::size_t n = geometry_.size();
  for (auto* buffer : {&at_, &now_, &rate_, &extra_, &share_}) buffer->resize(n);
  right_side_.resize(b.size(), 0.0);
  merge(0.0, 1.0, x, at_);
  int iterations = 0;
  const auto solve_here = [&](Column<double>& right_side, bool first) {
    assemble_with(mass, c, rate_);
    iterations += solve(right_side, x, tolerances.wanted, tolerances.required, tolerances.max_iterations, first);
    merge(0.0, 1.0, x, now_);
  };
  for (int k = 0;; ++k) {
    linearise(true, c, b);
    solve_here(right_side_, along && k == 0);
    const double change = largest_difference(at_.data(), now_.data(), n);
    const double size = range_of(now_.data(), n).magnitude;
    at_.swap(now_);
    ++newton;
    if (change <= 10.0 * tolerances.wanted * size) break;
    if (k + 1 == most_newton) {
      throw Error("E4005",
                  fmt::format("losses did not settle in {} Newton iterations: the field still changes by {:.2g}",
                              most_newton, change),
                  ErrorKind::numerical)
          .help("use shorter time steps, or a larger half-saturation of uptake");
    }
  }
  linearise(false, c, b);
  solve_here(b, false);
  const double* uptake = coefficients_->uptake.empty() || is_split() ? nullptr : coefficients_->uptake.data();
  for (std::size_t v = 0; is_split() && v < n; ++v) free_part_[v] += weight * (share_[v] * now_[v]);
  add_taken_up(weight, rate_.data(), uptake, now_.data(), taken_up_.data(), n);
  mass_ = c_ = -1.0;  // the matrix holds more than mass and c say
  return iterations;
}

}  // namespace senoma::field
