// Conditions that the states fulfil at all times, 0 = g(t, y): equilibria of fast reactions, algebraic rules that give
// no unknown explicitly. Each condition comes with a direction D_k in which it moves the states. The system stays one
// of ordinary differential equations, as the strengths w of the moves follow from d/dt g = 0 (index reduction; Hairer &
// Wanner, Solving ODEs II, VII.2):
//
//   y' = f(t, y) + Σ_k w_k D_k ,     Σ_l (∂g_k/∂y · D_l) w_l = −(∂g_k/∂y · f + ∂g_k/∂t) .
//
// `impose_constraints` writes this into the derivatives; ConstraintProgram moves states onto the conditions where
// something other than the integration changed them (the start, events, inputs), and takes out the integration's drift.
//
// Thread statement: const calls may run concurrently with different workspaces.
#pragma once

#include <span>
#include <vector>

#include "expr/program.h"
#include "network/ode_system.h"

namespace senoma::network {

/// Adds the strengths of the moves to the derivatives, and to the events one without assignments for every comparison
/// in a condition, so that its jumps are found. Throws E3105 when the conditions do not determine the strengths or more
/// than 8 of them depend on each other.
void impose_constraints(OdeSystem& system);

/// What is integrated between jumps: the derivatives, in which the comparisons of `impose_constraints` are additional
/// inputs, in the order of their events, after the system's own. Where a comparison turns, the states leave the
/// conditions at once; derivatives that followed it would be unbounded there.
[[nodiscard]] OdeSystem with_frozen_jumps(const OdeSystem& system);

class ConstraintProgram {
 public:
  explicit ConstraintProgram(const OdeSystem& system);

  struct Workspace {
    expr::Program::Workspace registers;
    std::vector<double> values, there, coefficients, scales, matrix, moves, start, trial;
  };

  [[nodiscard]] bool empty() const { return n_ == 0; }
  /// Moves the states in `slots` (all variable slots of the system) onto the conditions. Fast reactions run like in
  /// their own sped-up time, so that of several equilibria the one is met to which they lead. Throws E3105 when there
  /// is none within reach.
  void project(std::span<double> slots, Workspace& workspace) const;

 private:
  class Search;

  const OdeSystem& system_;
  std::size_t n_ = 0;
  bool relaxes_ = false;            // whether there are fast reactions
  expr::Program values_;            // g; ∂g_k/∂y · D_l row by row; Σ |∂g_k/∂v · v| over all variables
  expr::Program directions_;        // the coefficients of D, condition by condition
  std::vector<std::size_t> moved_;  // the states that the directions touch, condition by condition
};

}  // namespace senoma::network
