// Preconditioned conjugate gradients for the stencil's matrix, warm-started, first along a given direction if there is
// one. Field, residual and matrix are in double precision; search directions and the preconditioner in single, scaled
// by a power of two so that their values are near one: they only say where to go, and the residual follows the steps
// that were really taken. It ends when the residual norm is below tolerance · ‖b‖ and has also fallen to a tenth of
// where it began, so that a slow change per step is never ignored because the warm start was already within tolerance;
// or when it reaches round-off. Reference: Saad, Iterative Methods for Sparse Linear Systems (2003), alg. 9.1; flexible
// variant: Notay, SIAM J. Sci. Comput. 22, 1444 (2000). Deterministic for any thread count.
#pragma once

#include "base/aligned.h"
#include "base/parallel.h"
#include "field/multigrid.h"

namespace senoma::field {

/// Vectors in SplitLayout order; their paddings are zero.
struct CgVectors {
  Column<double> image;
  Column<float> narrow_residual, direction, preconditioned;
  void resize(std::size_t n);
};

struct CgResult {
  int iterations = 0;
  double relative_residual = 0.0;
  bool converged = false;
  double right_side_sum = 0.0;  ///< Σ b
};

/// `b` becomes the residual. With `along`, work.image holds a direction that probably leads to the solution (one step
/// costs a matrix application).
CgResult solve(Multigrid& matrix, Column<double>& b, Column<double>& x, double tolerance, int max_iterations,
               CgVectors& work, const Executor& executor, bool along = false);

}  // namespace senoma::field
