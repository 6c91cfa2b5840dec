// Hazards, cycle and transitions. Each cell carries one accumulated hazard and one threshold −ln U: competing hazards add
// up, the crossing time is located inside the step, and the kind of event is drawn in proportion (exact for hazards frozen
// over the step). Cells only change their own clocks here; everything else is a request carried out in commit.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/math.h"
#include "base/philox.h"
#include "engine/fate.h"
#include "engine/simulation.h"

namespace senoma::engine {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// What one cell needs to decide its fate over a step.
struct CellFate {
  Simulation& sim;
  std::size_t i;
  const BoundType& type;

  double& value(std::size_t column) { return sim.world.cells.values[column][i]; }
  double draw_uniform() {
    const RandomStream stream{sim.world.seed, sim.world.cells.id[i], Stream::hazard_threshold};
    return stream.uniform(sim.world.cells.events[i]++, 1);
  }
};

}  // namespace

double draw_phase_duration(const state::World& world, std::size_t i, const CyclePhase& phase, std::size_t phase_index) {
  if (phase.exit != CyclePhase::Exit::normal) return phase.duration;
  const RandomStream stream{world.seed, world.cells.id[i], Stream::phase_duration};
  return std::max(0.05 * phase.duration, phase.duration * (1.0 + phase.cv * stream.normal(phase_index)));
}

double draw_threshold(state::World& world, std::size_t i) {
  const RandomStream stream{world.seed, world.cells.id[i], Stream::hazard_threshold};
  return stream.exponential(world.cells.events[i]++);
}

namespace {

void add_request(std::vector<Request>& out, const CellFate& c, Request::Kind kind, double time, std::size_t which = 0) {
  out.push_back({kind, static_cast<std::uint32_t>(c.i), c.sim.world.cells.id[c.i], time, which});
}

/// Walks one living cell through the step; appends at most one request (a cell's second change waits for the next step).
void walk(CellFate& c, std::span<const double> hazards, std::vector<Request>& out) {
  auto& cells = c.sim.world.cells;
  const double dt = c.sim.world.step;
  const auto& cycle = c.type.spec->cycle;
  const double entry = cycle.empty() ? 0.0 : c.value(c.sim.columns.cycle_entry);
  double fates = 0.0;
  for (const double h : hazards) fates += h;
  double t = 0.0;
  while (t < dt) {
    const CyclePhase* phase = cycle.empty() ? nullptr : &cycle[cells.phase[c.i]];
    const double speed = phase ? (phase->entry ? entry : 1.0) : 0.0;
    double exit_rate = 0.0, fixed_exit = infinity;
    if (phase && phase->exit == CyclePhase::Exit::exponential) {
      exit_rate = speed / phase->duration;
    } else if (phase && speed > 0.0) {
      fixed_exit = t + std::max(0.0, c.value(c.sim.columns.phase_duration) - c.value(state::col_phase_elapsed)) / speed;
    }
    const double total = fates + exit_rate;
    const double remaining = c.value(c.sim.columns.hazard_threshold) - c.value(c.sim.columns.hazard_accumulated);
    const double crossing = total > 0.0 ? t + std::max(0.0, remaining) / total : infinity;
    const double next = std::min({crossing, fixed_exit, dt});
    c.value(c.sim.columns.hazard_accumulated) += total * (next - t);
    c.value(state::col_phase_elapsed) += (phase && phase->exit == CyclePhase::Exit::exponential ? 1.0 : speed) * (next - t);
    t = next;
    if (next >= dt && crossing > dt && fixed_exit > dt) return;
    bool exits = fixed_exit <= crossing;
    if (!exits) {  // the hazard crossed its threshold: which event was it?
      double pick = c.draw_uniform() * total;
      c.value(c.sim.columns.hazard_accumulated) = 0.0;
      c.value(c.sim.columns.hazard_threshold) = draw_threshold(c.sim.world, c.i);
      std::size_t k = 0;
      while (k < hazards.size() && pick >= hazards[k]) pick -= hazards[k++];
      if (k < hazards.size()) {
        if (k < c.type.spec->deaths.size()) {
          add_request(out, c, Request::Kind::die, t, k);
        } else {
          add_request(out, c, Request::Kind::transition, t, k - c.type.spec->deaths.size());
        }
        return;
      }
      exits = exit_rate > 0.0;
    }
    if (!exits) continue;
    if (phase->divides) {
      add_request(out, c, Request::Kind::divide, t);
      return;
    }
    cells.phase[c.i] = static_cast<std::uint16_t>((cells.phase[c.i] + 1) % cycle.size());
    c.value(state::col_phase_elapsed) = 0.0;
    c.value(c.sim.columns.phase_duration) = draw_phase_duration(c.sim.world, c.i, cycle[cells.phase[c.i]], cells.phase[c.i]);
  }
}

}  // namespace

