#include "network/pack_stepper.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/math.h"
#include "network/rosenbrock.h"

namespace senoma::network {

namespace {

constexpr std::size_t W = pack_lanes;
constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr double largest_growth = 6.0, smallest_factor = 0.2, safety = 0.9;
// Errors of steps add up, and some systems amplify them (a relaxation oscillator shifts its jumps): each is held to
// this part of the tolerance, so that the result keeps the whole of it. tests/verification/network_accuracy_test.cpp
constexpr double strictness = 16.0;
constexpr double not_finite_factor = 0.25;  // how much a step shrinks that led out of the rates' domain
constexpr double stretch = 1.1;             // 1.1^5 stays within what `safety` leaves

Column<double> rows(std::size_t n) { return Column<double>(std::max<std::size_t>(n, 1) * W, 0.0); }

/// The states, the time and the values that do not change during a call, as the programs' input slots.
std::vector<expr::Input> dynamic_inputs(const CompiledSystem& system, const double* states, const double* time,
                                        const double* lane_values, const Column<double>& shared_values) {
  std::vector<expr::Input> inputs;
  for (std::size_t i = 0; i < system.n_states; ++i) inputs.push_back({states + i * W, 1});
  inputs.push_back({time, 1});
  for (std::size_t i = 0; i < system.n_lane_values; ++i) inputs.push_back({lane_values + i * W, 1});
  for (std::size_t i = 0; i < system.n_shared_values; ++i) inputs.push_back({&shared_values[i], 0});
  return inputs;
}

std::vector<double*> output_rows(Column<double>& values, std::size_t n) {
  std::vector<double*> result(n);
  for (std::size_t i = 0; i < n; ++i) result[i] = values.data() + i * W;
  return result;
}

}  // namespace

PackStepper::PackStepper(const CompiledSystem& system, const IntegratorOptions& options,
                         std::span<const double> tolerances, const Column<double>& shared_values)
    : system_(system),
      options_(options),
      tolerances_(tolerances),
      shared_values_(shared_values),
      factors_(system.lu.make_factors()) {
  const std::size_t n = system.n_states, n_slopes = n + system.entries.size() + system.time_states.size();
  y_ = rows(n), argument_ = rows(n), y_new_ = rows(n), rate_ = rows(n);
  slopes_ = rows(n_slopes);
  u_ = rows(n * rodas5p::n_stages);
  lane_values_ = rows(system.n_lane_values);
  scalars_ = rows(11);
  double** const columns[] = {&t_,          &stage_time_,     &h_,        &inverse_h_, &shift_,  &error_,
                              &error_root_, &error_exponent_, &accepted_, &mark_,      &repairs_};
  for (std::size_t i = 0; i < std::size(columns); ++i) *columns[i] = scalars_.data() + i * W;
  std::fill_n(error_exponent_, W, 0.5 / rodas5p::error_order);  // of the mean square
  slope_program_ = {system.slopes, dynamic_inputs(system, y_.data(), t_, lane_values_.data(), shared_values),
                    output_rows(slopes_, n_slopes), W};
  rate_program_ = {system.rates,
                   dynamic_inputs(system, argument_.data(), stage_time_, lane_values_.data(), shared_values),
                   output_rows(rate_, n), W};
}

std::optional<LaneFailure> PackStepper::run(const BatchIntegrator::Lanes& lanes, Block block, double t0, double t1,
                                            IntegratorStats& stats) {
  lanes_ = &lanes, block_ = block, t0_ = t0, t1_ = t1;
  stats_ = {}, failure_.reset();
  next_lane_ = block.begin, n_active_ = 0;
  block_lane_values_ = system_.lane_values(lanes.inputs, shared_values_, block.begin, block.end);
  // Columns go through a copy of the block: read and written as a whole, they come through the caches faster.
  const std::size_t n_block = block.end - block.begin;
  row_ = ((n_block + 7) / 8 | 1) * 8;  // an odd number of cache lines, so that the rows do not fall on each other
  block_states_.resize(system_.n_states * row_);
  for (std::size_t i = 0; i < system_.n_states; ++i)
    std::copy_n(lanes.states[i] + block.begin, n_block, block_states_.data() + i * row_);
  watch_.reset();
  if (lanes.watch != nullptr) watch_.emplace(system_.n_states, lanes);
  for (std::size_t s = 0; s < W; ++s) fill(s);
  bool moved = true;
  while (n_active_ > 0) {
    if (moved) evaluate_slopes();
    moved = false;
    for (std::size_t s = 0; s < W; ++s) {
      if (slots_[s].active && !prepare(s)) moved = true;  // failed and refilled: look at the newcomer's slopes first
    }
    if (moved) continue;
    step();
    for (std::size_t s = 0; s < W; ++s) {
      accepted_[s] = 0.0;
      if (slots_[s].active) judge(s);
      moved = moved || accepted_[s] != 0.0;
    }
    if (watch_ && moved) stop_before_turns();
    rodas5p::accept_lanes(system_.n_states, accepted_, y_new_.data(), y_.data());
    for (std::size_t s = 0; s < W; ++s) {
      if (!slots_[s].active || !slots_[s].last || accepted_[s] == 0.0) continue;
      store(s);
      fill(s);
    }
  }
  for (std::size_t i = 0; i < system_.n_states; ++i)
    std::copy_n(block_states_.data() + i * row_, n_block, lanes.states[i] + block.begin);
  stats = stats_;
  return failure_;
}

void PackStepper::fill(std::size_t slot) {
  if (slots_[slot].active) --n_active_;
  slots_[slot] = Slot{};
  while (watch_ && next_lane_ < block_.end && lanes_->watch->until[next_lane_] <= t0_) ++next_lane_;
  if (next_lane_ < block_.end) {
    load(slot, next_lane_++);
    slots_[slot].active = true;
    ++n_active_;
  } else if (h_[slot] == 0.0) {
    load(slot, block_.begin);  // a slot that never had a lane holds something harmless
    h_[slot] = t1_ - t0_;
  }
}

void PackStepper::load(std::size_t slot, std::size_t lane) {
  const std::size_t n_block = block_.end - block_.begin, place = lane - block_.begin;
  for (std::size_t i = 0; i < system_.n_states; ++i) y_[i * W + slot] = block_states_[i * row_ + place];
  for (std::size_t i = 0; i < system_.n_lane_values; ++i)
    lane_values_[i * W + slot] = block_lane_values_[i * n_block + place];
  t_[slot] = t0_;
  slots_[slot].lane = lane;
  slots_[slot].fresh = true;
  slots_[slot].proposal = lanes_->step[lane];
  slots_[slot].end = watch_ ? lanes_->watch->until[lane] : t1_;
  if (watch_) watch_->load(slot, lane);
}

void PackStepper::store(std::size_t slot) {
  const Slot& s = slots_[slot];
  const std::size_t place = s.lane - block_.begin;
  for (std::size_t i = 0; i < system_.n_states; ++i) {
    const double value = y_[i * W + slot];
    block_states_[i * row_ + place] = value;
    if (system_.non_negative[i] && value < -tolerances_[i]) ++stats_.undershoots;
  }
  lanes_->step[s.lane] = s.proposal;
}

void PackStepper::evaluate_slopes() {
  const std::size_t n = system_.n_states, n_slopes = system_.entries.size() + system_.time_states.size();
  slope_program_.run();
  rodas5p::finite_mark(n, y_.data(), slopes_.data(), mark_);
  for (std::size_t s = 0; s < W; ++s) repairs_[s] = 0.0;
  rodas5p::zero_non_finite(n_slopes, slopes_.data() + n * W, repairs_);
  for (std::size_t s = 0; s < W; ++s) {
    if (slots_[s].active && slots_[s].fresh) stats_.jacobian_repairs += static_cast<std::uint64_t>(repairs_[s]);
    slots_[s].fresh = false;
  }
}

bool PackStepper::prepare(std::size_t slot) {
  Slot& s = slots_[slot];
  const std::size_t n = system_.n_states;
  if (mark_[slot] != 0.0) {
    std::size_t state = 0;
    while (state + 1 < n && std::isfinite(y_[state * W + slot]) && std::isfinite(slopes_[state * W + slot])) ++state;
    fail(slot, LaneFailure::Cause::not_finite, state);
    return false;
  }
  if (!(s.proposal > 0.0)) s.proposal = first_step(slot);
  const double smallest = std::max(options_.min_step * (t1_ - t0_), 4.0 * epsilon * std::fabs(t_[slot]));
  if (s.steps == 0) s.proposal = std::max(s.proposal, smallest);  // a short interval before says nothing about this one
  const double remaining = s.end - t_[slot];
  s.last = stretch * s.proposal >= remaining;
  double h = s.proposal;
  if (s.last) {
    h = remaining;
  } else if (s.proposal > 0.5 * remaining) {
    h = 0.5 * remaining;  // two equal steps instead of a long and a short one
  }
  s.cut = h < s.proposal;
  // Near the end of the interval a short remainder is no sign of trouble.
  if (s.steps >= options_.max_steps || (!s.last && h < smallest)) {
    const auto cause = s.steps >= options_.max_steps ? LaneFailure::Cause::too_many_steps
                       : s.non_finite                ? LaneFailure::Cause::not_finite
                                                     : LaneFailure::Cause::step_too_small;
    fail(slot, cause, worst_state(slot));
    return false;
  }
  h_[slot] = h;
  return true;
}

/// The step after which an explicit Euler step errs by one tolerance, from the exact second derivative J f + f_t.
double PackStepper::first_step(std::size_t slot) const {
  const std::size_t n = system_.n_states;
  const double* jacobian = slopes_.data() + n * W;
  const double* time_slopes = jacobian + system_.entries.size() * W;
  std::vector<double> second(n, 0.0);
  for (std::size_t e = 0; e < system_.entries.size(); ++e) {
    const auto [row, column] = system_.entries[e];
    second[static_cast<std::size_t>(row)] +=
        jacobian[e * W + slot] * slopes_[static_cast<std::size_t>(column) * W + slot];
  }
  for (std::size_t k = 0; k < system_.time_states.size(); ++k) {
    second[static_cast<std::size_t>(system_.time_states[k])] += time_slopes[k * W + slot];
  }
  double sum = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    const double e = second[i] / scale(i, y_[i * W + slot]);
    sum += e * e;
  }
  const double interval = t1_ - t0_, curvature = std::sqrt(sum / static_cast<double>(n));
  if (!(curvature < 1e300)) return 1e-10 * interval;
  return curvature * interval * interval > 2.0 ? std::sqrt(2.0 / curvature) : interval;
}

