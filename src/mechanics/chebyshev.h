// Internal to the room: the stabilised second-order Runge–Kutta–Chebyshev scheme RKC2 (Sommeijer, Shampine & Verwer
// 1998 doi 10.1016/S0377-0427(97)00219-7, damping ε = 2/13) for y' = F(y). With D_j = Y_j − y and s stages
//   D_0 = 0,  D_1 = μ̃_1 h F(y),
//   D_j = μ_j D_{j−1} + ν_j D_{j−2} + h (μ̃_j F(Y_{j−1}) + γ̃_j F(y)),  j = 2…s,  y_new = y + D_s.
// Stable while h ρ ≤ 0.653 (s² − 1) for real non-positive eigenvalues of radius ρ: the reach grows with the square of
// the work. Its local error is estimated as 0.8 (y − y_new) + 0.4 h (F(y) + F(y_new)). All dimensionless.
#pragma once

#include <vector>

namespace senoma::mechanics {

struct ChebyshevStage {
  double mu, nu, mu_f, gamma_f;  ///< μ, ν, μ̃, γ̃
};

struct ChebyshevScheme {
  double first = 0.0;                  ///< μ̃_1
  std::vector<ChebyshevStage> stages;  ///< 2…s
};

inline constexpr int fewest_stages = 2, most_stages = 24;

/// The coefficients for s stages, s ≥ 2.
[[nodiscard]] ChebyshevScheme chebyshev_scheme(int s);

/// The fewest stages that are stable for h ρ (may exceed most_stages), and the largest h ρ that s stages bear.
[[nodiscard]] int stages_for(double step_times_radius);
[[nodiscard]] double stable_reach(int s);

}  // namespace senoma::mechanics
