#include "field/multigrid.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "base/philox.h"
#include "field/conjugate_gradient.h"

namespace senoma::field {
namespace {

using grid::Geometry;
const Executor one_thread{1};

enum class Pattern { none, lone, scattered, blocks, halves, smooth };

struct Problem {
  Geometry geometry;
  Pattern sinks = Pattern::none, diffusion = Pattern::none;
  double sink_contrast = 1e4, diffusion_contrast = 100.0;
};

double random_at(std::uint64_t seed, std::size_t i) { return RandomStream{seed, 0, Stream::test}.uniform(i); }

// From 0 to 1: where a pattern is strong.
double strength(Pattern pattern, const Geometry& g, std::size_t v, std::uint64_t seed) {
  const auto n_x = static_cast<std::size_t>(g.n[0]), n_y = static_cast<std::size_t>(g.n[1]);
  const std::size_t i = v % n_x, j = v / n_x % n_y, k = v / (n_x * n_y);
  switch (pattern) {
    case Pattern::lone:
      return random_at(seed, v) < 0.01 ? 1.0 : 0.0;
    case Pattern::scattered:
      return random_at(seed, v) < 0.3 ? random_at(seed + 1, v) : 0.0;
    case Pattern::blocks:  // of 5 voxels, out of step with the coarsening
      return random_at(seed, i / 5 + 100 * (j / 5) + 10000 * (k / 5)) < 0.5 ? 1.0 : 0.0;
    case Pattern::halves:
      return 2 * j > n_y ? 1.0 : 0.0;
    case Pattern::smooth:
      return 0.5 + 0.5 * std::sin(0.3 * static_cast<double>(i));
    default:
      return 0.0;
  }
}

void set_up(Multigrid& grids, const Problem& p, double c_diffusion, double mass) {
  const Geometry& g = p.geometry;
  if (p.diffusion == Pattern::none) {
    grids.use_uniform_diffusion();
  } else {
    std::vector<double> map(g.size());
    for (std::size_t v = 0; v < g.size(); ++v) map[v] = std::pow(p.diffusion_contrast, -strength(p.diffusion, g, v, 3));
    grids.use_diffusion_map(map, one_thread);
  }
  Stencil& fine = grids.fine();
  for (std::size_t v = 0; v < g.size(); ++v) {
    fine.diagonal[fine.layout.index_of_voxel(v)] = mass * (1.0 + (p.sink_contrast - 1.0) * strength(p.sinks, g, v, 1));
  }
  grids.assemble(c_diffusion, mass, one_thread);
}

template <class T = double>
Column<T> random_vector(const Stencil& s, std::uint64_t seed) {
  Column<T> x(s.layout.size(), T(0));
  for (std::size_t v = 0; v < s.layout.n_voxels(); ++v)
    x[s.layout.index_of_voxel(v)] = static_cast<T>(random_at(seed, v) - 0.5);
  return x;
}

TEST(Multigrid, The_cycle_is_symmetric_and_positive_on_every_shape) {
  for (const Geometry& g :
       {Geometry{{9, 7, 5}, {20, 20, 20}, {0, 0, 0}, false}, Geometry{{16, 8, 8}, {10, 20, 40}, {0, 0, 0}, false},
        Geometry{{13, 30, 1}, {20, 20, 5}, {0, 0, 0}, true}, Geometry{{1, 17, 9}, {20, 20, 20}, {0, 0, 0}, false}}) {
    for (const Pattern diffusion : {Pattern::none, Pattern::blocks}) {
      Multigrid grids(g);
      set_up(grids, {g, Pattern::scattered, diffusion, 100.0}, 1e4, 1.0);
      const auto a = random_vector<float>(grids.fine(), 5), b = random_vector<float>(grids.fine(), 6);
      Column<float> za(a.size(), 0.0f), zb(a.size(), 0.0f);
      const double aa = grids.precondition(a.data(), za.data(), nullptr, one_thread).with_b;
      grids.precondition(b.data(), zb.data(), nullptr, one_thread);
      const double ab = dot(a.data(), zb.data(), a.size()), ba = dot(b.data(), za.data(), a.size());
      EXPECT_GT(aa, 0.0);
      EXPECT_NEAR(aa, dot(a.data(), za.data(), a.size()), 1e-9 * aa);
      // Where coarse levels are solved by conjugate gradients the cycle is nearly symmetric only.
      EXPECT_NEAR(ab, ba, (grids.is_flexible() ? 1e-2 : 1e-6) * aa);
    }
  }
}

// The bar: at most eight iterations to 1e-6 for any step, uptake contrast of 1e4, D contrast of 100.
TEST(Multigrid, Conjugate_gradients_converge_in_at_most_eight_iterations_on_every_grid_and_step) {
  struct Case {
    const char* name;
    Problem problem;
    int most = 8;
  };
  const Geometry cube{{27, 27, 27}, {20, 20, 20}, {0, 0, 0}, false}, odd{{33, 17, 9}, {20, 20, 20}, {0, 0, 0}, false};
  const Geometry sheet{{1, 257, 131}, {20, 20, 20}, {0, 0, 0}, false},
      flat{{100, 100, 1}, {20, 20, 20}, {0, 0, 0}, true};
  const Geometry tall{{32, 32, 9}, {20, 20, 80}, {0, 0, 0}, false};
  const std::vector<Case> cases{
      {"27^3", {cube}},
      {"33x17x9", {odd}},
      {"1x257x131", {sheet}},
      {"100x100", {flat}},
      {"32x32x9, 4:1 voxels", {tall}},
      {"27^3, lone sinks 1e4", {cube, Pattern::lone}},
      {"27^3, 30 % sinks 1e4", {cube, Pattern::scattered}},
      {"27^3, blocks of sinks 1e4", {cube, Pattern::blocks}},
      {"100x100, lone sinks 1e4", {flat, Pattern::lone}},
      {"1x257x131, 30 % sinks 1e4", {sheet, Pattern::scattered}},
      {"4:1 voxels, 30 % sinks 1e4", {tall, Pattern::scattered}},
      {"27^3, D halves 1:100", {cube, Pattern::none, Pattern::halves}},
      {"27^3, D smooth 1:100", {cube, Pattern::none, Pattern::smooth}},
      {"27^3, D blocks 1:100", {cube, Pattern::none, Pattern::blocks}},
      {"100x100, D blocks 1:100", {flat, Pattern::none, Pattern::blocks}},
      {"4:1 voxels, D blocks 1:100", {tall, Pattern::none, Pattern::blocks}},
      {"27^3, D blocks and lone sinks", {cube, Pattern::lone, Pattern::blocks}, 10},  // both at once: beyond the bar
  };
  std::printf("CG iterations to 1e-6 from zero:\n%-32s", "D dt [um^2]");
  for (const double d : {1e2, 1e4, 1e6, 1e9}) std::printf("%8.0e", d);
  std::printf("\n");
  for (const Case& c : cases) {
    std::printf("%-32s", c.name);
    for (const double d : {1e2, 1e4, 1e6, 1e9}) {
      Multigrid grids(c.problem.geometry);
      set_up(grids, c.problem, d, 1.0);
      Column<double> b = random_vector(grids.fine(), 7);
      Column<double> x(b.size(), 0.0);
      CgVectors work;
      work.resize(b.size());
      const CgResult result = solve(grids, b, x, 1e-6, 100, work, one_thread);
      EXPECT_TRUE(result.converged) << c.name;
      EXPECT_LE(result.iterations, c.most) << c.name << " D dt = " << d;
      std::printf("%8d", result.iterations);
    }
    std::printf("\n");
  }
}

TEST(Multigrid, Axes_with_long_voxels_are_coarsened_last_and_odd_sizes_end_in_one_voxel) {
  const auto levels = make_levels({{33, 17, 9}, {20, 20, 80}, {0, 0, 0}, false});
  EXPECT_EQ(levels[1].stencil.layout.n, (std::array<int, 3>{16, 8, 9}));
  EXPECT_EQ(levels.back().stencil.layout.n, (std::array<int, 3>{1, 1, 1}));
}

TEST(Multigrid, Weakly_coupled_steps_use_one_grid_only) {
  Multigrid grids({{64, 64, 1}, {20, 20, 20}, {0, 0, 0}, true});
  set_up(grids, {{{64, 64, 1}, {20, 20, 20}, {0, 0, 0}, true}}, 10.0, 1.0);
  EXPECT_EQ(grids.n_active(), 1u);
  EXPECT_GT(grids.n_levels(), 5u);
}

}  // namespace
}  // namespace senoma::field