void PackStepper::step() {
  const std::size_t n = system_.n_states, size = n * W;
  for (std::size_t l = 0; l < W; ++l) {
    inverse_h_[l] = 1.0 / h_[l];
    shift_[l] = inverse_h_[l] / rodas5p::gamma;
  }
  system_.lu.factor(slopes_.data() + size, shift_, factors_);
  const double* time_slopes = slopes_.data() + size + system_.entries.size() * W;
  for (std::size_t stage = 0; stage < rodas5p::n_stages; ++stage) {
    double* u = u_.data() + stage * size;
    if (stage == 0) {
      std::copy_n(slopes_.data(), size, u);
    } else {
      for (std::size_t l = 0; l < W; ++l) stage_time_[l] = t_[l] + rodas5p::alpha[stage] * h_[l];
      rodas5p::stage_argument(stage, size, y_.data(), u_.data(), argument_.data());
      rate_program_.run();
      rodas5p::stage_right_side(stage, n, rate_.data(), u_.data(), inverse_h_, u);
    }
    if (rodas5p::gammas[stage] != 0.0) {
      for (std::size_t k = 0; k < system_.time_states.size(); ++k) {
        const auto state = static_cast<std::size_t>(system_.time_states[k]);
        rodas5p::add_time_slope(stage, h_, time_slopes + k * W, u + state * W);
      }
    }
    system_.lu.solve(factors_, u);
  }
  rodas5p::finish_step(n, y_.data(), argument_.data(), u_.data() + (rodas5p::n_stages - 1) * size,
                       options_.relative_tolerance, tolerances_.data(), y_new_.data(), error_);
  for (std::size_t l = 0; l < W; ++l) error_[l] *= strictness * strictness;
  math::pow(error_, error_exponent_, error_root_, W);
}

