// What is refused, with which code, which words and which line.
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <set>

#include "base/error.h"
#include "convert/error_codes.h"
#include "convert/sbml.h"
#include "sbml_text.h"

namespace senoma::convert {
namespace {

using namespace test;

std::optional<Error> error_of(const std::string& text, const SbmlOptions& options = {}) {
  try {
    (void)read_sbml_text(text, options);
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

void expect_error(const std::string& text, const std::string& code, const std::string& words, int line = 0) {
  const auto error = error_of(text);
  ASSERT_TRUE(error.has_value()) << "accepted; expected " << code << " " << words;
  EXPECT_EQ(error->code(), code) << error->message();
  EXPECT_NE(error->message().find(words), std::string::npos) << error->message();
  if (line > 0) {
    ASSERT_TRUE(error->position().has_value());
    EXPECT_EQ(error->position()->line, line) << error->message();
  }
}

const std::string delay =
    "<apply><csymbol encoding=\"text\" definitionURL=\"http://www.sbml.org/sbml/symbols/delay\">delay</csymbol>" +
    ci("p") + cn(1) + "</apply>";

const std::string event =
    "<event id=\"dose\" useValuesFromTriggerTime=\"true\"><trigger initialValue=\"true\" persistent=\"true\">" +
    math(op("gt", model_time() + cn(1))) + "</trigger><listOfEventAssignments><eventAssignment variable=\"p\">" +
    math(delay) + "</eventAssignment></listOfEventAssignments></event>";

TEST(SbmlRefusal, Every_unsupported_feature_is_named_with_its_line) {
  const auto text = l3(list("Parameters", parameter("p", "1", false) + parameter("q", "1", false)) +
                       list("Rules", "\n" + assignment_rule("q", delay)) + list("Events", "\n" + event));
  const auto error = error_of(text);
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->code(), "E3001");
  EXPECT_NE(error->message().find("delay in the assignment rule of 'q' (line 6)"), std::string::npos)
      << error->message();
  EXPECT_NE(error->message().find("delay in the assignment to 'p' by event 'dose' (line 9)"), std::string::npos)
      << error->message();
  EXPECT_EQ(error->position()->line, 6);
  EXPECT_FALSE(error->remedies().empty());
}

TEST(SbmlRefusal, An_event_that_changes_nothing_is_only_noted) {
  const auto model = read_sbml_text(l3(list("Parameters", parameter("p", "1", false)) +
                                       list("Events", "<event id=\"e\" useValuesFromTriggerTime=\"true\"/>")));
  EXPECT_EQ(model.notes.size(), 1u);
}

TEST(SbmlRefusal, A_reaction_without_kinetic_law_is_refused) {
  expect_error(l3(list("Compartments", compartment("c", "1")) + list("Species", species("S", "initialAmount=\"1\"")) +
                  list("Reactions",
                       "<reaction id=\"J\" reversible=\"false\">" + list("Reactants", reference("S")) + "</reaction>")),
               "E3001", "reaction 'J' without kinetic law");
}

TEST(SbmlRefusal, Required_packages_are_refused_by_name_and_others_noted) {
  const auto with_package = [](const std::string& name, const std::string& required) {
    return "<?xml version=\"1.0\"?>\n<sbml xmlns=\"http://www.sbml.org/sbml/level3/version1/core\" xmlns:" + name +
           "=\"http://www.sbml.org/sbml/level3/version1/" + name + "/version1\" level=\"3\" version=\"1\" " + name +
           ":required=\"" + required + "\">\n<model id=\"m\"/></sbml>";
  };
  for (const std::string name : {"distrib", "multi", "spatial", "arrays"}) {
    expect_error(with_package(name, "true"), "E3001", "package '" + name + "'");
  }
  EXPECT_EQ(read_sbml_text(with_package("layout", "false")).notes.size(), 1u);
}

TEST(SbmlRefusal, An_algebraic_rule_that_determines_nothing_is_refused) {
  expect_error(l3(list("Parameters", parameter("x", "1") + parameter("y", "1", false)) +
                  list("Rules", assignment_rule("y", ci("x")) + "<algebraicRule>" + math(op("minus", ci("y") + cn(2))) +
                                    "</algebraicRule>")),
               "E3004", "determines nothing");
}

TEST(SbmlRefusal, An_algebraic_rule_without_solution_is_refused) {
  expect_error(l3(list("Parameters", parameter("x", "1", false)) +
                  list("Rules", "<algebraicRule>" + math(op("plus", op("exp", ci("x")) + cn(1))) + "</algebraicRule>")),
               "E3004", "at time 0 no value of 'x' fulfils the algebraic rule (line 5)");
}

TEST(SbmlRefusal, Rates_that_need_what_constraints_make_of_them_are_refused) {
  // 0 = x + sin(x) − y with y' = rateOf(x): the rate of x depends on that of y
  expect_error(
      l3(list("Parameters", parameter("x", "1", false) + parameter("y", "1", false)) +
         list("Rules", rate_rule("y", rate_of("x")) + "<algebraicRule>" +
                           math(op("minus", op("plus", ci("x") + op("sin", ci("x"))) + ci("y"))) + "</algebraicRule>")),
      "E3001", "rateOf");
}

TEST(SbmlRefusal, Underdetermined_algebraic_rules_are_refused) {
  expect_error(l3(list("Parameters", parameter("x", "1", false) + parameter("y", "1", false)) +
                  list("Rules", "<algebraicRule>" + math(op("minus", ci("x") + ci("y"))) + "</algebraicRule>")),
               "E3001", "do not determine");
}

TEST(SbmlRefusal, Text_that_is_not_SBML_is_refused_with_a_reason) {
  expect_error("", "E3002", "empty");
  expect_error(" \n\t ", "E3002", "empty");
  expect_error(std::string("\x7f"
                           "ELF\0\1\2",
                           7),
               "E3002", "binary");
  expect_error("[model]\nname = 'x'\n", "E3002", "not SBML");
  expect_error("<html><body/></html>", "E3002", "");
  expect_error(
      "<?xml version=\"1.0\"?>\n<sbml xmlns=\"http://www.sbml.org/sbml/level3/version2/core\" level=\"3\" version=\"2\">\n<model>\n",
      "E3002", "");
  expect_error("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><sbml/>", "E3002", "UTF-8");
  expect_error("<sbml name=\"\xE9\"/>", "E3002", "UTF-8");
  expect_error("<!DOCTYPE sbml [<!ENTITY a \"b\">]><sbml/>", "E3002", "document type");
  expect_error(l3("<listOfParameters><parameter id=\"p\" constant=\"true\" colour=\"red\"/></listOfParameters>"),
               "E3002", "not valid SBML", 4);
}

TEST(SbmlRefusal, Names_in_any_script_are_read) {
  EXPECT_EQ(read_sbml_text(l3("", "name=\"fibroblaste sénescent 老化\"")).name, "fibroblaste sénescent 老化");
}

TEST(SbmlRefusal, Elements_nested_very_deeply_are_refused_before_anything_recurses) {
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "<apply>";
  expect_error(l3(deep), "E3002", "nested deeper");
}

TEST(SbmlRefusal, A_truncated_file_is_refused_at_every_length) {
  const std::string text =
      l3(list("Compartments", compartment("c", "1")) + list("Species", species("S", "initialAmount=\"1\"")) +
         list("Reactions", reaction("J", reference("S"), "", ci("S"))));
  ASSERT_FALSE(error_of(text).has_value());
  for (std::size_t n = 0; n + 8 < text.size(); n += 7) {
    const auto error = error_of(text.substr(0, n));
    ASSERT_TRUE(error.has_value()) << "accepted " << n << " bytes";
    EXPECT_EQ(error->code(), "E3002");
  }
}

TEST(SbmlRefusal, Missing_files_and_folders_are_input_errors) {
  for (const std::string& path : {std::string("/no/such/file.xml"), std::filesystem::temp_directory_path().string()}) {
    try {
      (void)read_sbml(path);
      ADD_FAILURE() << "accepted " << path;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), "E3003");
      EXPECT_EQ(error.kind(), ErrorKind::input_output);
    }
  }
}

TEST(SbmlRefusal, Rules_in_a_circle_are_refused) {
  expect_error(l3(list("Parameters", parameter("x", "", false) + parameter("y", "", false)) +
                  list("Rules", assignment_rule("x", ci("y")) + assignment_rule("y", ci("x")))),
               "E3004", "depends on itself");
  expect_error(l3(list("Parameters", parameter("x", "") + parameter("y", "")) +
                  list("InitialAssignments", initial_assignment("x", ci("y")) + initial_assignment("y", ci("x")))),
               "E3004", "the initial value of 'x' depends on itself");
}

TEST(SbmlRefusal, Long_chains_of_rules_are_followed_or_refused_but_never_crash) {
  for (const bool forward : {true, false}) {
    std::string parameters, rules;
    constexpr int n = 5000;
    for (int i = 0; i < n; ++i) parameters += parameter("p" + std::to_string(i), i == 0 ? "1" : "", i == 0);
    for (int k = 1; k < n; ++k) {
      const int i = forward ? k : n - k;
      rules += assignment_rule("p" + std::to_string(i), op("plus", ci("p" + std::to_string(i - 1)) + cn(1)));
    }
    const auto error = error_of(l3(list("Parameters", parameters) + list("Rules", rules)));
    if (error) {
      EXPECT_EQ(error->code(), "E3004") << error->message();
    }
  }
}

TEST(SbmlRefusal, A_rate_that_depends_on_itself_is_refused) {
  expect_error(l3(list("Parameters", parameter("x", "1", false)) +
                  list("Rules", rate_rule("x", op("plus", cn(1) + rate_of("x"))))),
               "E3004", "depends on itself");
}

TEST(SbmlRefusal, Undeclared_names_and_missing_values_are_refused) {
  expect_error(l3(list("Parameters", parameter("x", "1", false)) + list("Rules", rate_rule("x", ci("gamma")))), "E3004",
               "the name 'gamma' in the rate rule of 'x' is not declared");
  expect_error(
      l3(list("Parameters", parameter("x", "1", false) + parameter("k", "")) + list("Rules", rate_rule("x", ci("k")))),
      "E3004", "'k' has no value");
  expect_error(l3(list("Parameters", parameter("x", "", false)) + list("Rules", rate_rule("x", cn(1)))), "E3004",
               "'x' has no value");
  expect_error(l3(list("Parameters", parameter("x", "", false) + parameter("k", "")) +
                  list("InitialAssignments", initial_assignment("x", op("plus", ci("k") + cn(1)))) +
                  list("Rules", rate_rule("x", cn(1)))),
               "E3004", "'k' has no value in the file, but an initial value");
}

TEST(SbmlRefusal, A_constant_species_that_a_reaction_changes_is_refused) {
  expect_error(l3(list("Compartments", compartment("c", "1")) +
                  list("Species", species("S", "initialAmount=\"1\"", false, false, "", true)) +
                  list("Reactions", reaction("J", reference("S"), "", cn(1)))),
               "E3004", "'S' is constant but reaction 'J' changes it");
}

TEST(SbmlRefusal, An_unknown_input_proposes_the_nearest_name) {
  SbmlOptions options;
  options.inputs = {"drugg"};
  const auto error = error_of(l3(list("Parameters", parameter("drug", "1"))), options);
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->code(), "E3005");
  EXPECT_NE(error->render().find("did you mean 'drug'"), std::string::npos) << error->render();
}

TEST(SbmlRefusal, A_function_that_calls_itself_is_refused) {
  const std::string functions =
      list("FunctionDefinitions", "<functionDefinition id=\"f\">" +
                                      math("<lambda><bvar>" + ci("x") + "</bvar><apply>" + ci("f") +
                                           op("plus", ci("x") + cn(1)) + "</apply></lambda>") +
                                      "</functionDefinition>");
  expect_error(l3(functions + list("Parameters", parameter("x", "", false)) +
                  list("Rules", assignment_rule("x", "<apply>" + ci("f") + cn(1) + "</apply>"))),
               "E3004", "calls itself");
}

TEST(SbmlRefusal, Codes_are_listed_once_each) {
  std::set<std::string> seen;
  for (const auto& row : error_codes) EXPECT_TRUE(seen.insert(row.code).second) << row.code;
  EXPECT_EQ(seen.size(), 9u);
}

}  // namespace
}  // namespace senoma::convert
