#include "network/single_lane.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace senoma::network {

namespace {

constexpr int points_per_step = 16;
constexpr double first_share = 0.01;  // of the way to go, before the integrator has proposed a step
constexpr double nowhere = std::numeric_limits<double>::quiet_NaN();

/// Round-off of a time, with room for a few operations.
double time_resolution(double t) { return 8.0 * std::numeric_limits<double>::epsilon() * std::max(std::fabs(t), 1e-6); }

}  // namespace

SingleLane::SingleLane(const OdeSystem& system, const BatchIntegrator& integrator, std::vector<double> slots)
    : system_(system),
      integrator_(integrator),
      program_(system),
      rates_(system.graph, system.derivatives),
      time_slot_(static_cast<std::size_t>(system.time_slot())),
      slots_(std::move(slots)) {
  const std::size_t first_parameter = time_slot_ + 1 + system.inputs.size();
  lanes_.n = 1;
  for (std::size_t i = 0; i < system.states.size(); ++i) lanes_.states.push_back(&slots_[i]);
  for (std::size_t i = time_slot_ + 1; i < first_parameter; ++i) lanes_.inputs.push_back({&slots_[i], 0});
  lanes_.parameters = std::span<const double>(slots_).subspan(first_parameter);
  lanes_.step = &step;
  events = program_.initial_state();
}

void SingleLane::start() {
  if (!system_.events.empty()) n_changes_ += static_cast<std::size_t>(program_.settle(events, slots_, workspace_));
}

void SingleLane::go_back_to(const Moment& moment) {
  std::copy(moment.slots.begin(), moment.slots.end(), slots_.begin());  // the lanes point into slots_
  step = moment.step;
}

void SingleLane::integrate_to(double target) {
  stats_ += integrator_.integrate(lanes_, time(), target, executor_);
  slots_[time_slot_] = target;
}

std::vector<double> SingleLane::rates() {
  std::vector<expr::Input> inputs;
  for (const double& slot : slots_) inputs.push_back({&slot, 0});
  std::vector<double> result(system_.states.size());
  std::vector<double*> outputs;
  for (double& rate : result) outputs.push_back(&rate);
  if (!outputs.empty()) rates_.run(inputs, outputs, 1, rates_workspace_);
  return result;
}

void SingleLane::advance_to(double target) {
  if (system_.events.empty()) {
    if (target > time()) integrate_to(target);
    return;
  }
  while (time() < target) {
    const double stop = std::min(target, events.next_due());
    const bool changed = step_until_trigger(stop);
    if (changed || time() >= events.next_due()) {
      const int n = program_.settle(events, slots_, workspace_);
      n_changes_ += static_cast<std::size_t>(n);
      if (n > 0) step = 0.0;  // the proposal was made for another course
    }
  }
}

bool SingleLane::step_until_trigger(double stop) {
  const Moment begin = now();
  const std::vector<double> rates_then = rates();
  const double wanted = step > 0.0 ? step : first_share * (stop - time());
  // A remainder too short to be a step of its own is taken along.
  const double end = time() + 1.1 * wanted >= stop ? stop : time() + wanted;
  integrate_to(end);
  const bool at_end = trigger_changed();
  const double suspect = first_suspect(begin, rates_then);
  if (std::isnan(suspect)) {
    if (!at_end) return false;
    locate(begin, end);
    return true;
  }
  // The interpolant says that a trigger changed before the end of the step: does the solution say so too?
  const Moment after = now();
  go_back_to(begin);
  integrate_to(suspect);
  if (trigger_changed()) {
    locate(begin, suspect);
    return true;
  }
  if (!at_end) {
    go_back_to(after);
    return false;
  }
  const Moment unchanged = now();
  locate(unchanged, end);
  return true;
}

/// The first of the points within the step from `begin` to now at which the interpolated state turns a trigger; NaN if
/// none does.
double SingleLane::first_suspect(const Moment& begin, const std::vector<double>& rates_then) {
  const std::size_t n = system_.states.size();
  const double t0 = begin.slots[time_slot_], h = time() - t0;
  const std::vector<double> rates_now = rates();
  std::vector<double> between = slots_;
  for (int k = 1; k < points_per_step; ++k) {
    const double s = static_cast<double>(k) / points_per_step, r = 1.0 - s;
    const double t = t0 + s * h;
    if (!(t > t0) || !(t < time())) continue;
    for (std::size_t i = 0; i < n; ++i) {
      between[i] = r * r * (1.0 + 2.0 * s) * begin.slots[i] + s * s * (3.0 - 2.0 * s) * slots_[i] +
                   h * s * r * (r * rates_then[i] - s * rates_now[i]);
    }
    between[time_slot_] = t;
    if (program_.any_trigger_changed(events, between, workspace_)) return t;
  }
  return nowhere;
}

/// From `begin`, where no trigger has changed, to the first time at which one has; at `end` one has.
void SingleLane::locate(const Moment& begin, double end) {
  Moment before = begin;
  go_back_to(before);
  integrate_to(end);
  Moment after = now();
  while (end - before.slots[time_slot_] > time_resolution(end)) {
    const double middle = before.slots[time_slot_] + 0.5 * (end - before.slots[time_slot_]);
    if (!(middle > before.slots[time_slot_]) || !(middle < end)) break;
    go_back_to(before);
    integrate_to(middle);
    if (trigger_changed()) {
      end = middle;
      after = now();
    } else {
      before = now();
    }
  }
  go_back_to(after);
}

}  // namespace senoma::network
