#include "study/synergy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "base/error.h"

namespace senoma::study {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// Non-decreasing least-squares fit to values of equal weight, with the fixed point (0, 0) before them: pool adjacent
/// violators, then nothing below zero.
std::vector<double> monotone(std::span<const double> values) {
  std::vector<std::pair<double, std::size_t>> blocks;  // mean, count
  for (const double v : values) {
    blocks.emplace_back(v, 1);
    while (blocks.size() > 1 && blocks[blocks.size() - 2].first > blocks.back().first) {
      const auto [m, n] = blocks.back();
      blocks.pop_back();
      auto& [mean, count] = blocks.back();
      mean = (mean * static_cast<double>(count) + m * static_cast<double>(n)) / static_cast<double>(count + n);
      count += n;
    }
  }
  std::vector<double> fit;
  for (const auto& [mean, count] : blocks) fit.insert(fit.end(), count, std::max(mean, 0.0));
  return fit;
}

/// The least level of a non-decreasing curve at which the effect is reached; infinite above its range.
double level_for(std::span<const double> level, std::span<const double> effect, double wanted) {
  double x0 = 0, y0 = 0;
  for (std::size_t k = 0; k < level.size(); ++k) {
    if (effect[k] >= wanted) {
      return effect[k] > y0 ? x0 + (wanted - y0) / (effect[k] - y0) * (level[k] - x0) : x0;
    }
    x0 = level[k];
    y0 = effect[k];
  }
  return std::numeric_limits<double>::infinity();
}

double interpolate(std::span<const double> level, std::span<const double> effect, double at) {
  double x0 = 0, y0 = 0;
  for (std::size_t k = 0; k < level.size(); ++k) {
    if (at <= level[k]) return y0 + (at - x0) / (level[k] - x0) * (effect[k] - y0);
    x0 = level[k];
    y0 = effect[k];
  }
  return unknown;
}

std::vector<double> turned(std::span<const double> effect, double sign) {
  std::vector<double> values(effect.begin(), effect.end());
  for (double& v : values) v *= sign;
  return values;
}

double direction(std::span<const double> effect) {
  double sum = 0;
  for (const double v : effect) sum += v;
  return sum < 0 ? -1 : 1;
}

bool any_unknown(std::span<const double> values) {
  return std::any_of(values.begin(), values.end(), [](double v) { return std::isnan(v); });
}

void check_agent(const SingleAgent& agent, double at) {
  const bool matches = !agent.level.empty() && agent.level.size() == agent.effect.size();
  bool ascending = matches && agent.level[0] > 0;
  for (std::size_t k = 1; ascending && k < agent.level.size(); ++k) ascending = agent.level[k] > agent.level[k - 1];
  if (!ascending)
    throw Error("E8404",
                fmt::format("the levels of '{}' are not ascending from above zero, one per effect", agent.name))
        .help("sort the graded inhibitions and give each its effect");
  if (!(at > 0) || at > agent.level.back())
    throw Error("E8404", fmt::format("level {} of '{}' in the pair lies outside its levels alone, 0 to {}", at,
                                     agent.name, agent.level.back()))
        .help("give the single agent at the levels that are used in pairs");
}

/// Applies `expected` to the centres and to each resample, and subtracts it from the effect of the pair.
Excess excess_over(const SingleAgent& a, const SingleAgent& b, const Estimate& together, double level,
                   const std::string& reason,
                   const std::function<double(std::span<const double>, std::span<const double>)>& expected) {
  std::vector<double> ea(a.effect.size()), eb(b.effect.size());
  Estimate excess{unknown, std::vector<double>(together.resampled.size()), together.n_units};
  const auto load = [&](auto&& get) {
    for (std::size_t k = 0; k < ea.size(); ++k) ea[k] = get(a.effect[k]);
    for (std::size_t k = 0; k < eb.size(); ++k) eb[k] = get(b.effect[k]);
  };
  load([](const Estimate& e) { return e.centre; });
  excess.centre = together.centre - expected(ea, eb);
  std::size_t defined = 0;
  for (std::size_t r = 0; r < excess.resampled.size(); ++r) {
    load([r](const Estimate& e) { return e.resampled.at(r); });
    excess.resampled[r] = together.resampled[r] - expected(ea, eb);
    if (!std::isnan(excess.resampled[r])) ++defined;
  }
  Excess result;
  result.interval = excess.interval(level);
  result.defined = !std::isnan(excess.centre);
  if (!result.defined) result.reason = reason;
  if (!excess.resampled.empty())
    result.share_defined = static_cast<double>(defined) / static_cast<double>(excess.resampled.size());
  return result;
}

std::vector<double> centres(const SingleAgent& agent) {
  std::vector<double> values;
  for (const auto& e : agent.effect) values.push_back(e.centre);
  return values;
}

Estimate zero_like(const Estimate& estimate) {
  return {0, std::vector<double>(estimate.resampled.size(), 0.0), estimate.n_units};
}

std::string why_not_loewe(const SingleAgent& a, const SingleAgent& b) {
  const auto ea = centres(a), eb = centres(b);
  if (any_unknown(ea) || any_unknown(eb)) return "an effect of a single agent is unknown";
  const double sign = direction(ea);
  if (sign != direction(eb)) return "the two act in opposite directions";
  const double top_a = monotone(turned(ea, sign)).back(), top_b = monotone(turned(eb, sign)).back();
  return fmt::format("the additive effect lies above what '{}' reaches alone", top_a <= top_b ? a.name : b.name);
}

}  // namespace

