// What the SBML reader hands to the translator: plain data without libSBML types, because libSBML has no namespace
// (its global Model, Species, Reaction would collide). Only sbml_reader*.cpp include libSBML.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expr/graph.h"

namespace senoma::convert::sbml {

enum class MathOp {
  number,     // value
  name,       // ci
  time,       // csymbol time
  apply,      // an expr::Op on its arguments; sums, products, relations and logic take any number of them
  root,       // children: degree, radicand
  log,        // children: base, argument
  implies,    // children: a, b
  piecewise,  // children: value, condition, value, condition, …, [otherwise]
  call,       // a function definition by name
  rate_of,    // csymbol rateOf of `name`
};

struct Math {
  MathOp op = MathOp::number;
  expr::Op function = expr::Op::constant;  // for apply
  double value = 0.0;
  std::string name;
  std::vector<Math> children;
};

using MaybeMath = std::optional<Math>;  // L3V2 allows elements without math: they have no effect

struct UnitFactor {
  std::string kind;
  double exponent = 1.0, multiplier = 1.0;
  int scale = 0;
};

struct UnitDefinition {
  std::string id;
  std::vector<UnitFactor> factors;
};

struct FunctionDefinition {
  std::string id;
  std::vector<std::string> arguments;
  MaybeMath body;
  int line = 0;
};

struct Compartment {
  std::string id;
  std::optional<double> size;
  double dimensions = 3.0;
  bool dimensions_known = true;
  std::string units;
  bool constant = true;
  int line = 0;
};

struct Species {
  std::string id, compartment, substance_units, conversion_factor;
  std::optional<double> amount, concentration;
  bool only_substance = false, boundary = false, constant = false;
  int line = 0;
};

struct Parameter {
  std::string id, units;
  std::optional<double> value;
  bool constant = true;
  int line = 0;
};

struct SpeciesReference {
  std::string id, species;
  double sign = 1.0;  // −1 for a reactant
  std::optional<double> stoichiometry;
  MaybeMath stoichiometry_math;  // Level 2
  bool constant = true;
  int line = 0;
};

struct Reaction {
  std::string id;
  std::vector<SpeciesReference> participants;
  std::vector<Parameter> locals;
  MaybeMath rate;
  bool fast = false;
  int line = 0;
};

enum class RuleKind { assignment, rate, algebraic };

struct Rule {
  RuleKind kind = RuleKind::assignment;
  std::string variable;
  Math math;
  int line = 0;
};

struct InitialAssignment {
  std::string symbol;
  Math math;
  int line = 0;
};

struct EventAssignment {
  std::string variable;
  Math math;
  int line = 0;
};

struct Event {
  std::string id;
  Math trigger;
  MaybeMath delay, priority;
  bool initial_trigger = true, persistent = true, values_at_trigger = true;
  std::vector<EventAssignment> assignments;
  int line = 0;
};

struct Unsupported {
  std::string what;  // "delay in the rate rule of X"
  int line = 0;
};

struct Document {
  std::string file, id, name;
  int level = 0, version = 0;
  std::string substance_units, time_units, volume_units, area_units, length_units, extent_units, conversion_factor;
  std::vector<UnitDefinition> units;
  std::vector<FunctionDefinition> functions;
  std::vector<Compartment> compartments;
  std::vector<Species> species;
  std::vector<Parameter> parameters;
  std::vector<InitialAssignment> initial_assignments;
  std::vector<Rule> rules;
  std::vector<Reaction> reactions;
  std::vector<Event> events;
  std::vector<Unsupported> unsupported;
  std::vector<std::string> notes;
  std::shared_ptr<void> library_document;  // libSBML's own, for check_consistency
};

/// Parses the text. Throws E3002; unsupported features are only collected.
[[nodiscard]] Document read_document(std::string_view text, const std::string& file);

/// libSBML's validation rules for identifiers and mathematics, as a second opinion on a model that was
/// translated: our own messages name the cause more plainly. Throws E3002.
void check_consistency(const Document& document);

/// Throws E3001 with every item of `document.unsupported`, if there is one.
void refuse_unsupported(const Document& document);

}  // namespace senoma::convert::sbml
