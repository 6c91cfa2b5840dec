// Contact signals: what a cell of one type sees of those it touches. Values are compiled over the neighbour's own
// signals. An input of the neighbour's network stands there for the expression that sets it, so that all of a value is
// known when cells look around, before networks run.
#include <algorithm>

#include "engine/binder.h"

namespace senoma::engine {

/// The types of those names; all types when there are none. Throws E5010.
std::vector<std::size_t> Binder::types_named(const std::vector<std::string>& names, const SourcePosition& where) const {
  std::vector<std::size_t> result;
  std::vector<std::string> known;
  for (const auto& type : sim.types) known.push_back(type.spec->name);
  for (const auto& name : names.empty() ? known : names) {
    const auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end()) {
      Error error("E5010", "there is no cell type '" + name + "'");
      error.at(where);
      if (const auto near = nearest_name(name, known); !near.empty()) error.help("did you mean '" + near + "'?");
      throw error;
    }
    result.push_back(static_cast<std::size_t>(found - known.begin()));
  }
  return result;
}

/// [type][state]: whether a state of one of `types` is among `names`; every state when there are none. Throws E5006 for
/// a name that none of the types has.
std::vector<std::vector<bool>> Binder::states_named(const std::vector<std::size_t>& types,
                                                    const std::vector<std::string>& names,
                                                    const SourcePosition& where) const {
  std::vector<std::vector<bool>> result;
  for (const auto& type : sim.types) result.emplace_back(type.states.size(), false);
  std::vector<std::string> known;
  for (const std::size_t t : types) {
    for (std::size_t s = 0; s < sim.types[t].states.size(); ++s) {
      const auto& state = sim.types[t].states[s];
      known.push_back(state);
      result[t][s] = names.empty() || std::find(names.begin(), names.end(), state) != names.end();
    }
  }
  for (const auto& name : names) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    Error error("E5006", "no cell type concerned has a state '" + name + "'");
    error.at(where);
    if (const auto near = nearest_name(name, known); !near.empty()) error.help("did you mean '" + near + "'?");
    throw error;
  }
  return result;
}

/// Compiles the values, which gives the signals their dimensions, and makes the signals known to their types.
void Binder::declare_contact_signals() {
  std::vector<std::pair<std::size_t, Signal>> declared;
  for (std::size_t t = 0; t < sim.types.size(); ++t) {
    for (const auto& spec : sim.types[t].spec->contacts) {
      auto& nodes = contact_nodes_.emplace_back(sim.types.size(), -1);
      std::optional<Dimension> dimension;
      for (const std::size_t source : types_named(spec.from, spec.where)) {
        try {
          const auto symbol = sim.types[source].expressions->compile(spec.value, dimension ? &*dimension : nullptr);
          nodes[source] = symbol.node;
          if (!dimension) dimension = symbol.dimension;
        } catch (Error& error) {
          if (error.code() == "E2002" && expr::normalise_name(spec.value.text).find("contact.") != std::string::npos)
            throw Error("E5017", "contact." + spec.name + " reads a contact signal of the touching cell")
                .at(spec.value.where)
                .help("let the value be a state of that cell's network, or a behaviour, which carries the signal on");
          error.help("the value of contact." + spec.name + " is that of a touching cell, here of type '" +
                     sim.types[source].spec->name + "'; `from` restricts it to types that have these names");
          throw;
        }
      }
      declared.emplace_back(t, sim.signals.add_unnamed_scratch(dimension.value_or(Dimension{})));
    }
  }
  std::size_t k = 0;
  for (std::size_t t = 0; t < sim.types.size(); ++t) {
    for (const auto& spec : sim.types[t].spec->contacts) {
      sim.types[t].expressions->add_own("contact." + spec.name, declared[k].second);
      BoundContact bound;
      bound.spec = &spec;
      bound.type = t;
      bound.scratch = declared[k++].second.index;
      bound.output.assign(sim.types.size(), -1);
      bound.counts = states_named(types_named(spec.from, spec.where), spec.states, spec.where);
      sim.contact_signals.push_back(std::move(bound));
    }
  }
}

/// Programs for the values of the signals that some expression reads; the others are forgotten.
void Binder::contact_programs() {
  std::set<std::size_t> read, contact_scratch;
  for (const auto& contact : sim.contact_signals) contact_scratch.insert(contact.scratch);
  for (const auto& type : sim.types) {
    for (const auto& slot : type.expressions->slots()) {
      if (slot.kind == SlotSource::Kind::scratch) read.insert(slot.index);
    }
  }
  std::vector<BoundContact> wanted;
  std::vector<std::vector<expr::NodeId>> outputs(sim.types.size());
  for (std::size_t k = 0; k < sim.contact_signals.size(); ++k) {
    auto& contact = sim.contact_signals[k];
    if (!read.contains(contact.scratch)) continue;
    for (std::size_t t = 0; t < sim.types.size(); ++t) {
      if (contact_nodes_[k][t] < 0) continue;
      auto& type = sim.types[t];
      auto& graph = type.expressions->graph();
      const auto node = graph.substitute(contact_nodes_[k][t], [&](std::int32_t slot) -> expr::NodeId {
        if (!type.system || type.system->inputs.empty()) return -1;
        const auto input = slot - static_cast<std::int32_t>(type.system->input_slot(0));
        const bool is_input = input >= 0 && input < static_cast<std::int32_t>(type.system->inputs.size());
        return is_input ? input_nodes_[t][static_cast<std::size_t>(input)] : -1;
      });
      for (const auto slot : graph.variables(std::vector<expr::NodeId>{node})) {
        const auto& source = type.expressions->slots()[static_cast<std::size_t>(slot)];
        if (source.kind != SlotSource::Kind::scratch || !contact_scratch.contains(source.index)) continue;
        throw Error("E5017", "contact." + contact.spec->name + " depends on a contact signal of the touching '" +
                                 type.spec->name + "' cell, through an input of its network")
            .at(contact.spec->value.where)
            .help("let the value be a state of the network, which carries the signal on from step to step");
      }
      contact.output[t] = static_cast<int>(outputs[t].size());
      outputs[t].push_back(node);
    }
    wanted.push_back(std::move(contact));
  }
  sim.contact_signals = std::move(wanted);
  for (std::size_t t = 0; t < sim.types.size(); ++t)
    sim.types[t].contact_values = LaneProgram(*sim.types[t].expressions, outputs[t]);
}

}  // namespace senoma::engine
