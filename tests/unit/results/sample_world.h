// A small tissue for the tests of the stores.
#pragma once

#include <cmath>
#include <cstdint>

#include "base/philox.h"
#include "results/cells_frame.h"

namespace senoma::results {

inline FrameLabels sample_labels() {
  return {{"melanoma", "fibroblast"},
          {{"naive", "arrested", "senescent"}, {"quiescent"}},
          {{"G0/G1", "S", "G2", "M"}, {"live"}},
          {"NFkB", "p21"}};
}

/// `n` cells in a disc, an extension column, two network states, two 2D fields (12 × 10 × 1) and a medium.
inline state::World sample_world(std::size_t n) {
  state::World world;
  world.step = 30;
  world.cells.add_column({"damage", "1", 0.25, state::OnDivision::copy, true});
  world.cells.add_column({"NFkB", "nM", 0.0, state::OnDivision::copy, true});
  world.cells.add_column({"p21", "nM", 0.0, state::OnDivision::copy, true});
  world.cells.add_column({"scratch", "1", 0.0, state::OnDivision::zero, false});
  const std::size_t nfkb = *world.cells.find_column("NFkB"), p21 = *world.cells.find_column("p21");
  for (std::size_t i = 0; i < n; ++i) {
    const RandomStream random{7, i + 1, Stream::test};
    const std::size_t k = world.cells.append(mix64(i + 1), i % 5 == 4 ? 1 : 0);
    world.cells.values[state::col_x][k] = 50 * random.normal(0, 0);
    world.cells.values[state::col_y][k] = 50 * random.normal(0, 1);
    world.cells.values[state::col_z][k] = 0;
    world.cells.values[nfkb][k] = static_cast<double>(i);
    world.cells.values[p21][k] = -static_cast<double>(i);
    world.cells.cell_state[k] = static_cast<std::uint16_t>(i % 5 == 4 ? 0 : i % 3);
    world.cells.phase[k] = static_cast<std::uint16_t>(i % 5 == 4 ? 0 : i % 4);
  }
  grid::Geometry tissue{{12, 10, 1}, {20, 20, 10}, {-120, -100, 0}, true};
  for (const char* name : {"CCL2", "oxygen"}) {
    state::Field field{name, name[0] == 'C' ? "nM" : "mmHg", tissue, {}};
    field.rho.resize(tissue.size());
    for (std::size_t v = 0; v < field.rho.size(); ++v)
      field.rho[v] = static_cast<double>(v) + (name[0] == 'C' ? 0.5 : 1000.0);
    world.fields.push_back(field);
  }
  world.fields.push_back({"medium", "nM", {}, Column<double>(1, 3.0)});
  return world;
}

}  // namespace senoma::results
