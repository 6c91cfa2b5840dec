// Words about keys: the reference page and `senoma explain KEY`.
#include <algorithm>

#include "model/registry.h"
#include "model/value.h"

namespace senoma::model {

namespace {

std::string limit_text(double limit, const Key& key) {
  Value v;
  v.kind = Value::Kind::real;
  v.real = limit;
  std::string text = to_toml(v);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return limit == 0 || key.dimension.dimensionless() || key.rule != DimensionRule::fixed
             ? text
             : text + " " + internal_unit(key.dimension);
}

std::string range_text(const Key& key) {
  std::string text;
  if (key.minimum > -1e300) text = (key.exclusive_minimum ? "> " : ">= ") + limit_text(key.minimum, key);
  if (key.maximum < 1e300) text += (text.empty() ? "" : ", ") + std::string("<= ") + limit_text(key.maximum, key);
  return text;
}

std::string kind_text(const Key& key) {
  std::string text = describe(key);
  if (key.is_list) text = key.or_single ? text + ", or a list of them" : "list of: " + text;
  if (key.or_boolean) text += " (true and false stand for 1 and 0)";
  return text;
}

std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.replace(at, 1, "\\|");
  return text;
}

const std::vector<std::pair<std::string, std::string>>& sections() {
  static const std::vector<std::pair<std::string, std::string>> list = {{"extends", "Building on other files"},
                                                                        {"drop", "Taking keys away"},
                                                                        {"add", "Additions to lists"},
                                                                        {"model", "About the model"},
                                                                        {"parameters", "Named values"},
                                                                        {"domain", "Domain"},
                                                                        {"time", "Time"},
                                                                        {"substrates", "Substrates"},
                                                                        {"cell", "Cell types"},
                                                                        {"network", "Networks inside cells"},
                                                                        {"systemic", "The network of the body"},
                                                                        {"drug", "Drugs"},
                                                                        {"patient", "Patient"},
                                                                        {"intervention", "Interventions"},
                                                                        {"readout", "Readouts"},
                                                                        {"experiment", "Experiment"},
                                                                        {"arm", "Arms"},
                                                                        {"cohort", "Virtual cohort"},
                                                                        {"finding", "Published finding"},
                                                                        {"study", "Study of an experiment"},
                                                                        {"compare", "Comparison with data"}};
  return list;
}

bool in_section(const Key& key, const std::string& section) {
  return key.pattern == section || key.pattern.starts_with(section + ".") || key.pattern.starts_with(section + "[");
}

std::string explain_key(const Key& key) {
  std::string out = key.pattern + "\n  " + key.doc + "\n  value: " + kind_text(key) + "\n";
  if (const auto range = range_text(key); !range.empty()) out += "  range: " + range + "\n";
  out += key.is_required            ? "  required\n"
         : key.default_text.empty() ? "  no default: nothing happens without it\n"
                                    : "  default: " + key.default_text + "\n";
  if (key.kind == Kind::quantity && key.rule == DimensionRule::fixed) {
    out += "  example: " + quote_key(key.pattern.substr(key.pattern.find_last_of('.') + 1)) + " = \"1 " +
           internal_unit(key.dimension) + "\"\n";
  }
  if (!key.mechanism.empty()) out += "  part of the mechanism '" + key.mechanism + "'\n";
  return out + "  since version " + key.since + "\n";
}

std::string explain_table(const Node& node, const std::string& pattern) {
  std::string out = "[" + pattern + "]\n";
  if (!node.key.doc.empty()) out += "  " + node.key.doc + "\n";
  const Node& keys = node.item ? *node.item : node;
  if (!keys.children.empty()) out += "  keys:\n";
  for (const auto& [name, child] : keys.children) {
    out += "    " + name + (child->key.doc.empty() ? "" : " — " + child->key.doc) + "\n";
  }
  if (keys.any && !keys.any->key.doc.empty()) out += "    NAME — " + keys.any->key.doc + "\n";
  for (const auto& [ending, child] : keys.endings) out += "    NAME" + ending + " — " + child->key.doc + "\n";
  return out;
}

/// As the user writes it: SUBSTRATE, or CELLTYPE.rate, for "*".
std::string parameter_name(const engine::ParameterDeclaration& p) {
  if (p.name != "*") return p.name;
  return p.each == engine::ParameterDeclaration::Each::substrate ? "SUBSTRATE" : "CELLTYPE.rate";
}

std::string explain_mechanism(const engine::MechanismDeclaration& mechanism) {
  static constexpr const char* phases[] = {"sources", "sense", "decide", "forces", "fate"};
  std::string out = "mechanism '" + mechanism.name + "', [cell.TYPE." + mechanism.name + "]\n  " + mechanism.doc +
                    "\n  works in the phase '" + phases[static_cast<int>(mechanism.phase)] + "'\n  parameters:\n";
  for (const auto& p : mechanism.parameters) {
    out += "    " + parameter_name(p) + " (" + senoma::describe(p.dimension) + ") — " + p.doc;
    if (!p.behaviour.empty()) out += " Behaviour: \"" + p.behaviour + "\".";
    out += "\n";
  }
  return out;
}

}  // namespace

