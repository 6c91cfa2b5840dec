// What a simulation keeps of what cells and the world's expressions perceive: places in the signals' values, bound
// once.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace senoma::engine {

/// The antibodies against one substrate.
struct BoundBinding {
  struct Against {
    std::size_t drug = 0;
    int field = -1;  ///< of the antibody in the tissue; −1: the compartment's value everywhere
  };
  std::size_t ligand = 0;
  std::vector<Against> antibodies;
  bool complexes_differ = false;  ///< free and bound ligand are lost differently
};

/// Scratch indices of what cells perceive of one substrate; −1 = not wanted by any expression or mechanism.
struct PerceivedSubstrate {
  int concentration = -1, total = -1, occupancy = -1, gradient = -1;
  std::array<int, 3> gradient_components{-1, -1, -1};
};

/// Scratch indices of what cells perceive of themselves and their neighbours; −1 = not wanted. Types share the states
/// of one name.
struct PerceivedCells {
  struct Label {
    std::string name;
    int indicator = -1, neighbours = -1;  ///< state.NAME, neighbours.NAME
  };
  std::vector<Label> states;
  std::vector<std::vector<std::uint32_t>> label;  ///< [type][state] → states
  std::vector<int> neighbours_of_type, marks;
  int neighbours = -1, dying = -1, generation = -1, s_phase = -1, attacking = -1;
};

/// A number of cells, or the mean, maximum or content of a field, kept in a uniform signal.
struct WorldStatistic {
  enum class Kind { living, in_state, mean, maximum, total_mean, total_maximum, content };
  Kind kind = Kind::living;
  std::size_t which = 0;  ///< cell type or substrate
  std::size_t state = 0;  ///< for in_state
  std::size_t uniform = 0;
};

}  // namespace senoma::engine
