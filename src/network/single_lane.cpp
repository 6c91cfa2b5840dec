#include "network/single_lane.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "network/pack_watch.h"

namespace senoma::network {

namespace {

constexpr int guess_rounds = 4;
constexpr double first_share = 0.01;  // of the way to go, before the integrator has proposed a step
constexpr double nowhere = std::numeric_limits<double>::quiet_NaN();

/// Round-off of a time, with room for a few operations.
double time_resolution(double t) { return 8.0 * std::numeric_limits<double>::epsilon() * std::max(std::fabs(t), 1e-6); }

int sign_of(double x) { return x > 0.0 ? 1 : x < 0.0 ? -1 : 0; }

}  // namespace

SingleLane::SingleLane(const EventIntegrator& shared, std::vector<double> slots, const std::int64_t* label)
    : shared_(shared),
      system_(shared.system()),
      program_(shared.program()),
      time_slot_(static_cast<std::size_t>(system_.time_slot())),
      slots_(std::move(slots)),
      jumps_(shared.jumps().size(), 0.0) {
  const std::size_t first_parameter = time_slot_ + 1 + system_.inputs.size();
  lanes_.n = 1;
  for (std::size_t i = 0; i < system_.states.size(); ++i) lanes_.states.push_back(&slots_[i]);
  for (std::size_t i = time_slot_ + 1; i < first_parameter; ++i) lanes_.inputs.push_back({&slots_[i], 0});
  for (const double& jump : jumps_) lanes_.inputs.push_back({&jump, 0});
  lanes_.parameters = std::span<const double>(slots_).subspan(first_parameter);
  lanes_.step = &step;
  if (label != nullptr) lanes_.label = {label, 1};
  events = program_.initial_state();
}

void SingleLane::start() {
  program_.project(slots_, workspace_);
  settle();
}

void SingleLane::settle() {
  if (system_.events.empty()) return;
  const std::vector<char> before = events.triggers;
  const int n = program_.settle(events, slots_, workspace_);
  n_changes_ += static_cast<std::size_t>(n);
  if (n > 0) step = 0.0;  // the proposal was made for another course
  for (const std::size_t jump : shared_.jumps()) {
    if (events.triggers[jump] != before[jump]) return look_beyond_jump();
  }
}

/// At the very time of a jump a condition may hold by chance (a rate constant passes 0) that does not hold right after:
/// the states are moved onto the conditions of the next moment.
void SingleLane::look_beyond_jump() {
  Moment moment = now();
  const double moment_later = 64.0 * time_resolution(time());
  moment.slots[time_slot_] += moment_later;
  for (std::size_t i = 0; i < moment.rates.size(); ++i) {
    if (std::isfinite(moment.rates[i])) moment.slots[i] += moment_later * moment.rates[i];
  }
  program_.project(moment.slots, workspace_);
  std::copy_n(moment.slots.begin(), moment.rates.size(), slots_.begin());
}

void SingleLane::go_back_to(const Moment& moment) {
  std::copy(moment.slots.begin(), moment.slots.end(), slots_.begin());  // the lanes point into slots_
  step = moment.step;
}

void SingleLane::integrate_to(double target) {
  for (std::size_t k = 0; k < jumps_.size(); ++k) jumps_[k] = events.triggers[shared_.jumps()[k]];
  stats_ += shared_.integrator().integrate(lanes_, time(), target, session_);
  slots_[time_slot_] = target;
  program_.project(slots_, workspace_);
}

SingleLane::Moment SingleLane::now() {
  Moment moment{slots_, std::vector<double>(system_.states.size()), step};
  std::vector<expr::Input> inputs;
  for (std::size_t i = 0; i <= time_slot_; ++i) inputs.push_back({&slots_[i], 0});
  inputs.insert(inputs.end(), lanes_.inputs.begin(), lanes_.inputs.end());
  for (const double& parameter : lanes_.parameters) inputs.push_back({&parameter, 0});
  std::vector<double*> outputs;
  for (double& rate : moment.rates) outputs.push_back(&rate);
  if (!outputs.empty()) shared_.rates().run(inputs, outputs, 1, rates_workspace_);
  return moment;
}

void SingleLane::advance_to(double target) {
  if (system_.events.empty()) {
    if (target > time()) integrate_to(target);
    return;
  }
  while (time() < target) {
    if (time() >= events.next_due()) settle();
    const bool changed = step_until_trigger(std::min(target, events.next_due()));
    if (changed || time() >= events.next_due()) settle();
  }
}

bool SingleLane::step_until_trigger(double stop) {
  const Moment begin = now();
  // Events that follow each other ever faster leave proposals that no longer move the clock: it goes on all the same.
  const double wanted = std::max(step > 0.0 ? step : first_share * (stop - time()), 4.0 * time_resolution(time()));
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
  crossing_ = nowhere;
  if (at_end) locate(unchanged);
  return at_end;
}

/// The state at time t within the step from `begin` to `end`, by the cubic Hermite interpolant.
void SingleLane::interpolate(const Moment& begin, const Moment& end, double t, std::vector<double>& between) const {
  const double h = end.slots[time_slot_] - begin.slots[time_slot_];
  const auto [w0, w1, v0, v1] = hermite_weights((t - begin.slots[time_slot_]) / h);
  for (std::size_t i = 0; i < system_.states.size(); ++i) {
    between[i] = w0 * begin.slots[i] + w1 * end.slots[i] + h * (v0 * begin.rates[i] + v1 * end.rates[i]);
  }
  between[time_slot_] = t;
}

const std::vector<double>& SingleLane::look_at(const Moment& begin, const Moment& end, double t) {
  if (t == end.slots[time_slot_]) return program_.look(end.slots, workspace_);
  between_.resize(begin.slots.size());
  std::copy(begin.slots.begin() + static_cast<std::ptrdiff_t>(time_slot_), begin.slots.end(),
            between_.begin() + static_cast<std::ptrdiff_t>(time_slot_));
  interpolate(begin, end, t, between_);
  return program_.look(between_, workspace_);
}

/// The first time looked at within the step at which the interpolated state turns a trigger; NaN if none does.
double SingleLane::first_suspect(const Moment& begin, const Moment& end) {
  const double t0 = begin.slots[time_slot_], t1 = end.slots[time_slot_];
  const std::size_t n_events = system_.events.size();
  crossing_ = nowhere;
  looks_before_ = program_.look(begin.slots, workspace_);
  double before = t0;
  for (int k = 1; k <= looks_per_step; ++k) {
    const bool at_end = k == looks_per_step;
    const double t = at_end ? t1 : t0 + (t1 - t0) * k / looks_per_step;
    if (!(t > before)) continue;
    const auto& looks = look_at(begin, end, t);
    const bool turned = changed(looks);
    bool crossed = false;
    for (std::size_t d = n_events; d < looks.size(); ++d)
      crossed = crossed || sign_of(looks[d]) != sign_of(looks_before_[d]);
    if (crossed) {
      const std::vector<double> looks_now = looks;
      const double suspect = suspect_between(begin, end, before, t);
      if (!std::isnan(suspect)) return suspect;
      looks_before_ = looks_now;
    } else {
      looks_before_ = looks;
    }
    if (turned && !at_end) return t;
    before = t;
  }
  return nowhere;
}

/// Between two looks compared values changed their order: the first time at which that turns a trigger. looks_before_
/// are the looks at `low`.
double SingleLane::suspect_between(const Moment& begin, const Moment& end, double low, double high) {
  std::vector<double> crossings;
  const std::vector<double> looks_high = look_at(begin, end, high);
  for (std::size_t d = system_.events.size(); d < looks_high.size(); ++d) {
    if (sign_of(looks_high[d]) != sign_of(looks_before_[d])) crossings.push_back(crossing(begin, end, d, low, high));
  }
  std::sort(crossings.begin(), crossings.end());
  for (std::size_t k = 0; k < crossings.size(); ++k) {
    const double t = crossings[k], next = k + 1 < crossings.size() ? crossings[k + 1] : high;
    for (const double candidate : {t + 0.5 * (next - t), t + time_resolution(t), t}) {
      if (!(candidate > low) || !(candidate < high) || !changed(look_at(begin, end, candidate))) continue;
      crossing_ = t;
      return candidate;
    }
    if (!(t < high) && changed(looks_high)) crossing_ = t;  // the caller looks at the end of the step itself
  }
  return nowhere;
}

/// The first time at which the sign of a difference is no longer that at `low`, to the last bit: from secants, where
/// they bracket it closely, else by bisection.
double SingleLane::crossing(const Moment& begin, const Moment& end, std::size_t look, double low, double high) {
  const int sign = sign_of(looks_before_[look]);
  double at_low = looks_before_[look], at_high = look_at(begin, end, high)[look];
  const auto narrow = [&](double t) {
    if (!(t > low) || !(t < high)) return;
    const double value = look_at(begin, end, t)[look];
    if (sign_of(value) == sign) {
      low = t, at_low = value;
    } else {
      high = t, at_high = value;
    }
  };
  for (int round = 0; round < 64; ++round) {
    const double width = high - low, t = low - at_low / (at_high - at_low) * width;
    if (std::isfinite(t)) {
      narrow(t);
      narrow(t - time_resolution(t));
      narrow(t + time_resolution(t));
    }
    if (high - low <= 4.0 * time_resolution(high)) break;
    if (high - low > 0.25 * width) narrow(low + 0.5 * (high - low));
  }
  while (true) {
    const double middle = low + 0.5 * (high - low);
    if (!(middle > low) || !(middle < high)) return high;
    narrow(middle);
  }
}

/// Where a trigger turns on the interpolant, to round-off.
double SingleLane::guess(const Moment& begin, const Moment& end) {
  const double t0 = begin.slots[time_slot_], t1 = end.slots[time_slot_];
  if (crossing_ > t0 && crossing_ <= t1) return std::exchange(crossing_, nowhere);
  looks_before_ = look_at(begin, end, t0);
  if (std::isnan(suspect_between(begin, end, t0, t1)) && !(crossing_ > t0)) return t0 + 0.5 * (t1 - t0);
  return std::exchange(crossing_, nowhere);
}

/// From `begin`, where no trigger has changed, to the first time at which one has; now one has. Every guess comes from
/// the interpolant between the nearest states known, and so is closer than the one before by the cube of its distance.
void SingleLane::locate(const Moment& begin) {
  Moment before = begin, after = now();
  const auto low = [&] { return before.slots[time_slot_]; };
  const auto high = [&] { return after.slots[time_slot_]; };
  const auto located = [&] { return high() - low() <= 3.0 * time_resolution(high()); };
  const auto narrow = [&](double t) {
    if (!(t > low()) || !(t < high())) return;
    go_back_to(before);
    integrate_to(t);
    (trigger_changed() ? after : before) = now();
  };
  for (int round = 0; round < guess_rounds && !located(); ++round) {
    const double near = guess(before, after);
    narrow(near - time_resolution(near));
    narrow(near + time_resolution(near));
  }
  while (!located()) {
    const double middle = low() + 0.5 * (high() - low());
    if (!(middle > low()) || !(middle < high())) break;
    narrow(middle);
  }
  go_back_to(after);
}

}  // namespace senoma::network
