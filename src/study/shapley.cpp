#include "study/shapley.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "base/error.h"
#include "base/philox.h"

namespace senoma::study {
namespace {

constexpr std::size_t most_exact = 10, most = 32;

std::uint32_t everybody(std::size_t n) { return static_cast<std::uint32_t>((std::uint64_t{1} << n) - 1); }

/// One term of φᵢ: coalition indices with and without i, and the weight of their difference.
struct Step {
  std::size_t player, with, without;
  double weight;
};

std::size_t index_of(const CoalitionPlan& plan, std::uint32_t mask) {
  const auto found = std::lower_bound(plan.coalitions.begin(), plan.coalitions.end(), mask);
  if (found == plan.coalitions.end() || *found != mask)
    throw Error("E8405", fmt::format("the plan lacks the subset {:#x} of targets", mask))
        .help("take the plan as plan_coalitions gave it");
  return static_cast<std::size_t>(found - plan.coalitions.begin());
}

std::vector<Step> exact_steps(const CoalitionPlan& plan) {
  const std::size_t n = plan.n_players;
  std::vector<double> weight(n);  // s! (n − s − 1)! / n!
  for (std::size_t s = 0; s < n; ++s) {
    double binomial = 1;
    for (std::size_t k = 0; k < s; ++k)
      binomial = binomial * static_cast<double>(n - 1 - k) / static_cast<double>(k + 1);
    weight[s] = 1 / (static_cast<double>(n) * binomial);
  }
  std::vector<Step> steps;
  for (std::size_t i = 0; i < n; ++i) {
    for (const std::uint32_t mask : plan.coalitions) {
      if (mask >> i & 1U) continue;
      const auto size = static_cast<std::size_t>(__builtin_popcount(mask));
      steps.push_back({i, index_of(plan, mask | 1U << i), index_of(plan, mask), weight[size]});
    }
  }
  return steps;
}

/// Steps of each pair of orders, weighted so that a pair alone is an estimate of φ.
std::vector<std::vector<Step>> sampled_steps(const CoalitionPlan& plan) {
  std::vector<std::vector<Step>> pairs(plan.orders.size() / 2);
  for (std::size_t o = 0; o < plan.orders.size(); ++o) {
    std::uint32_t mask = 0;
    for (const auto player : plan.orders[o]) {
      const std::size_t without = index_of(plan, mask);
      mask |= 1U << player;
      pairs[o / 2].push_back({player, index_of(plan, mask), without, 0.5});
    }
  }
  return pairs;
}

void add(std::span<const Step> steps, std::span<const double> v, double factor, std::span<double> phi) {
  for (const Step& s : steps) phi[s.player] += factor * s.weight * (v[s.with] - v[s.without]);
}

}  // namespace

CoalitionPlan plan_coalitions(std::size_t n_players, std::size_t n_order_pairs, std::uint64_t key) {
  if (n_players < 1 || n_players > most)
    throw Error("E8405", fmt::format("Shapley values of {} targets were asked for", n_players))
        .help(fmt::format("give 1 to {} targets; group those that act alike", most));
  CoalitionPlan plan;
  plan.n_players = n_players;
  plan.exact = n_players <= most_exact;
  if (plan.exact) {
    plan.coalitions.resize(std::size_t{1} << n_players);
    std::iota(plan.coalitions.begin(), plan.coalitions.end(), 0U);
    return plan;
  }
  if (n_order_pairs < 2) throw Error("E8405", "fewer than two pairs of orders were asked for").help("take 50 or more");
  const std::uint32_t all = everybody(n_players);
  std::set<std::uint32_t> masks{0, all};
  for (std::size_t i = 0; i < n_players; ++i) masks.insert({1U << i, all & ~(1U << i)});
  for (std::size_t p = 0; p < n_order_pairs; ++p) {
    const RandomStream stream{key, p, Stream::bootstrap};
    std::vector<std::uint8_t> order(n_players);
    std::iota(order.begin(), order.end(), std::uint8_t{0});
    for (std::size_t k = n_players - 1; k > 0; --k) {  // Fisher–Yates
      const auto pick = static_cast<std::size_t>(stream.uniform(k) * static_cast<double>(k + 1));
      std::swap(order[k], order[std::min(pick, k)]);
    }
    plan.orders.push_back(order);
    plan.orders.emplace_back(order.rbegin(), order.rend());
    for (std::size_t o = plan.orders.size() - 2; o < plan.orders.size(); ++o) {
      std::uint32_t mask = 0;
      for (const auto player : plan.orders[o]) masks.insert(mask |= 1U << player);
    }
  }
  plan.coalitions.assign(masks.begin(), masks.end());
  return plan;
}

std::vector<ShapleyValue> shapley_values(const CoalitionPlan& plan, std::span<const std::vector<double>> outcomes,
                                         const UnitResamples& resamples, double level) {
  const std::size_t n = plan.n_players, n_coalitions = plan.coalitions.size();
  if (outcomes.size() != n_coalitions)
    throw Error("E8405", fmt::format("{} outcomes were given for {} subsets of targets", outcomes.size(), n_coalitions))
        .help("give an outcome for each subset of the plan, in its order");
  std::vector<std::vector<double>> known(outcomes.begin(), outcomes.end());
  for (const auto& o : known) {
    if (o.size() != resamples.n_replicates())
      throw Error("E8402", fmt::format("{} values meet {} replicates", o.size(), resamples.n_replicates()))
          .help("give every subset one value per replicate, NaN where it is unknown");
  }
  for (std::size_t i = 0; i < resamples.n_replicates(); ++i) {
    if (std::any_of(known.begin(), known.end(), [i](const auto& o) { return std::isnan(o[i]); }))
      for (auto& o : known) o[i] = std::numeric_limits<double>::quiet_NaN();
  }
  const std::vector<std::vector<Step>> groups =
      plan.exact ? std::vector<std::vector<Step>>(1, exact_steps(plan)) : sampled_steps(plan);
  const UnitResamples order_draws(groups.size(), 2, resamples.size());
  const std::size_t full = index_of(plan, everybody(n)), none = index_of(plan, 0);
  const auto share = 1.0 / static_cast<double>(groups.size());

  const std::size_t units = known_units(known[0], resamples);
  const Estimate blank{0, std::vector<double>(resamples.size()), units};
  std::vector<Estimate> phi(n, blank), alone(n, blank), last(n, blank);
  std::vector<double> v(n_coalitions), values(n);
  const auto evaluate = [&](std::span<const std::uint16_t> weights, std::span<const std::uint16_t> orders, auto&& put) {
    for (std::size_t c = 0; c < n_coalitions; ++c) v[c] = weighted_mean(known[c], weights);
    std::fill(values.begin(), values.end(), 0.0);
    for (std::size_t g = 0; g < groups.size(); ++g)
      add(groups[g], v, share * (orders.empty() ? 1.0 : orders[g]), values);
    for (std::size_t i = 0; i < n; ++i) {
      put(phi[i], values[i]);
      put(alone[i], v[index_of(plan, 1U << i)] - v[none]);
      put(last[i], v[full] - v[index_of(plan, everybody(n) & ~(1U << i))]);
    }
  };
  evaluate({}, {}, [](Estimate& e, double value) { e.centre = value; });
  for (std::size_t b = 0; b < resamples.size(); ++b)
    evaluate(resamples.weights(b), order_draws.weights(b), [b](Estimate& e, double value) { e.resampled[b] = value; });
  std::vector<ShapleyValue> result(n);
  for (std::size_t i = 0; i < n; ++i)
    result[i] = {phi[i].interval(level), alone[i].interval(level), last[i].interval(level)};
  return result;
}

}  // namespace senoma::study
