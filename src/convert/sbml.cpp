#include "convert/sbml.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/error.h"
#include "convert/sbml_document.h"
#include "convert/sbml_symbols.h"
#include "convert/sbml_translation.h"
#include "convert/sbml_units.h"
#include "network/constraints.h"

namespace senoma::convert {
namespace {

using expr::NodeId;
using sbml::Change;
using sbml::Role;
using sbml::Symbol;

class Assembly {
 public:
  Assembly(const sbml::Document& document, const sbml::Symbols& symbols, const SbmlOptions& options)
      : document_(document),
        symbols_(symbols),
        options_(options),
        translation_(document, symbols, out_.system.graph),
        units_(document) {}

  SbmlModel assemble() {
    describe_model();
    translation_.solve_algebraic_rules();
    auto& system = out_.system;
    for (const int s : symbols_.states) system.derivatives.push_back(translation_.resolved(translation_.derivative(s)));
    collect_outputs();
    for (auto& output : system.outputs) output.node = translation_.resolved(output.node);
    system.events = translation_.events();
    system.states.resize(symbols_.states.size());  // their values may need the final rates
    impose_constraints();
    add_states();
    add_parameters();
    require_values();
    promote_inputs();
    return std::move(out_);
  }

 private:
  const Symbol& at(int symbol) const { return symbols_.all[static_cast<std::size_t>(symbol)]; }

  void describe_model() {
    out_.id = document_.id;
    out_.name = document_.name;
    out_.level = document_.level;
    out_.version = document_.version;
    out_.notes = document_.notes;
    out_.n_species = document_.species.size();
    out_.n_reactions = document_.reactions.size();
    out_.system.name = document_.name.empty() ? document_.id : document_.name;
    const auto time = units_.time();
    if (time && time->dimension == dim::time) {
      out_.system.time_unit = time->to_internal;
      out_.system.time_unit_known = true;
    }
  }

  void impose_constraints() {
    auto& system = out_.system;
    system.constraints = translation_.constraints();
    if (system.constraints.empty()) return;
    for (const NodeId node : system.derivatives) {
      if (translation_.waits_for_rates(node))
        refuse("rateOf, in a rate, of a quantity that fast reactions or algebraic rules move");
    }
    try {
      network::impose_constraints(system);
    } catch (const Error& error) {
      refuse(error.message());
    }
    translation_.set_rates(system.derivatives);
    const auto rates = system.derivatives;
    system.visit_nodes([&](NodeId& node) { node = translation_.with_rates(node, rates); });
    for (auto& node : defined_) node = translation_.with_rates(translation_.resolved(node), rates);
  }

  [[noreturn]] void refuse(const std::string& what) const {
    throw Error("E3001", "SBML feature not supported: " + what).at({document_.file, 0, 0, 0});
  }

  // ---- names and units

  static std::string slot_name(const Symbol& symbol) {
    const bool other_reading = symbol.role == Role::species && symbol.holds_amount && !symbol.means_amount;
    return other_reading ? "amount(" + symbol.name + ")" : symbol.name;
  }

  std::optional<SbmlUnit> amount_unit(const Symbol& species) const {
    return units_.amount_of(document_.species[species.index]);
  }
  std::optional<SbmlUnit> concentration_unit(const Symbol& species) const {
    return sbml::quotient(amount_unit(species), units_.of(document_.compartments[at(species.compartment).index]));
  }
  std::optional<SbmlUnit> meaning_unit(const Symbol& symbol) const {
    switch (symbol.role) {
      case Role::compartment:
        return units_.of(document_.compartments[symbol.index]);
      case Role::species:
        return symbol.means_amount ? amount_unit(symbol) : concentration_unit(symbol);
      case Role::parameter:
        return parameter_unit(symbol);
      case Role::stoichiometry:
        return SbmlUnit{};
      case Role::reaction:
        return units_.extent_rate();
    }
    return std::nullopt;
  }
  std::optional<SbmlUnit> parameter_unit(const Symbol& symbol) const {
    const auto dot = symbol.name.find('.');  // "J.k": the local parameter of a reaction; ids hold no dots
    if (dot == std::string::npos) return units_.find(document_.parameters[symbol.index].units);
    const Symbol& reaction = at(symbols_.find(symbol.name.substr(0, dot)));
    return units_.find(document_.reactions[reaction.index].locals[symbol.index].units);
  }
  std::optional<SbmlUnit> slot_unit(const Symbol& symbol) const {
    return symbol.role == Role::species && symbol.holds_amount ? amount_unit(symbol) : meaning_unit(symbol);
  }

  template <class Quantity>
  void set_unit(Quantity& quantity, const std::optional<SbmlUnit>& unit) {
    if (!unit) return;
    quantity.dimension = unit->dimension;
    quantity.dimension_known = true;
    quantity.to_internal = unit->to_internal;
    out_.units[quantity.name] = *unit;
  }

  // ---- contents

  void add_output(const std::string& name, NodeId node, const std::optional<SbmlUnit>& unit) {
    network::OdeOutput output;
    output.name = name;
    output.node = node;
    set_unit(output, unit);
    out_.system.outputs.push_back(std::move(output));
  }

