// One lane of a system brought forward in time, its events included. Between events the lane is integrated step by
// step; after each step, and at points in between on the cubic Hermite interpolant of the step, the triggers are looked
// at. A trigger that changed is located on the interpolant and then with the integrator itself, down to round-off of
// the time: the lane is then at the first time at which it has changed.
//
// Limit: a trigger that turns and turns back between two of the points looked at (a sixteenth of a step) is not seen.
// Thread statement: one thread per object.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "network/batch_integrator.h"
#include "network/events.h"

namespace senoma::network {

class SingleLane {
 public:
  /// `system` and `integrator` are borrowed. slots: every variable slot of the system at the start (states, time,
  /// inputs, parameters).
  SingleLane(const OdeSystem& system, const BatchIntegrator& integrator, std::vector<double> slots);

  /// A new lane's events: triggers as before time 0, then what happens at once.
  void start();
  void advance_to(double target);

  [[nodiscard]] std::span<const double> slots() const { return slots_; }
  [[nodiscard]] double time() const { return slots_[time_slot_]; }
  [[nodiscard]] const IntegratorStats& stats() const { return stats_; }
  [[nodiscard]] std::size_t n_changes() const { return n_changes_; }  ///< changes made by events so far

  double step = 0.0;  ///< the integrator's proposal, ≤ 0 at first
  EventState events;

 private:
  struct Moment {
    std::vector<double> slots, rates;
    double step = 0.0;
  };
  [[nodiscard]] Moment now();
  void go_back_to(const Moment& moment);
  void integrate_to(double target);
  /// One step of the integrator, at most to `stop`; true if it ended where a trigger changed.
  bool step_until_trigger(double stop);
  void interpolate(const Moment& begin, const Moment& end, double t, std::vector<double>& between) const;
  [[nodiscard]] double first_suspect(const Moment& begin, const Moment& end);
  [[nodiscard]] double guess(const Moment& begin, const Moment& end);
  void locate(const Moment& begin);
  [[nodiscard]] bool trigger_changed() { return program_.any_trigger_changed(events, slots_, workspace_); }

  const OdeSystem& system_;
  const BatchIntegrator& integrator_;
  EventProgram program_;
  expr::Program rates_;
  std::size_t time_slot_;
  std::vector<double> slots_;
  BatchIntegrator::Lanes lanes_;
  Executor executor_{1};
  EventProgram::Workspace workspace_;
  expr::Program::Workspace rates_workspace_;
  IntegratorStats stats_;
  std::size_t n_changes_ = 0;
};

}  // namespace senoma::network
