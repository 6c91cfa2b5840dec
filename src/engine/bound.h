// Parts of a description bound to columns, scratch and programs: what a Simulation derives once for each cell type.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/description.h"
#include "engine/expressions.h"
#include "network/event_integrator.h"

namespace senoma::engine {

struct BoundTransition {
  const Transition* spec = nullptr;
  std::vector<bool> from;  ///< by state index
  std::uint16_t to = 0;
  std::uint16_t to_type = 0;
  bool leaves = false;
  std::uint16_t mark = 0;  ///< bit mask
  int hazard_output = -1, when_output = -1;
  std::vector<std::pair<std::size_t, double>> resets;  ///< column, value
};

/// A contact signal that somebody reads.
struct BoundContact {
  const ContactSignal* spec = nullptr;
  std::size_t type = 0, scratch = 0;  ///< of the cells that have the signal
  std::vector<int> output;            ///< per type of neighbour: of its program contact_values; −1 = does not count
  std::vector<std::vector<bool>> counts;  ///< [type of neighbour][state]
};

/// An attack of cells of one type on those of another.
struct BoundAttack {
  const Attack* spec = nullptr;
  std::size_t target = 0;    ///< cell type
  std::vector<bool> states;  ///< of the target, by index
  std::size_t rate = 0;      ///< column of the behaviour
  int weight = -1;           ///< output of the target type's program `recognition`; −1 = 1
  int death = -1;            ///< death model of the target's type; −1 = removal
};

struct ArrivalSite {
  const Vessel* vessel = nullptr;     ///< null: the domain
  std::vector<std::uint32_t> voxels;  ///< of the vessel; empty = all
  std::string name = {};              ///< of its scalars in the World: hazard so far, number of arrivals
};

struct ArrivalVariable {
  enum class Kind { uniform, concentration, occupancy, local_drug };
  Kind kind = Kind::uniform;
  std::size_t index = 0;  ///< uniform, substrate or drug
};

struct BoundArrival {
  const Arrival* spec = nullptr;
  std::string name;
  std::size_t type = 0;
  std::uint16_t state = 0;
  expr::Graph graph;
  expr::NodeId root = -1;  ///< the rate, 1/min
  std::vector<ArrivalVariable> variables;
  std::vector<ArrivalSite> sites;
};

struct BoundType {
  const CellType* spec = nullptr;
  std::vector<std::string> states;  ///< declared states, then dying ones
  std::size_t n_living_states = 0;
  std::unique_ptr<ExpressionSet> expressions;
  std::shared_ptr<const network::OdeSystem> system;
  std::unique_ptr<network::EventIntegrator> integrator;
  std::vector<std::size_t> state_columns, input_scratch;
  std::vector<std::size_t> event_columns;  ///< of the network's events: triggers, waiting changes
  std::vector<double> network_parameters;
  LaneProgram inputs;      ///< → network inputs
  LaneProgram behaviours;  ///< → behaviour columns
  std::vector<std::size_t> behaviour_columns;
  LaneProgram contact_values;  ///< → values that touching cells see
  LaneProgram recognition;     ///< → weights of these cells for those that attack them
  std::vector<BoundAttack> attacks;
  LaneProgram fate;  ///< → hazards and conditions of transitions
  std::vector<BoundTransition> transitions;
  std::vector<std::pair<std::size_t, Heterogeneity>> heterogeneity;  ///< factor column
  std::map<std::string, double> parameters;                          ///< mechanism parameters with defaults filled in
};

}  // namespace senoma::engine
