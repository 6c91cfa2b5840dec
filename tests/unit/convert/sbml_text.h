// Small SBML texts for the tests, built from their parts.
#pragma once

#include <string>

namespace senoma::convert::test {

inline std::string l3(const std::string& body, const std::string& model_attributes = "", int version = 2) {
  const std::string v = std::to_string(version);
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sbml xmlns=\"http://www.sbml.org/sbml/level3/version" + v +
         "/core\" level=\"3\" version=\"" + v + "\">\n<model id=\"m\" " + model_attributes + ">\n" + body +
         "\n</model>\n</sbml>\n";
}

inline std::string l2(const std::string& body) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sbml xmlns=\"http://www.sbml.org/sbml/level2/version5\" "
         "level=\"2\" version=\"5\">\n<model id=\"m\">\n" +
         body + "\n</model>\n</sbml>\n";
}

inline std::string list(const std::string& name, const std::string& items) {
  return "<listOf" + name + ">" + items + "</listOf" + name + ">\n";
}

inline std::string math(const std::string& content) {
  return "<math xmlns=\"http://www.w3.org/1998/Math/MathML\">" + content + "</math>";
}
inline std::string ci(const std::string& name) { return "<ci>" + name + "</ci>"; }
inline std::string cn(double value) { return "<cn>" + std::to_string(value) + "</cn>"; }
inline std::string op(const std::string& name, const std::string& arguments) {
  return "<apply><" + name + "/>" + arguments + "</apply>";
}
inline std::string model_time() {
  return "<csymbol encoding=\"text\" definitionURL=\"http://www.sbml.org/sbml/symbols/time\">t</csymbol>";
}
inline std::string rate_of(const std::string& name) {
  return "<apply><csymbol encoding=\"text\" definitionURL=\"http://www.sbml.org/sbml/symbols/rateOf\">rateOf</csymbol>" +
         ci(name) + "</apply>";
}

inline std::string compartment(const std::string& id, const std::string& size, bool constant = true) {
  return "<compartment id=\"" + id + "\" spatialDimensions=\"3\" size=\"" + size + "\" constant=\"" +
         (constant ? "true" : "false") + "\"/>";
}
/// `value`: e.g. initialAmount="2"; `more`: further attributes.
inline std::string species(const std::string& id, const std::string& value, bool only_substance = false,
                           bool boundary = false, const std::string& more = "", bool constant = false) {
  const auto flag = [](bool on) { return on ? "\"true\"" : "\"false\""; };
  return "<species id=\"" + id + "\" compartment=\"c\" " + value + " hasOnlySubstanceUnits=" + flag(only_substance) +
         " boundaryCondition=" + flag(boundary) + " constant=" + flag(constant) + " " + more + "/>";
}
inline std::string parameter(const std::string& id, const std::string& value, bool constant = true) {
  return "<parameter id=\"" + id + "\"" + (value.empty() ? "" : " value=\"" + value + "\"") + " constant=\"" +
         (constant ? "true" : "false") + "\"/>";
}
inline std::string reference(const std::string& name, double stoichiometry = 1.0, const std::string& id = "") {
  return "<speciesReference " + (id.empty() ? "" : "id=\"" + id + "\" ") + "species=\"" + name + "\" stoichiometry=\"" +
         std::to_string(stoichiometry) + "\" constant=\"" + (id.empty() ? "true" : "false") + "\"/>";
}
inline std::string reaction(const std::string& id, const std::string& reactants, const std::string& products,
                            const std::string& rate, const std::string& locals = "") {
  return "<reaction id=\"" + id + "\" reversible=\"false\">" + (reactants.empty() ? "" : list("Reactants", reactants)) +
         (products.empty() ? "" : list("Products", products)) + "<kineticLaw>" + math(rate) +
         (locals.empty() ? "" : list("LocalParameters", locals)) + "</kineticLaw></reaction>\n";
}
inline std::string assignment_rule(const std::string& variable, const std::string& content) {
  return "<assignmentRule variable=\"" + variable + "\">" + math(content) + "</assignmentRule>\n";
}
inline std::string rate_rule(const std::string& variable, const std::string& content) {
  return "<rateRule variable=\"" + variable + "\">" + math(content) + "</rateRule>\n";
}
inline std::string initial_assignment(const std::string& symbol, const std::string& content) {
  return "<initialAssignment symbol=\"" + symbol + "\">" + math(content) + "</initialAssignment>\n";
}

}  // namespace senoma::convert::test
