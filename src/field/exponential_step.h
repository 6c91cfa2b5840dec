// One substep of a substrate with constant coefficients by the exponential of its matrix, to a tolerance:
//
//   ρ(h) = ρ + h φ1(−hM) v,   mean over [0, h] = ρ + h ψ(−hM) v,   v = f − Mρ,
//   φ1(−z) = (1 − e^(−z))/z,  ψ(−z) = (1 − φ1(−z))/z,
//
// in the Krylov space of S = (I + γM)⁻¹ and v (shift and invert Lanczos: van den Eshof & Hochbruck, SIAM J. Sci.
// Comput. 27, 1438 (2006)). Each dimension costs one solve with one matrix; stiff modes are exact in the limit, and the
// error falls geometrically whatever the stiffness, so a few solves do what a second-order scheme needs many steps for.
// The error is estimated by what the last dimension changed. Nothing keeps ρ(h) above zero: the caller looks. Memory:
// one vector per dimension, at most `most_vectors`, made when first needed. Thread statement: one step at a time per
// object; the same bits for any number of threads.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/aligned.h"
#include "field/implicit_system.h"

namespace senoma::field {

struct ExponentialReport {
  bool converged = false;
  int iterations = 0;  ///< CG iterations of all solves
  int vectors = 0;
  double error = 0.0;  ///< root mean square, relative to the field
};

class ExponentialStep {
 public:
  static constexpr std::size_t most_vectors = 10;

  /// From `rho` over h to x (split order) and the time average `mean` (natural order, as rho), until the estimated
  /// relative error is below `tolerance`. Throws E4001 from the solves.
  ExponentialReport run(ImplicitSystem& system, std::span<const double> rho, double h, double tolerance,
                        int max_iterations, Column<double>& x, std::span<double> mean);

 private:
  std::vector<Column<double>> basis_;
  Column<double> right_side_;
};

/// (1 − e^(−z))/z and (1 − that)/z for z ≥ 0, without cancellation.
[[nodiscard]] double phi1(double z);
[[nodiscard]] double psi(double z);

}  // namespace senoma::field
