// The only place where cells appear, vanish, change state or type. Requests come sorted by lineage id.
#include <algorithm>

#include "base/math.h"
#include "base/philox.h"
#include "engine/fate.h"
#include "engine/simulation.h"

namespace senoma::engine {

double radius_of_volume(double volume) { return math::pow(3.0 * volume / (4.0 * math::pi), 1.0 / 3.0); }

namespace {

void start_phase(Simulation& sim, std::size_t i, double elapsed) {
  auto& cells = sim.world.cells;
  const auto& cycle = sim.types[cells.type[i]].spec->cycle;
  cells.values[state::col_phase_elapsed][i] = elapsed;
  if (cycle.empty()) return;
  cells.values[sim.columns.phase_duration][i] = draw_phase_duration(sim.world, i, cycle[cells.phase[i]], cells.phase[i]);
}

void divide(Simulation& sim, std::size_t i, double remaining) {
  auto& cells = sim.world.cells;
  const std::uint64_t parent = cells.id[i];
  const RandomStream stream{sim.world.seed, parent, Stream::division_direction};
  auto direction = stream.direction(0);
  const auto& geometry = sim.description->domain.geometry;
  if (geometry.two_dimensional) {
    const double angle = 2.0 * math::pi * stream.uniform(0);
    direction = {math::cos(angle), math::sin(angle), 0.0};
  }
  const std::size_t j = cells.divide(i);
  const double radius = radius_of_volume(cells.values[state::col_volume][i]);
  for (const std::size_t d : {i, j}) {
    const double sign = d == i ? 0.5 : -0.5;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      // Daughters start half a radius to each side; the pair forces finish the separation.
      double& p = cells.values[state::col_x + axis][d];
      p += sign * radius * direction[axis];
      const double low = geometry.origin[axis], high = low + geometry.extent(static_cast<int>(axis));
      p = std::clamp(p, low, high);
    }
    cells.values[state::col_radius][d] = radius;
    cells.values[state::col_age][d] = remaining;
    start_phase(sim, d, remaining);
    cells.values[sim.columns.hazard_accumulated][d] = 0.0;
    cells.values[sim.columns.hazard_threshold][d] = draw_threshold(sim.world, d);
  }
  ++sim.world.counters[cells.type[i]].divisions;
  for (const std::size_t d : {i, j}) {
    sim.events.push_back({sim.world.time() + sim.world.step - remaining, "division", cells.id[d], parent,
                          sim.types[cells.type[d]].spec->name, "", ""});
  }
}

/// The dying cell heads for its final volume.
void start_death(Simulation& sim, std::size_t i, std::size_t death) {
  auto& cells = sim.world.cells;
  const auto& type = sim.types[cells.type[i]];
  cells.values[state::col_target_volume][i] = cells.values[state::col_volume][i] * type.spec->deaths[death].final_volume_fraction;
  ++sim.world.counters[cells.type[i]].deaths;
}

void transition(Simulation& sim, std::size_t i, const BoundTransition& t, double remaining) {
  auto& cells = sim.world.cells;
  const auto& old_type = sim.types[cells.type[i]];
  sim.events.push_back({sim.world.time() + sim.world.step - remaining, t.spec->name, cells.id[i], cells.parent[i], old_type.spec->name,
                        old_type.states[cells.cell_state[i]], sim.types[t.to_type].states[t.to]});
  if (t.to_type != cells.type[i]) {
    cells.type[i] = t.to_type;
    cells.phase[i] = 0;
    start_phase(sim, i, 0.0);
    ++sim.world.counters[t.to_type].conversions;
  }
  cells.cell_state[i] = t.to;
  const auto& new_type = sim.types[t.to_type];
  if (t.to >= new_type.n_living_states) start_death(sim, i, t.to - new_type.n_living_states);
  cells.values[state::col_state_age][i] = remaining;
  cells.origin[i] = static_cast<std::uint16_t>(cells.origin[i] | t.mark);
  for (const auto& [column, value] : t.resets) cells.values[column][i] = value;
}

}  // namespace

void Simulation::commit() {
  auto& cells = world.cells;
  std::vector<std::uint32_t> removed;
  for (const auto& request : requests) {
    const std::size_t i = request.cell;
    const auto& type = types[cells.type[i]];
    const double remaining = world.step - request.time;
    switch (request.kind) {
      case Request::Kind::divide: divide(*this, i, remaining); break;
      case Request::Kind::transition: transition(*this, i, type.transitions[request.which], remaining); break;
      case Request::Kind::die:
        events.push_back({world.time() + request.time, type.spec->deaths[request.which].name, cells.id[i], cells.parent[i], type.spec->name,
                          type.states[cells.cell_state[i]], type.states[type.n_living_states + request.which]});
        cells.cell_state[i] = static_cast<std::uint16_t>(type.n_living_states + request.which);
        cells.values[state::col_state_age][i] = remaining;
        start_death(*this, i, request.which);
        break;
      case Request::Kind::remove:
        events.push_back({world.time() + request.time, "removal", cells.id[i], cells.parent[i], type.spec->name,
                          type.states[cells.cell_state[i]], ""});
        removed.push_back(request.cell);
        ++world.counters[cells.type[i]].removals;
        break;
    }
  }
  std::sort(removed.begin(), removed.end());
  cells.remove(removed);
}

}  // namespace senoma::engine
