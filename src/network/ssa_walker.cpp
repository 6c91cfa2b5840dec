#include "network/ssa_walker.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "base/error.h"

namespace senoma::network {

namespace {

constexpr double never = std::numeric_limits<double>::infinity();

}  // namespace

void SsaMoments::add(const std::vector<double>& values) {
  mean.resize(values.size());
  squares.resize(values.size());
  const double share = 1.0 / static_cast<double>(++n);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double off = values[i] - mean[i];
    mean[i] += off * share;
    squares[i] += off * (values[i] - mean[i]);
  }
}

void SsaMoments::merge(const SsaMoments& other) {
  if (other.n == 0) return;
  if (n == 0) {
    *this = other;
    return;
  }
  const auto a = static_cast<double>(n), b = static_cast<double>(other.n);
  for (std::size_t i = 0; i < mean.size(); ++i) {
    const double off = other.mean[i] - mean[i];
    mean[i] += off * (b / (a + b));
    squares[i] += other.squares[i] + off * off * (a * b / (a + b));
  }
  n += other.n;
}

SsaWalker::SsaWalker(const SsaPlan& plan)
    : plan_(plan),
      draws_(true),
      rates_(plan.system.reactions.size()),
      n_slots_(plan.system.quantities.n_slots()),
      time_slot_(static_cast<std::size_t>(plan.system.quantities.time_slot())),
      array_(plan.propensities.array()),
      recorded_array_(plan.recorded.array()),
      switch_array_(plan.switches.array()) {}

void SsaWalker::update(std::size_t reaction) {
  const double rate = plan_.propensities.run(reaction, array_.data());
  if (!(rate >= 0.0 && std::isfinite(rate))) {
    throw Error(
        "E3121",
        fmt::format("network '{}', time {:.6g}: the propensity of reaction '{}' is {}", plan_.system.quantities.name,
                    array_[time_slot_], plan_.system.reactions[reaction].name, rate),
        ErrorKind::numerical)
        .help("a reaction that also runs backwards is written as two reactions, each with its own rate law")
        .help("a law like k*A*(A - 1)/2 must not be reached with amounts for which it is negative");
  }
  rates_.set(reaction, rate);
}

void SsaWalker::update_all() {
  for (std::size_t j = 0; j < plan_.system.reactions.size(); ++j) update(j);
  rates_.update();
}

void SsaWalker::react(std::size_t reaction, double time) {
  ++jumps;
  array_[time_slot_] = time;
  const SsaReaction& r = plan_.system.reactions[reaction];
  for (const auto& [state, change] : r.changes) {
    array_[state] += change;
    if (array_[state] >= 0.0) continue;
    throw Error(
        "E3122",
        fmt::format("network '{}', time {:.6g}: reaction '{}' would leave {} of '{}'", plan_.system.quantities.name,
                    time, r.name, array_[state], plan_.system.quantities.states[state].name),
        ErrorKind::numerical)
        .help("its rate law must be zero when there are not enough molecules, like k*A*(A - 1)/2 for 2 A");
  }
  std::size_t block = 0;
  for (const std::size_t j : plan_.dependents[reaction]) {
    update(j);
    if (j / RateBlocks::block != block) rates_.update_block(block);
    block = j / RateBlocks::block;
  }
  if (!plan_.dependents[reaction].empty()) rates_.update_block(block);
}

void SsaWalker::settle(double time) {
  array_[time_slot_] = time;
  if (plan_.events->settle(events_, std::span(array_.data(), n_slots_), workspace_) == 0) return;
  for (std::size_t s = 0; s < plan_.system.counted.size(); ++s) {
    if (plan_.system.counted[s] == 0 || (array_[s] >= 0.0 && array_[s] == std::floor(array_[s]))) continue;
    throw Error("E3122",
                fmt::format("network '{}', time {:.6g}: an event sets '{}' to {} molecules",
                            plan_.system.quantities.name, time, plan_.system.quantities.states[s].name, array_[s]),
                ErrorKind::numerical)
        .help("an event must leave whole numbers of molecules: round with floor or ceil");
  }
  update_all();
}

/// The first time after `time` at which, if no reaction happens before, something may have to be settled.
double SsaWalker::next_event(double time) {
  double next = std::max(time, events_.next_due());
  std::copy_n(array_.begin(), n_slots_, switch_array_.begin());
  switch_array_[time_slot_] = time;
  for (std::size_t k = 0; k < plan_.n_switches; ++k) {
    const double difference = plan_.switches.run(2 * k, switch_array_.data());
    const double rate = plan_.switches.run(2 * k + 1, switch_array_.data());
    const double wait = -difference / rate;
    if (!(rate != 0.0 && wait >= 0.0)) continue;
    // at the turn itself, and just after it for the comparisons that leave out equality
    next = std::min(next, std::max(time + wait, std::nextafter(time, never)));
  }
  return next;
}

void SsaWalker::record(double time, std::size_t k, std::vector<double>& values) {
  std::copy_n(array_.begin(), n_slots_, recorded_array_.begin());
  recorded_array_[time_slot_] = time;
  for (std::size_t v = 0; v < plan_.names.size(); ++v)
    values[k * plan_.names.size() + v] = plan_.recorded.run(v, recorded_array_.data());
}

void SsaWalker::walk(std::uint64_t trajectory, std::vector<double>& values) {
  std::copy(plan_.start.begin(), plan_.start.end(), array_.begin());
  draws_.start(plan_.run.seed, trajectory);
  const bool with_events = plan_.events != nullptr;
  double time = 0.0, event = never;
  update_all();
  if (with_events) {
    events_ = plan_.events->initial_state();
    events_.seed = plan_.run.seed;
    events_.lineage = trajectory;
    settle(0.0);
    event = next_event(0.0);
  }
  const auto steps = static_cast<std::size_t>(plan_.run.steps);
  for (std::size_t k = 0;;) {
    const double total = rates_.total();
    double jump = never;
    if (total > 0.0) {
      draws_.next();
      jump = time + draws_.waiting() / total;
    }
    const double next = std::min(jump, event);
    for (; k <= steps; ++k) {
      const double at = plan_.run.end * (static_cast<double>(k) / static_cast<double>(steps));
      if (at >= next) break;
      record(at, k, values);
    }
    if (k > steps) return;
    time = next;
    if (event <= jump) {  // the process has no memory: the next waiting time is drawn anew
      settle(time);
      event = next_event(time);
      continue;
    }
    react(rates_.choose(draws_.choice() * total), time);
    if (!with_events) continue;
    if (plan_.triggers_read_states) {
      const auto& looks = plan_.events->look(std::span(array_.data(), n_slots_), workspace_);
      if (plan_.events->any_trigger_changed(events_, looks)) {
        settle(time);
        event = next_event(time);
      }
    }
    if (plan_.switches_read_states) event = next_event(time);
  }
}

}  // namespace senoma::network
