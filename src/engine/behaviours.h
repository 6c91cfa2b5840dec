// Behaviours: the per-cell values that rules, states, networks, drugs and interventions act on ("migration speed",
// "cycle entry", "LIGAND secretion"). Each is declared by one mechanism (or by the engine: cycle and death), has a
// column in the world, and is recomputed for every cell in the decide phase from the base value of its type and state.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/mechanism.h"

namespace senoma::engine {

struct Behaviour {
  std::string name;  ///< phrase
  std::string key;   ///< "motility.speed", "secretion.LIGAND": the parameter that gives its base
  Dimension dimension{};
  double default_value = 0, minimum = 0;
  bool alive_only = true;  ///< 0 in dying cells (all but the mechanical ones and those that may not be 0)
  std::size_t column = 0;  ///< in the cell table
  bool used = false;       ///< some cell type has it other than constantly 0
};

/// A declared dimension for one substrate: concentration becomes the substrate's own dimension, and an amount becomes
/// that times a volume (1/min stays 1/min).
[[nodiscard]] Dimension for_substrate(const Dimension& declared, const Substrate& substrate);

class BehaviourTable {
 public:
  /// Expands the declarations ("*" once per substrate, or per cell type that some other attacks).
  BehaviourTable(std::span<const Mechanism> mechanisms, const Description& description);

  [[nodiscard]] std::optional<std::size_t> find(const std::string& name) const;
  [[nodiscard]] std::optional<std::size_t> find_key(const std::string& key) const;
  /// Throws E5002 with the nearest name.
  [[nodiscard]] std::size_t require(const std::string& name, const SourcePosition& where) const;

  std::vector<Behaviour> all;
};

}  // namespace senoma::engine
