#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/philox.h"
#include "field/multigrid.h"

namespace senoma::field {
namespace {

using grid::Geometry;
const Executor one_thread{1};

std::vector<Geometry> shapes() {
  return {{{8, 8, 8}, {20, 20, 20}, {0, 0, 0}, false},
          {{9, 7, 5}, {20, 20, 20}, {0, 0, 0}, false},
          {{16, 8, 3}, {20, 20, 80}, {0, 0, 0}, false},
          {{5, 12, 1}, {80, 20, 5}, {0, 0, 0}, true}};
}

// A level with storage and random values on red voxels (x) and on its coarser grid.
struct Pair {
  explicit Pair(const Geometry& g) : levels(make_levels(g)) {
    for (Level& level : levels) {
      level.x.assign(level.stencil.layout.size(), 0.0);
      level.b.assign(level.stencil.layout.size(), 0.0);
    }
  }
  std::vector<Level> levels;
};

template <class Body>
void for_voxels(const SplitLayout& layout, const Body& body) {
  for (int k = 0; k < layout.n[2]; ++k) {
    for (int j = 0; j < layout.n[1]; ++j) {
      for (int i = 0; i < layout.n[0]; ++i) body(i, j, k);
    }
  }
}

TEST(Transfer, A_constant_is_prolonged_to_the_same_constant_on_red_and_leaves_black_alone) {
  for (const Geometry& g : shapes()) {
    Pair pair(g);
    Level &fine = pair.levels[0], &coarse = pair.levels[1];
    for_voxels(coarse.stencil.layout,
               [&](int i, int j, int k) { coarse.x[coarse.stencil.layout.index(i, j, k)] = 3.0; });
    prolong_red(fine, coarse, fine.x.data(), one_thread);
    for_voxels(fine.stencil.layout, [&](int i, int j, int k) {
      EXPECT_NEAR(fine.x[fine.stencil.layout.index(i, j, k)], (i + j + k) % 2 == 0 ? 3.0 : 0.0, 1e-14);
    });
  }
}

TEST(Transfer, Restriction_is_the_transpose_of_prolongation) {
  const RandomStream random{17, 0, Stream::test};
  for (const Geometry& g : shapes()) {
    Pair pair(g);
    Level &fine = pair.levels[0], &coarse = pair.levels[1];
    Column<double> r(fine.x.size(), 0.0);
    std::uint64_t draw = 0;
    for_voxels(fine.stencil.layout, [&](int i, int j, int k) {
      if ((i + j + k) % 2 == 0) r[fine.stencil.layout.index(i, j, k)] = random.uniform(draw++) - 0.5;
    });
    for_voxels(coarse.stencil.layout, [&](int i, int j, int k) {
      coarse.x[coarse.stencil.layout.index(i, j, k)] = random.uniform(draw++) - 0.5;
    });
    prolong_red(fine, coarse, fine.x.data(), one_thread);
    restrict_red(fine, r.data(), coarse, one_thread);
    EXPECT_NEAR(dot(r.data(), fine.x.data(), r.size()), dot(coarse.b.data(), coarse.x.data(), coarse.b.size()), 1e-12);
  }
}

TEST(Coarsening, Faces_of_an_even_uniform_grid_become_those_of_the_coarser_grid) {
  const Geometry g{{8, 8, 8}, {20, 20, 20}, {0, 0, 0}, false};
  auto levels = make_levels(g);
  levels[0].stencil.uniform = {1.0 / 400, 1.0 / 400, 1.0 / 400};
  coarsen_faces(levels[0].stencil, levels[0].to_coarser, levels[1].stencil, one_thread);
  // Integrated over 8 fine voxels: 8 · 1/(40 µm)².
  for (std::size_t axis = 0; axis < 3; ++axis) EXPECT_NEAR(levels[1].stencil.face(axis, 1, 2, 0), 8.0 / 1600.0, 1e-15);
  EXPECT_EQ(levels[1].stencil.face(0, 3, 0, 0), 0.0);
}

TEST(Coarsening, A_closed_face_stays_closed) {
  const Geometry g{{4, 1, 1}, {20, 20, 20}, {0, 0, 0}, true};
  Multigrid grids(g);
  grids.use_diffusion_map(std::vector{1.0, 0.0, 0.0, 1.0}, one_thread);
  auto levels = make_levels(g);
  coarsen_faces(grids.fine(), levels[0].to_coarser, levels[1].stencil, one_thread);
  EXPECT_EQ(levels[1].stencil.face(0, 0, 0, 0), 0.0);
}

TEST(Coarsening, Even_mass_adds_up_and_a_lone_sink_counts_as_far_as_its_faces_feed_it) {
  const Geometry g{{2, 2, 1}, {20, 20, 20}, {0, 0, 0}, true};
  auto levels = make_levels(g);
  Stencil &fine = levels[0].stencil, &coarse = levels[1].stencil;
  for_voxels(fine.layout, [&](int i, int j, int k) { fine.diagonal[fine.layout.index(i, j, k)] = 2.0; });
  coarsen_mass(fine, levels[0].to_coarser, 10.0, coarse, one_thread);
  EXPECT_DOUBLE_EQ(coarse.diagonal[0], 8.0);
  fine.diagonal[fine.layout.index(1, 0, 0)] = 1e6;
  coarsen_mass(fine, levels[0].to_coarser, 10.0, coarse, one_thread);
  EXPECT_NEAR(coarse.diagonal[0], 18.0, 1e-3);
}

}  // namespace
}  // namespace senoma::field
