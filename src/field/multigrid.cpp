#include "field/multigrid.h"

#include <algorithm>

namespace senoma::field {

namespace {

double harmonic_mean(double a, double b) { return a + b > 0.0 ? 2.0 * a * b / (a + b) : 0.0; }

// The largest Σ g per volume of a voxel of each level, for D = 1: halved axes have a quarter of the coupling per
// volume.
std::vector<double> level_strengths(const grid::Geometry& geometry, const std::vector<Level>& levels) {
  std::array<double, 3> g{};
  for (std::size_t a = 0; a < 3; ++a) g[a] = 1.0 / (geometry.spacing[a] * geometry.spacing[a]);
  if (geometry.two_dimensional) g[2] = 0.0;
  std::vector<double> strengths;
  for (const Level& level : levels) {
    double sum = 0.0;
    for (std::size_t a = 0; a < 3; ++a) {
      if (level.stencil.layout.n[a] > 1) sum += 2.0 * g[a];
      if (level.to_coarser.halved[a]) g[a] *= 0.25;
    }
    strengths.push_back(sum);
  }
  return strengths;
}

}  // namespace

Multigrid::Multigrid(const grid::Geometry& geometry)
    : geometry_(geometry), levels_(make_levels(geometry)), strength_(level_strengths(geometry, levels_)) {
  for (std::size_t l = 1; l < levels_.size(); ++l) {
    Level& level = levels_[l];
    const std::size_t size = level.stencil.layout.size();
    level.x.assign(size, 0.0);
    level.b.assign(size, 0.0);
    level.residual.assign(size, 0.0);
  }
}

void Multigrid::use_uniform_diffusion() {
  Stencil& s = fine();
  if (s.uniform[0] != 0.0) return;
  for (std::size_t a = 0; a < 3; ++a) s.uniform[a] = 1.0 / (geometry_.spacing[a] * geometry_.spacing[a]);
  if (geometry_.two_dimensional) s.uniform[2] = 0.0;
  build_coarse_faces(Executor{});
}

void Multigrid::use_diffusion_map(std::span<const double> map, const Executor& executor) {
  if (std::equal(map.begin(), map.end(), map_.begin(), map_.end())) return;
  map_.assign(map.begin(), map.end());
  Stencil& s = fine();
  const SplitLayout& layout = s.layout;
  s.per_face = true;
  for (auto& column : s.upper_face) column.resize(layout.size(), 0.0);
  for_rows(s, executor, [&](std::size_t first, std::size_t end) {
    for (std::size_t r = first; r < end; ++r) {
      const int j = static_cast<int>(r) % layout.n[1], k = static_cast<int>(r) / layout.n[1];
      for (int i = 0; i < layout.n[0]; ++i) {
        const std::array<int, 3> at{i, j, k};
        for (std::size_t a = 0; a < 3; ++a) {
          if (at[a] + 1 >= layout.n[a] || (a == 2 && geometry_.two_dimensional)) continue;
          std::array<int, 3> next = at;
          ++next[a];
          const double h = geometry_.spacing[a];
          s.upper_face[a][layout.index(i, j, k)] =
              harmonic_mean(map[geometry_.index(i, j, k)], map[geometry_.index(next[0], next[1], next[2])]) / (h * h);
        }
      }
    }
  });
  build_coarse_faces(executor);
}

void Multigrid::build_coarse_faces(const Executor& executor) {
  for (std::size_t l = 0; l + 1 < levels_.size(); ++l) {
    coarsen_faces(levels_[l].stencil, levels_[l].to_coarser, levels_[l + 1].stencil, executor);
  }
}

void Multigrid::assemble(double scale, double least_mass, const Executor& executor) {
  // Where the coupling is weak against the mass, one symmetric sweep solves well enough and no coarser grid is needed.
  const double largest = map_.empty() ? 1.0 : *std::max_element(map_.begin(), map_.end());
  n_active_ = 1;
  while (n_active_ < levels_.size() && scale * largest * strength_[n_active_ - 1] > 0.5 * least_mass) ++n_active_;
  double merged = 1.0;  // voxels of the finest grid in one of level l
  for (std::size_t l = 0; l + 1 < n_active_; ++l) {
    coarsen_mass(levels_[l].stencil, levels_[l].to_coarser, scale * largest * strength_[l] * merged,
                 levels_[l + 1].stencil, executor);
    for (const bool halved : levels_[l].to_coarser.halved) merged *= halved ? 2.0 : 1.0;
  }
  for (std::size_t l = 0; l < n_active_; ++l) {
    levels_[l].stencil.scale = scale;
    add_face_sums(levels_[l].stencil, executor);
  }
}

void Multigrid::precondition(const double* r, double* z, double* scratch, const Executor& executor) {
  cycle(0, r, z, scratch, executor);
}

void Multigrid::cycle(std::size_t depth, const double* b, double* x, double* residual, const Executor& executor) {
  Level& level = levels_[depth];
  const Stencil& s = level.stencil;
  constexpr int red = 0, black = 1;
  relax_from_zero(s, red, b, x, executor);
  relax_colour(s, black, b, x, executor);
  if (depth + 1 < n_active_) {
    Level& coarser = levels_[depth + 1];
    // Red was solved with black at zero and black exactly after it: the residual is the coupling on red, zero on black.
    couple_colour(s, red, x, residual, executor);
    restrict_red(level, residual, coarser, executor);
    cycle(depth + 1, coarser.b.data(), coarser.x.data(), coarser.residual.data(), executor);
    prolong_red(level, coarser, x, executor);
    relax_colour(s, black, b, x, executor);
  }
  relax_colour(s, red, b, x, executor);
}

}  // namespace senoma::field
