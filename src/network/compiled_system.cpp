#include "network/compiled_system.h"

#include <cmath>

#include "network/rewrite.h"

namespace senoma::network {

using expr::NodeId;

namespace {

constexpr double largest_folded_exponent = 16.0;  // up to which expr multiplies instead of taking a power

bool is_zero(const expr::Graph& graph, NodeId id) { return graph.is_constant(id) && graph.node(id).value == 0.0; }

std::vector<double*> rows_of(Column<double>& values, std::size_t n_rows, std::size_t row_length) {
  std::vector<double*> rows(n_rows);
  for (std::size_t i = 0; i < n_rows; ++i) rows[i] = values.data() + i * row_length;
  return rows;
}

}  // namespace

std::vector<std::size_t> whole_exponents(const OdeSystem& system) {
  std::vector<char> found(system.parameters.size(), 0);
  for (std::size_t i = 0; i < system.graph.size(); ++i) {
    const expr::Node& node = system.graph.node(static_cast<NodeId>(i));
    if (node.op != expr::Op::power) continue;
    const expr::Node& exponent = system.graph.node(node.b);
    if (exponent.op != expr::Op::variable || exponent.a < system.parameter_slot(0)) continue;
    const auto p = static_cast<std::size_t>(exponent.a - system.parameter_slot(0));
    const double value = system.parameters[p].value;
    if (value == std::floor(value) && std::fabs(value) <= largest_folded_exponent) found[p] = 1;
  }
  std::vector<std::size_t> result;
  for (std::size_t p = 0; p < found.size(); ++p) {
    if (found[p]) result.push_back(p);
  }
  return result;
}

OdeSystem with_constants(const OdeSystem& system, std::span<const std::size_t> parameters) {
  OdeSystem result = system;
  result.graph = expr::Graph();
  result.outputs.clear();
  result.events.clear();
  result.constraints.clear();
  std::vector<char> constant(system.parameters.size(), 0);
  for (const std::size_t p : parameters) constant[p] = 1;
  result.derivatives = copy_expressions(system.graph, result.graph, system.derivatives, [&](NodeId id) -> NodeId {
    const expr::Node& node = system.graph.node(id);
    if (node.op != expr::Op::variable || node.a < system.parameter_slot(0)) return -1;
    const auto p = static_cast<std::size_t>(node.a - system.parameter_slot(0));
    return constant[p] ? result.graph.constant(system.parameters[p].value) : -1;
  });
  return result;
}

CompiledSystem::CompiledSystem(const OdeSystem& system)
    : n_states(system.states.size()),
      n_slots_(system.n_slots()),
      first_input_slot_(static_cast<std::size_t>(system.input_slot(0))),
      n_inputs_(system.inputs.size()),
      first_parameter_slot_(static_cast<std::size_t>(system.parameter_slot(0))) {
  expr::Graph graph = system.graph;  // derivatives are new nodes
  std::vector<NodeId> roots = system.derivatives;
  for (std::size_t i = 0; i < n_states; ++i) {
    for (const std::int32_t slot : graph.variables(std::span(&system.derivatives[i], 1))) {
      if (slot >= system.time_slot()) break;  // sorted
      const NodeId slope = graph.derivative(system.derivatives[i], slot);
      if (is_zero(graph, slope)) continue;
      entries.emplace_back(static_cast<std::int32_t>(i), slot);
      roots.push_back(slope);
    }
  }
  for (std::size_t i = 0; i < n_states; ++i) {
    const NodeId slope = graph.derivative(system.derivatives[i], system.time_slot());
    if (is_zero(graph, slope)) continue;
    time_states.push_back(static_cast<std::int32_t>(i));
    roots.push_back(slope);
  }
  lu = SparseLu(n_states, entries);
  for (const OdeState& state : system.states) non_negative.push_back(state.non_negative);

  const std::size_t n_dynamic = n_states + 1;
  const SplitExpressions split = split_by_rank(graph, roots, n_dynamic, n_slots_, [&](std::int32_t slot) {
    const auto s = static_cast<std::size_t>(slot);
    return s < n_dynamic ? Rank::dynamic : s < first_parameter_slot_ ? Rank::lane : Rank::shared;
  });
  n_lane_values = split.lane_roots.size();
  n_shared_values = split.shared_roots.size();
  shared_program_ = expr::Program(split.shared, split.shared_roots);
  lane_program_ = expr::Program(split.lane, split.lane_roots);
  slopes = expr::Program(split.dynamic, split.dynamic_roots);
  rates = expr::Program(split.dynamic, {split.dynamic_roots.begin(),
                                        split.dynamic_roots.begin() + static_cast<std::ptrdiff_t>(n_states)});
}

Column<double> CompiledSystem::shared_values(std::span<const double> parameters) const {
  Column<double> values(n_shared_values);
  if (values.empty()) return values;
  std::vector<expr::Input> slots(n_slots_, expr::Input{nullptr, 0});
  for (std::size_t i = 0; i < parameters.size(); ++i) slots[first_parameter_slot_ + i] = {&parameters[i], 0};
  expr::Program::Workspace workspace;
  const auto rows = rows_of(values, n_shared_values, 1);
  shared_program_.run(slots, rows, 1, workspace);
  return values;
}

Column<double> CompiledSystem::lane_values(std::span<const expr::Input> inputs, const Column<double>& shared,
                                           std::size_t begin, std::size_t end) const {
  Column<double> values(n_lane_values * (end - begin));
  if (values.empty()) return values;
  std::vector<expr::Input> slots(n_slots_ + n_shared_values, expr::Input{nullptr, 0});
  for (std::size_t i = 0; i < n_inputs_; ++i) {
    slots[first_input_slot_ + i] = {inputs[i].data + begin * inputs[i].stride, inputs[i].stride};
  }
  for (std::size_t i = 0; i < n_shared_values; ++i) slots[n_slots_ + i] = {&shared[i], 0};
  expr::Program::Workspace workspace;
  const auto rows = rows_of(values, n_lane_values, end - begin);
  lane_program_.run(slots, rows, end - begin, workspace);
  return values;
}

}  // namespace senoma::network
