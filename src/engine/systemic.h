// The systemic network: one reaction network for the whole body (a bound Description::systemic). Its levels live in
// World::scalars, in the network's own units: "systemic.NAME" per species, "systemic step" and "systemic event NAME"
// for its integrator. Expressions see its species, parameters, inputs and assigned variables as systemic.NAME, in
// internal units. Over a step its inputs are frozen at what they are when the step begins (drugs: the step's mean).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "expr/graph.h"
#include "network/event_integrator.h"

namespace senoma::engine {

/// What the vessels or a face of one substrate take from the body: the mean of the step's begin and end.
struct BoundSystemicLevel {
  std::size_t substrate = 0;
  int face = -1;  ///< −1: vessels
  std::size_t uniform = 0;
  double partition = 1.0;
};

struct BoundSystemic {
  struct Quantity {
    std::size_t uniform = 0;   ///< where expressions read it
    double to_internal = 1.0;  ///< internal units in one unit of the network's own
  };
  struct Output {
    expr::NodeId node = -1;  ///< in system->graph
    Quantity seen;
  };
  std::shared_ptr<const network::OdeSystem> system;  ///< null: the model has none
  std::unique_ptr<network::EventIntegrator> integrator;
  std::vector<double> parameters;
  std::vector<std::string> state_keys, event_keys;  ///< in World::scalars
  std::vector<Quantity> states, inputs;
  std::vector<Output> outputs;
  std::vector<expr::NodeId> input_nodes;  ///< in the world's expressions, in the network's own units
  std::vector<double> input_values;       ///< this step's, in the network's own units

  [[nodiscard]] explicit operator bool() const { return system != nullptr; }
  static constexpr const char* step_key = "systemic step";
};

}  // namespace senoma::engine