std::string reference_markdown(const Registry& registry) {
  const auto keys = registry.keys();
  std::string out =
      "# Keys of a model file\n\nGenerated from the registry that checks every file. A physical value is a text with a unit (`\"1500 um^2/min\"`); a bare "
      "number is dimensionless. Every value may be a table `{ value = …, source = …, grade = …, prior = …, note = … }`, and every table may "
      "carry `source`, `grade` and `note` for the values in it. `*` stands for a name you choose, `[]` for the items of a list.\n";
  for (const auto& [section, title] : sections()) {
    out += "\n## " + title + "\n\n| key | value | default | meaning |\n|---|---|---|---|\n";
    for (const Key* key : keys) {
      if (!in_section(*key, section)) continue;
      std::string value = kind_text(*key);
      if (const auto range = range_text(*key); !range.empty()) value += ", " + range;
      const std::string fallback = key->is_required            ? "required"
                                   : key->default_text.empty() ? ""
                                                               : "`" + key->default_text + "`";
      out +=
          "| `" + cell(key->pattern) + "` | " + cell(value) + " | " + cell(fallback) + " | " + cell(key->doc) + " |\n";
    }
  }
  out +=
      "\n## Profiles\n\n`[profiles.NAME]` holds the same keys; they override the file when `--profile NAME` is given. Order: extended files < file < "
      "profile < contexts < arm < `-s`.\n";
  if (!registry.mechanisms().empty()) out += "\n## Mechanisms\n";
  for (const auto& m : registry.mechanisms()) {
    out += "\n### " + m.declaration.name + "\n\n" + m.declaration.doc +
           "\n\n| parameter | dimension | behaviour | meaning |\n|---|---|---|---|\n";
    for (const auto& p : m.declaration.parameters) {
      out += "| `" + parameter_name(p) + "` | " + senoma::describe(p.dimension) + " | " + p.behaviour + " | " +
             cell(p.doc) + " |\n";
    }
  }
  return out;
}

std::string explain(const Registry& registry, const std::string& key) {
  const bool path = key.find(' ') == std::string::npos;
  if (const Node* node = path ? registry.find(key) : nullptr) {
    if (node->key.kind == Kind::table || node->key.kind == Kind::list_of_tables) {
      const auto* mechanism = node->key.mechanism.empty() ? nullptr : registry.mechanism(node->key.mechanism);
      return mechanism ? explain_mechanism(*mechanism)
                       : explain_table(*node, node->key.pattern.empty() ? key : node->key.pattern);
    }
    return explain_key(node->key);
  }
  if (const auto* mechanism = registry.mechanism(key)) return explain_mechanism(*mechanism);
  std::vector<std::string> names;
  for (const auto& m : registry.mechanisms()) {
    names.push_back(m.declaration.name);
    for (const auto& p : m.declaration.parameters) {
      if (p.behaviour.empty()) continue;
      names.push_back(p.behaviour);
      const auto star = p.behaviour.find('*');
      const bool fits = star != std::string::npos && key.size() >= p.behaviour.size() &&
                        key.starts_with(p.behaviour.substr(0, star)) && key.ends_with(p.behaviour.substr(star + 1));
      if (p.behaviour != key && !fits) continue;
      return "behaviour \"" + p.behaviour + "\" (" + senoma::describe(p.dimension) + ")\n  " + p.doc +
             "\n  base value: [cell.TYPE." + m.declaration.name + "] " + parameter_name(p) +
             "\n  rules, states, couplings, drugs and interventions may act on it\n";
    }
  }
  for (const Key* known : registry.keys()) {
    names.push_back(known->pattern);
    const auto dot = known->pattern.find_last_of('.');
    if (dot != std::string::npos && known->pattern.substr(dot + 1) == key)
      return explain_key(*known);  // the last part alone
  }
  Error error("E1111", "nothing is known about '" + key + "'");
  if (const auto near = nearest_name(key, names); !near.empty()) error.help("did you mean '" + near + "'?");
  error.help("give an error code (E1203), a key (substrates.oxygen.diffusion), a mechanism or a behaviour");
  throw error;
}

}  // namespace senoma::model
