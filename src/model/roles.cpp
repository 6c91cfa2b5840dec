#include "model/roles.h"

#include <algorithm>
#include <optional>
#include <regex>

namespace senoma::model {

namespace {

using engine::CellType;
using engine::Description;
using engine::Substrate;

/// Matches a perceived quantity of one substrate in the text of an expression.
std::regex signal_of(const std::string& substrate) {
  std::string escaped;
  for (const char c : substrate)
    escaped += std::isalnum(static_cast<unsigned char>(c)) ? std::string(1, c) : std::string("\\") + c;
  return std::regex("(^|[^A-Za-z0-9_.])" + escaped + "[ .]+(concentration|occupancy|gradient|free|total)");
}

void add(std::vector<std::string>& list, const std::string& item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

double parameter(const CellType& type, const std::string& key) {
  const auto found = type.parameters.find(key);
  double largest = found == type.parameters.end() ? 0.0 : found->second;
  for (const auto& state : type.state_parameters) {
    if (const auto own = state.find(key); own != state.end()) largest = std::max(largest, own->second);
  }
  return largest;
}

void find_makers(const Description& d, const Substrate& s, SubstrateRoles& roles) {
  for (const CellType& type : d.cell_types) {
    if (parameter(type, "secretion." + s.name) > 0 || parameter(type, "supply." + s.name) > 0)
      add(roles.makers, type.name);
    for (const auto& [value, behaviour] : type.coupling.outputs) {
      if (behaviour == s.name + " secretion") add(roles.makers, type.name + " (network)");
    }
    for (const auto& rule : type.rules) {
      if (rule.behaviour == s.name + " secretion") add(roles.makers, type.name + " (rule)");
    }
    if (parameter(type, "uptake." + s.name) > 0) add(roles.takers, type.name);
  }
  if (s.vessel_value || !s.vessel_drug.empty()) add(roles.makers, "vessels");
  if (s.medium_value) add(roles.makers, "medium");
  if (s.initial > 0 || !s.initial_in.empty()) add(roles.makers, "start");
  for (const auto& face : s.faces) {
    if (face.value > 0 || face.flux > 0) add(roles.makers, "boundary");
  }
  for (const auto& drug : d.drugs) {
    if (drug.substrate == s.name) add(roles.makers, "drug " + drug.name);
  }
}

void find_sensers(const Description& d, const Substrate& s, SubstrateRoles& roles) {
  std::vector<std::regex> signals{signal_of(s.name)};
  for (const auto& drug : d.drugs) {
    if (drug.substrate != s.name) continue;
    signals.push_back(signal_of(drug.name));
    if (!drug.effects.empty()) add(roles.sensers, "effects of " + drug.name);
  }
  const auto uses = [&](const std::string& text) {
    return std::any_of(signals.begin(), signals.end(), [&](const std::regex& r) { return std::regex_search(text, r); });
  };
  for (const CellType& type : d.cell_types) {
    for (const auto& [input, expression] : type.coupling.inputs) {
      if (uses(expression.text)) add(roles.sensers, type.name + ": " + input);
    }
    for (const auto& [expression, behaviour] : type.coupling.outputs) {
      if (uses(expression.text)) add(roles.sensers, type.name + ": " + behaviour);
    }
    for (const auto& rule : type.rules) {
      if (uses(rule.signal.text) || (rule.when && uses(rule.when->text)))
        add(roles.sensers, type.name + ": " + rule.behaviour);
    }
    for (const auto& t : type.transitions) {
      if ((t.hazard && uses(t.hazard->text)) || (t.when && uses(t.when->text)))
        add(roles.sensers, type.name + ": " + t.name);
    }
    if (parameter(type, "chemotaxis." + s.name) > 0) add(roles.sensers, type.name + ": chemotaxis");
  }
  for (const auto& other : d.substrates) {
    if (other.degraded_by.contains(s.name)) add(roles.sensers, other.name + ": degradation");
  }
}

/// "quantity > bound": the left side and whether the condition holds above the bound.
struct Comparison {
  std::string left;
  bool above = false;
  double bound = 0;
};

std::optional<Comparison> comparison(const std::optional<engine::Expression>& condition, const Description& d) {
  if (!condition) return std::nullopt;
  static const std::regex form(R"(^\s*([A-Za-z_][A-Za-z0-9_. ]*?)\s*([<>])=?\s*([A-Za-z0-9_.+-]+)\s*$)");
  std::smatch match;
  if (!std::regex_match(condition->text, match, form)) return std::nullopt;
  const std::string right = match[3];
  Comparison result{match[1], match[2] == ">", 0};
  if (const auto named = d.parameters.find(right); named != d.parameters.end()) {
    result.bound = named->second;
    return result;
  }
  try {
    std::size_t end = 0;
    result.bound = std::stod(right, &end);
    if (end == right.size()) return result;
  } catch (const std::exception&) {  // a name that is no parameter: nothing to compare
  }
  return std::nullopt;
}

void find_flips(const Description& d, std::vector<std::string>& words) {
  for (const CellType& type : d.cell_types) {
    for (std::size_t a = 0; a < type.transitions.size(); ++a) {
      for (std::size_t b = a + 1; b < type.transitions.size(); ++b) {
        const auto &there = type.transitions[a], &back = type.transitions[b];
        const auto leads = [](const engine::Transition& x, const engine::Transition& y) {
          return x.to_type.empty() && std::find(y.from.begin(), y.from.end(), x.to) != y.from.end();
        };
        if (!leads(there, back) || !leads(back, there)) continue;
        const auto first = comparison(there.when, d), second = comparison(back.when, d);
        if (!first || !second || first->left != second->left) continue;
        const bool same_side = first->above == second->above;
        const double low = first->above ? first->bound : second->bound,
                     high = first->above ? second->bound : first->bound;
        if (same_side || low < high) {
          words.push_back(
              "transitions '" + there.name + "' and '" + back.name + "' of " + type.name +
              " undo each other: for some values of '" + first->left +
              "' both conditions hold, so a cell flips in every step (the threshold of return must lie on the other side)");
        }
      }
    }
  }
}

}  // namespace

std::vector<SubstrateRoles> substrate_roles(const Description& d) {
  std::vector<SubstrateRoles> all;
  for (const auto& s : d.substrates) {
    SubstrateRoles roles{s.name, {}, {}, {}};
    find_makers(d, s, roles);
    find_sensers(d, s, roles);
    all.push_back(std::move(roles));
  }
  return all;
}

std::vector<std::string> loose_ends(const Description& d) {
  std::vector<std::string> words;
  for (const auto& roles : substrate_roles(d)) {
    if (roles.makers.empty())
      words.push_back("no one makes '" + roles.substrate +
                      "': no cell, vessel, boundary or start value gives it, so it stays 0");
    if (roles.sensers.empty() && roles.takers.empty())
      words.push_back("no one senses or takes up '" + roles.substrate + "': it changes nothing in this model");
    else if (roles.sensers.empty())
      words.push_back("no one senses '" + roles.substrate +
                      "': it is taken up, but no rule, network, transition or chemotaxis uses it");
  }
  find_flips(d, words);
  return words;
}

}  // namespace senoma::model
