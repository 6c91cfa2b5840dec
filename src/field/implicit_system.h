// One implicit problem of a substrate: (mass + c(λ + u) − c∇·D∇) x = b with the box's faces and the fixed voxels built
// in, solved so that the sum over the free voxels holds to round-off whatever the tolerance:
//
//   Σ_i b_i = Σ_i (mass + c(λ + u_i) + c Σ g_exchange) x_i        (inner faces cancel)
//
// Saturable uptake v x/(1 + x/K) is met by Newton's method: with f concave and the matrix an M-matrix, the iterates
// rise to the solution from the first on. The last solve has the uptake as a first-order rate v/(1 + x_k/K) at the
// converged iterate x_k, so it is linear and positive, and what it takes up is known exactly. Losses of a split field,
// f = u·free(x) + loss(x), are met in the same way. The summed residual δ is put back as x += δ |x| / Σ m|x|, which
// keeps the sign of every voxel. Fixed voxels are x = 0 in all vectors here;
// their value enters through the links to their free neighbours. Thread statement: one solve at a time per object.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "field/conjugate_gradient.h"
#include "field/face_conditions.h"
#include "field/multigrid.h"
#include "field/reaction_diffusion.h"

namespace senoma::field {

struct Tolerances {
  double wanted, required;
  int max_iterations;
};

class ImplicitSystem {
 public:
  explicit ImplicitSystem(const grid::Geometry& geometry);

  /// Takes the coefficients of a step; they must outlive its solves.
  void begin(const Coefficients& coefficients, const Executor& executor);
  /// The matrix for `mass` (1 in time steps, 0 for the steady state) and step coefficient c; kept if nothing changed.
  void assemble(double mass, double c);
  /// b = weight · rho + c (s + inflow), rho in natural order; zero in fixed voxels.
  void set_right_side(double weight, std::span<const double> rho, double c, Column<double>& b);
  /// x from the guess in x, to `tolerance`; `b` becomes the residual. Throws E4001 if not even `required` was reached.
  /// `along`: scratch() holds the direction in which the solution probably lies.
  int solve(Column<double>& b, Column<double>& x, double tolerance, double required, int max_iterations,
            bool along = false);

  /// The same with saturable uptake or split losses, for the matrix of `mass` and c. Adds `weight` · the saturable
  /// uptake (with a split: all losses) [C/min] to taken_up(), and `weight` · the free part to free_part(). Counts
  /// Newton iterations in `newton`. Throws E4005 as well.
  int solve_nonlinear(double mass, double c, Column<double>& b, Column<double>& x, const Tolerances& tolerances,
                      bool along, double weight, int& newton);
  /// x ≈ A⁻¹ b to a tenth, from x = 0, with the matrix of the last solve; for error estimates. `b` becomes the
  /// residual.
  int filter(Column<double>& b, Column<double>& x);
  /// Per voxel, natural order; sums over the solves since they were last cleared.
  [[nodiscard]] std::vector<double>& taken_up() { return taken_up_; }
  [[nodiscard]] std::vector<double>& free_part() { return free_part_; }
  [[nodiscard]] bool is_split() const { return static_cast<bool>(coefficients_->split); }
  [[nodiscard]] bool is_nonlinear() const { return !coefficients_->saturable.empty() || is_split(); }

  /// split = natural, zero in fixed voxels.
  void split(std::span<const double> natural, Column<double>& split) const;
  /// natural = keep · natural + weight · split, where a fixed voxel counts with its value.
  void merge(double keep, double weight, const Column<double>& split, std::span<double> natural) const;

  [[nodiscard]] const Stencil& stencil() const { return grids_->fine(); }
  [[nodiscard]] const std::vector<Exchange>& face_exchanges() const { return face_exchanges_; }
  [[nodiscard]] const std::vector<Exchange>& fixed_links() const { return fixed_links_; }
  [[nodiscard]] const Executor& executor() const { return *executor_; }
  /// Scratch in split order, free between solves.
  [[nodiscard]] Column<double>& scratch() { return vectors_.image; }

 private:
  void assemble_with(double mass, double c, std::span<const double> uptake);
  void linearise(bool newton, double c, const Column<double>& b);
  void linearise_split(bool newton, std::size_t at, std::size_t n);
  void restore_sum(double wanted, Column<double>& x);
  void check_steady_state(double mass) const;

  grid::Geometry geometry_;
  std::unique_ptr<Multigrid> uniform_, mapped_;
  Multigrid* grids_ = nullptr;
  CgVectors vectors_;
  std::vector<Exchange> face_exchanges_, fixed_links_;
  const Coefficients* coefficients_ = nullptr;
  const Executor* executor_ = nullptr;
  double mass_ = -1.0, c_ = -1.0;
  std::span<const double> uptake_;  ///< first-order rate in the matrix, natural order
  std::vector<double> at_, now_, rate_, extra_, share_, taken_up_, free_part_;  ///< of Newton's method, natural order
  Column<double> right_side_;
};

}  // namespace senoma::field
