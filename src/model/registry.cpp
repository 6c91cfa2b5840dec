#include "model/registry.h"

#include <algorithm>

#include "model/value.h"

namespace senoma::model {

const Node* Node::child(const std::string& name) const {
  if (const auto found = children.find(name); found != children.end()) return found->second.get();
  for (const auto& [ending, node] : endings) {
    if (name.size() > ending.size() && name.ends_with(ending)) return node.get();
  }
  if (const auto dot = name.find('.'); dotted_keys && dot != std::string::npos) {
    const Node* table = child(name.substr(0, dot));
    return table ? table->child(name.substr(dot + 1)) : nullptr;
  }
  return any.get();
}

std::vector<std::string> Node::names() const {
  std::vector<std::string> result;
  for (const auto& [name, node] : children) result.push_back(name);
  return result;
}

Registry::Registry(std::span<const engine::Mechanism> mechanisms) : mechanisms_(mechanisms) {
  text("extends",
       "Other files this one builds on, relative to it; later ones override earlier, this file overrides all.")
      .list_or_single();
  text(
      "drop",
      "Key paths that are taken away from the files which this one extends, and from those which are extended before it: "
      "what a table of another file has and this one must not have. A path at which there is nothing changes nothing.")
      .list_or_single();
  add("add", Kind::any,
      "Items for lists of other files: [[add.readout]] …, [[add.cell.melanoma.rule]] … are appended to the list of the "
      "files that this one extends, or of the file that extends it; a list outside of [add] replaces it.");
  add_world_keys(*this);
  add_cell_keys(*this);
  add_network_keys(*this);
  add_therapy_keys(*this);
  add_experiment_keys(*this);
  add_mechanisms();
  add("profiles.*", Kind::table, "The same keys as a file; they override it when `--profile NAME` is given.");
}

namespace {

/// Splits a pattern at dots outside quotes; "[]" is a part of its own.
std::vector<std::string> split(const std::string& pattern) {
  std::vector<std::string> parts;
  std::string part;
  char quote = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (quote) {
      if (c == quote)
        quote = 0;
      else
        part += c;
    } else if (c == '"') {
      quote = c;
    } else if (c == '.') {
      parts.push_back(part);
      part.clear();
    } else if (c == '[') {
      parts.push_back(part);
      part = "[]";
      while (i < pattern.size() && pattern[i] != ']') ++i;
    } else {
      part += c;
    }
  }
  parts.push_back(part);
  return parts;
}

template <class N>
void collect(const N& node, std::vector<const Key*>& out) {
  if (!node.key.pattern.empty() && node.key.kind != Kind::table) out.push_back(&node.key);
  for (const auto& [name, child] : node.children) collect(*child, out);
  for (const auto& [name, child] : node.endings) collect(*child, out);
  if (node.any) collect(*node.any, out);
  if (node.item) collect(*node.item, out);
}

}  // namespace

Node& Registry::node(const std::string& pattern) {
  Node* at = &root_;
  for (const auto& part : split(pattern)) {
    std::unique_ptr<Node>& next = part == "*"             ? at->any
                                  : part == "[]"          ? at->item
                                  : part.starts_with("*") ? at->endings[part.substr(1)]
                                                          : at->children[part];
    if (!next) next = std::make_unique<Node>();
    if (part == "[]" && at->key.kind == Kind::table) at->key.kind = Kind::list_of_tables;
    at = next.get();
  }
  return *at;
}

Key& Registry::add(const std::string& pattern, Kind kind, std::string doc) {
  Key& key = node(pattern).key;
  const bool list = key.kind == Kind::list_of_tables;
  key = Key{};
  key.pattern = pattern;
  key.kind = list ? Kind::list_of_tables : kind;
  key.doc = std::move(doc);
  return key;
}

Key& Registry::quantity(const std::string& pattern, Dimension dimension, std::string doc) {
  Key& key = add(pattern, dimension.dimensionless() ? Kind::number : Kind::quantity, std::move(doc));
  key.dimension = dimension;
  return key;
}

Key& Registry::choice(const std::string& pattern, std::vector<std::string> choices, std::string doc) {
  Key& key = add(pattern, Kind::choice, std::move(doc));
  key.choices = std::move(choices);
  return key;
}

