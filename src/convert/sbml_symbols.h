// Every named quantity of an SBML document, with what determines its value over time and which graph slot holds it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "convert/sbml_document.h"
#include "expr/graph.h"

namespace senoma::convert::sbml {

enum class Role { compartment, species, parameter, stoichiometry, reaction };

/// What makes the value change. `none`: a constant (also a non-constant nothing acts on); `solved`: an unknown that an
/// algebraic rule gives explicitly; `implicit`: one that algebraic rules give together, a state with a constraint;
/// `events`: constant but for events.
enum class Change { none, assigned, rate_rule, reactions, solved, implicit, events };

struct Symbol {
  std::string name;
  Role role = Role::parameter;
  std::size_t index = 0;  // in the document's list of that role
  int line = 0;
  bool constant = false;
  Change change = Change::none;
  const Math* math = nullptr;  // of the rule, the kinetic law or the Level 2 stoichiometry
  std::string math_name;       // "rate rule of 'X'"
  int math_line = 0;
  const InitialAssignment* initial = nullptr;
  std::optional<double> declared;  // the value given in the file, in the symbol's meaning (species: see Species)
  int compartment = -1;            // species: index of the compartment's symbol
  bool set_by_events = false;
  bool means_amount = false;  // species: the mathematics reads it as an amount, not a concentration
  bool holds_amount = false;  // species: the slot holds the amount
  std::int32_t slot = -1;     // of the state, parameter or algebraic unknown; −1 for assigned and reactions

  [[nodiscard]] bool is_state() const {
    return change == Change::rate_rule || change == Change::reactions || change == Change::implicit ||
           change == Change::events;
  }
  [[nodiscard]] bool is_constant() const { return change == Change::none && role != Role::reaction; }
};

struct Symbols {
  std::vector<Symbol> all;
  std::unordered_map<std::string, int> by_name;
  std::vector<std::unordered_map<std::string, int>> locals;  // per reaction: own name → index in `all` (named "J.k")

  std::vector<int> states, parameters, unknowns;  // by slot order; unknowns have the slots after all others
  std::vector<int> slot_owner;                    // slot → index in `all`; −1 for time
  std::int32_t time_slot = 0;

  /// −1 if unknown.
  [[nodiscard]] int find(const std::string& name) const;
};

/// Throws E3004 for duplicate or unknown names and for contradicting rules. The symbols point into `document`.
/// `implicit`: the unknowns that are to be states, as algebraic rules do not give them explicitly.
[[nodiscard]] Symbols collect_symbols(const Document& document, const std::vector<std::string>& implicit = {});

}  // namespace senoma::convert::sbml
