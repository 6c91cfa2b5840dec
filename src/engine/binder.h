// Binding: from a description to a simulation that can step. Split by what is bound; used once, in Simulation's
// constructor.
#pragma once

#include <set>

#include "engine/simulation.h"

namespace senoma::engine {

struct Binder {
  Binder(Simulation& simulation, const Description& description, std::span<const Mechanism> catalogue)
      : sim(simulation), model(description), mechanisms(catalogue) {}

  Simulation& sim;
  const Description& model;
  std::span<const Mechanism> mechanisms;

  void bind();

 private:
  struct Targets {      ///< factors on one network's parameters, as nodes are only known per cell type
    std::string input;  ///< the network input they multiply
    std::vector<const DrugEffect*> effects;
    std::vector<std::size_t> drugs;  ///< drug index of each effect
    std::vector<std::size_t> interventions;
    std::vector<std::size_t> heterogeneity_columns;
  };

  // bind_world.cpp
  void fields();
  void engine_columns();
  void check_world() const;  // check_world.cpp
  void world_signals();
  void cell_signals();
  void parameter_signals();
  void check_mechanisms() const;
  // world_signals.cpp
  void statistic_signals();
  void wanted_statistics();
  // antibodies.cpp
  void bindings();
  // systemic.cpp
  void systemic_signals();
  void systemic_inputs();
  void systemic_levels();
  // bind_perception.cpp
  void perceived_substrates();
  void perceived_cells();
  void live_scratch();
  // bind_networks.cpp
  void networks();
  void network_of(std::size_t type_index);
  [[nodiscard]] bool target_is_network_name(const std::string& target, const network::OdeSystem& system) const;
  void check_targets() const;
  // bind_contacts.cpp
  void declare_contact_signals();
  void contact_programs();
  void bind_attacks();  // bind_attacks.cpp
  [[nodiscard]] std::vector<std::size_t> types_named(const std::vector<std::string>& names,
                                                     const SourcePosition& where) const;
  [[nodiscard]] std::vector<std::vector<bool>> states_named(const std::vector<std::size_t>& types,
                                                            const std::vector<std::string>& names,
                                                            const SourcePosition& where) const;
  // bind_types.cpp
  void type_parameters(std::size_t type_index);
  void type_expressions(std::size_t type_index);
  void type_programs(std::size_t type_index);
  void input_program(std::size_t type_index);
  void behaviour_program(std::size_t type_index);
  void fate_program(std::size_t type_index);
  expr::NodeId base_value(BoundType& type, const Behaviour& behaviour);
  expr::NodeId rule_strength(BoundType& type, const Rule& rule);
  expr::NodeId with_rules(BoundType& type, const Behaviour& behaviour, expr::NodeId base);
  expr::NodeId with_effect(BoundType& type, expr::NodeId value, std::size_t drug, const DrugEffect& effect,
                           const Dimension* dimension, double to_internal);
  [[nodiscard]] std::uint16_t state_index(const BoundType& type, const std::string& state,
                                          const SourcePosition& where) const;
  // bind_readouts.cpp
  void readouts();
  void accumulation(BoundReadout& bound) const;  // accumulate.cpp
  // dosing.cpp
  void dose_rules();
  void dose_condition(BoundDoseRule& bound);
  void dose_thresholds(BoundDoseRule& bound) const;
  /// `read`: uniform signals that an expression reads.
  void dose_counts(const std::set<std::size_t>& read);
  // initial_cells.cpp
  void initial_cells();
  void place(std::size_t type_index, const InitialCells& pattern, std::uint64_t& ordinal);
  void choose_state(std::size_t i, const InitialCells& pattern);
  // bind_arrivals.cpp
  void arrivals();
  void arrival_rate(BoundArrival& bound) const;

  std::vector<std::map<std::string, Targets>> network_targets_;  ///< per type, by input name
  std::vector<std::vector<expr::NodeId>> input_nodes_;           ///< per type: what the network's inputs are
  std::vector<std::vector<expr::NodeId>> contact_nodes_;  ///< per contact signal of the model, per type of neighbour
};

}  // namespace senoma::engine