void Registry::add_mechanisms() {
  const auto declare = [&](const std::string& pattern, const engine::MechanismDeclaration& mechanism,
                           const engine::ParameterDeclaration& p, bool per_state) {
    Key& key = quantity(pattern, p.dimension, p.doc);
    key.minimum = p.minimum;
    key.maximum = p.maximum;
    key.mechanism = mechanism.name;
    if (p.name == "*" && p.each == engine::ParameterDeclaration::Each::substrate) {
      key.rule = DimensionRule::substrate;
      key.kind = Kind::quantity;
    } else if (p.required && !per_state) {
      key.required();
    } else if (!per_state) {
      const std::string unit = internal_unit(p.dimension);
      Value number;
      number.kind = Value::Kind::real;
      number.real = p.default_value;
      key.default_text = p.dimension.dimensionless() ? to_toml(number) : "\"" + to_toml(number) + " " + unit + "\"";
    }
    key.or_boolean = p.dimension.dimensionless() && p.minimum == 0 && p.maximum == 1;
  };
  node("cell.*.state.*").dotted_keys = true;
  for (const auto& mechanism : mechanisms_) {
    const auto& d = mechanism.declaration;
    Node& table = node("cell.*." + d.name);
    if (table.key.doc.empty()) table.key.doc = d.doc;
    table.key.mechanism = d.name;
    for (const auto& p : d.parameters) {
      const std::string own = "cell.*." + d.name + "." + p.name;
      if (p.each == engine::ParameterDeclaration::Each::target_type) {
        declare(own + ".rate", d, p, false);  // [cell.T.attack.TARGET] is a table of its own
      } else if (p.name != "*" && table.children.contains(p.name)) {
        declare(own + ".hazard", d, p, false);  // [cell.T.death.apoptosis] is a table of its own
        table.children.at(p.name)->key.or_single = true;
      } else {
        declare(own, d, p, false);
      }
      if (p.behaviour.empty()) continue;
      declare("cell.*.state.*." + d.name + "." + p.name, d, p, true);
    }
  }
}

const engine::MechanismDeclaration* Registry::mechanism(const std::string& name) const {
  for (const auto& m : mechanisms_) {
    if (m.declaration.name == name) return &m.declaration;
  }
  return nullptr;
}

const Node* Registry::find(const std::string& path) const {
  const Node* at = &root_;
  for (const auto& part : split(path)) {
    if (part == "[]") {
      at = at->item ? at->item.get() : nullptr;
    } else {
      at = part == "*" ? at->any.get() : at->child(part);
    }
    if (!at) return nullptr;
  }
  return at;
}

std::vector<const Key*> Registry::keys() const {
  std::vector<const Key*> result;
  collect(root_, result);
  std::sort(result.begin(), result.end(), [](const Key* a, const Key* b) { return a->pattern < b->pattern; });
  return result;
}

std::string describe(const Key& key) {
  if (!key.words.empty()) return key.words;
  switch (key.kind) {
    case Kind::table:
      return "a table";
    case Kind::list_of_tables:
      return "a list of tables";
    case Kind::quantity:
      if (key.rule == DimensionRule::substrate) {
        return key.dimension.dimensionless()
                   ? "in the substrate's unit"
                   : senoma::describe(key.dimension) + " (concentration: the substrate's unit)";
      }
      if (key.rule == DimensionRule::behaviour) return "in the behaviour's dimension";
      if (key.rule == DimensionRule::signal) return "in the signal's dimension";
      if (key.rule == DimensionRule::network) return "as the SBML file declares";
      if (key.rule == DimensionRule::any) return "any dimension";
      return senoma::describe(key.dimension);
    case Kind::number:
      return "a number";
    case Kind::count:
      return "a whole number";
    case Kind::boolean:
      return "true or false";
    case Kind::text:
      return "a text";
    case Kind::choice: {
      std::string list;
      for (const auto& choice : key.choices) list += (list.empty() ? "\"" : ", \"") + choice + "\"";
      return "one of " + list;
    }
    case Kind::expression:
      return "an expression";
    case Kind::file:
      return "a file name";
    case Kind::any:
      return "anything";
  }
  return {};
}

}  // namespace senoma::model
