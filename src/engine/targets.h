// How drugs and interventions act on networks: a parameter becomes an input, a node acts through its activity.
#pragma once

#include <string>

#include "engine/description.h"
#include "expr/graph.h"

namespace senoma::engine {

/// The input through which a target acts: the parameter itself, or a state's activity (made when asked for the first
/// time). Throws E5003 for a node that an algebraic rule or a fast reaction ties to others.
[[nodiscard]] std::string input_for(network::OdeSystem& system, const std::string& target, const SourcePosition& where);

/// `value` under a drug of this concentration; `to_internal` and `dimension` are those of the target, for effects with
/// `full`. Throws E1203 when `full` has another dimension.
[[nodiscard]] expr::NodeId under_drug(expr::Graph& graph, expr::NodeId value, expr::NodeId concentration,
                                      const DrugEffect& effect, const Dimension* dimension, double to_internal);

/// "systemic NAME" → NAME; empty for other targets.
[[nodiscard]] inline std::string systemic_target(const std::string& target) {
  constexpr std::string_view prefix = "systemic ";
  return target.starts_with(prefix) ? target.substr(prefix.size()) : std::string();
}

}  // namespace senoma::engine
