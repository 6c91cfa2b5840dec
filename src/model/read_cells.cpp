// [cell.TYPE]: states, mechanism parameters, cycle, death, rules, transitions, coupling.
#include <algorithm>
#include <set>
#include <stdexcept>

#include "model/reading.h"

namespace senoma::model {

namespace {

using engine::CellType;
using engine::CyclePhase;

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> read_states(const Cursor& list, const CellType& type) {
  const auto known = nameable_states(type);
  std::vector<std::string> states;
  for (const auto& item : list.items()) {
    states.push_back(read_text_value(*item.value(), list.key(), item.path()));
    if (!contains(known, states.back()))
      throw unknown_name("state of '" + type.name + "'", states.back(), known, item.where());
  }
  return states;
}

void read_mechanism(Reading& reading, const Cursor& table, const engine::MechanismDeclaration& mechanism,
                    CellType& type) {
  if (!table.given()) {
    for (const auto& p : mechanism.parameters) {
      if (!p.required || p.name == "*") continue;
      throw Error("E1205", "[cell." + type.name + "] needs '" + mechanism.name + "." + p.name + "'")
          .at(type.where)
          .label("[cell." + type.name + "." + mechanism.name + "] is missing")
          .help(p.doc);
    }
    return;
  }
  for (const auto& p : mechanism.parameters) {
    if (p.name == "*") continue;
    const std::string key = mechanism.name + "." + p.name;
    Cursor at = table[p.name];
    if (at.key().kind == Kind::table) {  // [cell.T.death.apoptosis]: a plain value, or a table with `hazard`
      if (!at.given()) continue;
      if (at.is_table() && !is_annotated(*at.value())) {
        at = at["hazard"];
        if (!at.given()) continue;
        type.parameters[key] = at.number();
      } else {
        type.parameters[key] =
            read_number(*at.value(), reading.registry.find("cell.*." + key + ".hazard")->key, at.path());
      }
      continue;
    }
    type.parameters[key] = at.given() ? at.number() : p.default_value;
  }
  const auto star = std::find_if(mechanism.parameters.begin(), mechanism.parameters.end(), [](const auto& p) {
    return p.name == "*" && p.each == engine::ParameterDeclaration::Each::substrate;
  });
  if (star == mechanism.parameters.end()) return;
  for (const auto& member : table.members()) {
    const std::string& name = member.first;  // clang 14 cannot capture structured bindings
    const Cursor& value = member.second;
    if (std::any_of(mechanism.parameters.begin(), mechanism.parameters.end(),
                    [&](const auto& p) { return p.name == name; }))
      continue;
    const engine::Substrate* s = reading.substrate(name);
    if (!s) throw unknown_name("substrate", name, reading.substrate_names(), value.key_where());
    type.parameters[mechanism.name + "." + name] = value.number(for_substrate(star->dimension, *s));
  }
}

/// One parameter in a state's table, by its key "mechanism.parameter".
void read_state_parameter(Reading& reading, const std::string& key, const Cursor& value,
                          std::map<std::string, double>& into) {
  const std::string name = key.substr(key.find('.') + 1);
  const Node* node = reading.registry.find("cell.*.state.*." + key);
  if (!node) throw std::logic_error("the registry lacks the state parameter " + key);
  if (node->key.rule != DimensionRule::substrate) {
    into[key] = value.number();
    return;
  }
  const engine::Substrate* s = reading.substrate(name);
  if (!s) throw unknown_name("substrate", name, reading.substrate_names(), value.key_where());
  into[key] = read_number(*value.value(), node->key, value.path(), for_substrate(node->key.dimension, *s));
}

void read_state_tables(Reading& reading, const Cursor& tables, CellType& type) {
  type.state_parameters.assign(type.states.size(), {});
  auto& colours = reading.model.state_colours[type.name];
  colours.assign(type.states.size(), "");
  type.state_colours = colours;
  for (const auto& [state, table] : tables.members()) {
    const auto found = std::find(type.states.begin(), type.states.end(), state);
    if (found == type.states.end())
      throw unknown_name("state of '" + type.name + "'", state, type.states, table.key_where());
    const auto index = static_cast<std::size_t>(found - type.states.begin());
    for (const auto& [key, value] : table.members()) {
      if (key == "colour") {
        colours[index] = type.state_colours[index] = value.text();
      } else if (value.key().kind == Kind::table) {  // motility.speed without quotes: a table
        for (const auto& [name, inner] : value.members())
          read_state_parameter(reading, key + "." + name, inner, type.state_parameters[index]);
      } else {
        read_state_parameter(reading, key, value, type.state_parameters[index]);
      }
    }
  }
}

CyclePhase::Exit exit_of(const std::string& text) {
  return text == "fixed"    ? CyclePhase::Exit::fixed
         : text == "normal" ? CyclePhase::Exit::normal
                            : CyclePhase::Exit::exponential;
}

void read_cycle(const Cursor& cycle, CellType& type) {
  if (!cycle.given()) return;
  const std::string model = cycle["model"].text();
  const auto refuse_others = [&](const std::set<std::string>& used) {
    for (const char* key : {"duration", "negative", "positive", "g0g1", "s", "g2", "m", "phases"}) {
      if (!cycle[key].given() || used.contains(key)) continue;
      std::string list;
      for (const auto& u : used) list += (list.empty() ? "'" : ", '") + u + "'";
      throw Error("E1213", "cycle model '" + model + "' has no '" + key + "'")
          .at(cycle[key].key_where())
          .help(used.empty() ? "remove it" : "it takes " + list);
    }
  };
  const auto phase = [&](const char* key, const char* name) {
    CyclePhase p;
    if (!cycle[key].given()) throw cycle[key].missing("cycle model '" + model + "' takes its durations from the file");
    p.name = name;
    p.duration = cycle[key].number();
    p.exit = exit_of(cycle["exit"].text());
    p.cv = cycle["cv"].number_or(0);
    if (p.exit == CyclePhase::Exit::normal && !cycle["cv"].given())
      throw cycle["cv"].missing("normal durations need their coefficient of variation");
    return p;
  };
  auto& phases = type.cycle;
  if (model == "live") {
    refuse_others({"duration"});
    phases = {phase("duration", "live")};
    phases[0].entry = phases[0].divides = phases[0].grows = true;
  } else if (model == "ki67") {
    refuse_others({"negative", "positive"});
    phases = {phase("negative", "Ki67-negative"), phase("positive", "Ki67-positive")};
    phases[0].entry = phases[1].grows = phases[1].divides = true;
  } else if (model == "flow-separated") {
    refuse_others({"g0g1", "s", "g2", "m"});
    phases = {phase("g0g1", "G0/G1"), phase("s", "S"), phase("g2", "G2"), phase("m", "M")};
    phases[0].entry = phases[1].grows = phases[1].s_phase = phases[2].grows = phases[3].divides = true;
  } else if (model == "custom") {
    refuse_others({"phases"});
    for (const auto& item : cycle["phases"].items()) {
      CyclePhase p{item["name"].text(),     item["duration"].number(), exit_of(item["exit"].text()),
                   item["cv"].number_or(0), item["divides"].flag(),    item["grows"].flag(),
                   item["s_phase"].flag(),  item["entry"].flag()};
      if (p.exit == CyclePhase::Exit::normal && p.cv <= 0)
        throw item["cv"].missing("normal durations need their coefficient of variation");
      phases.push_back(p);
    }
    if (phases.empty()) throw cycle["phases"].missing("a custom cycle lists its phases");
  } else {
    refuse_others({});
  }
}

void read_deaths(const Cursor& deaths, CellType& type) {
  for (const char* name : {"apoptosis", "necrosis"}) {
    const Cursor death = deaths[name];
    if (!death.is_table() || is_annotated(*death.value())) continue;
    if (!death["duration"].given()) {
      if (death["final_volume_fraction"].given() || death["volume_rate"].given())
        throw death["duration"].missing("how long a dead cell stays");
      continue;
    }
    for (const char* key : {"final_volume_fraction", "volume_rate"}) {
      if (!death[key].given()) throw death[key].missing("death needs duration, final_volume_fraction and volume_rate");
    }
    type.deaths.push_back(
        {name, death["duration"].number(), death["final_volume_fraction"].number(), death["volume_rate"].number()});
  }
}

void read_rules(Reading& reading, const Cursor& rules, CellType& type) {
  for (const auto& from : rules.items()) {
    engine::Rule rule;
    rule.signal = from["signal"].expression();
    rule.behaviour = from["behaviour"].text();
    const Dimension dimension = reading.behaviour_dimension(rule.behaviour, from["behaviour"].where());
    const auto signal = reading.signal_dimension(rule.signal.text);
    rule.increases = from["direction"].text() == "increases";
    rule.saturation = from["saturation"].number(dimension);
    if (from["base"].given()) rule.base = from["base"].number(dimension);
    rule.half = from["half"].number(signal);
    rule.hill = from["hill"].number();
    rule.threshold = from["threshold"].number_or(0, signal);
    rule.states = read_states(from["states"], type);
    rule.when = from["when"].maybe_expression();
    rule.where = from.where();
    type.rules.push_back(std::move(rule));
  }
}

void read_transitions(Reading& reading, const Cursor& transitions, CellType& type) {
  for (const auto& from : transitions.items()) {
    engine::Transition t;
    t.name = from["name"].text();
    t.from = read_states(from["from"], type);
    t.to_type = from["to_type"].text_or("");
    const auto types = reading.cell_type_names();
    if (!t.to_type.empty() && !contains(types, t.to_type))
      throw unknown_name("cell type", t.to_type, types, from["to_type"].where());
    t.to = from["to"].text_or("");
    t.leaves = from["leaves"].flag();
    if (t.to.empty() && t.to_type.empty() && !t.leaves)
      throw from["to"].missing("a transition leads to a state (to), to a cell type (to_type), or out (leaves = true)");
    for (const char* key : {"to", "to_type", "mark", "reset"}) {
      if (t.leaves && from[key].given())
        throw Error("E1213", "transition '" + t.name + "' removes the cell and also has '" + key + "'")
            .at(from[key].key_where())
            .help("keep one of them: a cell that leaves the model has no state afterwards");
    }
    auto states = nameable_states(type);
    if (!t.to_type.empty()) states = reading.root()["cell"][t.to_type]["states"].texts();
    if (!t.to.empty() && !contains(states, t.to))
      throw unknown_name("state of '" + (t.to_type.empty() ? type.name : t.to_type) + "'", t.to, states,
                         from["to"].where());
    t.hazard = from["hazard"].maybe_expression();
    t.when = from["when"].maybe_expression();
    if (t.hazard.has_value() == t.when.has_value()) {
      throw Error("E1213", "transition '" + t.name + "' needs either 'hazard' or 'when'")
          .at(from.where())
          .help("hazard is a rate (1/time), when is a condition");
    }
    t.mark = from["mark"].text_or("");
    for (const auto& [name, value] : from["reset"].members()) t.reset[name] = value.number();
    t.where = from.where();
    type.transitions.push_back(std::move(t));
  }
}

void read_coupling(Reading& reading, const Cursor& coupling, CellType& type) {
  if (coupling["inputs"].given() && type.network.empty()) {
    throw Error("E1205", "cell type '" + type.name + "' couples to a network but has none")
        .at(coupling["inputs"].where())
        .help("add network = \"NAME\" to [cell." + type.name + "]");
  }
  for (const auto& [input, expression] : coupling["inputs"].members())
    type.coupling.inputs.emplace_back(input, expression.expression());
  for (const auto& [quantity, behaviour] : coupling["outputs"].members()) {
    const std::string phrase = behaviour.text();
    static_cast<void>(reading.behaviour_dimension(phrase, behaviour.where()));
    SourcePosition where = behaviour.key_where();
    if (where.length == static_cast<int>(quantity.size()))
      --where.column;  // not quoted: positions count from before the text
    type.coupling.outputs.emplace_back(engine::Expression{quantity, where}, phrase);
  }
}

/// A hazard without a death model would have no duration: refuse it here, where the place is known.
void check_deaths(const Reading& reading, const Cursor& from, const CellType& type) {
  for (const std::string name : {"apoptosis", "necrosis"}) {
    if (std::any_of(type.deaths.begin(), type.deaths.end(), [&](const auto& d) { return d.name == name; })) continue;
    bool used = false;
    for (const auto& mechanism : reading.mechanisms) {
      for (const auto& p : mechanism.declaration.parameters) {
        if (p.behaviour != name) continue;
        const std::string key = mechanism.declaration.name + "." + p.name;
        const auto hazard = type.parameters.find(key);
        used = used || (hazard != type.parameters.end() && hazard->second > 0);
        for (const auto& state : type.state_parameters) used = used || state.contains(key);
      }
    }
    for (const auto& rule : type.rules) used = used || rule.behaviour == name;
    for (const auto& [expression, behaviour] : type.coupling.outputs) used = used || behaviour == name;
    if (!used) continue;
    throw Error("E1205", "cell type '" + type.name + "' can die by " + name + ", but [cell." + type.name + ".death." +
                             name + "] does not say how long that takes")
        .at(from.where())
        .help("give duration, final_volume_fraction and volume_rate");
  }
}

/// A supply without a target would only take the substrate away.
void check_supply(const Cursor& from, const CellType& type) {
  const std::string prefix = "supply.";
  for (const auto& [key, rate] : type.parameters) {
    if (!key.starts_with(prefix)) continue;
    const std::string substrate = key.substr(prefix.size());
    if (type.parameters.contains("supply_target." + substrate)) continue;
    throw Error("E1205", "cell type '" + type.name + "' supplies '" + substrate + "' toward no target")
        .at(from["supply"][substrate].key_where())
        .help("add [cell." + type.name + ".supply_target] " + substrate + " = \"…\", in the substrate's unit");
  }
}

void read_cell_type(Reading& reading, const std::string& name, const Cursor& from, CellType& type) {
  type.name = name;
  type.where = from.key_where();
  type.states = from["states"].texts();
  for (std::size_t i = 0; i < type.states.size(); ++i) {
    if (std::count(type.states.begin(), type.states.end(), type.states[i]) > 1) {
      throw Error("E1213", "state '" + type.states[i] + "' is listed twice")
          .at(from["states"].where())
          .help("list each state once");
    }
  }
  if (type.states.empty())
    throw Error("E1213", "a cell type has at least one state")
        .at(from["states"].where())
        .help("write states = [\"alive\"]");
  type.tumour = from["tumour"].flag();
  type.network = from["network"].text_or("");
  if (from["colour"].given()) reading.model.type_colours[name] = from["colour"].text();
  std::vector<std::string> networks;
  for (const auto& [network, cursor] : reading.root()["network"].members()) networks.push_back(network);
  if (!type.network.empty() && !contains(networks, type.network))
    throw unknown_name("network", type.network, networks, from["network"].where());
  read_deaths(from["death"], type);
  for (const auto& mechanism : reading.mechanisms) {
    read_mechanism(reading, from[mechanism.declaration.name], mechanism.declaration, type);
  }
  check_supply(from, type);
  read_state_tables(reading, from["state"], type);
  read_cycle(from["cycle"], type);
  read_rules(reading, from["rule"], type);
  read_transitions(reading, from["transition"], type);
  read_coupling(reading, from["coupling"], type);
  for (const auto& [parameter, row] : from["heterogeneity"].members()) {
    if (type.network.empty())
      throw Error("E1205", "heterogeneity varies parameters of a network, but the cell type has none")
          .at(row.key_where())
          .help("add network = \"NAME\"");
    type.heterogeneity.push_back({parameter, row["cv"].number()});
  }
  check_deaths(reading, from, type);
  read_initial_cells(reading, from, type);
  read_arrivals(from["arrival"], type);
}

}  // namespace

std::vector<std::string> nameable_states(const CellType& type) {
  auto names = type.states;
  for (const auto& death : type.deaths) names.push_back(death.name == "apoptosis" ? "apoptotic" : "necrotic");
  return names;
}

void read_cells(Reading& reading) {
  for (const auto& [name, from] : reading.root()["cell"].members()) {
    CellType type;
    read_cell_type(reading, name, from, type);
    reading.description().cell_types.push_back(std::move(type));
  }
  read_contact_signals(reading);
  read_attacks(reading);
}

}  // namespace senoma::model
