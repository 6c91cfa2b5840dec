// A regular box of voxels: nx × ny × nz cells of dx × dy × dz µm with the lower corner at `origin`.
// 2D is nz = 1 with dz = the tissue thickness; a well-mixed medium is one voxel. Index = (k·ny + j)·nx + i.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace senoma::grid {

struct Geometry {
  std::array<int, 3> n{1, 1, 1};
  std::array<double, 3> spacing{1.0, 1.0, 1.0};  ///< µm
  std::array<double, 3> origin{0.0, 0.0, 0.0};   ///< µm
  bool two_dimensional = false;                  ///< no transport and no motion along z

  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(n[0]) * static_cast<std::size_t>(n[1]) * static_cast<std::size_t>(n[2]);
  }
  [[nodiscard]] double voxel_volume() const { return spacing[0] * spacing[1] * spacing[2]; }  ///< µm³
  [[nodiscard]] std::size_t index(int i, int j, int k) const {
    return (static_cast<std::size_t>(k) * static_cast<std::size_t>(n[1]) + static_cast<std::size_t>(j)) *
               static_cast<std::size_t>(n[0]) +
           static_cast<std::size_t>(i);
  }
  [[nodiscard]] double centre(int axis, int i) const {
    return origin[static_cast<std::size_t>(axis)] + (i + 0.5) * spacing[static_cast<std::size_t>(axis)];
  }
  [[nodiscard]] double extent(int axis) const {
    return n[static_cast<std::size_t>(axis)] * spacing[static_cast<std::size_t>(axis)];
  }
  /// The voxel that holds a point; points outside are clamped to the nearest voxel.
  [[nodiscard]] std::size_t voxel_of(double x, double y, double z) const;

  friend bool operator==(const Geometry&, const Geometry&) = default;
};

}  // namespace senoma::grid
