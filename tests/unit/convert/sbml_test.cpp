// What SBML's features mean, each against a closed form.
#include "convert/sbml.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "network/trajectory.h"
#include "sbml_text.h"

namespace senoma::convert {
namespace {

using namespace test;

/// The value of a named quantity at time t; parameters too.
double at_time(const SbmlModel& model, const std::string& name, double t) {
  if (const auto p = model.system.find_parameter(name)) return model.system.parameters[*p].value;
  network::IntegratorOptions options;
  options.relative_tolerance = 1e-10;
  options.absolute_tolerance = 1e-13;
  const auto trajectory = network::integrate_one(model.system, options, t, 1);
  const auto* column = trajectory.find(name);
  if (column == nullptr) {
    ADD_FAILURE() << "no quantity named " << name;
    return std::nan("");
  }
  return column->back();
}

double initial(const SbmlModel& model, const std::string& name) {
  const auto trajectory = network::integrate_one(model.system, {}, 1e-9, 1);
  const auto* column = trajectory.find(name);
  return column == nullptr ? std::nan("") : column->front();
}

/// The value at time 0 of an assignment rule with this content: a way to evaluate MathML.
double evaluate(const std::string& content, const std::string& more = "") {
  const auto model = read_sbml_text(
      l3(more + list("Parameters", parameter("x", "", false) + parameter("two", "2") + parameter("minus", "-8")) +
         list("Rules", assignment_rule("x", content))));
  return initial(model, "x");
}

std::string decay(const std::string& size, const std::string& value, bool only_substance) {
  return l3(list("Compartments", compartment("c", size)) + list("Species", species("S", value, only_substance)) +
            list("Parameters", parameter("k", "0.5")) +
            list("Reactions", reaction("J", reference("S"), "", op("times", ci("k") + ci("S")))));
}

TEST(Sbml, A_species_name_means_its_concentration_and_both_readings_are_offered) {
  // k·[S] is extent per time: d[S]/dt = −k[S]/V
  const auto model = read_sbml_text(decay("4", "initialAmount=\"8\"", false));
  ASSERT_EQ(model.system.states.size(), 1u);
  EXPECT_EQ(model.system.states[0].name, "S");
  EXPECT_DOUBLE_EQ(model.system.states[0].initial, 2.0);
  const double expected = 2.0 * std::exp(-0.5 / 4.0 * 3.0);
  EXPECT_NEAR(at_time(model, "S", 3.0), expected, 1e-9);
  EXPECT_NEAR(at_time(model, "concentration(S)", 3.0), expected, 1e-9);
  EXPECT_NEAR(at_time(model, "amount(S)", 3.0), 4.0 * expected, 1e-9);
  EXPECT_NEAR(at_time(model, "J", 3.0), 0.5 * expected, 1e-9);
}

TEST(Sbml, A_species_with_only_substance_units_means_its_amount) {
  const auto model = read_sbml_text(decay("4", "initialConcentration=\"2\"", true));
  const double expected = 8.0 * std::exp(-0.5 * 3.0);
  EXPECT_NEAR(at_time(model, "S", 3.0), expected, 1e-9);
  EXPECT_NEAR(at_time(model, "concentration(S)", 3.0), expected / 4.0, 1e-9);
  EXPECT_EQ(model.system.states[0].on_division, network::OnDivision::halve);
}

TEST(Sbml, A_growing_compartment_dilutes_what_reactions_do_not_change) {
  const auto model = read_sbml_text(
      l3(list("Compartments", compartment("c", "1", false)) + list("Species", species("S", "initialAmount=\"3\"")) +
         list("Parameters", parameter("g", "0.7")) + list("Rules", rate_rule("c", op("times", ci("g") + ci("c")))) +
         list("Reactions", reaction("J", "", reference("S"), cn(0.25)))));
  const double amount = 3.0 + 0.25 * 2.0;
  EXPECT_NEAR(at_time(model, "amount(S)", 2.0), amount, 1e-9);
  EXPECT_NEAR(at_time(model, "S", 2.0), amount * std::exp(-1.4), 1e-9);
  EXPECT_NEAR(at_time(model, "c", 2.0), std::exp(1.4), 1e-8);
}

TEST(Sbml, A_rate_rule_of_a_concentration_holds_whatever_the_compartment_does) {
  const auto model = read_sbml_text(l3(list("Compartments", compartment("c", "2", false)) +
                                       list("Species", species("S", "initialConcentration=\"1\"", false, true)) +
                                       list("Rules", rate_rule("c", cn(1.0)) + rate_rule("S", cn(0.5)))));
  EXPECT_NEAR(at_time(model, "S", 4.0), 3.0, 1e-9);
  EXPECT_NEAR(at_time(model, "amount(S)", 4.0), 18.0, 1e-8);
}

TEST(Sbml, Boundary_and_constant_species_keep_their_value_in_reactions) {
  const auto model = read_sbml_text(
      l3(list("Compartments", compartment("c", "1")) +
         list("Species", species("A", "initialAmount=\"2\"", false, true) + species("B", "initialAmount=\"0\"")) +
         list("Reactions", reaction("J", reference("A"), reference("B", 3.0), ci("A")))));
  EXPECT_EQ(at_time(model, "A", 2.0), 2.0);
  EXPECT_TRUE(model.system.find_parameter("A").has_value());
  EXPECT_NEAR(at_time(model, "B", 2.0), 12.0, 1e-9);
}

TEST(Sbml, A_local_parameter_hides_the_global_one_and_is_named_after_its_reaction) {
  const auto model = read_sbml_text(
      l3(list("Compartments", compartment("c", "1")) + list("Species", species("S", "initialAmount=\"0\"")) +
         list("Parameters", parameter("k", "100")) +
         list("Reactions", reaction("J", "", reference("S"), ci("k"), "<localParameter id=\"k\" value=\"2\"/>") +
                               reaction("K", reference("S"), "", op("times", cn(0.01) + ci("k"))))));
  EXPECT_NEAR(at_time(model, "S", 3.0), 3.0, 1e-9);
  EXPECT_EQ(at_time(model, "J.k", 0.0), 2.0);
}

TEST(Sbml, Function_definitions_call_each_other_and_see_only_their_arguments) {
  const std::string functions =
      list("FunctionDefinitions",
           "<functionDefinition id=\"sq\">" +
               math("<lambda><bvar>" + ci("x") + "</bvar>" + op("times", ci("x") + ci("x")) + "</lambda>") +
               "</functionDefinition>" + "<functionDefinition id=\"quartic\">" +
               math("<lambda><bvar>" + ci("y") + "</bvar><apply>" + ci("sq") + "<apply>" + ci("sq") + ci("y") +
                    "</apply></apply></lambda>") +
               "</functionDefinition>");
  EXPECT_EQ(evaluate("<apply>" + ci("quartic") + ci("two") + "</apply>", functions), 16.0);
}

TEST(Sbml, Initial_assignments_and_rules_may_stand_in_any_order) {
  const auto model =
      read_sbml_text(l3(list("Parameters", parameter("a", "") + parameter("b", "") + parameter("d", "", false) +
                                               parameter("e", "", false)) +
                        list("InitialAssignments", initial_assignment("a", op("times", cn(2) + ci("b"))) +
                                                       initial_assignment("b", op("plus", ci("d") + cn(1)))) +
                        list("Rules", assignment_rule("d", op("plus", ci("e") + cn(1))) +
                                          assignment_rule("e", op("plus", model_time() + cn(5))))));
  EXPECT_EQ(at_time(model, "b", 0.0), 7.0);
  EXPECT_EQ(at_time(model, "a", 0.0), 14.0);
  EXPECT_NEAR(at_time(model, "d", 3.0), 9.0, 1e-12);
}

TEST(Sbml, An_initial_concentration_uses_the_assigned_size_of_its_compartment) {
  const auto model =
      read_sbml_text(l3(list("Compartments", "<compartment id=\"c\" spatialDimensions=\"3\" constant=\"true\"/>") +
                        list("Species", species("S", "initialAmount=\"6\"")) +
                        list("InitialAssignments", initial_assignment("c", cn(3))) +
                        list("Reactions", reaction("J", reference("S"), "", cn(0.3)))));
  EXPECT_DOUBLE_EQ(initial(model, "S"), 2.0);
  EXPECT_NEAR(at_time(model, "S", 2.0), 1.8, 1e-9);
}

TEST(Sbml, A_compartment_without_size_leaves_species_as_the_file_gives_them) {
  const std::string unsized = list("Compartments", "<compartment id=\"c\" spatialDimensions=\"3\" constant=\"true\"/>");
  const auto model = read_sbml_text(
      l3(unsized +
         list("Species", species("A", "initialConcentration=\"3\"") + species("B", "initialAmount=\"4\"", true)) +
         list("Parameters", parameter("x", "", false)) +
         list("Rules", assignment_rule("x", op("plus", ci("A") + ci("B"))))));
  EXPECT_NEAR(at_time(model, "x", 1.0), 7.0, 1e-15);
}

TEST(Sbml, Stoichiometries_follow_rules_and_conversion_factors_scale_amounts) {
  const auto model = read_sbml_text(
      l3(list("Compartments", compartment("c", "1")) +
             list("Species", species("S", "initialAmount=\"0\"") +
                                 species("T", "initialAmount=\"0\"", false, false, "conversionFactor=\"f\"")) +
             list("Parameters", parameter("f", "5") + parameter("g", "3")) +
             list("Rules", assignment_rule("n", model_time())) +
             list("Reactions", reaction("J", "", reference("S", 1.0, "n") + reference("T"), cn(2.0))),
         "conversionFactor=\"g\""));
  EXPECT_NEAR(at_time(model, "S", 4.0), 3.0 * 2.0 * 8.0, 1e-8);  // ∫ t dt = 8
  EXPECT_NEAR(at_time(model, "T", 4.0), 5.0 * 2.0 * 4.0, 1e-9);
}

TEST(Sbml, Level_2_stoichiometry_math_and_defaults_are_understood) {
  const auto model = read_sbml_text(
      l2(list("Compartments", "<compartment id=\"c\" size=\"2\"/>") +
         list("Species", "<species id=\"S\" compartment=\"c\" initialAmount=\"1\"/>") +
         list("Parameters", "<parameter id=\"p\" value=\"3\"/>") +
         list("Reactions", "<reaction id=\"J\">" +
                               list("Products", "<speciesReference species=\"S\"><stoichiometryMath>" + math(ci("p")) +
                                                    "</stoichiometryMath></speciesReference>") +
                               "<kineticLaw>" + math(cn(0.5)) + "</kineticLaw></reaction>")));
  EXPECT_NEAR(at_time(model, "amount(S)", 2.0), 1.0 + 3.0 * 0.5 * 2.0, 1e-9);
  EXPECT_TRUE(model.system.time_unit_known);
  EXPECT_DOUBLE_EQ(model.system.time_unit, 1.0 / 60.0);
}

TEST(Sbml, The_rate_of_a_quantity_is_its_exact_derivative) {
  const auto model = read_sbml_text(l3(list("Compartments", compartment("c", "1", false)) +
                                       list("Species", species("S", "initialAmount=\"2\"")) +
                                       list("Parameters", parameter("v", "", false) + parameter("w", "")) +
                                       list("InitialAssignments", initial_assignment("w", rate_of("S"))) +
                                       list("Rules", rate_rule("c", ci("c")) + assignment_rule("v", rate_of("S"))) +
                                       list("Reactions", reaction("J", "", reference("S"), cn(1.0)))));
  // [S] = (2 + t)e^{−t}, so its rate is −(1 + t)e^{−t}
  EXPECT_NEAR(at_time(model, "v", 1.5), -2.5 * std::exp(-1.5), 1e-9);
  EXPECT_NEAR(at_time(model, "w", 0.0), -1.0, 1e-12);
}

TEST(Sbml, Algebraic_rules_that_are_linear_in_their_unknowns_are_solved) {
  // 0 = x + y − 10, 0 = x − y − t
  const auto rule = [](const std::string& content) { return "<algebraicRule>" + math(content) + "</algebraicRule>"; };
  const auto model = read_sbml_text(
      l3(list("Parameters", parameter("x", "0", false) + parameter("y", "0", false) + parameter("z", "", false)) +
         list("Rules", rule(op("minus", op("plus", ci("x") + ci("y")) + cn(10))) +
                           assignment_rule("z", op("times", ci("x") + ci("y"))) +
                           rule(op("minus", op("minus", ci("x") + ci("y")) + model_time())))));
  EXPECT_NEAR(at_time(model, "x", 4.0), 7.0, 1e-12);
  EXPECT_NEAR(at_time(model, "y", 4.0), 3.0, 1e-12);
  EXPECT_NEAR(at_time(model, "z", 4.0), 21.0, 1e-12);
}

TEST(Sbml, Mathematics_means_what_MathML_says) {
  const std::string two = ci("two"), minus = ci("minus");
  EXPECT_EQ(evaluate(op("plus", "")), 0.0);
  EXPECT_EQ(evaluate(op("times", "")), 1.0);
  EXPECT_EQ(evaluate(op("minus", two)), -2.0);
  EXPECT_EQ(evaluate(op("max", two + cn(5) + minus)), 5.0);
  EXPECT_EQ(evaluate(op("min", two + cn(5) + minus)), -8.0);
  EXPECT_EQ(evaluate(op("quotient", minus + cn(3))), -2.0);
  EXPECT_EQ(evaluate(op("rem", minus + cn(3))), -2.0);
  EXPECT_EQ(evaluate(op("implies", "<true/><false/>")), 0.0);
  EXPECT_EQ(evaluate(op("implies", "<false/><false/>")), 1.0);
  EXPECT_EQ(evaluate(op("xor", "<true/><true/><true/>")), 1.0);
  EXPECT_EQ(evaluate(op("lt", cn(1) + two + cn(3))), 1.0);
  EXPECT_EQ(evaluate(op("lt", cn(1) + two + cn(2))), 0.0);
  EXPECT_NEAR(evaluate(op("root", "<degree>" + cn(3) + "</degree>" + minus)), -2.0, 1e-15);
  EXPECT_NEAR(evaluate(op("root", two)), std::sqrt(2.0), 1e-15);
  EXPECT_NEAR(evaluate(op("log", "<logbase>" + two + "</logbase>" + cn(8))), 3.0, 1e-14);
  EXPECT_NEAR(evaluate(op("log", cn(1000))), 3.0, 1e-14);
  EXPECT_EQ(evaluate(op("factorial", cn(5))), 120.0);
  EXPECT_NEAR(evaluate(op("arccoth", two)), std::atanh(0.5), 1e-15);
  EXPECT_EQ(evaluate("<cn type=\"e-notation\">1.5<sep/>3</cn>"), 1500.0);
  EXPECT_EQ(evaluate("<cn type=\"rational\">3<sep/>4</cn>"), 0.75);
  EXPECT_EQ(evaluate("<piecewise><piece>" + cn(1) + op("lt", two + cn(0)) + "</piece><piece>" + cn(2) +
                     op("gt", two + cn(0)) + "</piece><otherwise>" + cn(3) + "</otherwise></piecewise>"),
            2.0);
  EXPECT_EQ(
      evaluate("<csymbol encoding=\"text\" definitionURL=\"http://www.sbml.org/sbml/symbols/avogadro\">n</csymbol>"),
      6.02214179e23);
  EXPECT_EQ(evaluate(op("plus", "<true/>" + cn(1))), 2.0);  // booleans count as numbers
}

TEST(Sbml, Elements_without_math_have_no_effect_and_leave_a_note) {
  const auto model = read_sbml_text(l3(list("Parameters", parameter("p", "3", false)) +
                                       list("InitialAssignments", "<initialAssignment symbol=\"p\"/>") +
                                       list("Rules", "<rateRule variable=\"p\"/>")));
  EXPECT_EQ(at_time(model, "p", 1.0), 3.0);
  EXPECT_EQ(model.notes.size(), 2u);
}

TEST(Sbml, Inputs_are_taken_from_constants_in_the_given_order) {
  SbmlOptions options;
  options.inputs = {"drug", "c"};
  const auto model = read_sbml_text(
      l3(list("Compartments", compartment("c", "2")) + list("Species", species("S", "initialAmount=\"0\"")) +
         list("Parameters", parameter("k", "3") + parameter("drug", "")) +
         list("Reactions", reaction("J", "", reference("S"), op("times", ci("k") + ci("drug"))))),
      options);
  ASSERT_EQ(model.system.inputs.size(), 2u);
  EXPECT_EQ(model.system.inputs[0].name, "drug");
  EXPECT_EQ(model.system.inputs[1].name, "c");
  ASSERT_EQ(model.system.parameters.size(), 1u);
  const auto t = network::integrate_one(model.system, {}, 2.0, 1, {{"drug", 4.0}});
  EXPECT_NEAR(t.find("S")->back(), 3.0 * 4.0 * 2.0 / 2.0, 1e-6);
}

TEST(Sbml, Declared_units_become_internal_units) {
  const std::string units = list(
      "UnitDefinitions",
      "<unitDefinition id=\"nmol\"><listOfUnits><unit kind=\"mole\" exponent=\"1\" scale=\"-9\" multiplier=\"1\"/></listOfUnits></unitDefinition>"
      "<unitDefinition id=\"per_hour\"><listOfUnits><unit kind=\"second\" exponent=\"-1\" scale=\"0\" multiplier=\"3600\"/></listOfUnits></unitDefinition>"
      "<unitDefinition id=\"hour\"><listOfUnits><unit kind=\"second\" exponent=\"1\" scale=\"0\" multiplier=\"3600\"/></listOfUnits></unitDefinition>");
  const auto model = read_sbml_text(
      l3(units + list("Compartments", compartment("c", "1")) + list("Species", species("S", "initialAmount=\"1\"")) +
             list("Parameters", "<parameter id=\"k\" value=\"1\" units=\"per_hour\" constant=\"true\"/>") +
             list("Reactions", reaction("J", reference("S"), "", op("times", ci("k") + ci("S")))),
         "substanceUnits=\"nmol\" extentUnits=\"nmol\" volumeUnits=\"litre\" timeUnits=\"hour\""));
  EXPECT_DOUBLE_EQ(model.system.time_unit, 60.0);
  EXPECT_EQ(model.units.at("S").dimension, dim::concentration);
  EXPECT_NEAR(model.units.at("S").to_internal, 1.0, 1e-12);  // 1 nmol/L = 1 nM
  EXPECT_EQ(model.units.at("amount(S)").dimension, dim::amount);
  EXPECT_NEAR(model.units.at("amount(S)").to_internal, 6.02214076e14, 1e3);
  EXPECT_EQ(model.units.at("k").dimension, dim::rate);
  EXPECT_NEAR(model.units.at("k").to_internal, 1.0 / 60.0, 1e-15);
  EXPECT_EQ(model.units.at("c").dimension, dim::volume);
  EXPECT_TRUE(model.system.states[0].dimension_known);
}

TEST(Sbml, A_file_is_read_like_its_text) {
  const auto path = std::filesystem::temp_directory_path() / "senoma_sbml_test.xml";
  std::ofstream(path) << decay("1", "initialAmount=\"1\"", false);
  EXPECT_EQ(read_sbml(path.string()).system.states.size(), 1u);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace senoma::convert
