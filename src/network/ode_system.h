// A network as a system of ordinary differential equations, y' = f(t, y, u, p), in the form the batch integrator
// takes: states, per-lane inputs, shared parameters, and named outputs, all nodes of one expression graph.
//
// Variable slots in `graph`: [0, n_states) the states; then time; then the inputs; then the parameters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/units.h"
#include "expr/graph.h"

namespace senoma::network {

/// What a state becomes in the daughters of a dividing cell.
enum class OnDivision { copy, halve };

struct OdeState {
  std::string name;
  double initial = 0.0;
  Dimension dimension{};
  bool dimension_known = false;  ///< SBML may leave units undeclared
  OnDivision on_division = OnDivision::copy;
  bool non_negative = false;  ///< species amounts; the integrator reports, never clips
  double to_internal = 1.0;   ///< internal units (base/units.h) in one unit of the system's own, when dimension_known
};

/// A constant of the system; an input when `per_lane` (each cell has its own value, set from outside each step).
struct OdeParameter {
  std::string name;
  double value = 0.0;
  Dimension dimension{};
  bool dimension_known = false;
  double to_internal = 1.0;  ///< internal units in one unit of the system's own
};

struct OdeOutput {  ///< a named quantity that follows from states, inputs, parameters and time (assignment rules)
  std::string name;
  expr::NodeId node = -1;
  Dimension dimension{};
  bool dimension_known = false;
  double to_internal = 1.0;  ///< internal units in one unit of the system's own
};

/// What an event does to one state: y = value, times `scale` where that is given (a concentration set in a compartment
/// whose size may change). `value` sees the moment the event says; `scale` the states just before the change.
struct OdeAssignment {
  std::size_t state = 0;
  expr::NodeId value = -1, scale = -1;
};

/// A sudden change of states when a condition becomes true (SBML Level 3 Version 2 Core, section 4.11).
struct OdeEvent {
  std::string name;
  expr::NodeId trigger = -1;  ///< 0 or 1
  expr::NodeId delay = -1;    ///< from the trigger to the change, in the system's time; −1: none
  expr::NodeId priority =
      -1;  ///< among changes due at one time the highest goes first, equal ones by chance; −1: after all
  bool initial_trigger = true;    ///< what the trigger counts as having been before time 0
  bool persistent = true;         ///< a delayed change still happens when the trigger turns false meanwhile
  bool values_at_trigger = true;  ///< the assigned values are computed when the trigger fires, not after the delay
  std::vector<OdeAssignment> assignments;
  bool is_jump = false;  ///< no change by itself: a comparison in a constraint, frozen while the lane is integrated
};

/// 0 = residual at all times, kept by moving the states along `direction` (state, coefficient); network/constraints.h.
struct OdeConstraint {
  std::string name;  ///< "the algebraic rule (line 12)"
  expr::NodeId residual = -1;
  std::vector<std::pair<std::size_t, expr::NodeId>> direction;
  bool relaxes = false;  ///< the equilibrium of a fast reaction with the rate `residual` along `direction`
};

struct OdeSystem {
  std::string name;
  double time_unit = 1.0;  ///< minutes in one unit of the system's time (SBML: its timeUnits; 1 if undeclared)
  bool time_unit_known = false;
  std::vector<OdeState> states;
  std::vector<OdeParameter> inputs;
  std::vector<OdeParameter> parameters;
  std::vector<OdeOutput> outputs;
  expr::Graph graph;
  std::vector<expr::NodeId> derivatives;   ///< dy_i/dt per unit of the system's time, one per state
  std::vector<OdeEvent> events;            ///< in the order in which those without priority happen
  std::vector<OdeConstraint> constraints;  ///< the derivatives keep them already; see impose_constraints

  [[nodiscard]] std::int32_t time_slot() const { return static_cast<std::int32_t>(states.size()); }
  [[nodiscard]] std::int32_t input_slot(std::size_t i) const { return time_slot() + 1 + static_cast<std::int32_t>(i); }
  [[nodiscard]] std::int32_t parameter_slot(std::size_t i) const { return input_slot(inputs.size() + i); }
  [[nodiscard]] std::size_t n_slots() const { return states.size() + 1 + inputs.size() + parameters.size(); }

  /// All nodes that the system holds, for rewriting the graph.
  template <class Visit>
  void visit_nodes(const Visit& visit) {
    for (auto& node : derivatives) visit(node);
    for (auto& output : outputs) visit(output.node);
    for (auto& constraint : constraints) {
      visit(constraint.residual);
      for (auto& [state, coefficient] : constraint.direction) visit(coefficient);
    }
    for (auto& event : events) {
      for (auto* node : {&event.trigger, &event.delay, &event.priority}) {
        if (*node >= 0) visit(*node);
      }
      for (auto& assignment : event.assignments) {
        visit(assignment.value);
        if (assignment.scale >= 0) visit(assignment.scale);
      }
    }
  }

  [[nodiscard]] std::optional<std::size_t> find_state(const std::string& name) const;
  [[nodiscard]] std::optional<std::size_t> find_input(const std::string& name) const;
  [[nodiscard]] std::optional<std::size_t> find_parameter(const std::string& name) const;
  /// The node of any named quantity: state, input, parameter or output; −1 if unknown.
  [[nodiscard]] expr::NodeId find_node(const std::string& name);
  [[nodiscard]] std::vector<std::string> names() const;

  /// Turns parameters into inputs (per-lane values), rewriting the graph. Throws E3010 for an unknown name.
  void promote_to_inputs(const std::vector<std::string>& parameter_names);
};

}  // namespace senoma::network
