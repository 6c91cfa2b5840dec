// The only place where cells appear, vanish, change state or type. Requests come sorted by lineage id; daughters born
// inside the step live through its rest, which may give a further round of requests.
#include <algorithm>

#include "base/math.h"
#include "base/philox.h"
#include "engine/fate.h"
#include "grid/space_curve.h"

namespace senoma::engine {

namespace {

void start_phase(Simulation& sim, std::size_t i, double elapsed) {
  auto& cells = sim.world.cells;
  const auto& cycle = sim.types[cells.type[i]].spec->cycle;
  cells.values[state::col_phase_elapsed][i] = elapsed;
  if (cycle.empty()) return;
  cells.values[sim.columns.phase_duration][i] =
      draw_phase_duration(sim.world, i, cycle[cells.phase[i]], cells.phase[i]);
}

double kept_inside(double p, double low, double extent, mechanics::EdgeRule edge) {
  if (edge == mechanics::EdgeRule::open || edge == mechanics::EdgeRule::absorb) return p;
  if (edge == mechanics::EdgeRule::reflect) return std::clamp(p, low, low + extent);
  return p < low ? p + extent : p >= low + extent ? p - extent : p;
}

/// The daughters start half a radius to each side of the mother's centre; the pair forces finish the separation.
void place_daughters(Simulation& sim, std::array<std::size_t, 2> daughters, std::array<double, 3> direction,
                     double radius) {
  if (sim.description->domain.well_mixed) return;
  auto& cells = sim.world.cells;
  const auto& geometry = sim.description->domain.geometry;
  for (std::size_t axis = 0; axis < (geometry.two_dimensional ? 2U : 3U); ++axis) {
    auto& position = cells.values[state::col_x + axis];
    for (const double sign : {0.5, -0.5}) {
      double& p = position[daughters[sign > 0.0 ? 0 : 1]];
      p = kept_inside(p + sign * radius * direction[axis], geometry.origin[axis],
                      geometry.extent(static_cast<int>(axis)), sim.description->domain.edge);
    }
  }
}

std::size_t divide(Simulation& sim, std::size_t i, double remaining) {
  auto& cells = sim.world.cells;
  const std::uint64_t parent = cells.id[i];
  const RandomStream stream{sim.world.seed, parent, Stream::division_direction};
  auto direction = stream.direction(0);
  if (sim.description->domain.geometry.two_dimensional) {
    const double angle = 2.0 * math::pi * stream.uniform(0);
    direction = {math::cos(angle), math::sin(angle), 0.0};
  }
  const std::size_t j = cells.divide(i);
  const double radius = radius_of_volume(cells.values[state::col_volume][i]);
  place_daughters(sim, {i, j}, direction, radius);
  for (const std::size_t d : {i, j}) {
    cells.values[state::col_radius][d] = radius;
    cells.values[state::col_age][d] = remaining;
    start_phase(sim, d, 0.0);
    cells.values[sim.columns.hazard_accumulated][d] = 0.0;
    cells.values[sim.columns.hazard_threshold][d] = draw_threshold(sim.world, d);
    sim.events.push_back({sim.world.time() + sim.world.step - remaining, "division", cells.id[d], parent,
                          sim.types[cells.type[d]].spec->name, "", ""});
  }
  ++sim.world.counters[cells.type[i]].divisions;
  return j;
}

/// The dying cell heads for its final volume.
void start_death(Simulation& sim, std::size_t i, std::size_t death) {
  auto& cells = sim.world.cells;
  const auto& type = sim.types[cells.type[i]];
  cells.values[state::col_target_volume][i] =
      cells.values[state::col_volume][i] * type.spec->deaths[death].final_volume_fraction;
  ++sim.world.counters[cells.type[i]].deaths;
}

void convert(Simulation& sim, std::size_t i, std::uint16_t to_type, double remaining) {
  auto& cells = sim.world.cells;
  const bool other_network = sim.types[cells.type[i]].spec->network != sim.types[to_type].spec->network;
  cells.type[i] = to_type;
  cells.phase[i] = 0;
  start_phase(sim, i, remaining);
  if (other_network) start_network(sim, i);
  ++sim.world.counters[to_type].conversions;
}

void transition(Simulation& sim, std::size_t i, const BoundTransition& t, double remaining) {
  auto& cells = sim.world.cells;
  const auto& old_type = sim.types[cells.type[i]];
  const auto& new_type = sim.types[t.to_type];
  sim.events.push_back({sim.world.time() + sim.world.step - remaining, t.spec->name, cells.id[i], cells.parent[i],
                        old_type.spec->name, old_type.states[cells.cell_state[i]], new_type.states[t.to]});
  if (t.to_type != cells.type[i]) convert(sim, i, t.to_type, remaining);
  cells.cell_state[i] = t.to;
  if (t.to >= new_type.n_living_states) start_death(sim, i, t.to - new_type.n_living_states);
  cells.values[state::col_state_age][i] = remaining;
  cells.origin[i] = static_cast<std::uint16_t>(cells.origin[i] | t.mark);
  for (const auto& [column, value] : t.resets) cells.values[column][i] = value;
}

void die(Simulation& sim, const Request& request, double remaining) {
  auto& cells = sim.world.cells;
  const std::size_t i = request.cell;
  const auto& type = sim.types[cells.type[i]];
  const std::size_t dying_state = type.n_living_states + request.which;
  sim.events.push_back({sim.world.time() + request.time, type.spec->deaths[request.which].name, cells.id[i],
                        cells.parent[i], type.spec->name, type.states[cells.cell_state[i]], type.states[dying_state]});
  cells.cell_state[i] = static_cast<std::uint16_t>(dying_state);
  cells.values[state::col_state_age][i] = remaining;
  start_death(sim, i, request.which);
}

/// Records that a cell is gone; its row is taken out at the end of the commit.
void take_out(Simulation& sim, const Request& request, const std::string& kind) {
  const auto& cells = sim.world.cells;
  const std::size_t i = request.cell, t = cells.type[i];
  sim.events.push_back({sim.world.time() + request.time, kind, cells.id[i], cells.parent[i], sim.types[t].spec->name,
                        sim.types[t].states[cells.cell_state[i]], ""});
  ++sim.world.counters[t].removals;
}

}  // namespace

void start_network(Simulation& sim, std::size_t i) {
  auto& cells = sim.world.cells;
  const auto& type = sim.types[cells.type[i]];
  for (std::size_t k = 0; k < type.state_columns.size(); ++k)
    cells.values[type.state_columns[k]][i] = type.system->states[k].initial;
  for (const std::size_t c : type.event_columns) cells.values[c][i] = cells.infos[c].initial;
  cells.values[sim.columns.network_step][i] = 0.0;
  const RandomStream stream{sim.world.seed, cells.id[i], Stream::parameter_heterogeneity};
  for (std::size_t k = 0; k < type.heterogeneity.size(); ++k) {
    const auto& [column, spec] = type.heterogeneity[k];
    const double sigma = math::sqrt(math::log(1.0 + spec.cv * spec.cv));
    cells.values[column][i] = math::exp(sigma * stream.normal(k));
  }
}

/// The target begins its death, or vanishes; the attacker is busy for the handling time.
void Simulation::carry_out(const Strike& strike, std::vector<std::uint32_t>& removed) {
  auto& cells = world.cells;
  const std::size_t i = strike.target, t = cells.type[i];
  const int death = strike.attack->death;
  const std::size_t dying_state = types[t].n_living_states + static_cast<std::size_t>(std::max(0, death));
  events.push_back({world.time() + strike.time, "attack", cells.id[i], cells.parent[i], types[t].spec->name,
                    types[t].states[cells.cell_state[i]], death < 0 ? "" : types[t].states[dying_state],
                    cells.id[strike.attacker]});
  if (death < 0) {
    if (!dying(i)) ++world.counters[t].deaths;
    ++world.counters[t].removals;
    removed.push_back(strike.target);
  } else {
    cells.cell_state[i] = static_cast<std::uint16_t>(dying_state);
    cells.values[state::col_state_age][i] = world.step - strike.time;
    start_death(*this, i, static_cast<std::size_t>(death));
  }
  cells.values[columns.attack_busy_until][strike.attacker] = world.time() + strike.time + strike.attack->spec->duration;
  cells.values[columns.attacks][strike.attacker] += 1.0;
}

void Simulation::carry_out(const Request& request, std::vector<Request>& further, std::vector<std::uint32_t>& removed) {
  auto& cells = world.cells;
  const std::size_t i = request.cell, t = cells.type[i];
  const double remaining = world.step - request.time;
  switch (request.kind) {
    case Request::Kind::divide: {
      const std::size_t j = divide(*this, i, remaining);
      CellClocks clocks(*this, t, fate_hazards_[t], cells_of_type[t].size());
      for (const std::size_t d : {i, j}) {
        if (left_domain(d)) {
          further.push_back({Request::Kind::leave, static_cast<std::uint32_t>(d), cells.id[d], request.time, 0, 0});
        } else {
          clocks.run(d, request.lane, request.time, further);
        }
      }
      break;
    }
    case Request::Kind::transition:
      if (types[t].transitions[request.which].leaves) {
        take_out(*this, request, types[t].transitions[request.which].spec->name);
        removed.push_back(request.cell);
      } else {
        transition(*this, i, types[t].transitions[request.which], remaining);
      }
      break;
    case Request::Kind::die:
      die(*this, request, remaining);
      break;
    case Request::Kind::remove:
    case Request::Kind::leave:
      take_out(*this, request, request.kind == Request::Kind::leave ? "left" : "removal");
      removed.push_back(request.cell);
      break;
  }
}

bool Simulation::left_domain(std::size_t cell) const {
  const auto& domain = description->domain;
  if (domain.edge != mechanics::EdgeRule::absorb) return false;
  for (std::size_t axis = 0; axis < (domain.geometry.two_dimensional ? 2U : 3U); ++axis) {
    const double from_low = world.cells.values[state::col_x + axis][cell] - domain.geometry.origin[axis];
    if (from_low < 0.0 || from_low > domain.geometry.extent(static_cast<int>(axis))) return true;
  }
  return false;
}

void Simulation::commit() {
  std::vector<std::uint32_t> removed;
  // First those who attacked and were attacked, while every cell is still in its place and none has divided.
  for (const auto& strike : strikes) carry_out(strike, removed);
  std::vector<Request> round = requests, further;
  while (!round.empty()) {
    for (const auto& request : round) carry_out(request, further, removed);
    sort_requests(further);
    round.swap(further);
    further.clear();
  }
  std::sort(removed.begin(), removed.end());
  world.cells.remove(removed);
  admit_newcomers();
  keep_order();
}

void Simulation::keep_order() {
  constexpr std::size_t few = 4096;  // these lie in the cache in any order
  auto& cells = world.cells;
  if (cells.size() < few) return;
  const auto keys = grid::curve_keys(description->domain.geometry, cells.values[state::col_x],
                                     cells.values[state::col_y], cells.values[state::col_z], executor);
  if (grid::descents(keys) > cells.size() / 16) cells.permute(grid::order_by_key(keys), executor);
}

}  // namespace senoma::engine
