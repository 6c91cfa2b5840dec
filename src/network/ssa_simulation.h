// Trajectories of a reaction network, exact (Gillespie 1977, J Phys Chem 81:2340, direct method with a dependency
// graph): with the sum A of all propensities the next reaction comes after an exponential time of mean 1/A and is
// reaction j with probability a_j/A; after it only propensities that read a changed amount are computed anew.
//
// Events (network/events.h) happen at their exact times: after every reaction, and between reactions at the moments at
// which a comparison with time in a trigger turns, which must be linear in time, or a delay ends.
//
// The same bits for any number of threads: trajectory j draws from its own Philox stream (seed, j); means and variances
// are made per block of trajectories, whose borders depend on their number only, and merged in order.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/parallel.h"
#include "network/ssa_system.h"

namespace senoma::network {

struct SsaRun {
  double end = 0.0;  ///< in the system's time, > 0
  int steps = 100;   ///< equal output steps; times 0, end/steps, …, end
  std::uint64_t trajectories = 1000, seed = 1;
  std::vector<std::string> variables;       ///< states, outputs or parameters; empty: the states that are counted
  std::map<std::string, double> set;        ///< initial states or parameters that differ from the system's
  const std::atomic<bool>* stop = nullptr;  ///< ends early, with the blocks of trajectories done until then
};

struct SsaResults {
  std::vector<std::string> names;
  std::vector<double> times;
  std::vector<std::vector<double>> mean, deviation;  ///< [name][time]; sample standard deviation
  std::uint64_t trajectories = 0, jumps = 0;
};

/// Throws E3010 (unknown name), E3111 (a run that makes no sense), E3121 (a propensity is negative or not finite),
/// E3122 (an amount is negative or not whole), E3123 (a trigger that is not linear in time), E3104 (events).
[[nodiscard]] SsaResults simulate(const SsaSystem& system, const SsaRun& run, const Executor& executor);

}  // namespace senoma::network
