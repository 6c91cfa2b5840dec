#include "network/ssa_simulation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>

#include "base/error.h"
#include "expr/operations.h"
#include "network/ssa_walker.h"

namespace senoma::network {

namespace {

[[noreturn]] void refuse(const std::string& message, const std::string& remedy) {
  throw Error("E3111", message).help(remedy);
}

[[noreturn]] void unknown(const OdeSystem& system, const std::string& name) {
  const auto known = system.names();
  Error error("E3010", fmt::format("network '{}' has no quantity '{}'", system.name, name));
  if (const auto near = nearest_name(name, known); !near.empty()) error.help("did you mean '" + near + "'?");
  throw error.help("`senoma network FILE --list` shows the names");
}

void check_run(const SsaRun& run) {
  if (!(run.end > 0.0 && std::isfinite(run.end)))
    refuse(fmt::format("the end time {} is not above zero", run.end), "give an end time, for example --end 50");
  if (run.steps < 1 || run.steps > 10'000'000)
    refuse(fmt::format("{} output steps cannot be made", run.steps), "use 1 to 10000000");
  if (run.trajectories < 1 || run.trajectories > (1ULL << 32))
    refuse(fmt::format("{} trajectories cannot be run", run.trajectories), "use 1 to 4294967296");
}

bool is_comparison(expr::Op op) { return op >= expr::Op::less && op <= expr::Op::not_equal; }

}  // namespace

SsaPlan::SsaPlan(const SsaSystem& system_in, const SsaRun& run_in) : system(system_in), run(run_in) {
  const OdeSystem& q = system.quantities;
  std::vector<expr::NodeId> roots;
  for (const auto& reaction : system.reactions) roots.push_back(reaction.propensity);
  propensities = SsaCode(q.graph, q.n_slots(), roots);
  dependents.resize(roots.size());
  for (std::size_t j = 0; j < roots.size(); ++j) {
    const auto reads = q.graph.variables({&roots[j], 1});
    for (std::size_t i = 0; i < roots.size(); ++i) {
      const auto& changes = system.reactions[i].changes;
      if (std::any_of(changes.begin(), changes.end(), [&](const auto& change) {
            return std::binary_search(reads.begin(), reads.end(), static_cast<std::int32_t>(change.first));
          }))
        dependents[i].push_back(j);
    }
  }
  find_start();
  find_recorded();
  if (!q.events.empty()) {
    events = std::make_unique<EventProgram>(q);
    find_switches();
  }
}

void SsaPlan::find_start() {
  const OdeSystem& q = system.quantities;
  for (const auto& state : q.states) start.push_back(state.initial);
  start.push_back(0.0);
  for (const auto& parameter : q.parameters) start.push_back(parameter.value);
  for (const auto& [name, value] : run.set) {
    if (const auto s = q.find_state(name)) {
      start[*s] = value;
    } else if (const auto p = q.find_parameter(name)) {
      start[static_cast<std::size_t>(q.parameter_slot(*p))] = value;
    } else {
      unknown(q, name);
    }
  }
  for (std::size_t s = 0; s < q.states.size(); ++s) {
    if (system.counted[s] == 0 || (start[s] >= 0.0 && start[s] == std::floor(start[s]) && std::isfinite(start[s])))
      continue;
    throw Error("E3122",
                fmt::format("'{}' starts at {}, which is not a number of molecules", q.states[s].name, start[s]))
        .help("a stochastic simulation counts molecules: give whole amounts, zero or above");
  }
}

void SsaPlan::find_recorded() {
  const OdeSystem& q = system.quantities;
  names = run.variables;
  for (std::size_t s = 0; run.variables.empty() && s < q.states.size(); ++s) {
    if (system.counted[s] != 0) names.push_back(q.states[s].name);
  }
  expr::Graph graph = q.graph;
  std::vector<expr::NodeId> roots;
  for (const auto& name : names) {
    if (const auto s = q.find_state(name)) {
      roots.push_back(graph.variable(static_cast<std::int32_t>(*s)));
    } else if (const auto p = q.find_parameter(name)) {
      roots.push_back(graph.variable(q.parameter_slot(*p)));
    } else {
      const auto output =
          std::find_if(q.outputs.begin(), q.outputs.end(), [&](const OdeOutput& o) { return o.name == name; });
      if (output == q.outputs.end()) unknown(q, name);
      roots.push_back(output->node);
    }
  }
  recorded = SsaCode(graph, q.n_slots(), roots);
}

void SsaPlan::find_switches() {
  const OdeSystem& q = system.quantities;
  const std::int32_t time = q.time_slot();
  expr::Graph graph = q.graph;
  std::vector<expr::NodeId> turns;
  const auto reads_states = [&](expr::NodeId node) {
    const auto slots = graph.variables({&node, 1});
    return !slots.empty() && slots.front() < time;
  };
  for (const auto& event : q.events) {
    triggers_read_states = triggers_read_states || reads_states(event.trigger);
    for (const expr::NodeId id : expr::reachable(q.graph, {&event.trigger, 1})) {
      const expr::Node node = graph.node(id);
      if (!is_comparison(node.op) || !graph.depends_on(id, time)) continue;
      const expr::NodeId difference = graph.sub(node.a, node.b), rate = graph.derivative(difference, time);
      if (graph.depends_on(rate, time))
        throw Error("E3123", fmt::format("the trigger of event '{}' compares what is not linear in time", event.name))
            .help("write the comparison with time alone on one side: time >= 25");
      switches_read_states = switches_read_states || reads_states(difference);
      turns.push_back(difference);
      turns.push_back(rate);
    }
  }
  n_switches = turns.size() / 2;
  switches = SsaCode(graph, q.n_slots(), turns);
}

SsaResults simulate(const SsaSystem& system, const SsaRun& run, const Executor& executor) {
  check_run(run);
  const SsaPlan plan(system, run);
  SsaResults results;
  results.names = plan.names;
  const auto n_times = static_cast<std::size_t>(run.steps) + 1;
  for (std::size_t k = 0; k < n_times; ++k)
    results.times.push_back(run.end * (static_cast<double>(k) / static_cast<double>(run.steps)));
  const std::size_t n_values = n_times * plan.names.size();
  const std::size_t block_size = std::max<std::size_t>(32, (run.trajectories + 63) / 64);
  std::vector<SsaMoments> moments(block_count(run.trajectories, block_size));
  std::vector<std::uint64_t> jumps(moments.size());
  executor.for_blocks(run.trajectories, block_size, [&](Block block) {
    if (run.stop && run.stop->load()) return;
    SsaWalker walker(plan);
    std::vector<double> values(n_values);
    for (std::size_t j = block.begin; j < block.end; ++j) {
      walker.walk(j, values);
      moments[block.index].add(values);
    }
    jumps[block.index] = walker.jumps;
  });
  SsaMoments all;
  for (const auto& m : moments) all.merge(m);
  for (const auto j : jumps) results.jumps += j;
  results.trajectories = all.n;
  results.mean.assign(plan.names.size(), std::vector<double>(n_times));
  results.deviation = results.mean;
  for (std::size_t v = 0; v < plan.names.size() && all.n > 0; ++v) {
    for (std::size_t k = 0; k < n_times; ++k) {
      const std::size_t i = k * plan.names.size() + v;
      results.mean[v][k] = all.mean[i];
      results.deviation[v][k] = all.n > 1 ? std::sqrt(all.squares[i] / static_cast<double>(all.n - 1)) : 0.0;
    }
  }
  return results;
}

}  // namespace senoma::network
