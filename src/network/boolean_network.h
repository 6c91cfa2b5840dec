// A Boolean network as a continuous-time Markov chain (Stoll et al. 2012, BMC Syst Biol 6:116): node i is 0 or 1; when
// it is 0 it turns on at rate_up, when it is 1 it turns off at rate_down (per unit of the network's own time). Both
// rates are functions of the states of all nodes.
//
// Variable slots in `graph`: node i is slot i, with the values 0 and 1. Plain data; immutable while a simulation runs,
// so any number of threads may read it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "expr/graph.h"

namespace senoma::network {

struct BooleanNode {
  std::string name;
  expr::NodeId rate_up = -1, rate_down = -1;
  bool internal = false;  ///< takes part in the dynamics, but does not tell states apart in the results
};

/// Nodes whose initial values are drawn together: each choice with a probability proportional to its weight.
struct BooleanInitial {
  struct Choice {
    double weight = 1.0;
    std::vector<char> values;  ///< one per node of the group
  };
  std::vector<std::size_t> nodes;
  std::vector<Choice> choices;
};

struct BooleanNetwork {
  std::string name;
  std::vector<BooleanNode> nodes;
  std::vector<BooleanInitial> initial;  ///< nodes in no group start on or off with probability ½ each
  expr::Graph graph;

  [[nodiscard]] std::vector<std::string> names() const;
  /// The names of the nodes that are on, in the network's order, joined by " -- "; "<nil>" if none. `words`: bit i of
  /// the sequence is node `nodes[i]`.
  [[nodiscard]] std::string state_name(const std::vector<std::uint64_t>& words,
                                       const std::vector<std::size_t>& which) const;
};

}  // namespace senoma::network
