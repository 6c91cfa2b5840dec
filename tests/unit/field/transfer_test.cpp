#include <gtest/gtest.h>

#include <algorithm>
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

// The two finest levels of a grid, with storage.
struct Pair {
  explicit Pair(const Geometry& g) : levels(make_levels(g)) {
    for (Level& level : levels) {
      level.x.assign(level.stencil.layout.size(), 0.0f);
      level.b.assign(level.stencil.layout.size(), 0.0f);
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

// A pair whose prolongation follows the faces of a patchy D.
Pair patchy(const Geometry& g) {
  const RandomStream random{18, 0, Stream::test};
  std::vector<double> map(g.size());
  for (std::size_t v = 0; v < map.size(); ++v) map[v] = random.uniform(v) < 0.5 ? 1.0 : 0.01;
  Multigrid grids(g);
  grids.use_diffusion_map(map, one_thread);
  Pair pair(g);
  weigh_by_faces(grids.fine(), pair.levels[0].to_coarser, one_thread);
  return pair;
}

template <class Body>
void for_pairs(const Body& body) {
  for (const Geometry& g : shapes()) {
    Pair uniform(g), weighted = patchy(g);
    body(uniform.levels[0], uniform.levels[1]);
    body(weighted.levels[0], weighted.levels[1]);
  }
}

TEST(Transfer, A_constant_is_prolonged_to_the_same_constant_on_one_colour_and_leaves_the_other_alone) {
  for_pairs([](Level& fine, Level& coarse) {
    for (const int colour : {0, 1}) {
      std::fill(fine.x.begin(), fine.x.end(), 0.0f);
      for_voxels(coarse.stencil.layout,
                 [&](int i, int j, int k) { coarse.x[coarse.stencil.layout.index(i, j, k)] = 3.0f; });
      prolong_colour(fine, colour, coarse, fine.x.data(), one_thread);
      for_voxels(fine.stencil.layout, [&](int i, int j, int k) {
        EXPECT_NEAR(fine.x[fine.stencil.layout.index(i, j, k)], (i + j + k) % 2 == colour ? 3.0 : 0.0, 1e-6);
      });
    }
  });
}

TEST(Transfer, A_slope_is_prolonged_to_the_same_slope_away_from_the_faces_of_the_box) {
  const Geometry g{{9, 1, 1}, {20, 20, 20}, {0, 0, 0}, true};
  Pair pair(g);
  Level &fine = pair.levels[0], &coarse = pair.levels[1];
  ASSERT_EQ(coarse.stencil.layout.n[0], 4);  // the last merges three voxels, its centre lies at 7.5
  for (int c = 0; c < 4; ++c) coarse.x[coarse.stencil.layout.index(c, 0, 0)] = c < 3 ? 2.0f * c + 1.0f : 7.5f;
  for (const int colour : {0, 1}) prolong_colour(fine, colour, coarse, fine.x.data(), one_thread);
  for (int i = 1; i < 8; ++i) EXPECT_NEAR(fine.x[fine.stencil.layout.index(i, 0, 0)], i + 0.5, 1e-5) << i;
}

TEST(Transfer, Restriction_is_the_transpose_of_prolongation) {
  const RandomStream random{17, 0, Stream::test};
  for_pairs([&](Level& fine, Level& coarse) {
    for (const int colour : {0, 1}) {
      const std::size_t section = colour == 0 ? 0 : fine.stencil.layout.colour_size();
      Column<float> r(fine.stencil.layout.colour_size(), 0.0f);
      std::fill(fine.x.begin(), fine.x.end(), 0.0f);
      std::uint64_t draw = 0;
      for_voxels(fine.stencil.layout, [&](int i, int j, int k) {
        if ((i + j + k) % 2 == colour)
          r[fine.stencil.layout.index(i, j, k) - section] = static_cast<float>(random.uniform(draw++) - 0.5);
      });
      for_voxels(coarse.stencil.layout, [&](int i, int j, int k) {
        coarse.x[coarse.stencil.layout.index(i, j, k)] = static_cast<float>(random.uniform(draw++) - 0.5);
      });
      prolong_colour(fine, colour, coarse, fine.x.data(), one_thread);
      restrict_colour(fine, colour, r.data(), coarse, one_thread);
      EXPECT_NEAR(dot(r.data(), fine.x.data() + section, r.size()),
                  dot(coarse.b.data(), coarse.x.data(), coarse.b.size()), 2e-6);
    }
  });
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
