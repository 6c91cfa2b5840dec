// SBML reactions between numbers of molecules.
#include "convert/sbml_reactions.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "sbml_text.h"

namespace senoma::convert {
namespace {

using namespace test;

std::string model_of(const std::string& the_species, const std::string& reactions, const std::string& more = "",
                     const std::string& size = "0.5") {
  return l3(list("Compartments", compartment("c", size)) + list("Species", the_species) +
            list("Parameters", parameter("k", "3")) + more + list("Reactions", reactions));
}

void expect_refused(const std::string& text, const std::string& words) {
  try {
    (void)read_sbml_reactions_text(text);
    ADD_FAILURE() << "accepted; expected " << words;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "E3031") << error.message();
    EXPECT_NE(error.message().find(words), std::string::npos) << error.message();
    ASSERT_TRUE(error.position().has_value());
    EXPECT_GT(error.position()->line, 0) << error.message();
  }
}

double propensity(const SbmlReactions& m, std::size_t reaction, double amount) {
  std::vector<double> slots(m.system.quantities.n_slots());
  for (std::size_t p = 0; p < m.system.quantities.parameters.size(); ++p)
    slots[static_cast<std::size_t>(m.system.quantities.parameter_slot(p))] = m.system.quantities.parameters[p].value;
  slots[0] = amount;
  return expr::evaluate(m.system.quantities.graph, m.system.reactions[reaction].propensity, slots);
}

TEST(SbmlReactions, A_concentration_becomes_an_amount) {
  // law: c·k·X with X = amount/c, c = 0.5
  const auto m = read_sbml_reactions_text(
      model_of(species("X", "initialConcentration=\"8\""),
               reaction("J", reference("X", 2), reference("X", 5), op("times", ci("c") + ci("k") + ci("X")))));
  const auto& q = m.system.quantities;
  ASSERT_EQ(q.states.size(), 1U);
  EXPECT_EQ(q.states[0].name, "amount(X)");
  EXPECT_EQ(q.states[0].initial, 4.0);
  EXPECT_EQ(m.system.counted, std::vector<char>{1});
  ASSERT_EQ(m.system.reactions.size(), 1U);
  EXPECT_EQ(m.system.reactions[0].changes, (std::vector<std::pair<std::size_t, double>>{{0, 3.0}}));
  EXPECT_DOUBLE_EQ(propensity(m, 0, 6.0), 18.0);
  int outputs = 0;
  for (const auto& o : q.outputs) {
    outputs += o.name == "X" || o.name == "amount(X)" ? 1 : 0;
    if (o.name == "X" || o.name == "concentration(X)") {
      EXPECT_EQ(expr::evaluate(q.graph, o.node, std::vector<double>{6.0, 0.0, 0.5, 3.0, 0, 0}), 12.0) << o.name;
    }
  }
  EXPECT_EQ(outputs, 1);  // amount(X) is the state, not also an output
}

TEST(SbmlReactions, An_amount_stays_one_and_boundary_species_do_not_change) {
  const auto m = read_sbml_reactions_text(
      model_of(species("X", "initialAmount=\"8\"", true) + species("S", "initialAmount=\"2\"", true, true),
               reaction("J", reference("X") + reference("S"), reference("S", 3), op("times", ci("k") + ci("X")))));
  EXPECT_EQ(m.system.quantities.states.size(), 1U);
  EXPECT_EQ(m.system.quantities.states[0].initial, 8.0);
  EXPECT_EQ(m.system.reactions[0].changes, (std::vector<std::pair<std::size_t, double>>{{0, -1.0}}));
  EXPECT_EQ(propensity(m, 0, 5.0), 15.0);
}

TEST(SbmlReactions, What_is_not_a_jump_process_is_refused_by_name_and_line) {
  const std::string x = species("X", "initialAmount=\"8\"", true);
  const auto simple = [&](const std::string& law) { return reaction("J", reference("X"), "", law); };
  expect_refused(model_of(x, simple(op("times", ci("k") + model_time()))),
                 "'J' has a kinetic law that depends on time");
  expect_refused(model_of(x, reaction("J", reference("X", 1.5), "", ci("k"))), "'J' changes 'X' by -1.5");
  expect_refused(model_of(x + species("Y", "initialAmount=\"1\"", true, true), simple(ci("k")),
                          list("Rules", rate_rule("Y", cn(1)))),
                 "the rate rule of 'Y'");
  expect_refused(model_of(x, reaction("J", reference("X", 1, "n"), "", ci("k")),
                          list("InitialAssignments", initial_assignment("n", cn(2)))),
                 "a computed stoichiometry of 'X' in reaction 'J'");
}

}  // namespace
}  // namespace senoma::convert
