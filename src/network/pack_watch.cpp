#include "network/pack_watch.h"

#include <algorithm>

namespace senoma::network {

namespace {

constexpr std::size_t W = pack_lanes;

int sign_of(double x) { return x > 0.0 ? 1 : x < 0.0 ? -1 : 0; }

}  // namespace

std::array<double, 4> hermite_weights(double s) {
  const double r = 1.0 - s;
  return {r * r * (1.0 + 2.0 * s), s * s * (3.0 - 2.0 * s), s * r * r, -s * s * r};
}

PackWatch::PackWatch(std::size_t n_states, const BatchIntegrator::Lanes& lanes)
    : lanes_(lanes),
      watch_(*lanes.watch),
      n_states_(n_states),
      n_looks_(watch_.looks->n_outputs()),
      states_(std::max<std::size_t>(n_states, 1) * W, 0.0),
      time_(W, 0.0),
      inputs_(std::max<std::size_t>(watch_.n_inputs, 1) * W, 0.0),
      triggers_(watch_.n_triggers * W, 0),
      looks_(n_looks_ * W, 0.0),
      before_(n_looks_ * W, 0.0) {
  for (std::size_t i = 0; i < n_states; ++i) slots_.push_back({states_.data() + i * W, 1});
  slots_.push_back({time_.data(), 1});
  for (std::size_t i = 0; i < watch_.n_inputs; ++i) slots_.push_back({inputs_.data() + i * W, 1});
  for (const double& parameter : lanes.parameters) slots_.push_back({&parameter, 0});
  rows_.resize(n_looks_);
}

void PackWatch::load(std::size_t slot, std::size_t lane) {
  for (std::size_t i = 0; i < watch_.n_inputs; ++i) {
    inputs_[i * W + slot] = lanes_.inputs[i].data[lane * lanes_.inputs[i].stride];
  }
  for (std::size_t e = 0; e < watch_.n_triggers; ++e) {
    triggers_[e * W + slot] = watch_.triggers[lane * watch_.n_triggers + e];
  }
}

void PackWatch::look(std::vector<double>& into) {
  for (std::size_t k = 0; k < n_looks_; ++k) rows_[k] = into.data() + k * W;
  watch_.looks->run(slots_, rows_, W, workspace_);
}

std::array<bool, W> PackWatch::examine(const Moment& begin, const Moment& end) {
  std::array<bool, W> turned{};
  std::copy_n(begin.states, n_states_ * W, states_.data());
  std::copy_n(begin.time, W, time_.data());
  look(before_);
  for (int k = 1; k <= looks_per_step; ++k) {
    const bool at_end = k == looks_per_step;
    const auto [w0, w1, v0, v1] = hermite_weights(static_cast<double>(k) / looks_per_step);
    for (std::size_t s = 0; s < W; ++s) {
      const double h = end.time[s] - begin.time[s];
      time_[s] = at_end ? end.time[s] : begin.time[s] + h * k / looks_per_step;
    }
    for (std::size_t i = 0; i < n_states_; ++i) {
      for (std::size_t s = 0; s < W; ++s) {
        const std::size_t at = i * W + s;
        const double h = end.time[s] - begin.time[s];
        states_[at] =
            at_end ? end.states[at]
                   : w0 * begin.states[at] + w1 * end.states[at] + h * (v0 * begin.rates[at] + v1 * end.rates[at]);
      }
    }
    look(looks_);
    for (std::size_t e = 0; e < watch_.n_triggers; ++e) {
      for (std::size_t s = 0; s < W; ++s) {
        turned[s] = turned[s] || (looks_[e * W + s] != 0.0) != (triggers_[e * W + s] != 0);
      }
    }
    for (std::size_t d = watch_.n_triggers; d < n_looks_; ++d) {
      for (std::size_t s = 0; s < W; ++s) {
        turned[s] = turned[s] || sign_of(looks_[d * W + s]) != sign_of(before_[d * W + s]);
      }
    }
    std::swap(looks_, before_);
  }
  return turned;
}

}  // namespace senoma::network
