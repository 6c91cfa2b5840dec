#include "network/single_lane.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace senoma::network {

namespace {

constexpr int points_per_step = 16;
constexpr int guess_rounds = 6;
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

SingleLane::Moment SingleLane::now() {
  std::vector<expr::Input> inputs;
  for (const double& slot : slots_) inputs.push_back({&slot, 0});
  Moment moment{slots_, std::vector<double>(system_.states.size()), step};
  std::vector<double*> outputs;
  for (double& rate : moment.rates) outputs.push_back(&rate);
  if (!outputs.empty()) rates_.run(inputs, outputs, 1, rates_workspace_);
  return moment;
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
  const double wanted = step > 0.0 ? step : first_share * (stop - time());
  // A remainder too short to be a step of its own is taken along.
  integrate_to(time() + 1.1 * wanted >= stop ? stop : time() + wanted);
  const bool at_end = trigger_changed();
  const Moment after = now();
  const double suspect = first_suspect(begin, after);
  if (std::isnan(suspect)) {
    if (at_end) locate(begin);
    return at_end;
  }
  // The interpolant says that a trigger changed before the end of the step: does the solution say so too?
  go_back_to(begin);
  integrate_to(suspect);
  if (trigger_changed()) {
    locate(begin);
    return true;
  }
  const Moment unchanged = now();
  go_back_to(after);
  if (at_end) locate(unchanged);
  return at_end;
}

/// The state at time t within the step from `begin` to `end`, by the cubic Hermite interpolant.
void SingleLane::interpolate(const Moment& begin, const Moment& end, double t, std::vector<double>& between) const {
  const double h = end.slots[time_slot_] - begin.slots[time_slot_], s = (t - begin.slots[time_slot_]) / h, r = 1.0 - s;
  for (std::size_t i = 0; i < system_.states.size(); ++i) {
    between[i] = r * r * (1.0 + 2.0 * s) * begin.slots[i] + s * s * (3.0 - 2.0 * s) * end.slots[i] +
                 h * s * r * (r * begin.rates[i] - s * end.rates[i]);
  }
  between[time_slot_] = t;
}

/// The first of the points within the step at which the interpolated state turns a trigger; NaN if none does.
double SingleLane::first_suspect(const Moment& begin, const Moment& end) {
  const double t0 = begin.slots[time_slot_], t1 = end.slots[time_slot_];
  std::vector<double> between = begin.slots;
  for (int k = 1; k < points_per_step; ++k) {
    const double t = t0 + (t1 - t0) * static_cast<double>(k) / points_per_step;
    if (!(t > t0) || !(t < t1)) continue;
    interpolate(begin, end, t, between);
    if (program_.any_trigger_changed(events, between, workspace_)) return t;
  }
  return nowhere;
}

/// Where a trigger turns on the interpolant, to round-off.
double SingleLane::guess(const Moment& begin, const Moment& end) {
  double low = begin.slots[time_slot_], high = end.slots[time_slot_];
  std::vector<double> between = begin.slots;
  while (high - low > time_resolution(high)) {
    const double middle = low + 0.5 * (high - low);
    if (!(middle > low) || !(middle < high)) break;
    interpolate(begin, end, middle, between);
    (program_.any_trigger_changed(events, between, workspace_) ? high : low) = middle;
  }
  return high;
}

/// From `begin`, where no trigger has changed, to the first time at which one has; now one has.
void SingleLane::locate(const Moment& begin) {
  Moment before = begin, after = now();
  const auto width = [&] { return after.slots[time_slot_] - before.slots[time_slot_]; };
  const auto look_at = [&](double t) {  // narrows the bracket when t lies inside
    if (!(t > before.slots[time_slot_]) || !(t < after.slots[time_slot_])) return;
    go_back_to(before);
    integrate_to(t);
    (trigger_changed() ? after : before) = now();
  };
  const double near = guess(before, after);
  double distance = time_resolution(near);
  for (int round = 0; round < guess_rounds && width() > 3.0 * time_resolution(near); ++round, distance *= 64.0) {
    look_at(near + distance);
    look_at(near - distance);
  }
  while (width() > 3.0 * time_resolution(after.slots[time_slot_])) {
    const double from = before.slots[time_slot_];
    const double middle = from + 0.5 * width();
    if (!(middle > from) || !(middle < after.slots[time_slot_])) break;
    look_at(middle);
  }
  go_back_to(after);
}

}  // namespace senoma::network
