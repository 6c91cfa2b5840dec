// Who touches whom in a well-mixed domain, in expectation (mechanics/mean_field.h): every cell may be anywhere, so that
// a cell i touches j with a chance that depends on their sizes only. Sums over all j are polynomials of i's reach whose
// coefficients are moments of the others' reaches, so that a step costs O(cells), not O(pairs).
//
//   2D  Σ_j w_j π(r_i + r_j)²/A   = π (m0 r_i² + 2 m1 r_i + m2)/A                    m_k = Σ_j w_j r_j^k
//   3D  Σ_j w_j 4π/3 (r_i + r_j)³/V = 4π/3 (m0 r_i³ + 3 m1 r_i² + 3 m2 r_i + m3)/V
//
// A cell does not touch itself: its own term is taken off. Moments are order_free_sums, so no bit depends on the order
// of the cells. Thread statement: const calls may run concurrently.
#pragma once

#include <array>
#include <functional>

#include "engine/simulation.h"

namespace senoma::engine {

class Encounters {
 public:
  /// Of the cells as they are now.
  explicit Encounters(const Simulation& sim);

  using Moments = std::array<double, 4>;
  /// `weight` of a cell; a weight of 0 leaves it out.
  [[nodiscard]] Moments moments(const std::function<double(std::size_t)>& weight) const;
  /// Σ over the others of their weight times the chance to touch cell i; `own` is the weight that i itself has there.
  /// Weights that are nowhere negative give no negative sum.
  [[nodiscard]] double expected(const Moments& moments, std::size_t i, double own) const;
  [[nodiscard]] double chance(std::size_t i, std::size_t j) const;

 private:
  std::vector<double> reach_;  ///< µm
  double measure_ = 0.0;
  bool two_dimensional_ = false;
};

}  // namespace senoma::engine