Estimate fraction_removed(std::span<const double> treated, std::span<const double> control,
                          const UnitResamples& resamples) {
  const auto difference = paired_differences(treated, control);
  std::vector<double> a(treated.begin(), treated.end()), b(control.begin(), control.end());
  for (std::size_t i = 0; i < difference.size(); ++i) {
    if (std::isnan(difference[i])) a[i] = b[i] = unknown;
  }
  const Estimate mean_a = mean_estimate(a, resamples), mean_b = mean_estimate(b, resamples);
  const auto fraction = [](double x, double y) { return y > 0 ? 1 - x / y : unknown; };
  Estimate result{fraction(mean_a.centre, mean_b.centre), std::vector<double>(resamples.size()), mean_a.n_units};
  for (std::size_t r = 0; r < result.resampled.size(); ++r)
    result.resampled[r] = fraction(mean_a.resampled[r], mean_b.resampled[r]);
  return result;
}

double curve_at(std::span<const double> level, std::span<const double> effect, double at) {
  if (any_unknown(effect) || at < 0) return unknown;
  const double sign = direction(effect);
  return sign * interpolate(level, monotone(turned(effect, sign)), at);
}

double loewe_additive(std::span<const double> level_a, std::span<const double> effect_a, double a,
                      std::span<const double> level_b, std::span<const double> effect_b, double b) {
  if (any_unknown(effect_a) || any_unknown(effect_b)) return unknown;
  const double sign = direction(effect_a);
  if (sign != direction(effect_b)) return unknown;
  const auto fit_a = monotone(turned(effect_a, sign)), fit_b = monotone(turned(effect_b, sign));
  const auto index = [&](double e) { return a / level_for(level_a, fit_a, e) + b / level_for(level_b, fit_b, e); };
  double low = 0, high = std::min(fit_a.back(), fit_b.back());
  if (high <= 0)
    return fit_a.back() <= 0 && fit_b.back() <= 0 ? 0.0 : unknown;  // two that do nothing add up to nothing
  if (index(high) > 1 + 1e-12) return unknown;
  for (int k = 0; k < 100 && high - low > 1e-14 * high; ++k) {
    const double middle = 0.5 * (low + high);
    (index(middle) > 1 ? low : high) = middle;
  }
  return sign * high;
}

PairSynergy pair_synergy(const SingleAgent& a, double level_a, const SingleAgent& b, double level_b,
                         const Estimate& together, double level) {
  check_agent(a, level_a);
  check_agent(b, level_b);
  const auto at = [](const SingleAgent& agent, std::span<const double> effect, double wanted) {
    const auto found = std::find(agent.level.begin(), agent.level.end(), wanted);
    return found != agent.level.end() ? effect[static_cast<std::size_t>(found - agent.level.begin())]
                                      : curve_at(agent.level, effect, wanted);
  };
  const std::string missing = "an effect is unknown";
  PairSynergy result;
  result.bliss = excess_over(a, b, together, level, missing, [&](auto ea, auto eb) {
    const double x = at(a, ea, level_a), y = at(b, eb, level_b);
    return x + y - x * y;
  });
  for (const auto& alone : {std::pair(&a, level_a), std::pair(&b, level_b)}) {
    const auto* agent = alone.first;
    const double used = alone.second;
    const Interval own = excess_over(*agent, *agent, zero_like(together), level, missing, [&](auto e, auto) {
                           return -at(*agent, e, used);
                         }).interval;
    if (own.high >= 0 || std::isnan(own.high)) continue;
    result.bliss.defined = false;
    result.bliss.interval = {unknown, unknown, unknown, own.n};
    result.bliss.share_defined = 0;
    result.bliss.reason = fmt::format("the effect of '{}' alone is below zero, which is no fraction", agent->name);
  }
  result.hsa = excess_over(a, b, together, level, missing, [&](auto ea, auto eb) {
    const double x = at(a, ea, level_a), y = at(b, eb, level_b);
    return std::isnan(x + y) ? unknown : std::max(x, y);
  });
  result.loewe =
      excess_over(a, b, together, level, std::isnan(together.centre) ? missing : why_not_loewe(a, b),
                  [&](auto ea, auto eb) { return loewe_additive(a.level, ea, level_a, b.level, eb, level_b); });
  return result;
}

}  // namespace senoma::study
