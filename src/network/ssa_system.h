// Reactions between whole numbers of molecules as a Markov jump process: reaction j happens at the rate (propensity)
// a_j(x), events per unit of the system's time, and then changes the amounts x by fixed whole numbers.
// Plain data; immutable while a simulation runs.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "network/ode_system.h"

namespace senoma::network {

struct SsaReaction {
  std::string name;
  expr::NodeId propensity = -1;
  std::vector<std::pair<std::size_t, double>> changes;  ///< state, whole number
};

/// States, parameters, outputs, events and the graph are those of `quantities`; its derivatives are not used. Inputs
/// and constraints must be empty.
struct SsaSystem {
  OdeSystem quantities;
  std::vector<char> counted;  ///< by state: a number of molecules, whole and not negative
  std::vector<SsaReaction> reactions;
};

}  // namespace senoma::network
