// The sweeps of the field solver over half rows of one colour (see split_layout.h), with the loop over the rows inside,
// so that a small grid does not pay a call per row.
//
//   coupling_i = Σ_f g_f x_f over the six faces, with one g per axis or one per face
//
// Arrays hold a whole grid in SplitLayout order. All functions: no allocation, thread-safe on disjoint rows, the same
// bits on every instruction set.
#pragma once

#include <array>
#include <cstddef>

#include "field/split_layout.h"

namespace senoma::field {

/// Conductances in the precision T of the sweep.
template <class T>
struct Faces {
  std::array<T, 3> along{};         ///< one per axis, times the step coefficient; 0 across a planar grid
  std::array<const T*, 3> upper{};  ///< one per face instead, of each voxel's upper face; null: `along`
  T scale = 0;                      ///< step coefficient for `upper`
  const T* zeros = nullptr;         ///< half a row
};

/// Rows [first, end) of one colour, 0 red or 1 black.
struct ColourRows {
  const SplitLayout& layout;
  int colour;
  std::size_t first, end;
};

// ---- the preconditioner, in single precision; results below 1e-27 become zero, so that no denormal slows a loop ----

/// Gauss–Seidel: x = (b + coupling) · inverse on one colour, with inverse = 1 / diagonal (0 in the paddings).
void relax(const ColourRows& rows, const Faces<float>& g, const float* b, const float* inverse, float* x);
/// out = b + coupling − x / inverse on one colour. `b` may be null (0). `out` has that colour's values only.
void residual(const ColourRows& rows, const Faces<float>& g, const float* b, const float* inverse, const float* x,
              float* out);

// ---- conjugate gradients: x, residual and matrix in double precision, search directions in single ----
// Both colours of rows [first, end); `zeros`: half a row.

/// out = diagonal · x − coupling.
void apply(const SplitLayout& layout, std::size_t first, std::size_t end, const Faces<double>& g,
           const double* diagonal, const float* zeros, const float* x, double* out);
/// b −= diagonal · x − coupling.
void subtract(const SplitLayout& layout, std::size_t first, std::size_t end, const Faces<double>& g,
              const double* diagonal, const double* x, double* b);

}  // namespace senoma::field
