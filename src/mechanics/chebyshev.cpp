#include "mechanics/chebyshev.h"

#include <algorithm>
#include <cmath>

namespace senoma::mechanics {

namespace {

constexpr double damping = 2.0 / 13.0;
constexpr double reach_per_square = 2.0 / 3.0 * (1.0 - 2.0 / 15.0 * damping);

}  // namespace

double stable_reach(int s) { return reach_per_square * (static_cast<double>(s) * s - 1.0); }

int stages_for(double step_times_radius) {
  const double s = std::sqrt(1.0 + step_times_radius / reach_per_square);
  return std::max(fewest_stages, static_cast<int>(std::ceil(std::min(s, 1e6))));
}

ChebyshevScheme chebyshev_scheme(int s) {
  const auto n = static_cast<std::size_t>(s) + 1;
  const double w0 = 1.0 + damping / (static_cast<double>(s) * s);
  // Chebyshev polynomials at w0 with their first two derivatives, by recurrence: no libm.
  std::vector<double> t(n), t1(n), t2(n), a(n), b(n);
  t[0] = 1.0, t[1] = w0, t1[1] = 1.0;
  for (std::size_t j = 2; j < n; ++j) {
    t[j] = 2.0 * w0 * t[j - 1] - t[j - 2];
    t1[j] = 2.0 * t[j - 1] + 2.0 * w0 * t1[j - 1] - t1[j - 2];
    t2[j] = 4.0 * t1[j - 1] + 2.0 * w0 * t2[j - 1] - t2[j - 2];
    b[j] = t2[j] / (t1[j] * t1[j]);
  }
  b[0] = b[2], b[1] = 1.0 / w0;
  for (std::size_t j = 0; j < n; ++j) a[j] = 1.0 - b[j] * t[j];
  const double w1 = t1[n - 1] / t2[n - 1];
  ChebyshevScheme scheme{b[1] * w1, {}};
  for (std::size_t j = 2; j < n; ++j) {
    const double mu_f = 2.0 * b[j] * w1 / b[j - 1];
    scheme.stages.push_back({2.0 * b[j] * w0 / b[j - 1], -b[j] / b[j - 2], mu_f, -a[j - 1] * mu_f});
  }
  return scheme;
}

}  // namespace senoma::mechanics
