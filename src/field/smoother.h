// The relaxations of one multigrid level, in single precision: the preconditioner only steers the search of conjugate
// gradients, which keeps field, residual and matrix in double precision, and half the memory traffic is half the time.
// Colour 0 is red (i + j + k even), 1 black. Fixed voxels hold 0 in every vector.
// Thread statement: functions parallelise over blocks of rows whose borders depend on the grid only; same bits for any
// count.
#pragma once

#include <array>

#include "field/stencil.h"

namespace senoma::field {

struct Smoother {
  Column<float> inverse;  ///< 1 / diagonal, 0 in the paddings
  Column<float> zeros;    ///< half a row
  std::array<Column<float>, 3> upper_face;
};

/// Copies the conductances of `stencil`, if it has one per face.
void narrow_faces(const Stencil& stencil, Smoother& smoother, const Executor& executor);
/// From the diagonal of `stencil`.
void invert_diagonal(const Stencil& stencil, Smoother& smoother, const Executor& executor);

/// x of one colour = b / diagonal (the other colour counts as zero).
void relax_from_zero(const Stencil& stencil, const Smoother& smoother, int colour, const float* b, float* x,
                     const Executor& executor);
/// Gauss–Seidel on one colour.
void relax_colour(const Stencil& stencil, const Smoother& smoother, int colour, const float* b, float* x,
                  const Executor& executor);
struct Products {
  double with_b = 0.0, with_image = 0.0;
  Products& operator+=(const Products& other) {
    with_b += other.with_b;
    with_image += other.with_image;
    return *this;
  }
};
/// The same as the last sweep of all; returns b · x and, unless `image` is null, image · x.
Products relax_and_multiply(const Stencil& stencil, const Smoother& smoother, int colour, const float* b, float* x,
                            const double* image, const Executor& executor);
/// b − A x of one colour; `out` has that colour's values only (SplitLayout::colour_size).
void residual_of_colour(const Stencil& stencil, const Smoother& smoother, int colour, const float* b, const float* x,
                        float* out, const Executor& executor);
/// out = −A x in both colours; returns x · A x. For grids without fixed voxels.
double negative_image(const Stencil& stencil, const Smoother& smoother, const float* x, float* out,
                      const Executor& executor);

}  // namespace senoma::field
