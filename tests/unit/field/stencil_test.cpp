// The sweeps against the matrix written out voxel by voxel.
#include "field/stencil.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/philox.h"
#include "field/multigrid.h"

namespace senoma::field {
namespace {

using grid::Geometry;
const Executor one_thread{1};
constexpr std::uint64_t seed = 31;

double random_at(std::uint64_t stream, std::size_t i) {
  return RandomStream{seed + stream, 0, Stream::test}.uniform(i);
}

std::vector<Geometry> shapes() {
  return {{{9, 7, 5}, {20, 20, 20}, {0, 0, 0}, false},
          {{70, 3, 4}, {10, 20, 40}, {0, 0, 0}, false},
          {{1, 6, 5}, {20, 20, 20}, {0, 0, 0}, false},
          {{30, 30, 1}, {20, 20, 5}, {0, 0, 0}, true}};
}

// A grid of one D or of a random D per voxel, with a random mass and one fixed voxel.
struct Grid {
  Grid(const Geometry& geometry, bool mapped) : g(geometry), grids(geometry) {
    if (mapped) {
      std::vector<double> map(g.size());
      for (std::size_t v = 0; v < g.size(); ++v) map[v] = 0.1 + random_at(1, v);
      grids.use_diffusion_map(map, one_thread);
    } else {
      grids.use_uniform_diffusion();
    }
    Stencil& s = grids.fine();
    for (std::size_t v = 0; v < g.size(); ++v) s.diagonal[s.layout.index_of_voxel(v)] = 1.0 + random_at(2, v);
    s.fixed[0].push_back(static_cast<std::uint32_t>(s.layout.index(0, 0, 0)));
    grids.assemble(300.0, 1.0, one_thread);
  }

  template <class T>
  [[nodiscard]] Column<T> vector(std::uint64_t stream) const {
    const Stencil& s = grids.fine();
    Column<T> x(s.layout.size(), T(0));
    for (std::size_t v = 0; v < g.size(); ++v)
      x[s.layout.index_of_voxel(v)] = static_cast<T>(random_at(stream, v) - 0.5);
    zero(x);
    return x;
  }
  template <class T>
  void zero(Column<T>& x) const {
    for (const auto& list : grids.fine().fixed) {
      for (const std::uint32_t i : list) x[i] = T(0);
    }
  }
  // Σ scale g x over the neighbours of voxel (i, j, k).
  template <class T>
  [[nodiscard]] double coupling(const Column<T>& x, std::array<int, 3> at) const {
    const Stencil& s = grids.fine();
    double sum = 0.0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      for (const int step : {-1, 1}) {
        std::array<int, 3> next = at;
        next[axis] += step;
        if (next[axis] < 0 || next[axis] >= g.n[axis]) continue;
        const auto& lower = step < 0 ? next : at;
        sum += s.scale * s.face(axis, lower[0], lower[1], lower[2]) * x[s.layout.index(next[0], next[1], next[2])];
      }
    }
    return sum;
  }
  template <class Body>
  void for_voxels(const Body& body) const {
    for (int k = 0; k < g.n[2]; ++k) {
      for (int j = 0; j < g.n[1]; ++j) {
        for (int i = 0; i < g.n[0]; ++i) body(std::array{i, j, k}, grids.fine().layout.index(i, j, k));
      }
    }
  }
  [[nodiscard]] bool is_fixed(std::size_t at) const { return grids.fine().fixed[0][0] == at; }

  Geometry g;
  Multigrid grids;
};

template <class Body>
void for_grids(const Body& body) {
  for (const Geometry& g : shapes()) {
    for (const bool mapped : {false, true}) {
      const Grid grid(g, mapped);
      body(grid);
    }
  }
}

// The values between the half rows, which all loops count on.
template <class T>
double largest_padding(const Grid& grid, const Column<T>& x) {
  std::vector<bool> is_voxel(x.size(), false);
  grid.for_voxels([&](std::array<int, 3>, std::size_t at) { is_voxel[at] = true; });
  double largest = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!is_voxel[i]) largest = std::max(largest, std::abs(static_cast<double>(x[i])));
  }
  return largest;
}

