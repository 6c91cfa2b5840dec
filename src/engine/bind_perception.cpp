// What cells must perceive: expressions bind scratch columns by index, and only what somebody reads is computed.
#include <algorithm>
#include <set>

#include "engine/binder.h"

namespace senoma::engine {

namespace {

std::set<std::size_t> scratch_in_expressions(const Simulation& sim) {
  std::set<std::size_t> used;
  for (const auto& type : sim.types) {
    for (const auto& slot : type.expressions->slots()) {
      if (slot.kind == SlotSource::Kind::scratch) used.insert(slot.index);
    }
  }
  return used;
}

}  // namespace

void Binder::perceived_substrates() {
  const std::set<std::size_t> used = scratch_in_expressions(sim);
  const auto wanted = [&](const std::string& name, bool sought) {
    const Signal* signal = sim.signals.find(name);
    return signal && (sought || used.contains(signal->index)) ? static_cast<int>(signal->index) : -1;
  };
  for (const auto& substrate : model.substrates) {
    const auto chemotaxis = sim.behaviours.find("chemotaxis to " + substrate.name);
    const bool sought = chemotaxis && sim.behaviours.all[*chemotaxis].used;
    PerceivedSubstrate p;
    p.concentration = wanted(substrate.name + ".concentration", false);
    p.total = wanted(substrate.name + ".total", false);
    p.occupancy = wanted(substrate.name + ".occupancy", false);
    p.gradient = wanted(substrate.name + ".gradient", false);
    for (std::size_t a = 0; a < 3; ++a)
      p.gradient_components[a] = wanted(substrate.name + ".gradient." + "xyz"[a], sought);
    sim.perceived.push_back(p);
  }
}

/// Only the scratch columns that somebody writes or reads take memory.
void Binder::live_scratch() {
  std::set<std::size_t> live = scratch_in_expressions(sim);
  for (const auto& p : sim.perceived) {
    for (const int component : p.gradient_components) {
      if (component >= 0) live.insert(static_cast<std::size_t>(component));
    }
  }
  for (const auto& drug : model.drugs) {
    if (!drug.substrate.empty()) live.insert(sim.signals.find(drug.name + ".concentration")->index);
  }
  for (const auto& type : sim.types) live.insert(type.input_scratch.begin(), type.input_scratch.end());
  sim.live_scratch_.assign(live.begin(), live.end());
}

void Binder::perceived_cells() {
  const std::set<std::size_t> used = scratch_in_expressions(sim);
  const auto wanted = [&](const std::string& name) {
    const Signal* signal = sim.signals.find(name);
    return signal && signal->kind == Signal::Kind::scratch && used.contains(signal->index)
               ? static_cast<int>(signal->index)
               : -1;
  };
  auto& p = sim.perceived_cells;
  p.neighbours = wanted("neighbours");
  p.dying = wanted("dying");
  p.generation = wanted("generation");
  p.s_phase = wanted("cycle.s_phase");
  for (const auto& mark : sim.marks) p.marks.push_back(wanted("origin." + mark));
  p.attacking = wanted("attacking");
  bool contacts = p.neighbours >= 0 || sim.attacks_ || !sim.contact_signals.empty();
  for (const auto& type : sim.types) {
    p.neighbours_of_type.push_back(wanted("neighbours." + type.spec->name));
    contacts = contacts || p.neighbours_of_type.back() >= 0;
    auto& labels = p.label.emplace_back();
    for (const auto& state : type.states) {
      auto label =
          std::find_if(p.states.begin(), p.states.end(), [&](const auto& known) { return known.name == state; });
      if (label == p.states.end()) {
        const int indicator = wanted("state." + state), neighbours = wanted("neighbours." + state);
        label = p.states.insert(p.states.end(), {state, indicator, neighbours});
        contacts = contacts || neighbours >= 0;
      }
      labels.push_back(static_cast<std::uint32_t>(label - p.states.begin()));
    }
  }
  sim.contacts_needed_ = contacts;
}

}  // namespace senoma::engine
