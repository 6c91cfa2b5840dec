#include <algorithm>
#include <cmath>
#include <limits>

#include "base/hash.h"
#include "base/math.h"
#include "base/philox.h"
#include "engine/fate.h"

namespace senoma::engine {

double radius_of_volume(double volume) { return math::pow(3.0 * volume / (4.0 * math::pi), 1.0 / 3.0); }

double draw_phase_duration(const state::World& world, std::size_t i, const CyclePhase& phase, std::size_t phase_index) {
  if (phase.exit != CyclePhase::Exit::normal) return phase.duration;
  const RandomStream stream{world.seed, world.cells.id[i], Stream::phase_duration};
  return std::max(0.05 * phase.duration, phase.duration * (1.0 + phase.cv * stream.normal(phase_index)));
}

double draw_threshold(state::World& world, std::size_t i) {
  const RandomStream stream{world.seed, world.cells.id[i], Stream::hazard_threshold};
  return stream.exponential(world.cells.events[i]++);
}

void sort_requests(std::vector<Request>& requests) {
  std::sort(requests.begin(), requests.end(),
            [](const Request& a, const Request& b) { return a.id != b.id ? a.id < b.id : a.time < b.time; });
}

CellClocks::CellClocks(Simulation& sim, std::size_t type, std::span<const double> hazards, std::size_t n_lanes)
    : sim_(sim),
      type_(sim.types[type]),
      death_columns_(sim.columns.death_hazards[type]),
      evaluated_(hazards),
      n_lanes_(n_lanes),
      hazards_(death_columns_.size() + type_.transitions.size()) {}

void CellClocks::run(std::size_t cell, std::size_t lane, double from, std::vector<Request>& out) {
  cell_ = cell;
  lane_ = lane;
  const double dt = sim_.world.step;
  const std::uint16_t state = sim_.world.cells.cell_state[cell];
  if (state >= type_.n_living_states) {
    const double over = value(state::col_state_age) - type_.spec->deaths[state - type_.n_living_states].duration;
    if (over >= -1e-9) request(Request::Kind::remove, std::clamp(dt - over, 0.0, dt), 0, out);
    return;
  }
  read_hazards();
  const std::size_t before = out.size();
  live(from, out);
  if (out.size() == before && immediate_ < type_.transitions.size())
    request(Request::Kind::transition, dt, immediate_, out);
}

void CellClocks::read_hazards() {
  const auto evaluated = [&](int output) { return evaluated_[static_cast<std::size_t>(output) * n_lanes_ + lane_]; };
  const std::uint16_t state = sim_.world.cells.cell_state[cell_];
  immediate_ = type_.transitions.size();
  for (std::size_t d = 0; d < death_columns_.size(); ++d) hazards_[d] = value(death_columns_[d]);
  for (std::size_t m = 0; m < type_.transitions.size(); ++m) {
    const auto& transition = type_.transitions[m];
    double& hazard = hazards_[death_columns_.size() + m];
    hazard = 0.0;
    if (!transition.from[state]) continue;
    const bool holds = transition.when_output >= 0 && evaluated(transition.when_output) != 0.0;
    if (transition.hazard_output >= 0) {
      // With both, the hazard runs while the condition holds.
      hazard = transition.when_output < 0 || holds ? evaluated(transition.hazard_output) : 0.0;
      check_hazard(m, hazard);
    } else if (holds && immediate_ == type_.transitions.size()) {
      immediate_ = m;
    }
  }
}

void CellClocks::check_hazard(std::size_t transition, double hazard) const {
  if (hazard >= 0.0 && std::isfinite(hazard)) return;
  const Transition& spec = *type_.transitions[transition].spec;
  throw Error("E5009",
              "the hazard of transition '" + spec.name + "' is " + std::to_string(hazard) + " in cell " +
                  hex16(sim_.world.cells.id[cell_]) + " at " + std::to_string(sim_.world.time() / 1440.0) + " d",
              ErrorKind::numerical)
      .at(spec.hazard->where)
      .help("a hazard is a rate: it must be finite and not negative");
}

void CellClocks::live(double from, std::vector<Request>& out) {
  constexpr double never = std::numeric_limits<double>::infinity();
  const double dt = sim_.world.step;
  const auto& cycle = type_.spec->cycle;
  const double entry = cycle.empty() ? 0.0 : value(sim_.columns.cycle_entry);
  double fates = 0.0;
  for (const double h : hazards_) fates += h;
  for (double t = from; t < dt;) {
    const CyclePhase* phase = cycle.empty() ? nullptr : &cycle[sim_.world.cells.phase[cell_]];
    const double speed = phase && phase->entry ? entry : 1.0;
    const bool exponential = phase && phase->exit == CyclePhase::Exit::exponential;
    const double exit_rate = exponential ? speed / phase->duration : 0.0;
    const double total = fates + exit_rate;
    const double remaining = value(sim_.columns.hazard_threshold) - value(sim_.columns.hazard_accumulated);
    const double crossing = total > 0.0 ? t + std::max(0.0, remaining) / total : never;
    const double end =
        phase && !exponential && speed > 0.0
            ? t + std::max(0.0, value(sim_.columns.phase_duration) - value(state::col_phase_elapsed)) / speed
            : never;
    const double next = std::min({crossing, end, dt});
    value(sim_.columns.hazard_accumulated) += total * (next - t);
    value(state::col_phase_elapsed) += (exponential ? 1.0 : speed) * (next - t);
    t = next;
    if (crossing > dt && end > dt) return;
    if (end <= crossing) {
      if (pass_phase(*phase, t, out)) return;
    } else if (pick_event(total, t, out) || (phase && exponential && pass_phase(*phase, t, out))) {
      return;
    }
  }
}

/// True when the cell divides; otherwise it enters the next phase.
bool CellClocks::pass_phase(const CyclePhase& phase, double time, std::vector<Request>& out) {
  if (phase.divides) {
    request(Request::Kind::divide, time, 0, out);
    return true;
  }
  auto& cells = sim_.world.cells;
  const auto& cycle = type_.spec->cycle;
  cells.phase[cell_] = static_cast<std::uint16_t>((cells.phase[cell_] + 1U) % cycle.size());
  value(state::col_phase_elapsed) = 0.0;
  value(sim_.columns.phase_duration) =
      draw_phase_duration(sim_.world, cell_, cycle[cells.phase[cell_]], cells.phase[cell_]);
  return false;
}

/// The hazard crossed its threshold: true when a death or a transition comes of it, false when the phase ends.
bool CellClocks::pick_event(double total, double time, std::vector<Request>& out) {
  const RandomStream stream{sim_.world.seed, sim_.world.cells.id[cell_], Stream::hazard_threshold};
  double pick = stream.uniform(sim_.world.cells.events[cell_]++, 1) * total;
  value(sim_.columns.hazard_accumulated) = 0.0;
  value(sim_.columns.hazard_threshold) = draw_threshold(sim_.world, cell_);
  for (std::size_t k = 0; k < hazards_.size(); ++k) {
    if (pick < hazards_[k]) {
      const bool death = k < death_columns_.size();
      request(death ? Request::Kind::die : Request::Kind::transition, time, death ? k : k - death_columns_.size(), out);
      return true;
    }
    pick -= hazards_[k];
  }
  return false;
}

void CellClocks::request(Request::Kind kind, double time, std::size_t which, std::vector<Request>& out) const {
  out.push_back({kind, static_cast<std::uint32_t>(cell_), sim_.world.cells.id[cell_], time, which,
                 static_cast<std::uint32_t>(lane_)});
}

}  // namespace senoma::engine
