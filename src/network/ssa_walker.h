// One thread's trajectories of a reaction network (network/ssa_simulation.h). Not for use outside the room. Objects
// share the plan.
#pragma once

#include <memory>
#include <vector>

#include "network/events.h"
#include "network/rate_blocks.h"
#include "network/ssa_code.h"
#include "network/ssa_simulation.h"
#include "network/trajectory_draws.h"

namespace senoma::network {

/// Mean and sum of squared deviations of every recorded value (Welford 1962; merged as by Chan et al. 1979).
struct SsaMoments {
  std::uint64_t n = 0;
  std::vector<double> mean, squares;  ///< [time · variables + variable]

  void add(const std::vector<double>& values);
  void merge(const SsaMoments& other);
};

/// What all threads share.
struct SsaPlan {
  const SsaSystem& system;
  const SsaRun& run;
  std::vector<double> start;  ///< all slots at time 0
  std::vector<std::string> names;
  SsaCode propensities, recorded, switches;  ///< switches: difference and its rate for each comparison with time
  std::size_t n_switches = 0;
  bool switches_read_states = false, triggers_read_states = false;
  std::vector<std::vector<std::size_t>> dependents;  ///< by reaction: those to compute anew
  std::unique_ptr<EventProgram> events;

  SsaPlan(const SsaSystem& system, const SsaRun& run);

 private:
  void find_start();
  void find_recorded();
  void find_switches();
};

class SsaWalker {
 public:
  explicit SsaWalker(const SsaPlan& plan);
  /// One trajectory; `values` receives what is recorded.
  void walk(std::uint64_t trajectory, std::vector<double>& values);

  std::uint64_t jumps = 0;

 private:
  void update(std::size_t reaction);
  void update_all();
  void react(std::size_t reaction, double time);
  void settle(double time);
  [[nodiscard]] double next_event(double time);
  void record(double time, std::size_t k, std::vector<double>& values);

  const SsaPlan& plan_;
  TrajectoryDraws draws_;
  RateBlocks rates_;
  std::size_t n_slots_, time_slot_;
  std::vector<double> array_, recorded_array_, switch_array_;  // slots first; array_ holds the state
  EventState events_;
  EventProgram::Workspace workspace_;
};

}  // namespace senoma::network
