// Networks: every parameter or node that a coupling, drug, intervention or heterogeneity acts on becomes a per-cell
// input.
#include <algorithm>

#include "engine/binder.h"
#include "engine/targets.h"

namespace senoma::engine {

bool Binder::target_is_network_name(const std::string& target, const network::OdeSystem& system) const {
  return system.find_state(target) || system.find_parameter(target) || system.find_input(target);
}

void Binder::check_targets() const {
  const auto in_cells = [&](const Network& network) {
    return network.name != model.systemic.network ||
           std::any_of(model.cell_types.begin(), model.cell_types.end(),
                       [&](const CellType& type) { return type.network == network.name; });
  };
  const auto check = [&](const std::string& target, const SourcePosition& where, bool substrate_allowed) {
    for (const auto& network : model.networks) {
      if (in_cells(network) && target_is_network_name(target, *network.system)) return;
    }
    const auto systemic = systemic_target(target);
    if (!systemic.empty() && sim.systemic_) {
      const auto& quantities = *sim.systemic_.system;
      if (target_is_network_name(systemic, quantities)) return;
    }
    if (substrate_allowed && sim.substrate_index(target) >= 0) return;
    const CellType* owner = nullptr;  // the longest name, as one type's name may begin another's
    for (const auto& type : model.cell_types) {
      if (target.starts_with(type.name + " ") && (!owner || type.name.size() > owner->name.size())) owner = &type;
    }
    if (owner) {
      (void)sim.behaviours.require(target.substr(owner->name.size() + 1), where);
      return;
    }
    std::vector<std::string> names;
    for (const auto& network : model.networks) {
      if (!in_cells(network)) continue;
      const auto known = network.system->names();
      names.insert(names.end(), known.begin(), known.end());
    }
    for (const auto& substrate : model.substrates) names.push_back(substrate.name);
    if (sim.systemic_) {
      for (const auto& name : sim.systemic_.system->names()) names.push_back("systemic " + name);
    }
    Error error("E5003", "unknown target '" + target + "'");
    error.at(where);
    if (const auto near = nearest_name(target, names); !near.empty()) error.help("did you mean '" + near + "'?");
    error.help("a target is a network parameter or node" + std::string(substrate_allowed ? ", a substrate," : "") +
               " \"systemic NAME\", or \"CELLTYPE behaviour\"");
    throw error;
  };
  for (const auto& drug : model.drugs) {
    for (const auto& effect : drug.effects) check(effect.target, effect.where, false);
    if (!drug.binds.empty() && sim.substrate_index(drug.binds) < 0) {
      throw Error("E5003",
                  "drug '" + drug.name + "' binds '" + drug.binds + "', which is not a substrate of this model")
          .at(drug.where);
    }
    if (!drug.substrate.empty() && sim.substrate_index(drug.substrate) < 0) {
      throw Error("E5003", "drug '" + drug.name + "' spreads through '" + drug.substrate +
                               "', which is not a substrate of this model")
          .at(drug.where);
    }
  }
  for (const auto& intervention : model.interventions) check(intervention.target, intervention.where, true);
}

void Binder::networks() {
  network_targets_.resize(sim.types.size());
  for (std::size_t t = 0; t < sim.types.size(); ++t) {
    if (!sim.types[t].spec->network.empty()) network_of(t);
  }
}

void Binder::network_of(std::size_t type_index) {
  auto& type = sim.types[type_index];
  auto& targets = network_targets_[type_index];
  const auto found = std::find_if(model.networks.begin(), model.networks.end(),
                                  [&](const Network& n) { return n.name == type.spec->network; });
  auto system = std::make_shared<network::OdeSystem>(*found->system);
  const auto target = [&](const std::string& name, const SourcePosition& where) -> Targets& {
    const std::string input = input_for(*system, name, where);
    auto& entry = targets[input];
    entry.input = input;
    return entry;
  };
  for (const auto& [input, expression] : type.spec->coupling.inputs) {
    if (!system->find_parameter(input) && !system->find_input(input)) {
      const auto names = system->names();
      Error error("E5008", "network '" + found->name + "' has no parameter '" + input + "' to couple");
      error.at(expression.where);
      if (const auto near = nearest_name(input, names); !near.empty()) error.help("did you mean '" + near + "'?");
      throw error;
    }
    target(input, expression.where);
  }
  for (std::size_t d = 0; d < model.drugs.size(); ++d) {
    for (const auto& effect : model.drugs[d].effects) {
      if (!target_is_network_name(effect.target, *system)) continue;
      auto& entry = target(effect.target, effect.where);
      entry.effects.push_back(&effect);
      entry.drugs.push_back(d);
    }
  }
  for (std::size_t k = 0; k < model.interventions.size(); ++k) {
    const auto& intervention = model.interventions[k];
    if (!target_is_network_name(intervention.target, *system)) continue;
    target(intervention.target, intervention.where).interventions.push_back(k);
  }
  for (const auto& h : type.spec->heterogeneity) {
    if (!system->find_parameter(h.parameter) && !system->find_input(h.parameter)) {
      throw Error("E5008", "network '" + found->name + "' has no parameter '" + h.parameter + "' to vary between cells")
          .at(type.spec->where);
    }
    const std::size_t column =
        sim.world.cells.add_column({"factor." + h.parameter, "1", 1.0, state::OnDivision::copy, false});
    target(h.parameter, type.spec->where).heterogeneity_columns.push_back(column);
    type.heterogeneity.emplace_back(column, h);
  }
  std::vector<std::string> promoted;
  for (const auto& [name, entry] : targets) {
    if (system->find_parameter(name)) promoted.push_back(name);
  }
  system->promote_to_inputs(promoted);
  for (const auto& input : system->inputs) {  // inputs that the file listed but nothing touches keep their value
    auto& entry = targets[input.name];
    entry.input = input.name;
  }
  for (const auto& s : system->states) {
    const auto rule = s.on_division == network::OnDivision::halve ? state::OnDivision::halve : state::OnDivision::copy;
    const std::string unit = s.dimension_known ? internal_unit(s.dimension) : "1";
    // Networks share the column of a species' name unless it divides otherwise.
    std::string name = "network." + s.name;
    const auto known = sim.world.cells.find_column(name);
    if (known && (sim.world.cells.infos[*known].on_division != rule || sim.world.cells.infos[*known].unit != unit)) {
      name = "network." + found->name + "." + s.name;
    }
    type.state_columns.push_back(sim.world.cells.add_column({name, unit, s.initial, rule, true}));
  }
  for (const auto& input : system->inputs) {
    type.input_scratch.push_back(sim.signals.add_scratch("input." + type.spec->name + "." + input.name, {}).index);
  }
  for (const auto& p : system->parameters) type.network_parameters.push_back(p.value);
  network::IntegratorOptions options;
  options.relative_tolerance = found->relative_tolerance;
  options.absolute_tolerance = found->absolute_tolerance;
  type.system = system;
  type.integrator = std::make_unique<network::EventIntegrator>(system, options);
  for (const auto& column : type.integrator->columns().columns()) {
    const std::string name = "network." + found->name + ".event " + column.name;
    type.event_columns.push_back(
        sim.world.cells.add_column({name, "1", column.initial, state::OnDivision::copy, false}));
  }
}

}  // namespace senoma::engine
