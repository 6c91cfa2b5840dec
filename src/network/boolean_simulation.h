// Trajectories of a Boolean network and what they say about its states. In state s with the total rate R = Σ rates of
// all nodes the next flip comes after an exponential time of mean 1/R and is node i with probability rate_i/R
// (Gillespie's direct method: exact, no time step). With `discrete_time` one node flips, with the same probabilities,
// at the end of every window, as MaBoSS's option of that name has it. A state without rates is a fixed point and lasts.
//
// Probabilities are means over a time window of the share of time spent in a state; `error` is the standard error of
// that mean over trajectories. The same bits for any number of threads: trajectory j draws from its own Philox stream
// (seed, j), and sums are made of whole numbers (network/occupancy.h).
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/parallel.h"
#include "network/boolean_network.h"

namespace senoma::network {

struct BooleanRun {
  double end = 0.0;     ///< in the network's time, > 0
  double window = 0.0;  ///< width of the windows, > 0; the last one ends at `end`
  std::uint64_t trajectories = 10000, seed = 1;
  bool discrete_time = false;
  bool states = true, nodes = false;          ///< which probabilities are wanted; nodes always have `final`
  std::size_t memory = std::size_t{1} << 30;  ///< bytes that windows may take; beyond: E3113, nodes E3111
  bool list_small = true;                     ///< false: do not tabulate small networks as a whole (for tests)
  const std::atomic<bool>* stop = nullptr;    ///< ends early, with the trajectories done until then
};

struct BooleanSeries {
  std::vector<double> probability, error;  ///< by window
  double final = 0.0, final_error = 0.0;   ///< at the end
};

struct BooleanResults {
  using State = std::vector<std::uint64_t>;  ///< bit i of the words is the i-th node of a list
  std::vector<double> starts;                ///< of the windows
  std::vector<std::size_t> visible;          ///< nodes that are not internal: bits of `states`
  std::vector<State> states;                 ///< those seen, in rising order of their bits (last node first)
  std::vector<BooleanSeries> state_series, node_series;
  struct FixedPoint {
    State state;  ///< bits: all nodes
    double probability = 0.0, error = 0.0;
  };
  std::vector<FixedPoint> fixed_points;  ///< those in which trajectories ended
  std::uint64_t trajectories = 0, flips = 0;
};

/// Throws E3111 (end, window, number of trajectories or an initial distribution makes no sense), E3112 (a rate is
/// negative or not finite), E3113 (more states than fit in memory).
[[nodiscard]] BooleanResults simulate(const BooleanNetwork& network, const BooleanRun& run, const Executor& executor);

}  // namespace senoma::network
