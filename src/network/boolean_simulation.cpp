#include "network/boolean_simulation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>

#include "base/error.h"
#include "base/hash.h"
#include "network/boolean_walker.h"

namespace senoma::network {

namespace {

constexpr double most_windows = 1e6;

[[noreturn]] void refuse(const std::string& message, const std::string& remedy) {
  throw Error("E3111", message).help(remedy);
}

void check_run(const BooleanRun& run) {
  if (!(run.end > 0.0 && std::isfinite(run.end)))
    refuse(fmt::format("the end time {} is not above zero", run.end), "give an end time, for example --end 50");
  if (!(run.window > 0.0 && run.window <= run.end))
    refuse(fmt::format("the time window {} is not between zero and the end, {}", run.window, run.end),
           "give a window width (time_tick, or --window) above zero and at most the end time");
  if (run.end / run.window > most_windows)
    refuse(fmt::format("{:.0f} time windows are too many", run.end / run.window), "use at most 1e6: wider windows");
  if (run.trajectories < 1 || run.trajectories > (1ULL << 32))
    refuse(fmt::format("{} trajectories cannot be run", run.trajectories), "use 1 to 4294967296");
}

}  // namespace

BooleanPlan::BooleanPlan(const BooleanNetwork& network_in, const BooleanRun& run_in)
    : network(network_in), run(run_in), rates(network_in) {
  const std::size_t n = network.nodes.size();
  end = run.end / run.window;
  if (std::abs(end - std::round(end)) <= 1e-9 * end) end = std::round(end);  // 5/0.2 and its like
  windows = static_cast<std::size_t>(std::ceil(end));
  if (run.nodes && n * Occupancy::bytes_per_item(windows) > run.memory)
    refuse(fmt::format("{} nodes over {} time windows need more memory than the run may take", n, windows),
           "use wider windows or a shorter run");
  most_states = std::max<std::size_t>(64, run.memory / Occupancy::bytes_per_item(windows));
  if (n <= BooleanRates::most_listed && run.list_small) list = BooleanStateList(rates, run.window);
  visible_bit.assign(n, -1);
  for (std::size_t i = 0; i < n; ++i) {
    hash.push_back(mix64(i + 1));
    if (network.nodes[i].internal) continue;
    visible_bit[i] = static_cast<std::int32_t>(visible.size());
    visible.push_back(i);
  }
  std::vector<bool> grouped(n, false);
  for (const BooleanInitial& group : network.initial) {
    for (const std::size_t node : group.nodes) {
      if (node >= n || grouped[node])
        refuse("two initial distributions name the node '" + (node < n ? network.nodes[node].name : "?") + "'",
               "give each node's start once");
      grouped[node] = true;
    }
    std::vector<double> running;
    double sum = 0.0;
    for (const auto& choice : group.choices) {
      if (!(choice.weight >= 0.0 && std::isfinite(choice.weight)) || choice.values.size() != group.nodes.size())
        refuse("an initial distribution has a weight that is negative or not finite, or the wrong number of values",
               "weights are zero or above, with one value for each node");
      running.push_back(sum += choice.weight);
    }
    if (!(sum > 0.0)) refuse("the weights of an initial distribution are all zero", "give one of them a weight");
    for (double& r : running) r /= sum;
    weights.push_back(std::move(running));
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (!grouped[i]) free_nodes.push_back(i);
  }
}

BooleanResults simulate(const BooleanNetwork& network, const BooleanRun& run, const Executor& executor) {
  check_run(run);
  if (network.nodes.empty()) refuse("the network has no nodes", "declare at least one node");
  const BooleanPlan plan(network, run);
  std::mutex mutex;
  std::vector<std::unique_ptr<BooleanWalker>> walkers;  // as many as blocks run at one time
  std::vector<BooleanWalker*> idle;
  executor.for_blocks(run.trajectories, 512, [&](Block block) {
    if (run.stop && run.stop->load()) return;
    BooleanWalker* walker = nullptr;
    {
      const std::lock_guard lock(mutex);
      if (idle.empty()) {
        walkers.push_back(std::make_unique<BooleanWalker>(plan));
        idle.push_back(walkers.back().get());
      }
      walker = idle.back();
      idle.pop_back();
    }
    for (std::size_t j = block.begin; j < block.end; ++j) walker->walk(j);
    const std::lock_guard lock(mutex);
    idle.push_back(walker);
  });

  BooleanResults results;
  results.visible = plan.visible;
  for (std::size_t k = 0; k < plan.windows; ++k) results.starts.push_back(static_cast<double>(k) * run.window);
  const auto by_bits = [](const BooleanResults::State& a, const BooleanResults::State& b) {
    return std::lexicographical_compare(a.rbegin(), a.rend(), b.rbegin(), b.rend());
  };
  struct Seen {
    std::uint64_t ends = 0;
    std::vector<std::pair<const BooleanWalker*, std::size_t>> parts;  // a walker and its number of the state
  };
  std::map<BooleanResults::State, Seen, decltype(by_bits)> seen(by_bits);
  std::map<BooleanResults::State, std::uint64_t, decltype(by_bits)> fixed(by_bits);
  std::vector<std::uint64_t> node_ends(network.nodes.size());
  for (const auto& walker : walkers) {
    for (std::size_t s = 0; s < walker->ends.size(); ++s) {
      Seen& all = seen[walker->index.state(s)];
      all.ends += walker->ends[s];
      all.parts.emplace_back(walker.get(), s);
    }
    for (const auto& [state, count] : walker->fixed_points) fixed[state] += count;
    for (std::size_t i = 0; i < node_ends.size(); ++i) node_ends[i] += walker->node_ends[i];
    results.trajectories += walker->trajectories;
    results.flips += walker->flips;
  }
  if (seen.size() > plan.most_states)
    throw Error("E3113", fmt::format("the network visits more than {} different states", plan.most_states))
        .help("ask for the probabilities of single nodes, or mark nodes as internal")
        .help("wider windows or a shorter run need less memory for each state");
  const auto n = static_cast<double>(results.trajectories);
  const double last_width = plan.end - static_cast<double>(plan.windows - 1);
  const auto series = [&](const Occupancy* occupancy, std::size_t item, std::uint64_t count) {
    BooleanSeries s;
    if (occupancy) {
      for (const auto& e : occupancy->estimates(item, results.trajectories, last_width)) {
        s.probability.push_back(e.mean);
        s.error.push_back(e.error);
      }
    }
    s.final = static_cast<double>(count) / n;
    s.final_error = std::sqrt(s.final * (1.0 - s.final) / n);
    return s;
  };
  for (const auto& [state, all] : seen) {
    Occupancy sum(plan.windows);
    sum.add_item();
    for (const auto& [walker, number] : all.parts) sum.merge(0, walker->states, number);
    results.states.push_back(state);
    results.state_series.push_back(series(&sum, 0, all.ends));
  }
  for (std::size_t i = 0; i < node_ends.size(); ++i) {
    Occupancy sum(plan.windows);
    if (run.nodes) {
      sum.add_item();
      for (const auto& walker : walkers) sum.merge(0, walker->nodes, i);
    }
    results.node_series.push_back(series(run.nodes ? &sum : nullptr, 0, node_ends[i]));
  }
  for (const auto& [state, count] : fixed) {
    const double p = static_cast<double>(count) / n;
    results.fixed_points.push_back({state, p, std::sqrt(p * (1.0 - p) / n)});
  }
  return results;
}

}  // namespace senoma::network