void PackStepper::judge(std::size_t slot) {
  Slot& s = slots_[slot];
  s.begin = t_[slot], s.proposal_at_begin = s.proposal;
  ++s.steps;
  ++stats_.factorisations;
  const double h = h_[slot];
  s.non_finite = !(error_[slot] < 1e300) || factors_.singular[slot] != 0.0;
  if (s.non_finite) {
    ++stats_.rejected;
    s.after_rejection = true;
    s.proposal = not_finite_factor * h;
    return;
  }
  const double wanted = safety / std::max(error_root_[slot], 1e-100);
  if (error_[slot] > 1.0) {
    ++stats_.rejected;
    s.after_rejection = true;
    s.proposal = h * std::clamp(wanted, smallest_factor, safety);
    return;
  }
  ++stats_.steps;
  accepted_[slot] = 1.0;
  const double limit = s.after_rejection ? 1.0 : largest_growth;
  const double grown = h * std::clamp(wanted, smallest_factor, limit);
  // A cut step that could have grown beyond the limit says nothing against the proposal it was cut from.
  s.proposal = s.cut && wanted > limit ? std::max(s.proposal, grown) : grown;
  s.after_rejection = false;
  s.fresh = true;
  t_[slot] = s.last ? s.end : t_[slot] + h;
}