TEST(Stencil, The_matrix_is_the_mass_and_the_differences_through_the_faces) {
  for_grids([](const Grid& grid) {
    const Stencil& s = grid.grids.fine();
    const auto x = grid.vector<float>(5);
    Column<double> out(x.size(), 0.0);
    const double energy = apply_matrix(s, x.data(), out.data(), one_thread);
    double expected_energy = 0.0;
    grid.for_voxels([&](std::array<int, 3> voxel, std::size_t at) {
      const double expected = grid.is_fixed(at) ? 0.0 : s.diagonal[at] * x[at] - grid.coupling(x, voxel);
      EXPECT_NEAR(out[at], expected, 1e-12 * s.diagonal[at]);
      expected_energy += expected * x[at];
    });
    EXPECT_NEAR(energy, expected_energy, 1e-11 * expected_energy);
    EXPECT_EQ(largest_padding(grid, out), 0.0);
  });
}

TEST(Stencil, The_residual_takes_the_place_of_the_right_side_and_its_sums_are_those_before_and_after) {
  for_grids([](const Grid& grid) {
    const Stencil& s = grid.grids.fine();
    const auto x = grid.vector<double>(5), right_side = grid.vector<double>(6);
    auto b = right_side;
    const StartSums sums = subtract_image(s, x.data(), b.data(), one_thread);
    StartSums expected;
    grid.for_voxels([&](std::array<int, 3> voxel, std::size_t at) {
      const double r = grid.is_fixed(at) ? 0.0 : right_side[at] - (s.diagonal[at] * x[at] - grid.coupling(x, voxel));
      EXPECT_NEAR(b[at], r, 1e-12 * s.diagonal[at]);
      expected += {r * r, right_side[at] * right_side[at], x[at] * x[at], right_side[at]};
    });
    EXPECT_NEAR(sums.residual, expected.residual, 1e-11 * expected.residual);
    EXPECT_NEAR(sums.b, expected.b, 1e-13 * expected.b);
    EXPECT_NEAR(sums.x, expected.x, 1e-13 * expected.x);
    EXPECT_NEAR(sums.plain_b, expected.plain_b, 1e-12);
    EXPECT_EQ(largest_padding(grid, b), 0.0);
  });
}

TEST(Smoother, A_sweep_solves_the_equations_of_its_colour_and_leaves_the_other_and_the_paddings_alone) {
  for_grids([](const Grid& grid) {
    const Stencil& s = grid.grids.fine();
    Smoother smoother;
    narrow_faces(s, smoother, one_thread);
    invert_diagonal(s, smoother, one_thread);
    const auto b = grid.vector<float>(6);
    for (const int colour : {0, 1}) {
      auto x = grid.vector<float>(5);
      const auto before = x;
      const Products products = relax_and_multiply(s, smoother, colour, b.data(), x.data(), nullptr, one_thread);
      Column<float> residual(s.layout.colour_size(), 1.0f);
      residual_of_colour(s, smoother, colour, b.data(), x.data(), residual.data(), one_thread);
      double with_b = 0.0;
      grid.for_voxels([&](std::array<int, 3> voxel, std::size_t at) {
        if ((voxel[0] + voxel[1] + voxel[2]) % 2 != colour) {
          EXPECT_EQ(x[at], before[at]);
        } else {
          const double expected = grid.is_fixed(at) ? 0.0 : (b[at] + grid.coupling(x, voxel)) / s.diagonal[at];
          EXPECT_NEAR(x[at], expected, 1e-6);
          EXPECT_NEAR(residual[at % s.layout.colour_size()], 0.0, 3e-6 * s.diagonal[at]);
        }
        with_b += static_cast<double>(b[at]) * x[at];
      });
      EXPECT_NEAR(products.with_b, with_b, 1e-5);
      EXPECT_EQ(largest_padding(grid, x), 0.0);
    }
  });
}

}  // namespace
}  // namespace senoma::field
