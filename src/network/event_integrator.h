// Many lanes of a system with events or constraints, brought forward over an interval. What happens at the beginning of
// the interval (inputs may have changed) is settled lane by lane; then the batch integrator runs and looks at the
// triggers after and within every step; a lane in which one may have turned, or whose delayed change is due, goes on by
// itself (network/single_lane.h), as this is rare. Every lane's course depends on that lane alone.
//
// The state of a lane's events lives in plain columns, so that cells carry it through division, copy and checkpoint.
// Thread statement: const calls may run concurrently if they have different lanes and executors.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "network/batch_integrator.h"
#include "network/events.h"

namespace senoma::network {

/// How the state of one lane's events lies in columns of numbers: every trigger (0 or 1), the draws made; then, for
/// every event with delay, `waiting_at_most` times: due (−1: free), place in the queue, values.
class EventColumns {
 public:
  struct Column {
    std::string name;  ///< "EVENT trigger", "EVENT due 2", …
    double initial = 0.0;
  };
  static constexpr std::size_t waiting_at_most = 4;

  explicit EventColumns(const OdeSystem& system);

  [[nodiscard]] const std::vector<Column>& columns() const { return columns_; }
  /// `at[k]` is the value in column k.
  void load(std::span<double* const> columns, std::size_t lane, EventState& state) const;
  /// Throws E3104 when more than `waiting_at_most` delayed changes of one event wait.
  void store(std::span<double* const> columns, std::size_t lane, const EventState& state) const;

 private:
  struct Delayed {
    std::size_t event, first, n_values;  // first column
    std::string name;
    [[nodiscard]] std::size_t stride() const { return 2 + n_values; }
  };
  std::string network_;
  std::vector<Column> columns_;
  std::vector<Delayed> delayed_;
  std::size_t n_events_ = 0;
};

class EventIntegrator {
 public:
  EventIntegrator(std::shared_ptr<const OdeSystem> system, IntegratorOptions options);

  struct Lanes : BatchIntegrator::Lanes {  // `watch` and inputs beyond the system's are not the caller's
    std::vector<double*> events;           ///< one per EventColumns::columns()
    std::uint64_t seed = 0;                ///< with the lane's label: key of the choice between equal priorities
  };

  /// Like BatchIntegrator::integrate, which it is for a system without events and constraints; throws E3104 and E3105
  /// too.
  IntegratorStats integrate(const Lanes& lanes, double t0, double t1, const Executor& executor) const;

  [[nodiscard]] const OdeSystem& system() const { return *system_; }
  [[nodiscard]] const EventProgram& program() const { return program_; }
  [[nodiscard]] const EventColumns& columns() const { return columns_; }
  /// Of the derivatives between jumps (with_frozen_jumps): its inputs are the system's, then the jumps' values.
  [[nodiscard]] const BatchIntegrator& integrator() const { return integrator_; }
  [[nodiscard]] std::span<const std::size_t> jumps() const { return jumps_; }  ///< events
  [[nodiscard]] const expr::Program& rates() const { return rates_; }

 private:
  class Interval;

  std::shared_ptr<const OdeSystem> system_;
  EventProgram program_;
  EventColumns columns_;
  std::vector<std::size_t> jumps_;
  BatchIntegrator integrator_;
  expr::Program rates_;
};

}  // namespace senoma::network
