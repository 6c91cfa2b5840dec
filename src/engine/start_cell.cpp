// A cell as it begins without a mother: at time zero, or when it arrives.
#include <algorithm>

#include "base/philox.h"
#include "engine/fate.h"

namespace senoma::engine {

void start_cell(Simulation& sim, std::size_t i, bool random_phase) {
  auto& cells = sim.world.cells;
  const auto& type = sim.types[cells.type[i]];
  const auto& cycle = type.spec->cycle;
  const RandomStream phase_stream{sim.world.seed, cells.id[i], Stream::initial_phase};
  double volume = type.parameters.at("volume.target");
  cells.values[state::col_target_volume][i] = volume;
  start_network(sim, i);
  if (!cycle.empty()) {
    double share = 0.0, total = 0.0;
    for (const auto& phase : cycle) total += phase.duration;
    if (random_phase) share = phase_stream.uniform(0) * total;
    std::uint16_t index = 0;
    while (index + 1U < cycle.size() && share >= cycle[index].duration) share -= cycle[index++].duration;
    cells.phase[i] = index;
    const double duration = draw_phase_duration(sim.world, i, cycle[index], index);
    cells.values[sim.columns.phase_duration][i] = duration;
    cells.values[state::col_phase_elapsed][i] = share / cycle[index].duration * duration;
    double grown = 0.0, growing = 0.0;
    for (std::uint16_t p = 0; p < cycle.size(); ++p) {
      if (!cycle[p].grows) continue;
      growing += cycle[p].duration;
      if (p < index) grown += cycle[p].duration;
      if (p == index && random_phase) grown += std::min(share, cycle[p].duration);
    }
    if (growing > 0.0) volume *= 1.0 + grown / growing;
  }
  cells.values[state::col_volume][i] = volume;
  cells.values[state::col_target_volume][i] = volume;
  cells.values[state::col_radius][i] = radius_of_volume(volume);
  cells.values[sim.columns.hazard_threshold][i] = draw_threshold(sim.world, i);
  // A cell's past hazard is part of its age in an asynchronous population; the exponential has no memory, so it starts
  // at 0.
}

}  // namespace senoma::engine
