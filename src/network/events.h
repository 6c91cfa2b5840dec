// Events of one lane: which triggers are true, which changes are waiting, and how a change is carried out. The order of
// things at one time follows SBML Level 3 Version 2 Core, section 4.11: triggers that become true put a change into the
// queue; of those due, the one with the highest priority (equal ones by a counter-based draw; without priorities in
// order of the trigger, then of the document) happens; every change may set off or, if not persistent, take back
// others; until none is due.
//
// EventProgram is compiled once per system and shared; EventState is a plain value, one per lane. Thread statement:
// const calls may run concurrently with different workspaces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "expr/program.h"
#include "network/constraints.h"
#include "network/ode_system.h"

namespace senoma::network {

struct PendingChange {
  std::size_t event = 0;
  double due = 0.0;            ///< system time
  std::vector<double> values;  ///< one per assignment; empty when they are computed at the time of the change
};

struct EventState {
  std::vector<char> triggers;                      ///< value of each event's trigger when last looked at
  std::vector<PendingChange> waiting;              ///< in the order of their triggers
  std::uint64_t seed = 0, lineage = 0, draws = 0;  ///< of the choice between equal priorities; draws made so far

  [[nodiscard]] double next_due() const {
    double next = std::numeric_limits<double>::infinity();
    for (const PendingChange& change : waiting) next = change.due < next ? change.due : next;
    return next;
  }
};

class EventProgram {
 public:
  explicit EventProgram(const OdeSystem& system);

  struct Workspace {
    expr::Program::Workspace registers;
    std::vector<double> results;
    std::vector<expr::Input> inputs;
    std::vector<double*> outputs;
    ConstraintProgram::Workspace constraints;
  };

  [[nodiscard]] EventState initial_state() const;
  /// What tells of a change, over the system's variable slots: the triggers, then for every comparison a < b in them
  /// the difference a − b, whose sign shows also a trigger that turned and turned back.
  [[nodiscard]] const expr::Program& looks() const { return looks_; }
  /// The looks at one lane. `slots`: all variable slots of the system (states, time, inputs, parameters).
  const std::vector<double>& look(std::span<const double> slots, Workspace& workspace) const {
    return run(looks_, slots, workspace);
  }
  /// Whether a trigger differs from `state.triggers`.
  [[nodiscard]] bool any_trigger_changed(const EventState& state, std::span<const double> looks) const;
  /// Moves the states onto the system's constraints (network/constraints.h).
  void project(std::span<double> slots, Workspace& workspace) const {
    constraints_.project(slots, workspace.constraints);
  }
  /// Everything that happens at the time in the time slot; changes the states in `slots`. Returns the number of
  /// changes. Throws E3104 when a delay or an assigned value is not finite, a delay is negative, or events set each
  /// other off without end.
  int settle(EventState& state, std::span<double> slots, Workspace& workspace) const;

 private:
  struct Compiled {
    expr::Program delay, priority, values, scales;
  };

  std::vector<double>& run(const expr::Program& program, std::span<const double> slots, Workspace& workspace) const;
  void look_at_triggers(EventState& state, std::span<const double> slots, Workspace& workspace) const;
  [[nodiscard]] std::size_t first_due(EventState& state, double time, std::span<const double> slots,
                                      Workspace& workspace) const;
  void carry_out(const PendingChange& change, std::span<double> slots, Workspace& workspace) const;

  const OdeSystem& system_;
  ConstraintProgram constraints_;
  expr::Program looks_;
  std::vector<Compiled> compiled_;
};

}  // namespace senoma::network
