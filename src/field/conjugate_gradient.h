// Preconditioned conjugate gradients for the stencil's matrix, warm-started. It ends when the residual norm is below
// tolerance · ‖b‖ and has also fallen to a tenth of where it began, so that a slow change per step is never ignored
// because the warm start was already within tolerance; or when it reaches round-off. Reference: Saad, Iterative Methods
// for Sparse Linear Systems (2003), alg. 9.1. Deterministic for any thread count.
#pragma once

#include "base/aligned.h"
#include "base/parallel.h"
#include "field/multigrid.h"

namespace senoma::field {

/// Vectors in SplitLayout order; their paddings are zero.
struct CgVectors {
  Column<double> residual, direction, image, preconditioned;
  void resize(std::size_t n);
};

struct CgResult {
  int iterations = 0;
  double relative_residual = 0.0;
  bool converged = false;
};

CgResult solve(Multigrid& matrix, const Column<double>& b, Column<double>& x, double tolerance, int max_iterations,
               CgVectors& work, const Executor& executor);

}  // namespace senoma::field
