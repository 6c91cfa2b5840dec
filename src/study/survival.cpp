#include "study/survival.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "study/distributions.h"
#include "study/effects.h"

namespace senoma::study {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// Indices of known times, ascending.
std::vector<std::size_t> by_time(std::span<const FollowUp> replicates) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < replicates.size(); ++i) {
    if (std::isnan(replicates[i].time)) continue;
    if (replicates[i].time < 0)
      throw Error("E8401", fmt::format("a time to an event is negative: {} (replicate {})", replicates[i].time, i + 1))
          .help("times count from the start of follow-up");
    order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](auto a, auto b) {
    return replicates[a].time < replicates[b].time || (replicates[a].time == replicates[b].time && a < b);
  });
  return order;
}

/// Area under Ŝ up to the horizon, for replicates sorted by time.
double area(std::span<const FollowUp> replicates, std::span<const std::size_t> order, double horizon,
            std::span<const std::uint16_t> weights) {
  double at_risk = 0;
  for (const auto i : order) at_risk += weights.empty() ? 1.0 : weights[i];
  if (at_risk == 0) return unknown;
  double survival = 1, last = 0, sum = 0;
  for (std::size_t k = 0; k < order.size() && replicates[order[k]].time < horizon;) {
    const double t = replicates[order[k]].time;
    double events = 0, leaving = 0;
    for (; k < order.size() && replicates[order[k]].time == t; ++k) {
      const double w = weights.empty() ? 1.0 : weights[order[k]];
      leaving += w;
      if (replicates[order[k]].event) events += w;
    }
    sum += survival * (t - last);
    last = t;
    if (events > 0) survival *= 1 - events / at_risk;
    at_risk -= leaving;
  }
  return sum + survival * (horizon - last);
}

void check_size(std::size_t n, const UnitResamples& resamples) {
  if (n != resamples.n_replicates())
    throw Error("E8402", fmt::format("{} replicates meet resamples of {}", n, resamples.n_replicates()))
        .help("give every variant one value per replicate, NaN where it is unknown");
}

}  // namespace

SurvivalCurve kaplan_meier(std::span<const FollowUp> replicates, double level) {
  SurvivalCurve curve;
  const auto order = by_time(replicates);
  curve.n = order.size();
  curve.median = unknown;
  auto at_risk = static_cast<double>(order.size());
  curve.steps.push_back({0, at_risk, 0, 0, 1, 1, 1});
  const double z = normal_half_width(level);
  double greenwood = 0;
  for (std::size_t k = 0; k < order.size();) {
    SurvivalStep step = curve.steps.back();
    step.time = replicates[order[k]].time;
    step.at_risk = at_risk;
    step.events = step.censored = 0;
    for (; k < order.size() && replicates[order[k]].time == step.time; ++k)
      ++(replicates[order[k]].event ? step.events : step.censored);
    curve.n_events += static_cast<std::size_t>(step.events);
    if (step.events > 0) {
      step.survival *= 1 - step.events / at_risk;
      greenwood += step.events / (at_risk * (at_risk - step.events));
      if (step.survival > 0) {
        const double spread = z * std::sqrt(greenwood) / std::abs(std::log(step.survival));
        step.low = std::pow(step.survival, std::exp(spread));
        step.high = std::pow(step.survival, std::exp(-spread));
      } else {
        step.low = 0;  // the upper limit stays: nobody is left to tell
      }
      if (std::isnan(curve.median) && step.survival <= 0.5 + 1e-12) curve.median = step.time;
    }
    at_risk -= step.events + step.censored;
    curve.steps.push_back(step);
  }
  return curve;
}

double restricted_mean(std::span<const FollowUp> replicates, double horizon, std::span<const std::uint16_t> weights) {
  return area(replicates, by_time(replicates), horizon, weights);
}

Interval restricted_mean_interval(std::span<const FollowUp> replicates, double horizon, const UnitResamples& resamples,
                                  double level) {
  check_size(replicates.size(), resamples);
  const auto order = by_time(replicates);
  std::vector<double> draws(resamples.size()), times;
  for (const auto& r : replicates) times.push_back(r.time);
  for (std::size_t b = 0; b < draws.size(); ++b) draws[b] = area(replicates, order, horizon, resamples.weights(b));
  return expanded_interval(area(replicates, order, horizon, {}), std::move(draws), known_units(times, resamples),
                           level);
}

Interval restricted_mean_difference(std::span<const FollowUp> treated, std::span<const FollowUp> control,
                                    double horizon, const UnitResamples& resamples, double level) {
  check_size(treated.size(), resamples);
  check_size(control.size(), resamples);
  std::vector<FollowUp> a(treated.begin(), treated.end()), b(control.begin(), control.end());
  std::vector<double> difference(a.size());
  bool censored_early = false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::isnan(a[i].time) || std::isnan(b[i].time)) a[i].time = b[i].time = unknown;
    difference[i] = std::isnan(a[i].time) ? unknown : std::min(a[i].time, horizon) - std::min(b[i].time, horizon);
    for (const auto& r : {a[i], b[i]}) censored_early = censored_early || (!r.event && r.time < horizon);
  }
  if (!censored_early) return mean_interval(difference, resamples, level);
  const auto order_a = by_time(a), order_b = by_time(b);
  std::vector<double> draws(resamples.size());
  for (std::size_t k = 0; k < draws.size(); ++k)
    draws[k] = area(a, order_a, horizon, resamples.weights(k)) - area(b, order_b, horizon, resamples.weights(k));
  return expanded_interval(area(a, order_a, horizon, {}) - area(b, order_b, horizon, {}), std::move(draws),
                           known_units(difference, resamples), level);
}

}  // namespace senoma::study
