// The plain twin of the field solver, for small grids: the matrix of ∂ρ/∂t = f − M ρ written out densely from the
// equation, faces and fixed voxels included, and steps by Gaussian elimination. Slow, short, and the oracle of the
// solver's tests.
#pragma once

#include <cmath>
#include <utility>
#include <vector>

#include "field/reaction_diffusion.h"

namespace senoma::field::twin {

struct Dense {
  std::vector<std::vector<double>> m;
  std::vector<double> f;
};

inline Dense assemble(const grid::Geometry& g, const Coefficients& k) {
  const std::size_t n = g.size();
  Dense d{std::vector(n, std::vector<double>(n, 0.0)), std::vector<double>(n, 0.0)};
  const auto diffusion = [&](std::size_t v) { return k.diffusion_map.empty() ? k.diffusion : k.diffusion_map[v]; };
  for (int z = 0; z < g.n[2]; ++z)
    for (int y = 0; y < g.n[1]; ++y)
      for (int x = 0; x < g.n[0]; ++x) {
        const std::size_t v = g.index(x, y, z);
        d.m[v][v] += k.decay + (k.uptake.empty() ? 0.0 : k.uptake[v]);
        d.f[v] += k.source.empty() ? 0.0 : k.source[v];
        for (std::size_t side = 0; side < (g.two_dimensional ? 4u : 6u); ++side) {
          std::array<int, 3> at{x, y, z};
          at[side / 2] += side % 2 == 0 ? -1 : 1;
          const double h = g.spacing[side / 2];
          if (at[side / 2] >= 0 && at[side / 2] < g.n[side / 2]) {
            const std::size_t w = g.index(at[0], at[1], at[2]);
            const double sum = diffusion(v) + diffusion(w),
                         face = sum > 0 ? 2 * diffusion(v) * diffusion(w) / sum / (h * h) : 0.0;
            d.m[v][v] += face;
            d.m[v][w] -= face;
            continue;
          }
          const FaceCondition& c = k.faces[side];
          double exchange = 0.0;  // µm/min between the voxel's centre and the outside
          if (c.kind == FaceCondition::Kind::value) exchange = diffusion(v) / (h / 2);
          if (c.kind == FaceCondition::Kind::mixed) exchange = 1.0 / (1.0 / c.transfer + (h / 2) / diffusion(v));
          d.m[v][v] += exchange / h;
          d.f[v] += exchange / h * c.value + (c.kind == FaceCondition::Kind::flux ? c.flux / h : 0.0);
        }
      }
  return d;
}

/// Solves (mass + c M) x = mass-term right side `b`, with rows of fixed voxels replaced by x = value.
inline std::vector<double> solve(const Dense& d, const Coefficients& k, double mass, double c, std::vector<double> b) {
  const std::size_t n = b.size();
  auto a = d.m;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) a[i][j] = c * a[i][j] + (i == j ? mass : 0.0);
  for (std::size_t i = 0; i < k.fixed_voxels.size(); ++i) {
    std::fill(a[k.fixed_voxels[i]].begin(), a[k.fixed_voxels[i]].end(), 0.0);
    a[k.fixed_voxels[i]][k.fixed_voxels[i]] = 1.0;
    b[k.fixed_voxels[i]] = k.fixed_values[i];
  }
  for (std::size_t p = 0; p < n; ++p)
    for (std::size_t i = p + 1; i < n; ++i) {  // no pivoting: diagonally dominant
      const double factor = a[i][p] / a[p][p];
      if (factor == 0.0) continue;
      for (std::size_t j = p; j < n; ++j) a[i][j] -= factor * a[p][j];
      b[i] -= factor * b[p];
    }
  for (std::size_t p = n; p-- > 0; b[p] /= a[p][p])
    for (std::size_t j = p + 1; j < n; ++j) b[p] -= a[p][j] * b[j];
  return b;
}

/// One SDIRK2 step written from its Butcher table.
inline std::vector<double> sdirk2(const grid::Geometry& g, const Coefficients& k, const std::vector<double>& rho,
                                  double dt) {
  const double gamma = 1.0 - std::sqrt(0.5);
  const Dense d = assemble(g, k);
  auto b = rho;
  for (std::size_t i = 0; i < b.size(); ++i) b[i] += gamma * dt * d.f[i];
  const auto y1 = solve(d, k, 1.0, gamma * dt, b);
  for (std::size_t i = 0; i < b.size(); ++i) {
    double slope = d.f[i];
    for (std::size_t j = 0; j < b.size(); ++j) slope -= d.m[i][j] * y1[j];
    b[i] = rho[i] + (1.0 - gamma) * dt * slope + gamma * dt * d.f[i];
  }
  return solve(d, k, 1.0, gamma * dt, b);
}

}  // namespace senoma::field::twin
