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

namespace senoma::field {

struct Stencil {
  explicit Stencil(std::array<int, 3> n);

  SplitLayout layout;
  bool per_face = false;                     ///< use `upper_face` instead of `uniform`
  std::array<double, 3> uniform{};           ///< g along each axis [1/µm²]
  std::array<Column<double>, 3> upper_face;  ///< g of each voxel's upper face along each axis; 0 at the box's face
  double scale = 0.0;                        ///< step coefficient (times D when g holds no D)
  Column<double> diagonal;                   ///< paddings hold 1
  Column<double> zeros;                      ///< a row of zeros, the neighbour outside the box
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

/// Sum over row blocks, added in block order.
template <class Body>
double sum_rows(const Stencil& stencil, const Executor& executor, const Body& body) {
  if (stencil.layout.n_rows <= stencil.rows_per_block) return body(std::size_t{0}, stencil.layout.n_rows);
  return executor.sum_blocks(stencil.layout.n_rows, stencil.rows_per_block,
                             [&](Block block) { return body(block.begin, block.end); });
}

/// The same for sums of several numbers.
template <class Sums, class Body>
Sums sum_rows_as(const Stencil& stencil, const Executor& executor, const Body& body) {
  const std::size_t n_rows = stencil.layout.n_rows, block_size = stencil.rows_per_block;
  if (n_rows <= block_size) return body(std::size_t{0}, n_rows);
  std::vector<Sums> partial(block_count(n_rows, block_size));
  executor.for_blocks(n_rows, block_size, [&](Block block) { partial[block.index] = body(block.begin, block.end); });
  Sums total;
  for (const Sums& part : partial) total += part;
  return total;
}

/// Adds scale · Σ g to a diagonal that holds the mass.
void add_face_sums(Stencil& stencil, const Executor& executor);

/// out = A x; returns x · A x.
double apply_matrix(const Stencil& stencil, const float* x, double* out, const Executor& executor);

struct StartNorms {  ///< sums of squares
  double residual = 0.0, b = 0.0, x = 0.0;
  StartNorms& operator+=(const StartNorms& other) {
    residual += other.residual;
    b += other.b;
    x += other.x;
    return *this;
  }
};
/// out = b − A x.
StartNorms subtract_image(const Stencil& stencil, const double* b, const double* x, double* out,
                          const Executor& executor);
void zero_fixed(const Stencil& stencil, double* x);

}  // namespace senoma::field
