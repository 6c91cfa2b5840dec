// The cells at time zero: positions from patterns or a table, cycle phases, heterogeneity, and the first look around.
#include <algorithm>
#include <cmath>

#include "base/hash.h"
#include "base/math.h"
#include "base/philox.h"
#include "engine/binder.h"
#include "engine/fate.h"
#include "engine/initial_sites.h"
#include "mechanics/mean_field.h"

namespace senoma::engine {

namespace {

/// The part of the domain that a pattern covers.
double share_of(const InitialCells& p, const grid::Geometry& g) {
  double covered = mechanics::measure_of_cell(p.radius, g.two_dimensional);
  if (p.pattern == InitialCells::Pattern::rectangle)
    covered = p.size[0] * p.size[1] * (g.two_dimensional ? 1.0 : p.size[2]);
  return std::min(1.0, covered / mechanics::measure_of(g));
}

}  // namespace

void Binder::place(std::size_t type_index, const InitialCells& pattern, std::uint64_t& ordinal) {
  const double volume = sim.types[type_index].parameters.at("volume.target");
  const double spacing = pattern.spacing > 0.0 ? pattern.spacing : 1.9 * radius_of_volume(volume);
  auto sites =
      initial_sites(pattern, model.cell_types[type_index], model.domain, spacing, sim.world.seed, mix64(ordinal + 1));
  if (model.domain.well_mixed) {  // the pattern says how many
    const auto& g = model.domain.geometry;
    std::fill(sites.begin(), sites.end(), std::array<double, 3>{g.centre(0, 0), g.centre(1, 0), g.centre(2, 0)});
  }
  sim.world.cells.reserve(sim.world.cells.size() + sites.size());
  for (const auto& site : sites) {
    const std::size_t i = sim.world.cells.append(mix64(ordinal + 1), static_cast<std::uint16_t>(type_index));
    ++ordinal;
    for (std::size_t a = 0; a < 3; ++a) {
      sim.world.cells.values[state::col_x + a][i] = site[a];
    }
    choose_state(i, pattern);
    start_cell(sim, i, pattern.asynchronous);
  }
}

void Binder::choose_state(std::size_t i, const InitialCells& pattern) {
  auto& cells = sim.world.cells;
  const auto& type = sim.types[cells.type[i]];
  if (pattern.state_fractions.empty()) return;
  double pick = RandomStream{sim.world.seed, cells.id[i], Stream::initial_type}.uniform(0);
  for (const auto& [name, fraction] : pattern.state_fractions) {
    cells.cell_state[i] = state_index(type, name, type.spec->where);
    if ((pick -= fraction) <= 0.0) break;
  }
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
      if (model.domain.well_mixed) {
        const double share = share_of(p, g);
        field.rho[0] += share * (inside->second - field.rho[0]);
        break;
      }
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
