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

struct Problem {
  Geometry geometry;
  double contrast = 1.0;      ///< of the uptake, in a tenth of the voxels
  double map_contrast = 1.0;  ///< of D
  bool blocks = false;        ///< uptake and D jump between blocks of 5 voxels, rather than single voxels and smoothly
};

double random_at(std::uint64_t seed, std::size_t i) { return RandomStream{seed, 0, Stream::test}.uniform(i); }

std::size_t block_of(const Geometry& g, std::size_t v) {
  const auto n_x = static_cast<std::size_t>(g.n[0]), n_y = static_cast<std::size_t>(g.n[1]);
  return v % n_x / 5 + 100 * (v / n_x % n_y / 5) + 10000 * (v / (n_x * n_y) / 5);
}

bool takes_up(const Problem& p, std::size_t v) {
  return p.blocks ? random_at(1, block_of(p.geometry, v)) < 0.5 : random_at(1, v) < 0.1;
}

void set_up(Multigrid& grids, const Problem& p, double c_diffusion, double mass) {
  const Geometry& g = p.geometry;
  if (p.map_contrast == 1.0) {
    grids.use_uniform_diffusion();
  } else {
    std::vector<double> map(g.size());
    for (std::size_t v = 0; v < g.size(); ++v) {
      const double wave = 0.5 + 0.5 * std::sin(0.3 * static_cast<double>(v % static_cast<std::size_t>(g.n[0])));
      map[v] = std::pow(p.map_contrast, p.blocks ? -std::round(random_at(3, block_of(g, v))) : -wave);
    }
    grids.use_diffusion_map(map, one_thread);
  }
  Stencil& fine = grids.fine();
  for (std::size_t v = 0; v < g.size(); ++v) {
    fine.diagonal[fine.layout.index_of_voxel(v)] = mass * (takes_up(p, v) ? p.contrast : 1.0);
  }
  grids.assemble(c_diffusion, mass, one_thread);
}

Column<double> random_vector(const Stencil& s, std::uint64_t seed) {
  Column<double> x(s.layout.size(), 0.0);
  for (std::size_t v = 0; v < s.layout.n_voxels(); ++v) x[s.layout.index_of_voxel(v)] = random_at(seed, v) - 0.5;
  return x;
}

TEST(Multigrid, The_cycle_is_symmetric_and_positive_on_every_shape) {
  for (const Geometry& g :
       {Geometry{{9, 7, 5}, {20, 20, 20}, {0, 0, 0}, false}, Geometry{{16, 8, 8}, {10, 20, 40}, {0, 0, 0}, false},
        Geometry{{13, 30, 1}, {20, 20, 5}, {0, 0, 0}, true}, Geometry{{1, 17, 9}, {20, 20, 20}, {0, 0, 0}, false}}) {
    for (const double map_contrast : {1.0, 100.0}) {
      Multigrid grids(g);
      set_up(grids, {g, 100.0, map_contrast}, 1e4, 1.0);
      const Column<double> a = random_vector(grids.fine(), 5), b = random_vector(grids.fine(), 6);
      Column<double> za(a.size(), 0.0), zb(a.size(), 0.0), scratch(a.size(), 0.0);
      grids.precondition(a.data(), za.data(), scratch.data(), one_thread);
      grids.precondition(b.data(), zb.data(), scratch.data(), one_thread);
      const double ab = dot(a.data(), zb.data(), a.size()), ba = dot(b.data(), za.data(), a.size());
      const double aa = dot(a.data(), za.data(), a.size());
      EXPECT_GT(aa, 0.0);
      EXPECT_NEAR(ab, ba, 1e-12 * aa);
    }
  }
}

TEST(Multigrid, Conjugate_gradients_converge_in_few_iterations_on_every_grid_and_step) {
  struct Case {
    const char* name;
    Problem problem;
    int most;
  };
  const std::vector<Case> cases{
      {"27^3", {{{27, 27, 27}, {20, 20, 20}, {0, 0, 0}, false}}, 8},
      {"32^3", {{{32, 32, 32}, {20, 20, 20}, {0, 0, 0}, false}}, 8},
      {"33x17x9", {{{33, 17, 9}, {20, 20, 20}, {0, 0, 0}, false}}, 9},
      {"1x257x131", {{{1, 257, 131}, {20, 20, 20}, {0, 0, 0}, false}}, 8},
      {"100x100", {{{100, 100, 1}, {20, 20, 20}, {0, 0, 0}, true}}, 8},
      {"32x32x8, 4:1 voxels", {{{32, 32, 8}, {20, 20, 80}, {0, 0, 0}, false}}, 8},
      {"27^3, lone sinks 1e4", {{{27, 27, 27}, {20, 20, 20}, {0, 0, 0}, false}, 1e4}, 10},
      {"100x100, lone sinks 1e4", {{{100, 100, 1}, {20, 20, 20}, {0, 0, 0}, true}, 1e4}, 10},
      {"27^3, blocks of sinks 1e4", {{{27, 27, 27}, {20, 20, 20}, {0, 0, 0}, false}, 1e4, 1.0, true}, 8},
      {"100x100, blocks of sinks 1e4", {{{100, 100, 1}, {20, 20, 20}, {0, 0, 0}, true}, 1e4, 1.0, true}, 8},
      {"27^3, smooth D contrast 100", {{{27, 27, 27}, {20, 20, 20}, {0, 0, 0}, false}, 1.0, 100.0}, 13},
      {"27^3, blocks of D contrast 100", {{{27, 27, 27}, {20, 20, 20}, {0, 0, 0}, false}, 1.0, 100.0, true}, 50},
  };
  std::printf("CG iterations to 1e-6 from zero:\n%-32s", "D dt [um^2]");
  for (const double d : {1e2, 1e4, 1e6, 1e9}) std::printf("%8.0e", d);
  std::printf("\n");
  for (const Case& c : cases) {
    std::printf("%-32s", c.name);
    for (const double d : {1e2, 1e4, 1e6, 1e9}) {
      Multigrid grids(c.problem.geometry);
      set_up(grids, c.problem, d, 1.0);
      const Column<double> b = random_vector(grids.fine(), 7);
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
  EXPECT_EQ(levels[1].stencil.layout.n, (std::array<int, 3>{17, 9, 9}));
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
