#include "network/event_integrator.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "network/single_lane.h"

namespace senoma::network {

namespace {

constexpr std::size_t block_lanes = 512;

std::shared_ptr<const OdeSystem> between_jumps(const std::shared_ptr<const OdeSystem>& system) {
  const auto& events = system->events;
  const bool jumps = std::any_of(events.begin(), events.end(), [](const OdeEvent& event) { return event.is_jump; });
  return jumps ? std::make_shared<const OdeSystem>(with_frozen_jumps(*system)) : system;
}

std::vector<std::size_t> jumps_of(const OdeSystem& system) {
  std::vector<std::size_t> jumps;
  for (std::size_t e = 0; e < system.events.size(); ++e) {
    if (system.events[e].is_jump) jumps.push_back(e);
  }
  return jumps;
}

}  // namespace

EventIntegrator::EventIntegrator(std::shared_ptr<const OdeSystem> system, IntegratorOptions options)
    : system_(std::move(system)),
      program_(*system_),
      columns_(*system_),
      jumps_(jumps_of(*system_)),
      integrator_(between_jumps(system_), std::move(options)),
      rates_(integrator_.system().graph, integrator_.system().derivatives) {}

/// One call of integrate: what is known of every lane between its parts.
class EventIntegrator::Interval {
 public:
  Interval(const EventIntegrator& shared, const Lanes& lanes, double t0, double t1)
      : shared_(shared),
        lanes_(lanes),
        t0_(t0),
        t1_(t1),
        n_events_(shared.system_->events.size()),
        triggers_(lanes.n * n_events_),
        until_(lanes.n, t1),
        jumps_(shared.jumps_.size(), std::vector<double>(lanes.n)) {}

  /// What happens at t0: the lane on the constraints, events that inputs or other parts of the model set off.
  void begin(Block block) {
    const std::vector<char> quiet = lanes_without_news(block);
    EventState state;
    for (std::size_t i = block.begin; i < block.end; ++i) {
      if (!quiet[i - block.begin]) {
        with_lane(i, t0_, [&](SingleLane& lane) {
          lane.start();
          until_[i] = std::min(t1_, lane.events.next_due());
        });
      } else if (n_events_ > 0) {
        shared_.columns_.load(lanes_.events, i, state);
        until_[i] = std::min(t1_, state.next_due());
      }
      for (std::size_t e = 0; e < n_events_; ++e) triggers_[i * n_events_ + e] = lanes_.events[e][i] != 0.0;
      for (std::size_t j = 0; j < jumps_.size(); ++j) jumps_[j][i] = lanes_.events[shared_.jumps_[j]][i];
    }
  }

  IntegratorStats run_batch(const Executor& executor) {
    BatchIntegrator::Lanes batch = lanes_;
    for (const auto& jump : jumps_) batch.inputs.push_back({jump.data(), 1});
    const BatchIntegrator::Watch watch{&shared_.program_.looks(), lanes_.inputs.size(), n_events_, triggers_,
                                       until_.data()};
    if (n_events_ > 0) batch.watch = &watch;
    return shared_.integrator_.integrate(batch, t0_, t1_, executor);
  }

  /// The lanes that stopped before the end.
  IntegratorStats finish(Block block) {
    IntegratorStats stats;
    for (std::size_t i = block.begin; i < block.end; ++i) {
      if (!(until_[i] < t1_)) continue;
      with_lane(i, until_[i], [&](SingleLane& lane) {
        lane.advance_to(t1_);
        stats += lane.stats();
      });
    }
    return stats;
  }

