// One thread's trajectories of a Boolean network (network/boolean_simulation.h) with what they add up to. Not for use
// outside the room. One object per thread; objects share the network, its rates and its list of states.
#pragma once

#include <map>
#include <vector>

#include "network/boolean_rates.h"
#include "network/boolean_simulation.h"
#include "network/boolean_states.h"
#include "network/occupancy.h"
#include "network/rate_blocks.h"
#include "network/trajectory_draws.h"

namespace senoma::network {

/// What all threads share.
struct BooleanPlan {
  const BooleanNetwork& network;
  const BooleanRun& run;
  BooleanRates rates;
  BooleanStateList list;  ///< empty unless the network is small
  double end = 0.0;       ///< in windows
  std::size_t windows = 0, most_states = 0;
  std::vector<std::size_t> visible;
  std::vector<std::int32_t> visible_bit;     ///< by node; −1: internal
  std::vector<std::uint64_t> hash;           ///< of a visible node's bit
  std::vector<std::vector<double>> weights;  ///< of the initial groups: running sums, the last one is 1
  std::vector<std::size_t> free_nodes;       ///< in no group

  BooleanPlan(const BooleanNetwork& network, const BooleanRun& run);
};

class BooleanWalker {
 public:
  explicit BooleanWalker(const BooleanPlan& plan);
  void walk(std::uint64_t trajectory);

  StateIndex index;
  Occupancy states, nodes;
  std::vector<std::uint64_t> ends, node_ends;  ///< trajectories that end in a state, or with a node on
  std::map<BooleanResults::State, std::uint64_t> fixed_points;
  std::uint64_t flips = 0, trajectories = 0;

 private:
  template <bool discrete, bool with_nodes>
  void walk_listed();
  template <bool discrete, bool with_nodes>
  void walk_incrementally();
  void start(std::uint64_t trajectory);
  std::size_t number_of_listed(std::uint32_t state);
  std::size_t number_of(const std::uint64_t* words, std::uint64_t hash);
  void set_rate(std::size_t node);
  void flip(std::size_t node);
  void node_flips(std::size_t node, bool was_on, double time);
  void end_nodes();
  void count_fixed_point();
  [[noreturn]] void refuse_rates() const;

  const BooleanPlan& plan_;
  TrajectoryDraws draws_;
  std::uint32_t last_window_;
  std::vector<char> on_;
  std::vector<double> since_;                // by node: when it turned on
  std::vector<std::int32_t> listed_number_;  // by state of the list: its number, −1 if not met yet
  // incrementally:
  std::vector<std::uint32_t> table_index_;
  RateBlocks rates_;
  std::vector<double> values_;
  std::vector<std::uint64_t> words_;
  std::uint64_t hash_ = 0;
  RateEvaluator evaluate_;
};

}  // namespace senoma::network
