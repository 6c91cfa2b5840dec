#include "network/events.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/philox.h"
#include "expr/operations.h"

namespace senoma::network {

namespace {

constexpr int most_changes_at_one_time = 10000;
constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

expr::Program program_of(const expr::Graph& graph, expr::NodeId node) {
  return node < 0 ? expr::Program() : expr::Program(graph, {node});
}

}  // namespace

EventProgram::EventProgram(const OdeSystem& system) : system_(system), constraints_(system) {
  std::vector<expr::NodeId> looks;
  for (const OdeEvent& event : system.events) {
    looks.push_back(event.trigger);
    std::vector<expr::NodeId> values, scales;
    for (const OdeAssignment& assignment : event.assignments) {
      values.push_back(assignment.value);
      if (assignment.scale >= 0) scales.push_back(assignment.scale);
    }
    compiled_.push_back({program_of(system.graph, event.delay), program_of(system.graph, event.priority),
                         expr::Program(system.graph, values), expr::Program(system.graph, scales)});
  }
  expr::Graph graph = system.graph;
  for (const expr::NodeId node : expr::reachable(system.graph, looks)) {
    const expr::Node& comparison = system.graph.node(node);
    if (comparison.op < expr::Op::less || comparison.op > expr::Op::not_equal) continue;
    looks.push_back(graph.sub(comparison.a, comparison.b));
  }
  looks_ = expr::Program(graph, looks);
}

EventState EventProgram::initial_state() const {
  EventState state;
  for (const OdeEvent& event : system_.events) state.triggers.push_back(event.initial_trigger ? 1 : 0);
  return state;
}

std::vector<double>& EventProgram::run(const expr::Program& program, std::span<const double> slots,
                                       Workspace& workspace) const {
  workspace.results.resize(program.n_outputs());
  workspace.inputs.clear();
  for (const double& slot : slots) workspace.inputs.push_back({&slot, 0});
  workspace.outputs.clear();
  for (double& result : workspace.results) workspace.outputs.push_back(&result);
  if (!workspace.outputs.empty()) program.run(workspace.inputs, workspace.outputs, 1, workspace.registers);
  return workspace.results;
}

bool EventProgram::any_trigger_changed(const EventState& state, std::span<const double> looks) const {
  for (std::size_t e = 0; e < state.triggers.size(); ++e) {
    if ((looks[e] != 0.0) != (state.triggers[e] != 0)) return true;
  }
  return false;
}

void EventProgram::look_at_triggers(EventState& state, std::span<const double> slots, Workspace& workspace) const {
  const std::vector<double> now = look(slots, workspace);
  const double time = slots[static_cast<std::size_t>(system_.time_slot())];
  for (std::size_t e = 0; e < state.triggers.size(); ++e) {
    const bool before = state.triggers[e] != 0, after = now[e] != 0.0;
    state.triggers[e] = after ? 1 : 0;
    if (before && !after && !system_.events[e].persistent) {
      std::erase_if(state.waiting, [e](const PendingChange& change) { return change.event == e; });
    }
    if (before || !after) continue;
    PendingChange change{e, time, {}};
    if (system_.events[e].delay >= 0) {
      const double delay = run(compiled_[e].delay, slots, workspace)[0];
      if (!std::isfinite(delay) || delay < 0.0) {
        throw Error("E3104",
                    fmt::format("network '{}', time {:.6g}: the delay of event '{}' is {}", system_.name, time,
                                system_.events[e].name, delay),
                    ErrorKind::numerical)
            .help("a delay is a finite time that is not negative");
      }
      change.due += delay;
    }
    if (system_.events[e].values_at_trigger) change.values = run(compiled_[e].values, slots, workspace);
    state.waiting.push_back(std::move(change));
  }
}

std::size_t EventProgram::first_due(EventState& state, double time, std::span<const double> slots,
                                    Workspace& workspace) const {
  constexpr double no_priority = -std::numeric_limits<double>::infinity();
  std::vector<std::size_t> best;
  double best_priority = no_priority;
  for (std::size_t i = 0; i < state.waiting.size(); ++i) {
    const PendingChange& change = state.waiting[i];
    if (change.due > time) continue;
    double priority = no_priority;
    if (system_.events[change.event].priority >= 0)
      priority = run(compiled_[change.event].priority, slots, workspace)[0];
    if (!best.empty() && !(priority >= best_priority)) continue;
    if (priority > best_priority) best.clear();
    best.push_back(i);
    best_priority = priority;
  }
  if (best.empty()) return none;
  if (best.size() == 1 || best_priority == no_priority) return best.front();
  const RandomStream stream{state.seed, state.lineage, Stream::event_order};
  return best[static_cast<std::size_t>(stream.uniform(state.draws++) * static_cast<double>(best.size()))];
}

void EventProgram::carry_out(const PendingChange& change, std::span<double> slots, Workspace& workspace) const {
  const OdeEvent& event = system_.events[change.event];
  const Compiled& compiled = compiled_[change.event];
  const std::vector<double> values = event.values_at_trigger ? change.values : run(compiled.values, slots, workspace);
  const std::vector<double> scales = run(compiled.scales, slots, workspace);
  std::size_t next_scale = 0;
  for (std::size_t k = 0; k < values.size(); ++k) {
    const OdeAssignment& assignment = event.assignments[k];
    slots[assignment.state] = values[k] * (assignment.scale >= 0 ? scales[next_scale++] : 1.0);
    if (std::isfinite(slots[assignment.state])) continue;
    throw Error("E3104",
                fmt::format("network '{}', time {:.6g}: event '{}' sets '{}' to {}", system_.name,
                            slots[static_cast<std::size_t>(system_.time_slot())], event.name,
                            system_.states[assignment.state].name, slots[assignment.state]),
                ErrorKind::numerical)
        .help("look for a division by zero in what the event assigns");
  }
}

int EventProgram::settle(EventState& state, std::span<double> slots, Workspace& workspace) const {
  const double time = slots[static_cast<std::size_t>(system_.time_slot())];
  for (int n_changes = 0;; ++n_changes) {
    look_at_triggers(state, slots, workspace);
    const std::size_t next = first_due(state, time, slots, workspace);
    if (next == none) return n_changes;
    if (n_changes >= most_changes_at_one_time) {
      throw Error("E3104",
                  fmt::format("network '{}', time {:.6g}: events set each other off without end, last '{}'",
                              system_.name, time, system_.events[state.waiting[next].event].name),
                  ErrorKind::numerical)
          .help("give one of them a delay, or a trigger that its own assignments turn off");
    }
    const PendingChange change = std::move(state.waiting[next]);
    state.waiting.erase(state.waiting.begin() + static_cast<std::ptrdiff_t>(next));
    carry_out(change, slots, workspace);
    project(slots, workspace);
  }
}

}  // namespace senoma::network
