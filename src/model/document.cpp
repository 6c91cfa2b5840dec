#include "model/document.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace senoma::model {

namespace fs = std::filesystem;

std::string read_text(const std::string& path, const SourcePosition& asked_from) {
  const auto place = [&](Error error) {
    if (!asked_from.file.empty()) error.at(asked_from);
    return error;
  };
  std::error_code status;
  if (!fs::exists(path, status)) {
    throw place(Error("E1101", "there is no file '" + path + "'", ErrorKind::input_output)
                    .help("check the path; 'senoma examples' lists the models that come with Senoma"));
  }
  if (fs::is_directory(path, status)) {
    throw place(Error("E1102", "'" + path + "' is a folder, not a file", ErrorKind::input_output)
                    .help("name the .toml file inside it"));
  }
  if (!fs::is_regular_file(path, status) && !fs::is_fifo(path, status)) {
    throw place(
        Error("E1102", "'" + path + "' is a device, not a file", ErrorKind::input_output).help("name a .toml file"));
  }
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in)
    throw place(Error("E1102", "cannot read '" + path + "'", ErrorKind::input_output).help("check its permissions"));
  return text;
}

std::string resolve_path(const std::string& path, const SourcePosition& written) {
  const fs::path given(path);
  if (given.is_absolute() || written.file.empty() || written.file == command_line) return path;
  return (fs::path(written.file).parent_path() / given).lexically_normal().string();
}

namespace {

struct Composer {
  Document& document;
  std::map<std::string, std::string>& sources;
  std::vector<std::string> open;  // files being read, for the circle check

  Value read(const std::string& path, const SourcePosition& asked_from) {
    std::error_code status;
    const std::string identity = fs::weakly_canonical(path, status).string();
    if (std::find(open.begin(), open.end(), identity) != open.end()) {
      std::string chain;
      for (const auto& file : open) chain += fs::path(file).filename().string() + " -> ";
      throw Error("E1106", "the file extends itself: " + chain + fs::path(path).filename().string())
          .at(asked_from)
          .help("remove one link of the circle");
    }
    if (!sources.contains(path)) sources[path] = read_text(path, asked_from);
    Value own = parse_toml(sources[path], path);
    open.push_back(identity);
    Value merged = bases(own);
    open.pop_back();
    own.erase("extends");
    const Value additions = additions_of(own);
    merge(merged, own);
    merge(merged, additions);
    document.files.push_back(path);
    return merged;
  }

  /// Takes [add] out of a file: the same tables, their lists marked as additions.
  static Value additions_of(Value& own) {
    Value additions;
    additions.kind = Value::Kind::table;
    additions.header = true;
    const Value* add = own.find("add");
    if (!add) return additions;
    if (!add->is_table()) {
      throw Error("E1110", "'add' is a table of lists")
          .at(add->where)
          .label(describe(add->kind))
          .help("write [[add.readout]], or [add] readout = [ … ]");
    }
    additions = *add;
    own.erase("add");
    mark_lists(additions, "add");
    return additions;
  }

  static void mark_lists(Value& table, const std::string& path) {
    for (auto& member : table.members) {
      const std::string key = join_path(path, member.key);
      if (member.value.is_table()) {
        mark_lists(member.value, key);
      } else if (member.value.is_array()) {
        member.value.added = true;
      } else {
        throw Error("E1110", "'add' takes lists: " + key + " = [ … ]")
            .at(member.value.where)
            .label(describe(member.value.kind))
            .help("wrap the value in [ ]");
      }
    }
  }

