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

// Whether all inner faces of `s` along an axis have the same conductance, which then is `g`.
bool is_even(const Stencil& s, std::size_t axis, double& g) {
  const auto& n = s.layout.n;
  g = s.face(axis, 0, 0, 0);
  for (int k = 0; k < n[2]; ++k) {
    for (int j = 0; j < n[1]; ++j) {
      for (int i = 0; i < n[0]; ++i) {
        const std::array<int, 3> at{i, j, k};
        if (at[axis] + 1 < n[axis] && s.face(axis, i, j, k) != g) return false;
      }
    }
  }
  return true;
}

// Where no merging of three made faces unequal, one number per axis does for all.
void simplify_faces(Stencil& s) {
  std::array<double, 3> along{};
  for (std::size_t a = 0; a < 3; ++a) {
    if (!is_even(s, a, along[a])) return;
  }
  s.per_face = false;
  s.uniform = along;
  for (auto& column : s.upper_face) column = {};
}

}  // namespace

Multigrid::Multigrid(const grid::Geometry& geometry)
    : geometry_(geometry), levels_(make_levels(geometry)), strength_(level_strengths(geometry, levels_)) {
  for (std::size_t l = 0; l < levels_.size(); ++l) {
    Level& level = levels_[l];
    const std::size_t size = level.stencil.layout.size();
    level.residual.assign(level.stencil.layout.colour_size(), 0.0f);
    if (l == 0) continue;
    level.x.assign(size, 0.0f);
    level.b.assign(size, 0.0f);
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
  for (std::size_t l = 0; l < levels_.size(); ++l) {
    Level& level = levels_[l];
    if (l + 1 < levels_.size()) weigh_by_faces(level.stencil, level.to_coarser, executor);
    if (l == 0) continue;
    level.search.assign(level.stencil.layout.size(), 0.0f);
    level.image.assign(level.stencil.layout.size(), 0.0f);
    level.residual.assign(level.stencil.layout.size(), 0.0f);
  }
}

void Multigrid::build_coarse_faces(const Executor& executor) {
  for (std::size_t l = 0; l + 1 < levels_.size(); ++l) {
    coarsen_faces(levels_[l].stencil, levels_[l].to_coarser, levels_[l + 1].stencil, executor);
    simplify_faces(levels_[l + 1].stencil);
  }
  for (Level& level : levels_) narrow_faces(level.stencil, level.smoother, executor);
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
    invert_diagonal(levels_[l].stencil, levels_[l].smoother, executor);
  }
  const Stencil& s = fine();
  largest_diagonal_ = 0.0;
  for (const double d : s.diagonal) largest_diagonal_ = std::max(largest_diagonal_, d);
}

Products Multigrid::precondition(const float* r, float* z, const double* image, const Executor& executor) {
  return cycle(0, r, z, image, executor);
}

Products Multigrid::cycle(std::size_t depth, const float* b, float* x, const double* image, const Executor& executor) {
  Level& level = levels_[depth];
  const Stencil& s = level.stencil;
  const Smoother& f = level.smoother;
  constexpr int red = 0, black = 1;
  const int pairs = is_flexible() ? 3 : s.layout.n[2] == 1 ? 2 : 1;
  relax_from_zero(s, f, red, b, x, executor);
  if (s.layout.n_voxels() == 1) return {b[0] * x[0], image == nullptr ? 0.0 : x[0] * image[0]};
  for (int sweep = 0; sweep < pairs; ++sweep) {
    relax_colour(s, f, black, b, x, executor);
    relax_colour(s, f, red, b, x, executor);
  }
  if (depth + 1 < n_active_) {
    Level& coarser = levels_[depth + 1];
    residual_of_colour(s, f, black, b, x, level.residual.data(), executor);  // zero on red, which was relaxed last
    restrict_colour(level, black, level.residual.data(), coarser, executor);
    solve_coarse(depth + 1, executor);
    prolong_colour(level, black, coarser, x, executor);
    relax_colour(s, f, red, b, x, executor);
  }
  for (int sweep = 1; sweep < pairs; ++sweep) {
    relax_colour(s, f, black, b, x, executor);
    relax_colour(s, f, red, b, x, executor);
  }
  relax_colour(s, f, black, b, x, executor);
  return relax_and_multiply(s, f, red, b, x, image, executor);
}

// x ≈ A⁻¹ b on a coarser level; b is used up. K-cycle: two steps of flexible conjugate gradients, with the directions
//   p = M b, b ← b − α p' where p' = A p and α = b·p / p·p';  z = M b, made conjugate to p: z + β p, β = −z·p' / p·p'.
void Multigrid::solve_coarse(std::size_t depth, const Executor& executor) {
  Level& level = levels_[depth];
  const Stencil& s = level.stencil;
  float *p = level.x.data(), *b = level.b.data(), *z = level.search.data(), *image = level.image.data();
  const double bp = cycle(depth, b, p, nullptr, executor).with_b;
  if (!is_flexible() || depth + 1 >= n_active_) return;
  const double pp = negative_image(s, level.smoother, p, image, executor);
  if (!(pp > 0.0)) return;
  const double alpha = bp / pp;
  for_values(s, executor,
             [&](std::size_t at, std::size_t n) { add_scaled(static_cast<float>(alpha), image + at, b + at, n); });
  const double bz = cycle(depth, b, z, nullptr, executor).with_b;
  const double beta =
      sum_values(s, executor,
                 [&](std::size_t at, std::size_t n) { return dot(z + at, static_cast<const float*>(image + at), n); }) /
      pp;
  const double zz = negative_image(s, level.smoother, z, level.residual.data(), executor) - beta * beta * pp;
  const double second = zz > 0.0 ? bz / zz : 0.0;
  for_values(s, executor, [&](std::size_t at, std::size_t n) {
    combine(static_cast<float>(alpha + second * beta), static_cast<float>(second), z + at, p + at, n);
  });
}

}  // namespace senoma::field
