// Sums over the cells of a voxel, for mechanisms that exchange with fields.
#pragma once

#include <string>
#include <vector>

#include "engine/simulation.h"

namespace senoma::mechanisms {

struct Exchanged {
  std::size_t substrate, column;  // column of the behaviour
};

/// The substrates that some cell type exchanges at all by the behaviour "SUBSTRATE verb"; the others cost nothing.
inline std::vector<Exchanged> exchanged_substrates(const engine::Simulation& sim, const std::string& verb) {
  std::vector<Exchanged> exchanged;
  const auto& substrates = sim.description->substrates;
  for (std::size_t s = 0; s < substrates.size(); ++s) {
    const auto behaviour = sim.behaviours.find(substrates[s].name + " " + verb);
    if (behaviour && sim.behaviours.all[*behaviour].used)
      exchanged.push_back({s, sim.behaviours.all[*behaviour].column});
  }
  return exchanged;
}

/// A column per voxel, made for who adds to it; without any it stays empty and costs nothing.
inline void ensure(Column<double>& column, const state::Field& field) { column.resize(field.geometry.size(), 0.0); }

/// Calls add(voxel, cell) for the cells of each occupied voxel in ascending id.
template <class F>
void gather(engine::Simulation& sim, bool well_mixed, const F& add) {
  if (well_mixed) {  // all cells share one voxel: walk the tissue grid's voxels in order
    for (const std::uint32_t voxel : sim.binning.occupied()) {
      for (const std::uint32_t i : sim.binning.cells_of(voxel)) add(0, i);
    }
    return;
  }
  const auto occupied = sim.binning.occupied();
  sim.executor.for_blocks(occupied.size(), 512, [&](Block b) {
    for (std::size_t k = b.begin; k < b.end; ++k) {
      for (const std::uint32_t i : sim.binning.cells_of(occupied[k])) add(occupied[k], i);
    }
  });
}

}  // namespace senoma::mechanisms
