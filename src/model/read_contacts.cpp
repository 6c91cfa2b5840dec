// What cells of one type have to do with those they touch: [cell.TYPE.contact.NAME],
// [cell.TYPE.attack.TARGETTYPE], [cell.TYPE.recognition].
#include <algorithm>

#include "model/reading.h"

namespace senoma::model {

namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// A list of the model's cell types; E1206 for others.
std::vector<std::string> read_types(const Reading& reading, const Cursor& list) {
  std::vector<std::string> names;
  for (const auto& item : list.items()) {
    names.push_back(read_text_value(*item.value(), list.key(), item.path()));
    if (const auto known = reading.cell_type_names(); !contains(known, names.back()))
      throw unknown_name("cell type", names.back(), known, item.where());
  }
  return names;
}

/// States that some of the types (all, when none are named) have; E1206 for others.
std::vector<std::string> read_states_of(Reading& reading, const Cursor& list, const std::vector<std::string>& types) {
  std::vector<std::string> known, states;
  for (const auto& type : reading.description().cell_types) {
    if (!types.empty() && !contains(types, type.name)) continue;
    for (auto& state : nameable_states(type)) known.push_back(std::move(state));
  }
  for (const auto& item : list.items()) {
    states.push_back(read_text_value(*item.value(), list.key(), item.path()));
    if (!contains(known, states.back())) throw unknown_name("state", states.back(), known, item.where());
  }
  return states;
}

}  // namespace

void read_contact_signals(Reading& reading) {
  for (auto& type : reading.description().cell_types) {
    for (const auto& [name, from] : reading.root()["cell"][type.name]["contact"].members()) {
      engine::ContactSignal signal;
      signal.name = name;
      signal.where = from.key_where();
      if (!from["value"].given()) throw from["value"].missing("an expression over the touching cell's signals");
      signal.value = from["value"].expression();
      signal.from = read_types(reading, from["from"]);
      signal.states = read_states_of(reading, from["states"], signal.from);
      signal.mean = from["as"].text() == "mean";
      type.contacts.push_back(std::move(signal));
    }
  }
}

namespace {

bool is_dying(const engine::CellType& type, const std::string& state) { return !contains(type.states, state); }

void read_attack(Reading& reading, const std::string& target, const Cursor& from, engine::CellType& type) {
  if (const auto known = reading.cell_type_names(); !contains(known, target))
    throw unknown_name("cell type", target, known, from.key_where());
  auto& types = reading.description().cell_types;
  const auto& other = *std::find_if(types.begin(), types.end(), [&](const auto& t) { return t.name == target; });
  engine::Attack attack;
  attack.target = target;
  attack.where = from.key_where();
  attack.duration = from["duration"].number();
  attack.death = from["death"].text();
  attack.states = read_states_of(reading, from["states"], {target});
  const bool dies = attack.death != "removal";
  const bool can = std::any_of(other.deaths.begin(), other.deaths.end(),
                               [&](const auto& death) { return death.name == attack.death; });
  if (dies && !can) {
    throw Error("E1205", "'" + type.name + "' kills '" + target + "' by " + attack.death + ", but [cell." + target +
                             ".death." + attack.death + "] does not say how long that takes")
        .at(from["death"].where())
        .help("give duration, final_volume_fraction and volume_rate there, or write death = \"removal\"");
  }
  if (dies && std::any_of(attack.states.begin(), attack.states.end(),
                          [&](const auto& state) { return is_dying(other, state); })) {
    throw Error("E1213", "a cell that is dying already cannot be killed")
        .at(from["states"].where())
        .help("write death = \"removal\" for the removal of dead cells");
  }
  type.parameters["attack." + target] = from["rate"].number();
  type.attacks.push_back(std::move(attack));
}

}  // namespace

void read_attacks(Reading& reading) {
  auto& types = reading.description().cell_types;
  for (auto& type : types) {
    for (const auto& [target, from] : reading.root()["cell"][type.name]["attack"].members())
      read_attack(reading, target, from, type);
  }
  for (auto& type : types) {
    std::vector<std::string> attackers;
    for (const auto& other : types) {
      if (std::any_of(other.attacks.begin(), other.attacks.end(), [&](const auto& a) { return a.target == type.name; }))
        attackers.push_back(other.name);
    }
    for (const auto& [attacker, weight] : reading.root()["cell"][type.name]["recognition"].members()) {
      if (!contains(attackers, attacker))
        throw unknown_name("cell type that attacks '" + type.name + "'", attacker, attackers, weight.key_where());
      type.recognition[attacker] = weight.expression();
    }
  }
}

}  // namespace senoma::model
