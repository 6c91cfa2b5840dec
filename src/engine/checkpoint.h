// From a saved World back into a bound Simulation. A World knows types, states, phases and marks by index; Layout keeps
// their names, so that a saved state can be put into a changed model (a branch) and cannot be put into the wrong one.
//
// With the same model everything must fit exactly, and the simulation then steps bit for bit like the one that was
// saved. With a changed model columns, fields, drugs, types, states, phases and marks are matched by name: new ones
// start at their initial values, vanished ones are dropped and said; what cannot be carried over (another step, domain
// or a state that cells are in) is refused by name (E5016). Behaviours change at the next decide pass, so the first
// step's sources still follow the old ones. Thread statement: as Simulation.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "engine/simulation.h"

namespace senoma::engine {

struct Layout {
  struct Type {
    std::string name;
    std::vector<std::string> states, phases;
    friend bool operator==(const Type&, const Type&) = default;
  };
  std::vector<Type> types;
  std::vector<std::string> marks;
  friend bool operator==(const Layout&, const Layout&) = default;
};

[[nodiscard]] Layout layout_of(const Simulation& simulation);
void write_layout(const Layout& layout, ByteWriter& out);
[[nodiscard]] Layout read_layout(ByteReader& in);

struct SavedState {
  state::World world;
  Layout layout;
};

/// Checks that indices point to types, states and phases of the layout; throws Error(E5016).
void check_saved(const SavedState& saved);

/// Replaces the simulation's world. `changed`: the model may differ from the saved one. Returns what was dropped or
/// added, a sentence each. Throws E5016, then the simulation is as before.
std::vector<std::string> restore(Simulation& simulation, SavedState saved, bool changed);

}  // namespace senoma::engine
