// One lane of a system brought forward in time, its events and constraints included. Between events the lane is
// integrated step by step; after each step, and at points in between on the cubic Hermite interpolant of the step, the
// triggers and the comparisons in them are looked at. A trigger that changed is located on the interpolant and then
// with the integrator itself, down to round-off of the time: the lane is then at the first time at which it has
// changed.
//
// Limit: a trigger that turns and turns back between two of the points looked at (a sixteenth of a step), without a
// comparison in it having another outcome at one of them, is not seen.
// Thread statement: one thread per object.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "network/event_integrator.h"

namespace senoma::network {

class SingleLane {
 public:
  /// `shared` is borrowed. slots: every variable slot of the system at the start (states, time, inputs, parameters).
  /// label: for error messages, where there is one.
  SingleLane(const EventIntegrator& shared, std::vector<double> slots, const std::int64_t* label = nullptr);
  SingleLane(const SingleLane&) = delete;
  SingleLane& operator=(const SingleLane&) = delete;

  /// Onto the constraints, and what events do at this very time. For a new lane, whose triggers are as before time 0,
  /// and where inputs changed.
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
  void settle();
  void look_beyond_jump();
  /// One step of the integrator, at most to `stop`; true if it ended where a trigger changed.
  bool step_until_trigger(double stop);
  void interpolate(const Moment& begin, const Moment& end, double t, std::vector<double>& between) const;
  [[nodiscard]] double first_suspect(const Moment& begin, const Moment& end);
  [[nodiscard]] double suspect_between(const Moment& begin, const Moment& end, double low, double high);
  [[nodiscard]] double crossing(const Moment& begin, const Moment& end, std::size_t look, double low, double high);
  [[nodiscard]] double guess(const Moment& begin, const Moment& end);
  void locate(const Moment& begin);
  [[nodiscard]] const std::vector<double>& look_at(const Moment& begin, const Moment& end, double t);
  [[nodiscard]] bool changed(std::span<const double> looks) const {
    return program_.any_trigger_changed(events, looks);
  }
  [[nodiscard]] bool trigger_changed() { return changed(program_.look(slots_, workspace_)); }

  const EventIntegrator& shared_;
  const OdeSystem& system_;
  const EventProgram& program_;
  std::size_t time_slot_;
  std::vector<double> slots_, jumps_;
  std::vector<double> between_, looks_before_;  // scratch
  double crossing_ = 0.0;                       // found last, on the interpolant
  BatchIntegrator::Lanes lanes_;
  BatchIntegrator::Session session_;
  EventProgram::Workspace workspace_;
  expr::Program::Workspace rates_workspace_;
  IntegratorStats stats_;
  std::size_t n_changes_ = 0;
};

}  // namespace senoma::network
