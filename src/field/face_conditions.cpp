#include "field/face_conditions.h"

#include <algorithm>

namespace senoma::field {

namespace {

double diffusion_of(const Coefficients& c, std::size_t voxel) {
  return c.diffusion_map.empty() ? c.diffusion : c.diffusion_map[voxel];
}

double series(double a, double b) { return a > 0.0 && b > 0.0 ? a * b / (a + b) : 0.0; }

Exchange through_face(const FaceCondition& face, double diffusion, double h, std::size_t voxel) {
  Exchange e;
  e.voxel = static_cast<std::uint32_t>(voxel);
  const double half_voxel = 2.0 * diffusion / h;  // µm/min
  switch (face.kind) {
    case FaceCondition::Kind::no_flux:
      break;
    case FaceCondition::Kind::value:
      e.conductance = half_voxel / h;
      e.inflow = e.conductance * face.value;
      break;
    case FaceCondition::Kind::mixed:
      e.conductance = series(face.transfer, half_voxel) / h;
      e.inflow = e.conductance * face.value;
      break;
    case FaceCondition::Kind::flux:
      e.inflow = face.flux / h;
      break;
  }
  return e;
}

}  // namespace

void collect_face_exchanges(const grid::Geometry& geometry, const Coefficients& coefficients,
                            std::vector<Exchange>& out) {
  out.clear();
  const std::size_t n_axes = geometry.two_dimensional ? 2 : 3;
  for (std::size_t axis = 0; axis < n_axes; ++axis) {
    for (std::size_t side = 0; side < 2; ++side) {
      const FaceCondition& face = coefficients.faces[2 * axis + side];
      if (face.kind == FaceCondition::Kind::no_flux) continue;
      std::array<int, 3> begin{0, 0, 0}, end = geometry.n;
      begin[axis] = side == 0 ? 0 : geometry.n[axis] - 1;
      end[axis] = begin[axis] + 1;
      for (int k = begin[2]; k < end[2]; ++k) {
        for (int j = begin[1]; j < end[1]; ++j) {
          for (int i = begin[0]; i < end[0]; ++i) {
            const std::size_t v = geometry.index(i, j, k);
            out.push_back(through_face(face, diffusion_of(coefficients, v), geometry.spacing[axis], v));
          }
        }
      }
    }
  }
}

void collect_fixed_links(const grid::Geometry& geometry, const Coefficients& coefficients, std::vector<Exchange>& out) {
  out.clear();
  const auto& fixed = coefficients.fixed_voxels;
  const std::size_t n_axes = geometry.two_dimensional ? 2 : 3;
  const std::array<std::size_t, 3> step{
      1, static_cast<std::size_t>(geometry.n[0]),
      static_cast<std::size_t>(geometry.n[0]) * static_cast<std::size_t>(geometry.n[1])};
  for (std::size_t f = 0; f < fixed.size(); ++f) {
    for (std::size_t axis = 0; axis < n_axes; ++axis) {
      const int at = static_cast<int>(fixed[f] / step[axis]) % geometry.n[axis];
      for (const int side : {-1, 1}) {
        if (at + side < 0 || at + side >= geometry.n[axis]) continue;
        const std::size_t neighbour = side < 0 ? fixed[f] - step[axis] : fixed[f] + step[axis];
        if (std::binary_search(fixed.begin(), fixed.end(), static_cast<std::uint32_t>(neighbour))) continue;
        const double a = diffusion_of(coefficients, fixed[f]), b = diffusion_of(coefficients, neighbour);
        const double h = geometry.spacing[axis];
        const double g = a + b > 0.0 ? 2.0 * a * b / (a + b) / (h * h) : 0.0;
        out.push_back({static_cast<std::uint32_t>(neighbour), fixed[f], g, g * coefficients.fixed_values[f]});
      }
    }
  }
}

}  // namespace senoma::field
