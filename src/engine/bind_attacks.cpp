// Attacks: which cells of which states each type attacks, how they end, and how well targets are recognised.
#include <algorithm>

#include "engine/binder.h"

namespace senoma::engine {

void Binder::bind_attacks() {
  std::vector<std::map<std::string, int>> outputs(sim.types.size());  // [target type]: attacker → output
  for (std::size_t t = 0; t < sim.types.size(); ++t) {
    auto& type = sim.types[t];
    std::vector<expr::NodeId> weights;
    for (const auto& [attacker, expression] : type.spec->recognition) {
      const auto& killer = sim.types[types_named({attacker}, expression.where).front()];
      const bool attacks = std::any_of(killer.spec->attacks.begin(), killer.spec->attacks.end(),
                                       [&](const Attack& a) { return a.target == type.spec->name; });
      if (!attacks)
        throw Error("E5018", "cells of type '" + attacker + "' do not attack '" + type.spec->name + "'")
            .at(expression.where)
            .help("add [cell." + attacker + ".attack." + type.spec->name + "], or remove this recognition");
      outputs[t][attacker] = static_cast<int>(weights.size());
      weights.push_back(type.expressions->compile(expression, &dim::none).node);
    }
    type.recognition = LaneProgram(*type.expressions, weights);
  }
  for (auto& type : sim.types) {
    for (const auto& spec : type.spec->attacks) {
      BoundAttack bound;
      bound.spec = &spec;
      bound.target = types_named({spec.target}, spec.where).front();
      const auto& target = sim.types[bound.target];
      bound.states = states_named({bound.target}, spec.states, spec.where)[bound.target];
      for (std::size_t s = target.n_living_states; s < target.states.size(); ++s) {
        if (spec.states.empty()) bound.states[s] = false;
        if (!bound.states[s] || spec.death == "removal") continue;
        throw Error("E5018", "'" + type.spec->name + "' would kill '" + spec.target + "' cells that are " +
                                 target.states[s] + " already")
            .at(spec.where)
            .help("write death = \"removal\", in an attack of its own");
      }
      if (spec.death != "removal") {
        const auto& deaths = target.spec->deaths;
        const auto death =
            std::find_if(deaths.begin(), deaths.end(), [&](const DeathModel& d) { return d.name == spec.death; });
        if (death == deaths.end())
          throw Error("E5018", "cells of type '" + spec.target + "' cannot die by '" + spec.death + "'")
              .at(spec.where)
              .help("add [cell." + spec.target + ".death." + spec.death + "], or write death = \"removal\"");
        bound.death = static_cast<int>(death - deaths.begin());
      }
      bound.rate = sim.behaviour_column("attack on " + spec.target);
      const auto weight = outputs[bound.target].find(type.spec->name);
      if (weight != outputs[bound.target].end()) bound.weight = weight->second;
      type.attacks.push_back(std::move(bound));
    }
  }
}

}  // namespace senoma::engine
