#include "network/influences.h"

#include <gtest/gtest.h>

namespace senoma::network {
namespace {

// x' = k u − w, y' = w, with w = x² / K assigned and v another name of x.
OdeSystem small() {
  OdeSystem s;
  s.states = {{"x"}, {"y"}};
  s.inputs = {{"u"}};
  s.parameters = {{"k", 1.0}, {"K", 2.0}};
  auto& g = s.graph;
  const auto x = g.variable(0), u = g.variable(s.input_slot(0)), k = g.variable(s.parameter_slot(0)),
             half = g.variable(s.parameter_slot(1));
  const auto w = g.div(g.mul(x, x), half);
  s.outputs = {{"w", w}, {"v", x}};
  s.derivatives = {g.sub(g.mul(k, u), w), w};
  return s;
}

TEST(Influences, An_assigned_variable_stands_for_what_enters_it) {
  const auto influences = direct_influences(small());
  EXPECT_EQ(influences.at("x"), (std::set<std::string>{"k", "u", "w"}));
  EXPECT_EQ(influences.at("w"), (std::set<std::string>{"x", "K"}));
}

TEST(Influences, A_second_name_of_a_state_does_not_hide_it) {
  EXPECT_EQ(direct_influences(small()).at("v"), std::set<std::string>{"x"});
  EXPECT_TRUE(direct_influences(small()).at("w").contains("x"));
}

}  // namespace
}  // namespace senoma::network