 private:
  /// Lanes in which no trigger differs from when it was last looked at, and no change is due. Constraints must be
  /// looked at in any case.
  std::vector<char> lanes_without_news(Block block) {
    const std::size_t m = block.end - block.begin;
    std::vector<char> quiet(m, shared_.system_->constraints.empty() ? 1 : 0);
    if (n_events_ == 0 || quiet.front() == 0) return quiet;
    const expr::Program& looks = shared_.program_.looks();
    std::vector<expr::Input> slots;
    for (const double* column : lanes_.states) slots.push_back({column + block.begin, 1});
    slots.push_back({&t0_, 0});
    for (const expr::Input& input : lanes_.inputs)
      slots.push_back({input.data + block.begin * input.stride, input.stride});
    for (const double& parameter : lanes_.parameters) slots.push_back({&parameter, 0});
    std::vector<double> values(looks.n_outputs() * m);
    std::vector<double*> rows;
    for (std::size_t k = 0; k < looks.n_outputs(); ++k) rows.push_back(values.data() + k * m);
    expr::Program::Workspace workspace;
    looks.run(slots, rows, m, workspace);
    EventState state;
    for (std::size_t i = 0; i < m; ++i) {
      for (std::size_t e = 0; e < n_events_; ++e) {
        if ((rows[e][i] != 0.0) != (lanes_.events[e][block.begin + i] != 0.0)) quiet[i] = 0;
      }
      shared_.columns_.load(lanes_.events, block.begin + i, state);
      if (state.next_due() <= t0_) quiet[i] = 0;
    }
    return quiet;
  }

  /// Lane i by itself, from its columns and back.
  template <class Body>
  void with_lane(std::size_t i, double t, const Body& body) {
    std::vector<double> slots;
    for (const double* column : lanes_.states) slots.push_back(column[i]);
    slots.push_back(t);
    for (const expr::Input& input : lanes_.inputs) slots.push_back(input.data[i * input.stride]);
    slots.insert(slots.end(), lanes_.parameters.begin(), lanes_.parameters.end());
    SingleLane lane(shared_, std::move(slots), lanes_.label.empty() ? nullptr : &lanes_.label[i]);
    lane.step = lanes_.step[i];
    if (n_events_ > 0) shared_.columns_.load(lanes_.events, i, lane.events);
    lane.events.seed = lanes_.seed;
    lane.events.lineage = lanes_.label.empty() ? i : static_cast<std::uint64_t>(lanes_.label[i]);
    try {
      body(lane);
      if (n_events_ > 0) shared_.columns_.store(lanes_.events, i, lane.events);
    } catch (const Error& error) {
      rethrow_with_lane(error, i);
    }
    for (std::size_t s = 0; s < lanes_.states.size(); ++s) lanes_.states[s][i] = lane.slots()[s];
    lanes_.step[i] = lane.step;
  }

  /// The errors of events and constraints do not know the lane; those of the integrator do.
  [[noreturn]] void rethrow_with_lane(const Error& error, std::size_t i) const {
    if (error.code() != "E3104" && error.code() != "E3105") throw error;
    const std::string lane = lanes_.label.empty()
                                 ? fmt::format("lane {}", i)
                                 : fmt::format("cell {:016x}", static_cast<std::uint64_t>(lanes_.label[i]));
    Error located(error.code(), error.message() + " (" + lane + ")", error.kind());
    for (const auto& remedy : error.remedies()) located.help(remedy);
    throw located;
  }

  const EventIntegrator& shared_;
  const Lanes& lanes_;
  double t0_, t1_;
  std::size_t n_events_;
  std::vector<char> triggers_;  // [lane · n_events + event]
  std::vector<double> until_;
  std::vector<std::vector<double>> jumps_;  // [jump][lane]
};

IntegratorStats EventIntegrator::integrate(const Lanes& lanes, double t0, double t1, const Executor& executor) const {
  if (system_->events.empty() && system_->constraints.empty()) return integrator_.integrate(lanes, t0, t1, executor);
  if (lanes.events.size() != columns_.columns().size()) {
    throw Error("E3011", fmt::format("network '{}': {} event columns given, {} expected", system_->name,
                                     lanes.events.size(), columns_.columns().size()));
  }
  Interval interval(*this, lanes, t0, t1);
  executor.for_blocks(lanes.n, block_lanes, [&](Block block) { interval.begin(block); });
  IntegratorStats total = interval.run_batch(executor);
  std::vector<IntegratorStats> stats(block_count(lanes.n, block_lanes));
  executor.for_blocks(lanes.n, block_lanes, [&](Block block) { stats[block.index] = interval.finish(block); });
  for (const IntegratorStats& s : stats) total += s;
  return total;
}

}  // namespace senoma::network
