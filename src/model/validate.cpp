#include "model/validate.h"

#include <algorithm>
#include <charconv>

#include "model/document.h"
#include "model/scalar.h"

namespace senoma::model {

namespace {

const std::vector<std::string> grades = {"found", "recalled", "computed", "assumption", "calibrated", "convention"};

std::string table_words(const std::string& path) {
  return path.empty() ? "at the top of the file" : "in [" + path + "]";
}

/// Provenance written beside a value or inherited from the row or table around it.
struct Annotation {
  std::string source, grade, prior, note;
};

class Walker {
 public:
  explicit Walker(const Registry& registry) : registry_(registry) {}

  void table(const Value& value, const Node& node, const std::string& path, Annotation around) {
    read_annotation(value, node, around);
    for (const auto& member : value.members) {
      if (is_annotation_here(member, node)) continue;
      const std::string below = join_path(path, member.key);
      const Node* next = path.empty() && member.key == "profiles" ? nullptr : node.child(member.key);
      if (path.empty() && member.key == "profiles") {
        profiles(member.value);
        continue;
      }
      if (!next) throw unknown_key(member, node, path);
      one(member.value, *next, below, around);
    }
    required(value, node, path);
  }

  std::vector<Parameter> rows;

 private:
  /// source, grade and note may stand in any table whose names are not the model's own.
  static bool is_annotation_here(const Member& member, const Node& node) {
    return is_annotation_key(member.key) && !node.children.contains(member.key) && annotations_allowed(node);
  }
  static bool annotations_allowed(const Node& node) { return !node.names_are_free() || !node.key.mechanism.empty(); }

  void read_annotation(const Value& value, const Node& node, Annotation& into) {
    if (!value.is_table()) return;
    for (const auto& member : value.members) {
      if (!is_annotation_key(member.key) || !(is_annotated(value) || is_annotation_here(member, node))) continue;
      if (!member.value.is_text()) {
        throw Error("E1202", "'" + member.key + "' is a text")
            .at(member.value.where)
            .label(describe(member.value.kind))
            .help("write it in quotes");
      }
      const std::string& text = member.value.text;
      if (member.key == "source") into.source = text;
      if (member.key == "note") into.note = text;
      if (member.key == "prior") {
        static_cast<void>(parse_prior(member.value));
        into.prior = text;
      }
      if (member.key == "grade") {
        if (std::find(grades.begin(), grades.end(), text) == grades.end()) {
          Error error("E1202", "there is no grade \"" + text + "\"");
          error.at(member.value.where).label("one of found, recalled, computed, assumption, calibrated, convention");
          if (const auto near = nearest_name(text, grades); !near.empty()) error.help("did you mean \"" + near + "\"?");
          throw error;
        }
        into.grade = text;
      }
    }
  }

  void required(const Value& value, const Node& node, const std::string& path) const {
    if (in_profile_) return;
    for (const auto& [name, child] : node.children) {
      if (!child->key.is_required || value.find(name)) continue;
      throw Error("E1205", (path.empty() ? "the file" : "[" + path + "]") + " needs '" + name + "'")
          .at(value.where)
          .label("'" + name + "' (" + describe(child->key) + ") is missing")
          .help(child->key.doc);
    }
  }

  void profiles(const Value& value) {
    if (!value.is_table())
      throw Error("E1202", "'profiles' is a table of tables")
          .at(value.where)
          .label(describe(value.kind))
          .help("write [profiles.quick]");
    const auto kept = rows;
    in_profile_ = true;
    for (const auto& profile : value.members) {
      if (!profile.value.is_table()) {
        throw Error("E1202", "a profile is a table of keys")
            .at(profile.value.where)
            .label(describe(profile.value.kind))
            .help("write [profiles." + profile.key + "]");
      }
      table(profile.value, registry_.root(), "", {});
    }
    in_profile_ = false;
    rows = kept;
  }

  void one(const Value& value, const Node& node, const std::string& path, const Annotation& around) {
    const Key& key = node.key;
    if (key.kind == Kind::any) return;
    if (key.kind == Kind::list_of_tables) return list_of_tables(value, node, path, around);
    const bool has_children = !node.children.empty() || node.any || !node.endings.empty();
    if (value.is_table() && has_children && !is_annotated_leaf(value, node)) return table(value, node, path, around);
    if (key.kind == Kind::table) {
      if (key.or_single && node.children.contains("hazard"))
        return leaf(value, node.children.at("hazard")->key, path, around);
      throw wrong_kind(value, key, path);
    }
    leaf(value, key, path, around);
  }

  /// { value = …, source = … } where the table itself could also hold keys of its own (a boundary's face has `value`).
  static bool is_annotated_leaf(const Value& value, const Node& node) {
    return is_annotated(value) && !node.children.contains("value");
  }