  void collect_outputs() {
    for (std::size_t i = 0; i < symbols_.all.size(); ++i) {
      const Symbol& symbol = symbols_.all[i];
      const int index = static_cast<int>(i);
      const bool is_slot = symbol.slot >= 0 && symbol.change != Change::solved && slot_name(symbol) == symbol.name;
      if (!is_slot) {
        add_output(symbol.name, translation_.value(index), meaning_unit(symbol));
        defined_.push_back(out_.system.outputs.back().node);
      }
      if (symbol.role == Role::species) add_readings(index, symbol);
    }
  }

  void add_readings(int index, const Symbol& symbol) {
    const bool held_as_amount = symbol.slot >= 0 && symbol.change != Change::solved && slot_name(symbol) != symbol.name;
    const Symbol& compartment = at(symbol.compartment);
    const bool sized = compartment.declared || compartment.initial != nullptr || compartment.change != Change::none;
    if (!held_as_amount && (sized || symbol.means_amount)) {
      add_output("amount(" + symbol.name + ")", translation_.amount(index), amount_unit(symbol));
    }
    if (sized)
      add_output("concentration(" + symbol.name + ")", translation_.concentration(index), concentration_unit(symbol));
  }

  void add_states() {
    for (std::size_t i = 0; i < symbols_.states.size(); ++i) {
      const int s = symbols_.states[i];
      const Symbol& symbol = at(s);
      network::OdeState& state = out_.system.states[i];
      state.name = slot_name(symbol);
      state.initial = translation_.initial(s);
      set_unit(state, slot_unit(symbol));
      const bool counted = symbol.role == Role::species && symbol.holds_amount;
      state.on_division =
          counted || symbol.role == Role::compartment ? network::OnDivision::halve : network::OnDivision::copy;
      state.non_negative = symbol.change == Change::reactions;
      if (!translation_.has_value(s)) missing(symbol);
    }
  }

  void add_parameters() {
    for (const int s : symbols_.parameters) {
      network::OdeParameter parameter;
      parameter.name = slot_name(at(s));
      parameter.value = translation_.initial(s);
      set_unit(parameter, slot_unit(at(s)));
      out_.system.parameters.push_back(std::move(parameter));
    }
  }

  [[noreturn]] void missing(const Symbol& symbol) const {
    throw Error("E3004", "'" + symbol.name + "' has no value in the file, but the dynamics need one")
        .at({document_.file, symbol.line, 0, 0})
        .help("give it a value, an initial assignment or a rule, or make it an input");
  }

  /// A constant without a value may stand in the file as long as nothing needs it.
  void require_values() {
    std::vector<NodeId> roots;
    for (const auto& node : defined_) roots.push_back(translation_.resolved(node));
    out_.system.visit_nodes([&](NodeId node) { roots.push_back(node); });
    for (const std::int32_t slot : out_.system.graph.variables(roots)) {
      const int owner = symbols_.slot_owner[static_cast<std::size_t>(slot)];
      if (owner < 0 || at(owner).is_state() || translation_.has_value(owner)) continue;
      const auto& inputs = options_.inputs;
      if (std::find(inputs.begin(), inputs.end(), slot_name(at(owner))) == inputs.end()) missing(at(owner));
    }
  }

  void promote_inputs() {
    if (options_.inputs.empty()) return;
    std::vector<std::string> names;
    for (const auto& parameter : out_.system.parameters) names.push_back(parameter.name);
    for (const auto& input : options_.inputs) {
      if (std::find(names.begin(), names.end(), input) != names.end()) continue;
      Error error("E3005", "'" + input + "' is not a constant quantity of the network, so it cannot be an input");
      error.at({document_.file, 0, 0, 0});
      const std::string near = nearest_name(input, names);
      error.help(near.empty() ? "inputs are constant parameters, compartments or boundary species"
                              : "did you mean '" + near + "'?");
      throw error;
    }
    out_.system.promote_to_inputs(options_.inputs);
  }

  const sbml::Document& document_;
  const sbml::Symbols& symbols_;
  const SbmlOptions& options_;
  SbmlModel out_;
  sbml::Translation translation_;
  sbml::UnitTable units_;
  std::vector<NodeId> defined_;
};

}  // namespace

std::string read_sbml_file(const std::string& path) {
  std::error_code status;
  const bool folder = std::filesystem::is_directory(path, status);
  std::ifstream in(path, std::ios::binary);
  if (!in || folder) {
    throw Error("E3003", "cannot open the SBML file '" + path + "'" + (folder ? ": it is a folder" : ""),
                ErrorKind::input_output)
        .help("check the path; relative paths start at the working folder");
  }
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (in.bad()) throw Error("E3003", "cannot read the SBML file '" + path + "'", ErrorKind::input_output);
  return text;
}

SbmlModel read_sbml_text(std::string_view text, const SbmlOptions& options) {
  const sbml::Document document = sbml::read_document(text, options.file_name);
  sbml::refuse_unsupported(document);
  sbml::Symbols symbols = sbml::collect_symbols(document);
  if (!symbols.unknowns.empty()) {
    expr::Graph scratch;
    sbml::Translation first(document, symbols, scratch);
    first.solve_algebraic_rules();
    const auto implicit = first.implicit_unknowns();
    if (!implicit.empty()) symbols = sbml::collect_symbols(document, implicit);
  }
  SbmlModel model = Assembly(document, symbols, options).assemble();
  sbml::check_consistency(document);
  return model;
}

SbmlModel read_sbml(const std::string& path, const SbmlOptions& options) {
  SbmlOptions with_name = options;
  with_name.file_name = path;
  return read_sbml_text(read_sbml_file(path), with_name);
}

}  // namespace senoma::convert
