// [compare] of an experiment file → CompareSpec. The table is free in the registry of keys, so everything is checked
// here.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "study/compare.h"

namespace senoma::study {

namespace {

using model::plain;
using model::Value;

[[noreturn]] void refuse(const Value& at, const std::string& what, const std::string& help) {
  throw Error("E8001", what).at(at.where).help(help);
}

const Value& need(const Value& table, const char* key, const std::string& help) {
  const Value* found = table.find(key);
  if (!found) refuse(table, fmt::format("[compare] needs '{}'", key), help);
  return plain(*found);
}

std::string text_of(const Value& value, const std::string& what) {
  if (!value.is_text()) refuse(value, what + " must be a text", "write it in quotes");
  return value.text;
}

std::vector<std::string> texts_of(const Value& value, const std::string& what) {
  std::vector<std::string> list;
  if (value.is_array()) {
    for (const auto& item : value.items) list.push_back(text_of(plain(item), what));
  } else {
    list.push_back(text_of(value, what));
  }
  return list;
}

double time_of(const Value& value, const std::string& what) {
  try {
    return convert_to(parse_quantity(text_of(value, what)), dim::time);
  } catch (Error& error) {
    refuse(value, what + ": " + error.message(), "write a time with its unit: \"15 h\"");
  }
}

/// A value with a unit becomes a number in internal units, anything else stays a text.
ConditionValue condition_of(const Value& value) {
  if (value.is_number()) return value.real;
  if (value.is_text()) {
    try {
      const Quantity q = parse_quantity(value.text);
      return q.value;
    } catch (const Error&) {
      return value.text;
    }
  }
  refuse(value, "a condition must be a text or a number", "write line = \"A375\" or dose = \"8 uM\"");
}

}  // namespace

CompareSpec read_compare(const Value& table, const model::ExperimentSpec& experiment) {
  if (!table.is_table())
    throw Error("E8001", "the experiment has no table [compare]").help("`senoma compare --help` shows what it holds");
  static const std::vector<std::string> known{"readout", "window",    "columns",    "match",  "units",   "filter",
                                              "fitted",  "condition", "duplicates", "source", "citation"};
  for (const auto& m : table.members) {
    if (std::find(known.begin(), known.end(), m.key) != known.end()) continue;
    Error error("E8001", "[compare] has no key '" + m.key + "'");
    error.at(m.key_where);
    const std::string near = nearest_name(m.key, known);
    error.help(near.empty() ? "keys here: readout, window, columns, match, units, filter, fitted, duplicates, condition"
                            : "did you mean '" + near + "'?");
    throw error;
  }
  CompareSpec spec;
  spec.readout = text_of(need(table, "readout", "name the readout that counts cells"), "compare.readout");
  const Value& window = need(table, "window", "write window = [\"15 h\", \"100 h\"]");
  if (!window.is_array() || window.items.size() != 2)
    refuse(window, "compare.window must be a list of two times", "write window = [\"15 h\", \"100 h\"]");
  spec.window_from = time_of(plain(window.items[0]), "compare.window");
  spec.window_to = time_of(plain(window.items[1]), "compare.window");
  if (!(spec.window_to > spec.window_from))
    refuse(window, "compare.window ends before it begins", "the second time must be later");
  const Value& columns = need(table, "columns", "write columns = { time = \"…\", count = \"…\", well = \"…\" }");
  spec.time_column = text_of(need(columns, "time", "name the column of times"), "compare.columns.time");
  spec.count_column = text_of(need(columns, "count", "name the column of counts"), "compare.columns.count");
  spec.well_columns =
      texts_of(need(columns, "well", "name the column (or columns) that tell one time course from another"),
               "compare.columns.well");
  if (const Value* unit = columns.find("time_unit")) {
    const std::string text = text_of(plain(*unit), "compare.columns.time_unit");
    try {
      spec.time_unit = convert_to(parse_unit(text), dim::time);
    } catch (Error& error) {
      refuse(*unit, error.message(), "a unit of time: \"h\"");
    }
  }
  for (const auto& m : need(table, "match", "write match = { dose = \"Conc\" }").members)
    spec.match[m.key] = text_of(plain(m.value), "compare.match");
  if (const Value* units = table.find("units")) {
    for (const auto& m : units->members) {
      spec.units[m.key] = text_of(plain(m.value), "compare.units");
      static_cast<void>(parse_unit(spec.units[m.key]));
      if (!spec.match.contains(m.key))
        refuse(m.value, fmt::format("compare.units.{} has no column in compare.match", m.key),
               "units belong to conditions of `match`");
    }
  }
  if (const Value* filter = table.find("filter")) {
    for (const auto& m : filter->members) spec.filter[m.key] = texts_of(plain(m.value), "compare.filter");
  }
  if (const Value* duplicates = table.find("duplicates")) {
    const std::string rule = text_of(*duplicates, "compare.duplicates");
    if (rule != "refuse" && rule != "keep")
      refuse(*duplicates, "compare.duplicates is \"refuse\" or \"keep\"",
             "write duplicates = \"keep\" when a well was counted twice at one time");
    spec.keep_duplicates = rule == "keep";
  }
  std::set<std::string> arms;
  for (const auto& arm : experiment.arms) arms.insert(arm.name);
  for (const auto& m : need(table, "condition", "add [compare.condition.ARM] for each arm to compare").members) {
    if (!arms.empty() && !arms.contains(m.key))
      throw Error("E8001", "[compare.condition] names no arm '" + m.key + "'")
          .at(m.key_where)
          .help("use the names under [[arm]]");
    for (const auto& c : m.value.members) {
      if (!spec.match.contains(c.key))
        throw Error("E8001", "condition '" + c.key + "' has no column in compare.match")
            .at(c.key_where)
            .help("add it to `match`");
      spec.conditions[m.key][c.key] = condition_of(plain(c.value));
    }
    for (const auto& [name, column] : spec.match) {
      if (!spec.conditions[m.key].contains(name))
        refuse(m.value, fmt::format("the condition of arm '{}' lacks '{}'", m.key, name),
               "give a value for every name in `match`");
    }
  }
  if (const Value* fitted = table.find("fitted")) {
    spec.fitted = texts_of(plain(*fitted), "compare.fitted");
    for (const auto& arm : spec.fitted) {
      if (!spec.conditions.contains(arm))
        refuse(*fitted, "compare.fitted names '" + arm + "', which has no condition",
               "use the names under [compare.condition]");
    }
  }
  return spec;
}

}  // namespace senoma::study
