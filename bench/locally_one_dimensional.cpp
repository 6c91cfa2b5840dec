#include "locally_one_dimensional.h"

namespace senoma::bench {

LocallyOneDimensional::LocallyOneDimensional(const grid::Geometry& geometry, double diffusion, double decay, double dt)
    : geometry_(geometry) {
  for (std::size_t a = 0; a < 3; ++a) {
    Axis& axis = axes_[a];
    const int n = geometry.n[a];
    const double r = dt * diffusion / (geometry.spacing[a] * geometry.spacing[a]);
    axis.off = -r;
    for (int i = 0; i < n; ++i) {
      const double diagonal = 1.0 + dt * decay / 3.0 + r * ((i > 0) + (i + 1 < n));
      const double pivot = i == 0 ? diagonal : diagonal - axis.off * axis.upper.back();
      axis.inverse.push_back(1.0 / pivot);
      axis.upper.push_back(axis.off / pivot);
    }
  }
}

void LocallyOneDimensional::step(std::span<double> rho, const Executor& executor) const {
  const auto n_x = static_cast<std::size_t>(geometry_.n[0]), n_y = static_cast<std::size_t>(geometry_.n[1]),
             n_z = static_cast<std::size_t>(geometry_.n[2]), plane = n_x * n_y;
  // Along y and z whole rows of x are eliminated together, which vectorises.
  const auto along = [&](const Axis& axis, double* line, std::size_t n, std::size_t stride) {
    for (std::size_t m = 0; m < n; ++m) {
      double* row = line + m * stride;
      const double* before = m == 0 ? row : row - stride;
      const double off = m == 0 ? 0.0 : axis.off, inverse = axis.inverse[m];
      for (std::size_t i = 0; i < n_x; ++i) row[i] = (row[i] - off * before[i]) * inverse;
    }
    for (std::size_t m = n - 1; m-- > 0;) {
      double* row = line + m * stride;
      const double upper = axis.upper[m];
      for (std::size_t i = 0; i < n_x; ++i) row[i] -= upper * row[i + stride];
    }
  };
  executor.for_blocks(n_y * n_z, 64, [&](Block block) {
    const Axis& axis = axes_[0];
    for (std::size_t r = block.begin; r < block.end; ++r) {
      double* row = rho.data() + r * n_x;
      row[0] *= axis.inverse[0];
      for (std::size_t i = 1; i < n_x; ++i) row[i] = (row[i] - axis.off * row[i - 1]) * axis.inverse[i];
      for (std::size_t i = n_x - 1; i-- > 0;) row[i] -= axis.upper[i] * row[i + 1];
    }
  });
  executor.for_blocks(n_z, 1, [&](Block block) { along(axes_[1], rho.data() + block.index * plane, n_y, n_x); });
  executor.for_blocks(n_y, 1, [&](Block block) { along(axes_[2], rho.data() + block.index * n_x, n_z, plane); });
}

}  // namespace senoma::bench
