// Steps one block of lanes through an interval: pack_lanes slots, each holding a lane at its own time and step; a
// finished lane's slot takes the next lane of the block. All arithmetic of a slot reads that slot only, so a lane's
// result does not depend on its slot, its neighbours or the block. One PackStepper per thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "base/aligned.h"
#include "base/parallel.h"
#include "expr/bound_program.h"
#include "network/batch_integrator.h"
#include "network/compiled_system.h"
#include "network/pack_watch.h"

namespace senoma::network {

/// Why a lane could not be brought to the end.
struct LaneFailure {
  enum class Cause { too_many_steps, step_too_small, not_finite } cause = Cause::too_many_steps;
  std::size_t lane = 0;
  double time = 0.0, step = 0.0;
  std::size_t state = 0;  ///< the state with the largest scaled error, or the first that is not finite
};

class PackStepper {
 public:
  PackStepper(const CompiledSystem& system, const IntegratorOptions& options, std::span<const double> tolerances,
              const Column<double>& shared_values);

  /// Advances lanes [block.begin, block.end) from t0 to t1 and returns the failure of the smallest lane, if any.
  std::optional<LaneFailure> run(const BatchIntegrator::Lanes& lanes, Block block, double t0, double t1,
                                 IntegratorStats& stats);

 private:
  struct Slot {
    std::size_t lane = 0;
    bool active = false;
    bool fresh = false;              // at a new (t, y): slopes not yet looked at
    bool cut = false, last = false;  // the step was shortened to share or reach the interval's end
    bool after_rejection = false, non_finite = false;
    double proposal = 0.0, end = 0.0;
    double begin = 0.0, proposal_at_begin = 0.0;  // of the step just tried
    int steps = 0;
  };

  void fill(std::size_t slot);  // with the block's next lane; idle when there is none
  void load(std::size_t slot, std::size_t lane);
  void store(std::size_t slot);
  void evaluate_slopes();
  [[nodiscard]] bool prepare(std::size_t slot);  // the next step's size; false if the lane cannot go on
  [[nodiscard]] double first_step(std::size_t slot) const;
  void step();
  void judge(std::size_t slot);
  void stop_before_turns();  // lanes in whose accepted step a trigger may have turned stay at its beginning
  void fail(std::size_t slot, LaneFailure::Cause cause, std::size_t state);
  [[nodiscard]] std::size_t worst_state(std::size_t slot) const;
  [[nodiscard]] double scale(std::size_t state, double y) const;

  const CompiledSystem& system_;
  const IntegratorOptions& options_;
  std::span<const double> tolerances_;
  const Column<double>& shared_values_;
  const BatchIntegrator::Lanes* lanes_ = nullptr;
  Block block_;
  double t0_ = 0.0, t1_ = 0.0;
  std::size_t next_lane_ = 0, n_active_ = 0;
  IntegratorStats stats_;
  std::optional<LaneFailure> failure_;
  std::optional<PackWatch> watch_;
  Slot slots_[pack_lanes];

  // All [row][pack_lanes].
  Column<double> y_, argument_, y_new_, rate_, slopes_, u_, lane_values_, scalars_;
  double *t_, *stage_time_, *h_, *inverse_h_, *shift_, *error_, *error_root_, *error_exponent_, *accepted_, *mark_,
      *repairs_;
  std::size_t row_ = 0;
  Column<double> block_states_;       // [state][row_]: lane of the block
  Column<double> block_lane_values_;  // [value][lane of the block]
  SparseLu::Factors factors_;
  expr::BoundProgram slope_program_, rate_program_;
};

}  // namespace senoma::network
