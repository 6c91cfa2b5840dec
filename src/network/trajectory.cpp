#include "network/trajectory.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "expr/program.h"
#include "network/single_lane.h"

namespace senoma::network {

namespace {

/// Every variable slot at time 0: states, time, inputs, parameters.
std::vector<double> start_values(const OdeSystem& system, const std::map<std::string, double>& overrides) {
  std::vector<double> slots;
  for (const OdeState& state : system.states) slots.push_back(state.initial);
  slots.push_back(0.0);
  for (const OdeParameter& input : system.inputs) slots.push_back(input.value);
  for (const OdeParameter& parameter : system.parameters) slots.push_back(parameter.value);
  for (const auto& [name, value] : overrides) {
    std::int32_t slot = -1;
    if (const auto s = system.find_state(name)) {
      slot = static_cast<std::int32_t>(*s);
    } else if (const auto i = system.find_input(name)) {
      slot = system.input_slot(*i);
    } else if (const auto p = system.find_parameter(name)) {
      slot = system.parameter_slot(*p);
    } else {
      const std::vector<std::string> known = system.names();
      Error error("E3010", fmt::format("network '{}' has no state, input or parameter '{}'", system.name, name));
      if (const std::string near = nearest_name(name, known); !near.empty()) error.help("did you mean '" + near + "'?");
      throw error;
    }
    slots[static_cast<std::size_t>(slot)] = value;
  }
  return slots;
}

/// Evaluates the outputs (assignment rules) of a lane at its time.
class OutputReader {
 public:
  OutputReader(const OdeSystem& system, const SingleLane& lane) : values_(system.outputs.size()) {
    std::vector<expr::NodeId> nodes;
    for (const OdeOutput& output : system.outputs) nodes.push_back(output.node);
    program_ = expr::Program(system.graph, nodes);
    for (const double& slot : lane.slots()) slots_.push_back({&slot, 0});
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
  // The system is only borrowed: the integrator does not outlive this call.
  const EventIntegrator integrator(std::shared_ptr<const OdeSystem>(&system, [](const OdeSystem*) {}), options);
  SingleLane lane(integrator, start_values(system, overrides));
  OutputReader outputs(system, lane);

  Trajectory result;
  result.names.emplace_back("time");
  for (const OdeState& state : system.states) result.names.push_back(state.name);
  for (const OdeOutput& output : system.outputs) result.names.push_back(output.name);
  result.columns.resize(result.names.size());
  const auto record = [&] {
    std::size_t column = 0;
    result.columns[column++].push_back(lane.time());
    for (std::size_t i = 0; i < system.states.size(); ++i) result.columns[column++].push_back(lane.slots()[i]);
    for (const double value : outputs.read()) result.columns[column++].push_back(value);
  };
  lane.start();
  record();
  for (int k = 1; k <= n_steps; ++k) {
    lane.advance_to(t_end * k / n_steps);
    record();
  }
  result.stats = lane.stats();
  return result;
}

}  // namespace senoma::network
