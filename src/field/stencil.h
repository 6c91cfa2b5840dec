// The matrix of one implicit solve on one grid, never stored: A = diagonal − coupling to the six face neighbours,
// symmetric positive definite. Per voxel volume on the finest grid:
//
//   (A x)_i = mass_i x_i + scale · Σ_faces g_f (x_i − x_neighbour)
//
// with `diagonal` = mass + scale · Σ g. Conductances g_f are 1/spacing² (uniform) or one per face, on coarser grids
// integrated over the merged voxels. Vectors are in SplitLayout order. Fixed voxels have x = 0 in every vector.
// Thread statement: functions parallelise over blocks of rows whose borders depend on the grid only; same bits for any
// count.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/aligned.h"
#include "base/parallel.h"
#include "field/row_kernels.h"
#include "field/split_layout.h"
#include "field/stencil_kernels.h"

namespace senoma::field {

struct Stencil {
  explicit Stencil(std::array<int, 3> n);

  SplitLayout layout;
  bool per_face = false;                     ///< use `upper_face` instead of `uniform`
  std::array<double, 3> uniform{};           ///< g along each axis [1/µm²]
  std::array<Column<double>, 3> upper_face;  ///< g of each voxel's upper face along each axis; 0 at the box's face
  double scale = 0.0;                        ///< step coefficient (times D when g holds no D)
  Column<double> diagonal;                   ///< paddings hold 1
  Column<double> zeros;                      ///< half a row of zeros, the neighbour outside the box
  std::array<std::vector<std::uint32_t>, 2> fixed;  ///< split indices of fixed voxels, red and black
  std::size_t rows_per_block = 1;

  /// g of the upper face of voxel (i, j, k) along `axis`; 0 at the box's face.
  [[nodiscard]] double face(std::size_t axis, int i, int j, int k) const;
};

/// Calls body(first_row, end_row) over all rows; directly, without any call through std::function, on small grids.
template <class Body>
void for_rows(const Stencil& stencil, const Executor& executor, const Body& body) {
  if (stencil.layout.n_rows <= stencil.rows_per_block) {
    body(std::size_t{0}, stencil.layout.n_rows);
    return;
  }
  executor.for_blocks(stencil.layout.n_rows, stencil.rows_per_block,
                      [&](Block block) { body(block.begin, block.end); });
}

/// Sums of one or several numbers over row blocks, added in block order.
template <class Sums, class Body>
Sums sum_rows_as(const Stencil& stencil, const Executor& executor, const Body& body) {
  const std::size_t n_rows = stencil.layout.n_rows, block_size = stencil.rows_per_block;
  if (n_rows <= block_size) return body(std::size_t{0}, n_rows);
  std::vector<Sums> partial(block_count(n_rows, block_size));
  executor.for_blocks(n_rows, block_size, [&](Block block) { partial[block.index] = body(block.begin, block.end); });
  Sums total{};
  for (const Sums& part : partial) total += part;
  return total;
}

/// Calls body(at, n) for the values [at, at + n) of the half rows of both colours, in blocks of the same size.
template <class Body>
void for_values(const Stencil& stencil, const Executor& executor, const Body& body) {
  const std::size_t stride = stencil.layout.stride, n = 2 * stencil.layout.n_rows,
                    block_size = 2 * stencil.rows_per_block;
  if (n <= block_size) {
    body(std::size_t{0}, n * stride);
    return;
  }
  executor.for_blocks(n, block_size,
                      [&](Block block) { body(block.begin * stride, (block.end - block.begin) * stride); });
}

template <class Sums, class Body>
Sums sum_values_as(const Stencil& stencil, const Executor& executor, const Body& body) {
  const std::size_t stride = stencil.layout.stride, n = 2 * stencil.layout.n_rows,
                    block_size = 2 * stencil.rows_per_block;
  if (n <= block_size) return body(std::size_t{0}, n * stride);
  std::vector<Sums> partial(block_count(n, block_size));
  executor.for_blocks(n, block_size, [&](Block block) {
    partial[block.index] = body(block.begin * stride, (block.end - block.begin) * stride);
  });
  Sums total{};
  for (const Sums& part : partial) total += part;
  return total;
}

template <class Body>
double sum_values(const Stencil& stencil, const Executor& executor, const Body& body) {
  return sum_values_as<double>(stencil, executor, body);
}

/// The conductances in double precision, for the matrix.
[[nodiscard]] Faces<double> matrix_faces(const Stencil& stencil);

/// Adds scale · Σ g to a diagonal that holds the mass.
void add_face_sums(Stencil& stencil, const Executor& executor);

/// out = A x; returns x · A x.
double apply_matrix(const Stencil& stencil, const float* x, double* out, const Executor& executor);

struct StartSums {
  double residual = 0.0, b = 0.0, x = 0.0;  ///< sums of squares
  double plain_b = 0.0;                     ///< sum
  StartSums& operator+=(const StartSums& other) {
    residual += other.residual;
    b += other.b;
    x += other.x;
    plain_b += other.plain_b;
    return *this;
  }
};
/// b −= A x, the residual in place of the right side; returns the sums of both.
StartSums subtract_image(const Stencil& stencil, const double* x, double* b, const Executor& executor);
void zero_fixed(const Stencil& stencil, double* x);

}  // namespace senoma::field
