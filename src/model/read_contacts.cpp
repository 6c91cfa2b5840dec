// What cells of one type have to do with those they touch: [cell.TYPE.contact.NAME].
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

}  // namespace senoma::model
