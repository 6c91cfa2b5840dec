// The order in which the solver keeps a field in memory, so that red–black sweeps run over contiguous values: each row
// (fixed j, k) holds first the voxels with even i, a zero, those with odd i, and a zero:
//
//   [ 0 2 4 … | 0.0 | 1 3 5 … | 0.0 ]      stride = n_x + 2
//
// The west neighbour of even[m] is odd[m−1] and its east neighbour odd[m]; those of odd[m] are even[m] and even[m+1].
// At the ends of a row these are the zeros, which must stay zero (all vector operations keep them so).
// A voxel is red when i + j + k is even; all neighbours of a red voxel are black.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "base/aligned.h"

namespace senoma::field {

struct SplitLayout {
  std::array<int, 3> n{1, 1, 1};
  std::size_t even = 1, odd = 0;  ///< voxels of a row with even and odd i
  std::size_t stride = 3, n_rows = 1;

  SplitLayout() = default;
  explicit SplitLayout(std::array<int, 3> size)
      : n(size),
        even((static_cast<std::size_t>(size[0]) + 1) / 2),
        odd(static_cast<std::size_t>(size[0]) / 2),
        stride(static_cast<std::size_t>(size[0]) + 2),
        n_rows(static_cast<std::size_t>(size[1]) * static_cast<std::size_t>(size[2])) {}

  [[nodiscard]] std::size_t size() const { return n_rows * stride; }
  [[nodiscard]] std::size_t n_voxels() const { return n_rows * static_cast<std::size_t>(n[0]); }
  /// First value of the half with parity 0 (even i) or 1 (odd i) within a row.
  [[nodiscard]] std::size_t half(int parity) const { return parity == 0 ? 0 : even + 1; }
  [[nodiscard]] std::size_t half_size(int parity) const { return parity == 0 ? even : odd; }
  [[nodiscard]] std::size_t row(int j, int k) const {
    return (static_cast<std::size_t>(k) * static_cast<std::size_t>(n[1]) + static_cast<std::size_t>(j)) * stride;
  }
  [[nodiscard]] std::size_t index(int i, int j, int k) const {
    return row(j, k) + half(i & 1) + static_cast<std::size_t>(i / 2);
  }
  /// Where the voxel with natural index v (grid::Geometry::index) stands.
  [[nodiscard]] std::size_t index_of_voxel(std::size_t v) const {
    const auto n_x = static_cast<std::size_t>(n[0]);
    const std::size_t i = v % n_x;
    return v / n_x * stride + half(static_cast<int>(i & 1)) + i / 2;
  }
};

}  // namespace senoma::field