  void list_of_tables(const Value& value, const Node& node, const std::string& path, const Annotation& around) {
    if (!value.is_array()) {
      throw Error("E1202", "'" + path + "' has the wrong kind of value")
          .at(value.where)
          .label(std::string(describe(value.kind)) + "; '" + leaf_name(path) + "' is a list of tables")
          .help("write [[" + path + "]] above each, or " + leaf_name(path) + " = [ { … } ]");
    }
    for (std::size_t i = 0; i < value.items.size(); ++i) {
      const std::string below = path + "[" + std::to_string(i) + "]";
      if (!value.items[i].is_table()) {
        throw Error("E1202", "'" + below + "' has the wrong kind of value")
            .at(value.items[i].where)
            .label(std::string(describe(value.items[i].kind)) + "; a table is expected")
            .help("write " + leaf_name(path) + " = [ { … } ]");
      }
      table(value.items[i], *node.item, below, around);
    }
  }

  void leaf(const Value& annotated, const Key& key, const std::string& path, Annotation around) {
    if (is_annotated(annotated)) read_annotation(annotated, Node{}, around);
    const Value& value = plain(annotated);
    if (value.is_table() && value.find("value")) {  // an annotated value with a key that is none
      for (const auto& m : value.members) {
        if (m.key == "value" || is_annotation_key(m.key)) continue;
        throw Error("E1201", "unknown key '" + m.key + "' in the value '" + path + "'")
            .at(m.key_where)
            .help("a value may carry: value, source, grade, prior, note");
      }
    }
    if (!key.is_list) return scalar(value, key, path, around);
    if (!value.is_array()) {
      if (!key.or_single) throw wrong_kind(value, key, path);
      return scalar(value, key, path, around);
    }
    for (std::size_t i = 0; i < value.items.size(); ++i)
      scalar(value.items[i], key, path + "[" + std::to_string(i) + "]", around);
  }

  void scalar(const Value& value, const Key& key, const std::string& path, const Annotation& a) {
    switch (key.kind) {
      case Kind::quantity:
      case Kind::number:
      case Kind::count: {
        static_cast<void>(read_number(value, key, path));
        if (path.starts_with("cohort.") || path.starts_with("finding.")) return;  // no value of the model
        const Value& bare = plain(value);
        rows.push_back({path, bare.is_text() ? bare.text : to_toml(bare), unit_of(bare), a.source, a.grade, a.prior,
                        a.note, origin_of(bare.where), bare.layer});
        return;
      }
      case Kind::boolean:
        static_cast<void>(read_boolean(value, path));
        return;
      case Kind::text:
      case Kind::choice:
      case Kind::file:
        static_cast<void>(read_text_value(value, key, path));
        return;
      case Kind::expression:
        static_cast<void>(read_expression(value, path));
        return;
      default:
        throw wrong_kind(value, key, path);
    }
  }

  const Registry& registry_;
  bool in_profile_ = false;
};

}  // namespace

std::string origin_of(const SourcePosition& where) {
  if (where.file == command_line || where.line == 0) return where.file;
  return where.file + ":" + std::to_string(where.line);
}

Error unknown_key(const Member& member, const Node& node, const std::string& path) {
  const auto names = node.names();
  Error error("E1201", "unknown key '" + member.key + "' " + table_words(path));
  error.at(member.key_where);
  if (const auto near = nearest_name(member.key, names); !near.empty()) error.help("did you mean '" + near + "'?");
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ", ") + name;
  if (!list.empty()) error.help("keys here: " + list);
  return error;
}

Prior parse_prior(const Value& value) {
  const auto refuse = [&](const std::string& what) -> Error {
    return Error("E1208", "the prior \"" + value.text + "\" " + what)
        .at(value.where)
        .help(
            "write loguniform(a, b), uniform(a, b), normal(mean, sd) or lognormal(median, sd of ln), in the value's own unit");
  };
  std::string text;
  std::remove_copy_if(value.text.begin(), value.text.end(), std::back_inserter(text),
                      [](char c) { return c == ' ' || c == '\t'; });
  const auto open = text.find('(');
  const auto comma = text.find(',');
  if (open == std::string::npos || comma == std::string::npos || comma < open || text.back() != ')')
    throw refuse("is malformed");
  Prior prior;
  prior.kind = text.substr(0, open);
  const auto number = [&](std::size_t from, std::size_t to, double& into) {
    const auto [end, status] = std::from_chars(text.data() + from, text.data() + to, into);
    if (status != std::errc{} || end != text.data() + to) throw refuse("needs two numbers");
  };
  number(open + 1, comma, prior.a);
  number(comma + 1, text.size() - 1, prior.b);
  const bool interval = prior.kind == "loguniform" || prior.kind == "uniform";
  if (!interval && prior.kind != "normal" && prior.kind != "lognormal") throw refuse("names no known distribution");
  if (interval && prior.b <= prior.a) throw refuse("has an empty interval");
  if (!interval && prior.b <= 0) throw refuse("has a standard deviation that is not positive");
  if ((prior.kind == "loguniform" || prior.kind == "lognormal") && prior.a <= 0) throw refuse("needs positive numbers");
  return prior;
}

std::vector<Parameter> validate(const Value& root, const Registry& registry) {
  Walker walker(registry);
  walker.table(root, registry.root(), "", {});
  return std::move(walker.rows);
}

}  // namespace senoma::model
