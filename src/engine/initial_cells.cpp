// The cells at time zero: positions from patterns or a table, cycle phases, heterogeneity, and the first look around.
#include <algorithm>
#include <cmath>

#include "base/hash.h"
#include "base/math.h"
#include "base/philox.h"
#include "engine/binder.h"
#include "engine/fate.h"
#include "engine/initial_sites.h"

namespace senoma::engine {

void Binder::place(std::size_t type_index, const InitialCells& pattern, std::uint64_t& ordinal) {
  const double volume = sim.types[type_index].parameters.at("volume.target");
  const double spacing = pattern.spacing > 0.0 ? pattern.spacing : 1.9 * radius_of_volume(volume);
  const auto sites =
      initial_sites(pattern, model.cell_types[type_index], model.domain, spacing, sim.world.seed, mix64(ordinal + 1));
  sim.world.cells.reserve(sim.world.cells.size() + sites.size());
  for (const auto& site : sites) {
    const std::size_t i = sim.world.cells.append(mix64(ordinal + 1), static_cast<std::uint16_t>(type_index));
    ++ordinal;
    for (std::size_t a = 0; a < 3; ++a) {
      sim.world.cells.values[state::col_x + a][i] = site[a];
    }
    start_cell(i, pattern);
  }
}

void Binder::start_cell(std::size_t i, const InitialCells& pattern) {
  auto& cells = sim.world.cells;
  const auto& type = sim.types[cells.type[i]];
  const auto& cycle = type.spec->cycle;
  const RandomStream phase_stream{sim.world.seed, cells.id[i], Stream::initial_phase};
  double volume = type.parameters.at("volume.target");
  cells.values[state::col_target_volume][i] = volume;
  if (!pattern.state_fractions.empty()) {
    double pick = RandomStream{sim.world.seed, cells.id[i], Stream::initial_type}.uniform(0);
    for (const auto& [name, fraction] : pattern.state_fractions) {
      cells.cell_state[i] = state_index(type, name, type.spec->where);
      if ((pick -= fraction) <= 0.0) break;
    }
  }
  start_network(sim, i);
  if (!cycle.empty()) {
    double share = 0.0, total = 0.0;
    for (const auto& phase : cycle) total += phase.duration;
    if (pattern.asynchronous) share = phase_stream.uniform(0) * total;
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
      if (p == index && pattern.asynchronous) grown += std::min(share, cycle[p].duration);
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

void Binder::initial_cells() {
  std::uint64_t ordinal = 0;
  for (std::size_t t = 0; t < model.cell_types.size(); ++t) {
    for (const auto& pattern : model.cell_types[t].initial) place(t, pattern, ordinal);
  }
  // Regions of fields that depend on where the tumour lies (e.g. matrix around it).
  for (std::size_t s = 0; s < model.substrates.size(); ++s) {
    const auto inside = model.substrates[s].initial_in.find("tumour");
    if (inside == model.substrates[s].initial_in.end()) continue;
    auto& field = sim.world.fields[s];
    for (const auto& type : model.cell_types) {
      if (!type.tumour || type.initial.empty()) continue;
      const auto& p = type.initial.front();
      const auto& g = field.geometry;
      for (int k = 0; k < g.n[2]; ++k) {
        for (int j = 0; j < g.n[1]; ++j) {
          for (int i = 0; i < g.n[0]; ++i) {
            const double x = g.centre(0, i) - p.x, y = g.centre(1, j) - p.y,
                         z = g.two_dimensional ? 0.0 : g.centre(2, k) - p.z;
            const bool within = p.pattern == InitialCells::Pattern::rectangle
                                    ? std::abs(x) <= p.size[0] / 2 && std::abs(y) <= p.size[1] / 2 &&
                                          (g.two_dimensional || std::abs(z) <= p.size[2] / 2)
                                    : x * x + y * y + z * z <= p.radius * p.radius;
            if (within) field.rho[g.index(i, j, k)] = inside->second;
          }
        }
      }
      break;
    }
  }
}

}  // namespace senoma::engine
