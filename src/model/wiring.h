// How a model draws a network: nodes with a label and a place, and edges that each state a published influence with its
// evidence ([network.NAME.node.*], [[network.NAME.edge]]). The equations are in the SBML file; here stands what they
// are based on, and `unsupported` says which edges the equations do not have. Reads only; thread-safe.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/load.h"

namespace senoma::model {

struct WiringNode {
  std::string name, label, group;
  std::vector<std::string> quantities;  ///< of the network: states, assigned variables, inputs; empty = outside of it
  double column = 0, row = 0;           ///< place in the drawing, in cells of its raster
};

struct WiringEdge {
  std::string id, from, to;  ///< nodes
  bool inhibits = false;
  std::string mechanism, source, grade;
  SourcePosition where;
  bool supported = true;  ///< some quantity of `from` enters an equation of `to`, directly or through undrawn variables
};

struct Wiring {
  std::string network;
  std::vector<WiringNode> nodes;
  std::vector<WiringEdge> edges;
};

/// One per network that has nodes. Throws E1206 (an edge to a node that is not there), E1207 (a quantity the network
/// has not), E1202 and E1205 (malformed place).
[[nodiscard]] std::vector<Wiring> read_wirings(const ResolvedModel& model);

/// Name in a network → the states and variables whose equations use it, joined by commas.
[[nodiscard]] std::map<std::string, std::string> equations_with(const network::OdeSystem& system);

}  // namespace senoma::model
