#include "network/trajectory.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "expr/program.h"

namespace senoma::network {

namespace {

struct Start {
  std::vector<double> states, inputs, parameters;
};

template <class Item>
std::vector<double> values_of(const std::vector<Item>& items) {
  std::vector<double> values;
  for (const Item& item : items) values.push_back(item.value);
  return values;
}

Start start_values(const OdeSystem& system, const std::map<std::string, double>& overrides) {
  Start start{{}, values_of(system.inputs), values_of(system.parameters)};
  for (const OdeState& state : system.states) start.states.push_back(state.initial);
  for (const auto& [name, value] : overrides) {
    if (const auto s = system.find_state(name)) {
      start.states[*s] = value;
    } else if (const auto i = system.find_input(name)) {
      start.inputs[*i] = value;
    } else if (const auto p = system.find_parameter(name)) {
      start.parameters[*p] = value;
    } else {
      const std::vector<std::string> known = system.names();
      Error error("E3010", fmt::format("network '{}' has no state, input or parameter '{}'", system.name, name));
      if (const std::string near = nearest_name(name, known); !near.empty()) error.help("did you mean '" + near + "'?");
      throw error;
    }
  }
  return start;
}

/// Evaluates the outputs (assignment rules) at one time.
class OutputReader {
 public:
  OutputReader(const OdeSystem& system, Start& start, const double* time) : values_(system.outputs.size()) {
    std::vector<expr::NodeId> nodes;
    for (const OdeOutput& output : system.outputs) nodes.push_back(output.node);
    program_ = expr::Program(system.graph, nodes);
    for (double& y : start.states) slots_.push_back({&y, 0});
    slots_.push_back({time, 0});
    for (double& u : start.inputs) slots_.push_back({&u, 0});
    for (double& p : start.parameters) slots_.push_back({&p, 0});
    for (double& value : values_) rows_.push_back(&value);
  }
  const std::vector<double>& read() {
    if (!values_.empty()) program_.run(slots_, rows_, 1, workspace_);
    return values_;
  }

 private:
  expr::Program program_;
  expr::Program::Workspace workspace_;
  std::vector<expr::Input> slots_;
  std::vector<double> values_;
  std::vector<double*> rows_;
};

}  // namespace

const std::vector<double>* Trajectory::find(const std::string& name) const {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? nullptr : &columns[static_cast<std::size_t>(found - names.begin())];
}

Trajectory integrate_one(const OdeSystem& system, const IntegratorOptions& options, double t_end, int n_steps,
                         const std::map<std::string, double>& overrides) {
  if (n_steps < 1) throw Error("E3011", fmt::format("network '{}': {} output steps; at least 1", system.name, n_steps));
  Start start = start_values(system, overrides);
  // The system is only borrowed: the integrator does not outlive this call.
  const BatchIntegrator integrator(std::shared_ptr<const OdeSystem>(&system, [](const OdeSystem*) {}), options);
  const Executor executor(1);
  double step = 0.0, time = 0.0;
  BatchIntegrator::Lanes lanes;
  lanes.n = 1;
  for (double& y : start.states) lanes.states.push_back(&y);
  for (double& u : start.inputs) lanes.inputs.push_back({&u, 0});
  lanes.parameters = start.parameters;
  lanes.step = &step;
  OutputReader outputs(system, start, &time);

  Trajectory result;
  result.names.emplace_back("time");
  for (const OdeState& state : system.states) result.names.push_back(state.name);
  for (const OdeOutput& output : system.outputs) result.names.push_back(output.name);
  result.columns.resize(result.names.size());
  const auto record = [&] {
    std::size_t column = 0;
    result.columns[column++].push_back(time);
    for (const double y : start.states) result.columns[column++].push_back(y);
    for (const double value : outputs.read()) result.columns[column++].push_back(value);
  };
  record();
  for (int k = 1; k <= n_steps; ++k) {
    const double next = t_end * k / n_steps;
    result.stats += integrator.integrate(lanes, time, next, executor);
    time = next;
    record();
  }
  return result;
}

}  // namespace senoma::network
