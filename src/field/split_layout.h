// The order in which the solver keeps a field in memory, so that red–black sweeps run over contiguous values. A voxel
// is red when i + j + k is even; all neighbours of a red voxel are black. First stand all red voxels, then all black
// ones. Each row (fixed j, k) has one half among the red and one among the black: its voxels with even i and those with
// odd i. Both colours keep their half rows in the order of the rows, each followed by zeros up to the same stride:
//
//   red   [ 0 2 4 … 0.0 | 1 3 5 … 0.0 | 0 2 4 … 0.0 | … ]
//   black [ 1 3 5 … 0.0 | 0 2 4 … 0.0 | 1 3 5 … 0.0 | … ]
//
// so that the neighbours of one half row all lie in the other colour: in the same row the west neighbour of even[m] is
// odd[m−1] and its east neighbour odd[m], those of odd[m] are even[m] and even[m+1], and the other four are value m of
// rows r ± 1 and r ± n_y. At the ends of a row the neighbours are the zeros, which must stay zero (all vector
// operations keep them so). A sweep over one colour streams whole arrays; with the halves of a row side by side it
// would read and skip 400 bytes in turn, at less than half the bandwidth.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "base/aligned.h"

namespace senoma::field {

struct SplitLayout {
  std::array<int, 3> n{1, 1, 1};
  std::size_t even = 1, odd = 0;       ///< voxels of a row with even and odd i
  std::size_t stride = 2, n_rows = 1;  ///< values from one half row to the next of its colour
  /// On grids of up to `small` values of a colour half rows are whole vectors of single precision; on larger ones,
  /// where the memory matters, they have no more than the one zero.
  static constexpr std::size_t vector = 16, small = 16384;

  SplitLayout() = default;
  explicit SplitLayout(std::array<int, 3> size)
      : n(size),
        even((static_cast<std::size_t>(size[0]) + 1) / 2),
        odd(static_cast<std::size_t>(size[0]) / 2),
        stride(even + 1),
        n_rows(static_cast<std::size_t>(size[1]) * static_cast<std::size_t>(size[2])) {
    const std::size_t whole_vectors = (stride + vector - 1) / vector * vector;
    if (n_rows * whole_vectors <= small) stride = whole_vectors;
  }

  /// Values of one colour.
  [[nodiscard]] std::size_t colour_size() const { return n_rows * stride; }
  /// Both colours, and a zero at the end.
  [[nodiscard]] std::size_t size() const { return 2 * colour_size() + 1; }
  [[nodiscard]] std::size_t n_voxels() const { return n_rows * static_cast<std::size_t>(n[0]); }
  [[nodiscard]] std::size_t half_size(int parity) const { return parity == 0 ? even : odd; }
  [[nodiscard]] std::size_t row(int j, int k) const {
    return static_cast<std::size_t>(k) * static_cast<std::size_t>(n[1]) + static_cast<std::size_t>(j);
  }
  /// First value of the half of row (j, k) with parity 0 (even i) or 1 (odd i).
  [[nodiscard]] std::size_t half(int j, int k, int parity) const {
    return (((j + k + parity) & 1) == 0 ? 0 : colour_size()) + row(j, k) * stride;
  }
  /// The same of row r.
  [[nodiscard]] std::size_t half(std::size_t r, int parity) const {
    const auto n_y = static_cast<std::size_t>(n[1]);
    return half(static_cast<int>(r % n_y), static_cast<int>(r / n_y), parity);
  }
  [[nodiscard]] std::size_t index(int i, int j, int k) const {
    return half(j, k, i & 1) + static_cast<std::size_t>(i / 2);
  }
  /// Where the voxel with natural index v (grid::Geometry::index) stands.
  [[nodiscard]] std::size_t index_of_voxel(std::size_t v) const {
    const auto n_x = static_cast<std::size_t>(n[0]);
    const std::size_t i = v % n_x;
    return half(v / n_x, static_cast<int>(i & 1)) + i / 2;
  }
};

}  // namespace senoma::field
