// [network.NAME]: reads the SBML file, applies the model's values, and turns every quantity that cells set for
// themselves (coupled, listed, heterogeneous, or changed by a drug or an intervention) into an input.
#include <algorithm>
#include <cctype>

#include "convert/sbml.h"
#include "engine/targets.h"
#include "model/reading.h"

namespace senoma::model {

namespace {

std::vector<std::string> names_of(const network::OdeSystem& system, bool states, bool parameters) {
  std::vector<std::string> names;
  if (states)
    for (const auto& s : system.states) names.push_back(s.name);
  if (parameters)
    for (const auto& p : system.parameters) names.push_back(p.name);
  if (parameters)
    for (const auto& p : system.inputs) names.push_back(p.name);
  return names;
}

Error unknown_in_network(const std::string& what, const std::string& name, const std::string& network,
                         const std::vector<std::string>& names, const SourcePosition& where) {
  Error error("E1207", "network '" + network + "' has no " + what + " '" + name + "'");
  error.at(where);
  if (const auto near = nearest_name(name, names); !near.empty()) error.help("did you mean '" + near + "'?");
  error.help("'senoma network FILE --list' shows all names");
  return error;
}

/// The value in the file's own unit. Where the file declares none, only a bare number can be right.
double in_file_unit(const Cursor& value, const convert::SbmlModel& model, const std::string& name) {
  const auto unit = model.units.find(name);
  if (unit != model.units.end()) return value.number(unit->second.dimension) / unit->second.to_internal;
  const Quantity q = value.quantity();
  if (q.dimension.dimensionless()) return q.value;
  throw Error("E1203", "value has the wrong dimension")
      .at(value.where())
      .label(describe(q.dimension) + "; the SBML file declares no unit for '" + name + "'")
      .help("give a bare number in the file's own units, or declare the unit in the SBML file");
}

/// Parameters of the network that cells of any type, drugs or interventions change, in a fixed order.
std::vector<std::string> changed_parameters(Reading& reading, const std::string& network, const Cursor& from,
                                            const network::OdeSystem& system) {
  std::vector<std::string> wanted;
  const auto want = [&](const std::string& name) {
    if (std::find(wanted.begin(), wanted.end(), name) == wanted.end() && system.find_parameter(name))
      wanted.push_back(name);
  };
  for (const auto& item : from["inputs"].items()) {
    const std::string name = read_text_value(*item.value(), from["inputs"].key(), item.path());
    if (!system.find_parameter(name) && !system.find_input(name))
      throw unknown_in_network("parameter", name, network, names_of(system, false, true), item.where());
    want(name);
  }
  for (const auto& type : reading.description().cell_types) {
    if (type.network != network) continue;
    const Cursor cell = reading.root()["cell"][type.name];
    for (const auto& [input, expression] : cell["coupling"]["inputs"].members()) {
      if (!system.find_parameter(input) && !system.find_input(input)) {
        throw unknown_in_network("input", input, network, names_of(system, false, true), expression.key_where());
      }
      want(input);
    }
    for (const auto& [parameter, row] : cell["heterogeneity"].members()) {
      if (!system.find_parameter(parameter) && !system.find_input(parameter)) {
        throw unknown_in_network("parameter", parameter, network, names_of(system, false, true), row.key_where());
      }
      want(parameter);
    }
  }
  const auto& systemic = reading.description().systemic;
  const bool in_body = systemic.network == network;
  if (in_body) {
    for (const auto& [input, expression] : systemic.inputs) {
      if (!system.find_parameter(input) && !system.find_input(input))
        throw unknown_in_network("parameter", input, network, names_of(system, false, true), expression.where);
      want(input);
    }
  }
  const auto want_target = [&](const std::string& target) {
    want(target);
    if (const auto name = engine::systemic_target(target); in_body && !name.empty()) want(name);
  };
  for (const auto& [drug, cursor] : reading.root()["drug"].members()) {
    for (const auto& effect : cursor["effects"].items()) {
      for (const char* verb : {"inhibits", "stimulates", "moves"}) want_target(effect[verb].text_or(""));
    }
  }
  for (const auto& intervention : reading.root()["intervention"].items()) {
    for (const char* verb : {"knock_out", "knock_down"}) want_target(intervention[verb].text_or(""));
  }
  return wanted;
}

/// Outputs that are plain names must exist; expressions over them are the engine's to compile.
void check_outputs(Reading& reading, const std::string& network, const network::OdeSystem& system) {
  const auto names = system.names();
  for (const auto& type : reading.description().cell_types) {
    if (type.network != network) continue;
    for (const auto& [output, behaviour] : reading.root()["cell"][type.name]["coupling"]["outputs"].members()) {
      const bool plain_name = std::all_of(
          output.begin(), output.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; });
      if (!plain_name || std::find(names.begin(), names.end(), output) != names.end()) continue;
      throw unknown_in_network("quantity", output, network, names, behaviour.key_where());
    }
  }
}

void read_network(Reading& reading, const std::string& name, const Cursor& from) {
  const std::string path = resolve_path(from["file"].text(), from["file"].where());
  convert::SbmlModel model;
  try {
    model = convert::read_sbml(path);
  } catch (Error& error) {
    if (error.code() == "E3003")
      throw Error("E1101", "there is no network file '" + path + "'", ErrorKind::input_output)
          .at(from["file"].where())
          .help("the path is relative to the file that names it");
    if (!error.position()) error.at(from["file"].where());
    throw;
  }
  for (const auto& note : model.notes) reading.warn(path + ": " + note);
  network::OdeSystem& system = model.system;
  for (const auto& [parameter, value] : from["parameters"].members()) {
    const auto index = system.find_parameter(parameter);
    if (!index)
      throw unknown_in_network("parameter", parameter, name, names_of(system, false, true), value.key_where());
    system.parameters[*index].value = in_file_unit(value, model, parameter);
  }
  for (const auto& [state, value] : from["initial"].members()) {
    const auto index = system.find_state(state);
    if (!index) throw unknown_in_network("state", state, name, names_of(system, true, false), value.key_where());
    system.states[*index].initial = in_file_unit(value, model, state);
  }
  for (const auto& [state, rule] : from["on_division"].members()) {
    const auto index = system.find_state(state);
    if (!index) throw unknown_in_network("state", state, name, names_of(system, true, false), rule.key_where());
    system.states[*index].on_division = rule.text() == "halve" ? network::OnDivision::halve : network::OnDivision::copy;
  }
  check_outputs(reading, name, system);
  system.promote_to_inputs(changed_parameters(reading, name, from, system));
  reading.description().networks.push_back({name, std::make_shared<const network::OdeSystem>(std::move(system)),
                                            from["relative_tolerance"].number(), from["absolute_tolerance"].number()});
}

}  // namespace

void read_networks(Reading& reading) {
  for (const auto& [name, from] : reading.root()["network"].members()) read_network(reading, name, from);
}

}  // namespace senoma::model