  Value bases(const Value& own) {
    Value merged;
    merged.kind = Value::Kind::table;
    merged.header = true;
    const Value* extends = own.find("extends");
    if (!extends) return merged;
    std::vector<Value> list = extends->is_array() ? extends->items : std::vector<Value>{*extends};
    for (const auto& item : list) {
      if (!item.is_text()) {
        throw Error("E1106", "'extends' is a file name or a list of file names")
            .at(item.where)
            .label(describe(item.kind))
            .help("write extends = \"base.toml\"");
      }
      merge(merged, read(resolve_path(item.text, item.where), item.where));
    }
    return merged;
  }
};

[[noreturn]] void no_such(const char* code, const std::string& what, const std::string& name,
                          const std::vector<std::string>& names, const std::string& file) {
  Error error(code, "there is no " + what + " '" + name + "'");
  error.at({file, 0, 0, 0});
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
  if (!chosen) no_such("E1107", "profile", name, names, file);
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

void append(Value& root, const Member& addition) {
  Value list = addition.value;
  if (!list.is_array()) {
    throw Error("E1110", "'add' takes lists: add." + addition.key + " = [ … ]")
        .at(list.where)
        .label(describe(list.kind))
        .help("wrap the value in [ ]");
  }
  Value* at = &root;
  for (const auto& part : parse_path(addition.key)) {
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
  assign_at(root, addition.key, addition.key_where, list);
}

void apply_arm(Value& root, const std::string& name, const std::string& file) {
  const Value* arms = root.find("arm");
  std::vector<std::string> names;
  const Value* chosen = nullptr;
  for (const auto& arm : arms && arms->is_array() ? arms->items : std::vector<Value>{}) {
    const Value* its_name = arm.is_table() ? arm.find("name") : nullptr;
    if (!its_name || !its_name->is_text()) continue;
    names.push_back(its_name->text);
  }
  if (arms && arms->is_array()) {
    for (const auto& arm : arms->items) {
      const Value* its_name = arm.is_table() ? arm.find("name") : nullptr;
      if (its_name && its_name->is_text() && its_name->text == name) chosen = &arm;
    }
  }
  if (!chosen) no_such("E1108", "arm", name, names, file);
  const Value arm = *chosen;  // assignments below may move it
  for (const char* kind : {"set", "add"}) {
    const Value* changes = arm.find(kind);
    if (!changes) continue;
    if (!changes->is_table()) {
      throw Error("E1110", std::string("'") + kind + "' of an arm is a table of keys")
          .at(changes->where)
          .label(describe(changes->kind))
          .help("write set = { \"time.duration\" = \"30 d\" }");
    }
    for (auto change : changes->members) {
      set_layer(change.value, "arm " + name);
      if (std::string_view(kind) == "add") {
        append(root, change);
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

void note_differences(const Value& before, const Value& after, std::vector<Difference>& out) {
  const auto keep = [](const Leaf& leaf) {
    return !leaf.path.starts_with("profiles.") && !leaf.path.starts_with("arm[");
  };
  std::map<std::string, std::string> old;
  for (const auto& leaf : leaves(before)) {
    if (keep(leaf)) old[leaf.path] = leaf.text;
  }
  for (const auto& leaf : leaves(after)) {
    if (!keep(leaf)) continue;
    const auto was = old.find(leaf.path);
    if (was == old.end() || was->second != leaf.text) {
      out.push_back({leaf.path, was == old.end() ? "" : was->second, leaf.text, leaf.layer});
    }
    if (was != old.end()) old.erase(was);
  }
  for (const auto& [path, text] : old) out.push_back({path, text, "", "removed"});
}

}  // namespace

Document compose(const std::string& path, const LoadOptions& options, std::map<std::string, std::string>& sources) {
  Document document;
  document.path = path;
  Composer composer{document, sources, {}};
  document.root = composer.read(path, {});
  document.root.where = {path, 0, 0, 0};
  const Value before = document.root;
  if (!options.profile.empty()) apply_profile(document.root, options.profile, path);
  if (!options.arm.empty()) apply_arm(document.root, options.arm, path);
  std::string typed;
  for (const auto& text : options.overrides) typed += text + "\n";
  if (!typed.empty()) sources[command_line] = typed;
  int line = 0;
  for (const auto& text : options.overrides) apply_override(document.root, text, ++line);
  note_differences(before, document.root, document.differences);
  document.sources = sources;
  return document;
}

}  // namespace senoma::model
