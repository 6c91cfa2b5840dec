// Which quantities of a network enter the equation of which other directly: the graph of the network as it is computed,
// for drawing it and for saying where a parameter is used. Assigned variables count as quantities of their own: what
// enters them does not enter what they enter. Pure function; thread-safe.
#pragma once

#include <map>
#include <set>
#include <string>

#include "network/ode_system.h"

namespace senoma::network {

/// Quantity (state: its rate of change; assigned variable: its formula) → names that its equation uses.
using Influences = std::map<std::string, std::set<std::string>>;

[[nodiscard]] Influences direct_influences(const OdeSystem& system);

}  // namespace senoma::network
