// Batched integration of one OdeSystem for many lanes (cells) with an L-stable Rosenbrock method, exact Jacobian,
// and, for each lane, its own time step and error control. A lane's result never depends on its neighbours.
//
// Method: a stiffly accurate L-stable Rosenbrock pair (RODAS5P, order 5(4): Steinebach 2023), non-autonomous
// terms included; why this one: network/rosenbrock.h. The scaled RMS norm over the states of a step's
// error, with rtol·|y| + atol, is held to 1/16, so that what adds up and is amplified stays within the tolerance.
// Lanes go in packs; lanes of a pack step together in wall time but each at its own t and h; a slot whose lane is
// finished takes the next lane of the block.
//
// What depends on parameters only is evaluated once per call, what depends on inputs too once per lane and call
// (network/rewrite.h); the Jacobian and its factors keep only structural non-zeros (network/sparse_lu.h).
// A Jacobian entry that is not finite (the slope of a root at 0) counts as 0; the error control bears the rest.
//
// Limits: a change of the right-hand side that is shorter than a step and not announced by its slopes (a pulse of time
// while nothing else moves) can be stepped over; cut the interval there.
// Threads: const calls may run concurrently if they have different lanes and executors.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/parallel.h"
#include "expr/program.h"
#include "network/ode_system.h"

namespace senoma::network {

struct IntegratorOptions {
  double relative_tolerance = 1e-4;
  double absolute_tolerance = 1e-7;         ///< default for all states; in the state's unit
  std::vector<double> absolute_tolerances;  ///< per state when not empty
  int max_steps = 100000;                   ///< per lane and call
  double min_step = 1e-14;                  ///< relative to the interval
};

struct IntegratorStats {
  std::uint64_t steps = 0, rejected = 0;  ///< of all lanes
  std::uint64_t factorisations = 0;       ///< steps and rejected ones, per lane
  std::uint64_t jacobian_repairs = 0;     ///< Jacobian or time-slope entries that were not finite
  std::uint64_t undershoots = 0;          ///< non-negative states that ended below −(absolute tolerance)

  IntegratorStats& operator+=(const IntegratorStats& other) {
    steps += other.steps, rejected += other.rejected, factorisations += other.factorisations;
    jacobian_repairs += other.jacobian_repairs, undershoots += other.undershoots;
    return *this;
  }
};

class BatchIntegrator {
 public:
  BatchIntegrator(std::shared_ptr<const OdeSystem> system, IntegratorOptions options);
  ~BatchIntegrator();
  BatchIntegrator(BatchIntegrator&&) noexcept;

  /// Columns, one per state / input, each of n lanes. `step` holds each lane's proposed next step in system time
  /// (≤ 0 on first use; not cut to the interval's end) and is updated: it is part of a cell's state, so that resume
  /// is exact.
  /// Where lanes stop before the end: at a time of their own, and at the beginning of a step in which a trigger may
  /// have turned (network/events.h).
  struct Watch {
    const expr::Program* looks = nullptr;  ///< over states, time, the first n_inputs inputs, parameters
    std::size_t n_inputs = 0, n_triggers = 0;
    std::span<const char> triggers;  ///< when last looked at: [lane · n_triggers + trigger]
    double* until = nullptr;         ///< per lane: where to stop (at most t1); becomes where the lane is
  };

  struct Lanes {
    std::size_t n = 0;
    std::vector<double*> states;
    std::vector<expr::Input> inputs;     ///< stride 0 = the same for all lanes
    std::span<const double> parameters;  ///< shared values, in the order of system->parameters
    double* step = nullptr;
    std::span<const std::int64_t> label;  ///< per lane, for error messages (cell ids); may be empty
    const Watch* watch = nullptr;
  };

  /// Advances every lane from t0 to t1 (system time). Throws E3101 (too many steps), E3102 (step too small) or E3103
  /// (not finite), kind numerical, naming the first failing lane by order, the time and the worst state. On a throw the
  /// states of finished lanes are advanced and the failing lane's are as at its last accepted step.
  IntegratorStats integrate(const Lanes& lanes, double t0, double t1, const Executor& executor) const;

  /// What calls again and again for the same lanes and parameters share; one thread at a time.
  class Session {
   public:
    Session();
    ~Session();

   private:
    friend class BatchIntegrator;
    struct State;
    std::unique_ptr<State> state_;
  };
  /// The same for few lanes, on this thread.
  IntegratorStats integrate(const Lanes& lanes, double t0, double t1, Session& session) const;

  [[nodiscard]] const OdeSystem& system() const;
  [[nodiscard]] const IntegratorOptions& options() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace senoma::network