void PackStepper::stop_before_turns() {
  const std::size_t n = system_.n_states;
  std::copy_n(y_new_.data(), n * W, argument_.data());
  for (std::size_t s = 0; s < W; ++s) stage_time_[s] = t_[s];
  rate_program_.run();
  double begin[W];
  for (std::size_t s = 0; s < W; ++s) begin[s] = slots_[s].begin;
  const auto turned = watch_->examine({y_.data(), slopes_.data(), begin}, {y_new_.data(), rate_.data(), t_});
  for (std::size_t s = 0; s < W; ++s) {
    if (accepted_[s] == 0.0 || !turned[s]) continue;
    accepted_[s] = 0.0;
    t_[s] = slots_[s].begin;
    slots_[s].proposal = slots_[s].proposal_at_begin;
    lanes_->watch->until[slots_[s].lane] = t_[s];
    store(s);
    fill(s);
  }
}

void PackStepper::fail(std::size_t slot, LaneFailure::Cause cause, std::size_t state) {
  const Slot& s = slots_[slot];
  if (!failure_ || s.lane < failure_->lane) failure_ = LaneFailure{cause, s.lane, t_[slot], s.proposal, state};
  store(slot);
  fill(slot);
}

double PackStepper::scale(std::size_t state, double y) const {
  return tolerances_[state] + options_.relative_tolerance * std::fabs(y);
}

std::size_t PackStepper::worst_state(std::size_t slot) const {
  const std::size_t n = system_.n_states;
  const double* u8 = u_.data() + (rodas5p::n_stages - 1) * n * W;
  std::size_t worst = 0;
  double largest = -1.0;
  for (std::size_t i = 0; i < n; ++i) {
    const double e = std::fabs(u8[i * W + slot]) / scale(i, y_[i * W + slot]);
    if (!std::isfinite(e) || !std::isfinite(y_new_[i * W + slot])) return i;
    if (e > largest) worst = i, largest = e;
  }
  return worst;
}

}  // namespace senoma::network