void Simulation::fate() {
  auto& cells = world.cells;
  const double dt = world.step;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    cells.values[state::col_age][i] += dt;
    cells.values[state::col_state_age][i] += dt;
  }
  requests.clear();
  for (std::size_t t = 0; t < types.size(); ++t) {
    const auto& type = types[t];
    const std::size_t n = cells_of_type[t].size();
    const auto& death_columns = columns.death_hazards[t];
    const std::size_t n_outputs = type.fate.n_outputs();
    Column<double> evaluated(n_outputs * n);  // [output][lane], by lane position
    if (n_outputs > 0) {
      std::vector<std::uint32_t> lane_of(cells.size(), 0);
      for (std::size_t k = 0; k < n; ++k) lane_of[cells_of_type[t][k]] = static_cast<std::uint32_t>(k);
      type.fate.run(world, values, lanes(t), executor, [&](auto block, auto outputs) {
        for (std::size_t o = 0; o < n_outputs; ++o) {
          for (std::size_t k = 0; k < block.size(); ++k) evaluated[o * n + lane_of[block[k]]] = outputs[o][k];
        }
      });
    }
    constexpr std::size_t block_size = 256;
    std::vector<std::vector<Request>> per_block(block_count(n, block_size));
    executor.for_blocks(n, block_size, [&](Block b) {
      std::vector<double> hazards(type.spec->deaths.size() + type.transitions.size());
      auto& out = per_block[b.index];
      for (std::size_t k = b.begin; k < b.end; ++k) {
        CellFate c{*this, cells_of_type[t][k], type};
        const std::uint16_t cell_state = cells.cell_state[c.i];
        if (cell_state >= type.n_living_states) {
          const auto& death = type.spec->deaths[cell_state - type.n_living_states];
          if (c.value(state::col_state_age) >= death.duration) add_request(out, c, Request::Kind::remove, dt);
          continue;
        }
        std::size_t immediate = type.transitions.size();
        for (std::size_t d = 0; d < death_columns.size(); ++d) hazards[d] = cells.values[death_columns[d]][c.i];
        for (std::size_t m = 0; m < type.transitions.size(); ++m) {
          const auto& transition = type.transitions[m];
          double& hazard = hazards[death_columns.size() + m];
          hazard = 0.0;
          if (!transition.from[cell_state]) continue;
          if (transition.hazard_output >= 0) {
            hazard = evaluated[static_cast<std::size_t>(transition.hazard_output) * n + k];
            if (!(hazard >= 0.0) || !std::isfinite(hazard)) {
              throw Error("E5009",
                          "the hazard of transition '" + transition.spec->name + "' is " + std::to_string(hazard) + " in cell " +
                              std::to_string(cells.id[c.i]) + " at " + std::to_string(world.time() / 1440.0) + " d",
                          ErrorKind::numerical)
                  .at(transition.spec->hazard->where)
                  .help("a hazard is a rate: it must be finite and not negative");
            }
          }
          if (transition.when_output >= 0 && immediate == type.transitions.size() &&
              evaluated[static_cast<std::size_t>(transition.when_output) * n + k] != 0.0) {
            immediate = m;
          }
        }
        const std::size_t before = out.size();
        walk(c, hazards, out);
        if (out.size() == before && immediate < type.transitions.size()) {
          add_request(out, c, Request::Kind::transition, dt, immediate);
        }
      }
    });
    for (const auto& block : per_block) requests.insert(requests.end(), block.begin(), block.end());
  }
  std::sort(requests.begin(), requests.end(), [](const Request& a, const Request& b) { return a.id != b.id ? a.id < b.id : a.time < b.time; });
}

}  // namespace senoma::engine
