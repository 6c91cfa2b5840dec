#include "engine/behaviours.h"

#include <algorithm>

namespace senoma::engine {

namespace {

std::string with_name(const std::string& pattern, const std::string& name) {
  const auto star = pattern.find('*');
  return star == std::string::npos ? pattern : pattern.substr(0, star) + name + pattern.substr(star + 1);
}

}  // namespace

Dimension for_substrate(const Dimension& declared, const Substrate& substrate) {
  if (substrate.dimension == dim::concentration) return declared;
  Dimension result = declared;
  const int concentration = result.exponent[Dimension::concentration];
  result.exponent[Dimension::concentration] = 0;
  result = result * substrate.dimension.power(concentration);
  const int amount = result.exponent[Dimension::amount];
  result.exponent[Dimension::amount] = 0;
  return result * (substrate.dimension * dim::volume).power(amount);
}

namespace {

std::vector<std::string> attacked_types(const Description& description) {
  std::vector<std::string> names;
  for (const auto& target : description.cell_types) {
    for (const auto& type : description.cell_types) {
      const bool attacked = std::any_of(type.attacks.begin(), type.attacks.end(),
                                        [&](const Attack& attack) { return attack.target == target.name; });
      if (attacked && (names.empty() || names.back() != target.name)) names.push_back(target.name);
    }
  }
  return names;
}

/// Whether some cell type gives this parameter, for itself or for a state.
bool given(const Description& description, const std::string& key) {
  return std::any_of(description.cell_types.begin(), description.cell_types.end(), [&](const CellType& type) {
    return type.parameters.contains(key) || std::any_of(type.state_parameters.begin(), type.state_parameters.end(),
                                                        [&](const auto& state) { return state.contains(key); });
  });
}

}  // namespace

BehaviourTable::BehaviourTable(std::span<const Mechanism> mechanisms, const Description& description) {
  const auto targets = attacked_types(description);
  for (const auto& mechanism : mechanisms) {
    for (const auto& p : mechanism.declaration.parameters) {
      if (p.behaviour.empty()) continue;
      Behaviour b{p.behaviour, mechanism.declaration.name + "." + p.name,
                  p.dimension, p.default_value,
                  p.minimum,   mechanism.declaration.name != "mechanics" && p.minimum <= 0.0,
                  0,           false};
      if (p.name != "*") {
        all.push_back(b);
        continue;
      }
      if (p.each == ParameterDeclaration::Each::target_type) {
        for (const auto& target : targets) {
          Behaviour each = b;
          each.name = with_name(p.behaviour, target);
          each.key = with_name(b.key, target);
          all.push_back(each);
        }
        continue;
      }
      for (const auto& substrate : description.substrates) {
        Behaviour each = b;
        each.name = with_name(p.behaviour, substrate.name);
        each.key = with_name(b.key, substrate.name);
        each.dimension = for_substrate(b.dimension, substrate);
        if (p.required && !given(description, each.key)) continue;
        all.push_back(each);
      }
    }
  }
}

std::optional<std::size_t> BehaviourTable::find(const std::string& name) const {
  for (std::size_t b = 0; b < all.size(); ++b) {
    if (all[b].name == name) return b;
  }
  return std::nullopt;
}

std::optional<std::size_t> BehaviourTable::find_key(const std::string& key) const {
  for (std::size_t b = 0; b < all.size(); ++b) {
    if (all[b].key == key) return b;
  }
  return std::nullopt;
}

std::size_t BehaviourTable::require(const std::string& name, const SourcePosition& where) const {
  if (const auto found = find(name)) return *found;
  std::vector<std::string> names;
  for (const auto& b : all) names.push_back(b.name);
  Error error("E5002", "there is no behaviour '" + name + "'");
  error.at(where);
  if (const auto near = nearest_name(name, names); !near.empty()) error.help("did you mean '" + near + "'?");
  std::string list;
  for (const auto& known : names) list += (list.empty() ? "" : ", ") + known;
  error.help("behaviours of this model: " + list);
  throw error;
}

}  // namespace senoma::engine
