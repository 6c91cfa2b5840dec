#include "model/layers.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "model/scalar.h"

namespace senoma::model {

void no_such(const char* code, const std::string& what, const std::string& name, const std::vector<std::string>& names,
             const SourcePosition& where) {
  Error error(code, "there is no " + what + " '" + name + "'");
  error.at(where);
  if (const auto near = nearest_name(name, names); !near.empty()) error.help("did you mean '" + near + "'?");
  std::string list;
  for (const auto& known : names) list += (list.empty() ? "" : ", ") + known;
  error.help(list.empty() ? "the file has no " + what + "s" : "it has: " + list);
  throw error;
}

void apply_profile(Value& root, const std::string& name, const std::string& file) {
  const Value* profiles = root.find("profiles");
  std::vector<std::string> names;
  if (profiles) {
    for (const auto& m : profiles->members) names.push_back(m.key);
  }
  const Value* chosen = profiles ? profiles->find(name) : nullptr;
  if (!chosen) no_such("E1107", "profile", name, names, {file, 0, 0, 0});
  if (!chosen->is_table()) {
    throw Error("E1107", "a profile is a table of keys")
        .at(chosen->where)
        .label(describe(chosen->kind))
        .help("write [profiles." + name + "]");
  }
  Value layer = *chosen;
  set_layer(layer, "profile " + name);
  merge(root, layer);
}

namespace {

Error shifted(Error error, const SourcePosition& base) {
  SourcePosition where = base;
  if (error.position()) {
    where.column += error.position()->column - 1;
    where.length = error.position()->length;
  }
  error.at(where);
  return error;
}

void assign_at(Value& root, const std::string& path, const SourcePosition& path_where, const Value& value) {
  try {
    assign(root, path, path_where, value);
  } catch (Error& error) {
    throw shifted(error, path_where);
  }
}

/// The list at `path` with the items of `list` behind its own; tables on the way to lists are walked.
void append(Value& root, const std::string& path, const SourcePosition& path_where, Value list) {
  if (list.is_table() && !list.members.empty()) {
    for (const auto& below : list.members) append(root, join_path(path, below.key), below.key_where, below.value);
    return;
  }
  if (!list.is_array()) {
    throw Error("E1110", "'add' takes lists: add." + path + " = [ … ]")
        .at(list.where)
        .label(describe(list.kind))
        .help("wrap the value in [ ]");
  }
  Value* at = &root;
  for (const auto& part : parse_path(path)) {
    if (!std::holds_alternative<std::string>(part.step)) {
      at = nullptr;
    } else {
      at = at->is_table() ? at->find(std::get<std::string>(part.step)) : nullptr;
    }
    if (!at) break;
  }
  if (at && at->is_array()) {
    list.items.insert(list.items.begin(), at->items.begin(), at->items.end());
  }
  assign_at(root, path, path_where, list);
}

}  // namespace

void apply_changes(Value& root, const Value& from, const std::string& layer) {
  for (const char* kind : {"set", "add"}) {
    const Value* changes = from.find(kind);
    if (!changes) continue;
    if (!changes->is_table()) {
      throw Error("E1110", std::string("'") + kind + "' is a table of keys")
          .at(changes->where)
          .label(describe(changes->kind))
          .help("write set = { \"time.duration\" = \"30 d\" }");
    }
    for (auto change : changes->members) {
      set_layer(change.value, layer);
      if (std::string_view(kind) == "add") {
        append(root, change.key, change.key_where, change.value);
        continue;
      }
      SourcePosition where = change.key_where;
      if (where.length == static_cast<int>(change.key.size()) + 2)
        ++where.column;  // quoted: the path starts after the quote
      const bool one_key = where.length == static_cast<int>(change.key.size());
      assign_at(root, one_key ? quote_key(change.key) : change.key, where, change.value);
    }
  }
}

const Value& find_arm(const Value& root, const std::string& name, const std::string& file) {
  const Value* arms = root.find("arm");
  std::vector<std::string> names;
  if (arms && arms->is_array()) {
    for (const auto& arm : arms->items) {
      const Value* its_name = arm.is_table() ? arm.find("name") : nullptr;
      if (!its_name || !its_name->is_text()) continue;
      if (its_name->text == name) return arm;
      names.push_back(its_name->text);
    }
  }
  no_such("E1108", "arm", name, names, {file, 0, 0, 0});
}

void apply_arm(Value& root, const std::string& name, const std::string& file) {
  const Value arm = find_arm(root, name, file);  // a copy: assignments may move it
  apply_changes(root, arm, "arm " + name);
}

namespace {

/// "1.5 um/min" × 0.25 → "0.375 um/min". The number is read as it is written, so that its unit stays.
Value scaled_value(const Value& annotated, const StudyLayer::Scaled& scaled) {
  const Value& value = plain(annotated);
  const auto refuse = [&](const std::string& why) {
    return Error("E1110", "'" + scaled.key + "' cannot be scaled: " + why)
        .at(scaled.where)
        .help("scale takes key paths of numbers, \"cell.TYPE.secretion.NAME\"");
  };
  Value result;
  result.where = scaled.where;
  if (value.is_number()) {
    result.kind = Value::Kind::real;
    result.real = value.real * scaled.factor;
    return result;
  }
  if (!value.is_text()) throw refuse(std::string("it is a ") + describe(value.kind));
  const std::string unit = unit_of(value);
  try {
    const Quantity whole = parse_quantity(value.text), one = parse_quantity("1 " + unit);
    result.kind = Value::Kind::text;
    result.text = fmt::format("{} {}", whole.value / one.value * scaled.factor, unit);
  } catch (const Error&) {
    throw refuse("\"" + value.text + "\" is no number with a unit");
  }
  return result;
}

}  // namespace

void scale_values(Value& root, const StudyLayer& layer) {
  for (const auto& scaled : layer.scaled) {
    const Found found = find_path(root, scaled.key);
    if (!found.whole) {
      std::vector<std::string> near;
      if (found.value->is_table()) {
        for (const auto& m : found.value->members) near.push_back(m.key);
      }
      no_such("E1110", "value", scaled.key, near, scaled.where);
    }
    Value value = scaled_value(*found.value, scaled);
    set_layer(value, layer.name);
    assign_at(root, scaled.key, scaled.where, value);
  }
}

namespace {

Value override_value(const std::string& text, int line, int column) {
  Value value;
  value.kind = Value::Kind::text;
  value.text = text;
  try {
    const Value table = parse_toml("v = " + text + "\n", command_line);
    if (table.members.size() == 1 && table.find("v")) value = *table.find("v");
  } catch (const Error& error) {
    if (!text.empty() && (text[0] == '[' || text[0] == '{' || text[0] == '"' || text[0] == '\'')) {
      throw Error("E1109", "the value of the override is " + error.message())
          .at({command_line, line, column, static_cast<int>(text.size())})
          .help("in a shell, put the whole override in single quotes: -s 'time.duration=\"30 d\"'");
    }
  }
  // Places inside the value: the parsed text had 4 bytes before it, the command line has column − 1.
  const auto move = [&](auto&& self, Value& v) -> void {
    v.where = v.where.column > 4 ? SourcePosition{command_line, line, v.where.column - 4 + column - 1, v.where.length}
                                 : SourcePosition{command_line, line, column, static_cast<int>(text.size())};
    for (auto& item : v.items) self(self, item);
    for (auto& m : v.members) {
      m.key_where = {command_line, line, m.key_where.column - 4 + column - 1, m.key_where.length};
      self(self, m.value);
    }
  };
  move(move, value);
  return value;
}

}  // namespace

void apply_override(Value& root, const std::string& text, int line) {
  const std::size_t equals = [&] {
    char quote = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (quote) {
        if (text[i] == quote) quote = 0;
      } else if (text[i] == '"' || text[i] == '\'') {
        quote = text[i];
      } else if (text[i] == '=') {
        return i;
      }
    }
    return std::string::npos;
  }();
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    throw Error("E1109", "an override is key=value, not '" + text + "'")
        .at({command_line, line, 1, static_cast<int>(text.size())})
        .help("for example -s time.duration=\"30 d\"");
  }
  const auto trimmed = [](std::string s) {
    s.erase(0, std::min(s.size(), s.find_first_not_of(' ')));
    while (!s.empty() && s.back() == ' ') s.pop_back();
    return s;
  };
  const std::string key = trimmed(text.substr(0, equals));
  const std::string value_text = trimmed(text.substr(equals + 1));
  Value value = override_value(value_text, line, static_cast<int>(text.find(value_text, equals + 1)) + 1);
  set_layer(value, command_line);
  assign_at(root, key, {command_line, line, static_cast<int>(text.find(key)) + 1, static_cast<int>(key.size())}, value);
}

}  // namespace senoma::model
