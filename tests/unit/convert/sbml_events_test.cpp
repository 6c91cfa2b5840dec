// What SBML's events, fast reactions, submodels and Level 1 mean, each against a closed form.
#include <gtest/gtest.h>

#include <cmath>

#include "convert/sbml.h"
#include "network/trajectory.h"
#include "sbml_text.h"

namespace senoma::convert {
namespace {

using namespace test;

double at_time(const std::string& text, const std::string& name, double t) {
  const auto model = read_sbml_text(text);
  if (const auto p = model.system.find_parameter(name)) return model.system.parameters[*p].value;
  network::IntegratorOptions options;
  options.relative_tolerance = 1e-10;
  options.absolute_tolerance = 1e-13;
  const auto trajectory = network::integrate_one(model.system, options, t, 1);
  const auto* column = trajectory.find(name);
  if (column == nullptr) ADD_FAILURE() << "no quantity named " << name;
  return column == nullptr ? std::nan("") : column->back();
}

struct Event {
  std::string trigger, assignments, delay = {}, priority = {};
  bool initial = true, persistent = true, at_trigger = true;
};

std::string event(const std::string& id, const Event& e) {
  const auto flag = [](bool on) { return on ? "\"true\"" : "\"false\""; };
  return "<event id=\"" + id + "\" useValuesFromTriggerTime=" + flag(e.at_trigger) +
         "><trigger initialValue=" + flag(e.initial) + " persistent=" + flag(e.persistent) + ">" + math(e.trigger) +
         "</trigger>" + (e.delay.empty() ? "" : "<delay>" + math(e.delay) + "</delay>") +
         (e.priority.empty() ? "" : "<priority>" + math(e.priority) + "</priority>") +
         list("EventAssignments", e.assignments) + "</event>\n";
}
std::string set(const std::string& variable, const std::string& content) {
  return "<eventAssignment variable=\"" + variable + "\">" + math(content) + "</eventAssignment>";
}
std::string after(double t) { return op("gt", model_time() + cn(t)); }

TEST(SbmlEvents, A_compartment_that_is_set_keeps_amounts_and_changes_concentrations) {
  const auto text = [](bool only_substance) {
    return l3(list("Compartments", compartment("c", "1", false)) +
              list("Species", species("S", "initialAmount=\"3\"", only_substance)) +
              list("Events", event("grow", {after(1), set("c", cn(4))})));
  };
  EXPECT_NEAR(at_time(text(false), "concentration(S)", 2), 0.75, 1e-12);
  EXPECT_NEAR(at_time(text(false), "amount(S)", 2), 3.0, 1e-12);
  EXPECT_NEAR(at_time(text(true), "S", 2), 3.0, 1e-12);
}

TEST(SbmlEvents, A_concentration_set_together_with_its_compartment_uses_the_size_before) {
  const auto text =
      l3(list("Compartments", compartment("c", "1", false)) + list("Species", species("S", "initialAmount=\"3\"")) +
         list("Events", event("both", {after(1), set("c", cn(2)) + set("S", op("times", ci("S") + cn(2)))})));
  EXPECT_NEAR(at_time(text, "concentration(S)", 2), 3.0, 1e-12);
  EXPECT_NEAR(at_time(text, "amount(S)", 2), 6.0, 1e-12);
}

TEST(SbmlEvents, A_stoichiometry_is_set) {
  const auto text = l3(list("Compartments", compartment("c", "1")) +
                       list("Species", species("A", "initialAmount=\"10\"") + species("B", "initialAmount=\"0\"")) +
                       list("Reactions", reaction("J", reference("A"), reference("B", 2.0, "yield"), cn(1))) +
                       list("Events", event("e", {after(1), set("yield", cn(5))})));
  EXPECT_NEAR(at_time(text, "B", 3), 2.0 * 1 + 5.0 * 2, 1e-9);
}

TEST(SbmlEvents, A_boundary_species_with_a_rate_rule_goes_on_from_where_an_event_puts_it) {
  const auto text = l3(list("Compartments", compartment("c", "1")) +
                       list("Species", species("S", "initialConcentration=\"1\"", false, true) +
                                           species("P", "initialConcentration=\"0\"")) +
                       list("Rules", rate_rule("S", cn(2))) +
                       list("Reactions", reaction("J", reference("S"), reference("P"), ci("S"))) +
                       list("Events", event("e", {op("geq", ci("S") + cn(5)), set("S", cn(0))})));
  EXPECT_NEAR(at_time(text, "S", 3), 2.0, 1e-9);
  EXPECT_NEAR(at_time(text, "P", 3), 6.0 + 1.0, 1e-8);
}

TEST(SbmlEvents, What_a_trigger_was_before_time_0_decides_whether_it_fires_there) {
  const auto text = [](bool initial, const std::string& delay) {
    return l3(list("Parameters", parameter("p", "1", false)) +
              list("Events", event("e", {op("geq", model_time() + cn(0)), set("p", cn(7)), delay, "", initial})));
  };
  EXPECT_EQ(at_time(text(false, ""), "p", 1e-3), 7.0);
  EXPECT_EQ(at_time(text(true, ""), "p", 5), 1.0);
  EXPECT_EQ(at_time(text(false, cn(2)), "p", 1.9), 1.0);
  EXPECT_EQ(at_time(text(false, cn(2)), "p", 2.1), 7.0);
}

TEST(SbmlEvents, A_change_that_is_not_persistent_is_taken_back_and_may_come_again) {
  const auto text = [](bool persistent) {
    const std::string window = op("or", op("and", after(1) + op("lt", model_time() + cn(2))) + after(4));
    return l3(list("Parameters", parameter("n", "0", false)) +
              list("Events",
                   event("e", {window, set("n", op("plus", ci("n") + cn(1))), cn(1.5), "", true, persistent, false})));
  };
  EXPECT_EQ(at_time(text(false), "n", 3), 0.0);
  EXPECT_EQ(at_time(text(false), "n", 6), 1.0);
  EXPECT_EQ(at_time(text(true), "n", 3), 1.0);
  EXPECT_EQ(at_time(text(true), "n", 6), 2.0);
}

TEST(SbmlEvents, Of_several_at_once_the_highest_priority_goes_first_and_may_take_back_others) {
  const auto first = Event{after(1), set("p", op("plus", ci("p") + cn(1))), "", ci("high"), true, true, false};
  auto second = Event{after(1), set("p", op("times", ci("p") + cn(10))), "", cn(2), true, true, false};
  const auto text = [&](double high) {
    return l3(list("Parameters", parameter("p", "3", false) + parameter("high", std::to_string(high))) +
              list("Events", event("second", second) + event("first", first)));
  };
  EXPECT_EQ(at_time(text(3), "p", 2), 40.0);
  EXPECT_EQ(at_time(text(1), "p", 2), 31.0);
  second.trigger = op("and", after(1) + op("lt", ci("p") + cn(4)));  // false after the first
  second.persistent = false;
  EXPECT_EQ(at_time(text(3), "p", 2), 4.0);
}

TEST(SbmlEvents, A_trigger_may_look_at_a_rate_and_an_assignment_at_Avogadros_number) {
  const std::string avogadro =
      "<csymbol encoding=\"text\" definitionURL=\"http://www.sbml.org/sbml/symbols/avogadro\">N</csymbol>";
  const auto text = l3(list("Parameters", parameter("x", "1", false) + parameter("p", "0", false)) +
                       list("Rules", rate_rule("x", op("minus", ci("x")))) +  // x' = −e^−t
                       list("Events", event("slow", {op("gt", rate_of("x") + op("minus", cn(0.5))),
                                                     set("p", op("divide", avogadro + "<cn>6.02214179e23</cn>"))})));
  EXPECT_EQ(at_time(text, "p", std::log(2.0) - 1e-6), 0.0);
  EXPECT_NEAR(at_time(text, "p", std::log(2.0) + 1e-6), 1.0, 1e-6);
}

TEST(SbmlEvents, A_conversion_factor_scales_reactions_and_not_what_events_set) {
  const auto text =
      l3(list("Compartments", compartment("c", "1")) + list("Species", species("S", "initialAmount=\"0\"", true)) +
             list("Parameters", parameter("f", "3")) + list("Reactions", reaction("J", "", reference("S"), cn(1))) +
             list("Events", event("e", {after(1), set("S", cn(10))})),
         "conversionFactor=\"f\"");
  EXPECT_NEAR(at_time(text, "S", 0.5), 1.5, 1e-9);
  EXPECT_NEAR(at_time(text, "S", 2), 13.0, 1e-9);
}

TEST(SbmlEvents, Events_that_follow_each_other_ever_faster_come_to_their_end) {
  // x rises from 0 while y falls; where they meet x goes back to 0 and y stays: half the way each time, 2 in all.
  const auto text = l3(list("Parameters", parameter("x", "0", false) + parameter("y", "2", false)) +
                       list("Rules", rate_rule("x", cn(1)) + rate_rule("y", op("minus", cn(1)))) +
                       list("Events", event("e", {op("geq", ci("x") + ci("y")), set("x", cn(0))})));
  EXPECT_NEAR(at_time(text, "y", 1.5), 0.5, 1e-9);
  EXPECT_NEAR(at_time(text, "x", 1.75 + 0.0625), 0.0625, 1e-9);
  EXPECT_NEAR(at_time(text, "x", 3), 1.0, 1e-9);  // beyond 2 the condition stays true
}

TEST(SbmlEvents, A_fast_reaction_is_in_equilibrium_at_all_times) {
  std::string fast = reaction("K", reference("A"), reference("B"), op("minus", op("times", cn(3) + ci("A")) + ci("B")));
  std::string slow = reaction("J", reference("B"), "", ci("B"));
  fast.replace(fast.find("reversible=\"false\""), 18, "reversible=\"true\" fast=\"true\"");
  slow.replace(slow.find("reversible=\"false\""), 18, "reversible=\"false\" fast=\"false\"");
  const auto text =
      l3(list("Compartments", compartment("c", "1")) +
             list("Species", species("A", "initialConcentration=\"4\"") + species("B", "initialConcentration=\"0\"")) +
             list("Reactions", fast + slow),
         "", 1);
  const double total = 4.0 * std::exp(-0.75 * 2.0);  // A + B decays by 3/4 of it that is B
  EXPECT_NEAR(at_time(text, "A", 2), 0.25 * total, 1e-8);
  EXPECT_NEAR(at_time(text, "B", 2), 0.75 * total, 1e-8);
}

TEST(SbmlEvents, A_submodel_within_a_submodel_runs_on_its_own_clock_events_included) {
  // The inner model's minute is 2 of the outer's: x' = 1, reset to 0 a delay of 1 after it has passed 3.
  const std::string inner = list("Parameters", parameter("x", "0", false)) + list("Rules", rate_rule("x", cn(1))) +
                            list("Events", event("e", {op("gt", ci("x") + cn(3)), set("x", cn(0)), cn(1)}));
  const std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sbml xmlns=\"http://www.sbml.org/sbml/level3/version1/core\" "
      "xmlns:comp=\"http://www.sbml.org/sbml/level3/version1/comp/version1\" level=\"3\" version=\"1\" "
      "comp:required=\"true\"><model id=\"m\">" +
      list("Parameters", parameter("two", "2")) +
      "<comp:listOfSubmodels><comp:submodel comp:id=\"A\" comp:modelRef=\"middle\" comp:timeConversionFactor=\"two\"/>"
      "</comp:listOfSubmodels></model><comp:listOfModelDefinitions><comp:modelDefinition id=\"inner\">" +
      inner +
      "</comp:modelDefinition><comp:modelDefinition id=\"middle\"><comp:listOfSubmodels><comp:submodel comp:id=\"B\" "
      "comp:modelRef=\"inner\"/></comp:listOfSubmodels></comp:modelDefinition></comp:listOfModelDefinitions></sbml>\n";
  EXPECT_NEAR(at_time(text, "A__B__x", 7), 3.5, 1e-9);
  EXPECT_NEAR(at_time(text, "A__B__x", 9), 0.5, 1e-9);  // fired at 6, set at 8
}

TEST(SbmlLevel1, Formulas_and_rational_stoichiometries_are_read) {
  const std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sbml xmlns=\"http://www.sbml.org/sbml/level1\" level=\"1\" version=\"2\">"
      "<model name=\"m\"><listOfCompartments><compartment name=\"c\" volume=\"2\"/></listOfCompartments><listOfSpecies>"
      "<species name=\"A\" compartment=\"c\" initialAmount=\"8\"/><species name=\"B\" compartment=\"c\" "
      "initialAmount=\"0\"/></listOfSpecies><listOfParameters><parameter name=\"k\" value=\"0.5\"/></listOfParameters>"
      "<listOfReactions><reaction name=\"J\"><listOfReactants><speciesReference species=\"A\"/></listOfReactants>"
      "<listOfProducts><speciesReference species=\"B\" stoichiometry=\"1\" denominator=\"2\"/></listOfProducts>"
      "<kineticLaw formula=\"k * pow(A, 1) * c\"/></reaction></listOfReactions></model></sbml>\n";
  EXPECT_EQ(read_sbml_text(text).level, 1);
  EXPECT_NEAR(at_time(text, "amount(A)", 3), 8.0 * std::exp(-1.5), 1e-8);
  EXPECT_NEAR(at_time(text, "amount(B)", 3), 4.0 * (1.0 - std::exp(-1.5)), 1e-8);
}

}  // namespace
}  // namespace senoma::convert
