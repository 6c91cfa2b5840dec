// Rules against the formula in engine/description.h.
#include <gtest/gtest.h>

#include <cmath>

#include "models.h"

namespace senoma {
namespace {

using test::column;
using test::rule;
using test::simulate;

/// Speed of two cells (states "a" and "b") under the rules, where S = 6 and T = 3; base speed 0.5.
std::vector<double> speeds(const std::vector<engine::Rule>& rules) {
  auto d = test::world(10, 10.0);
  d.substrates = {test::substrate("S", 0, 0, 6.0), test::substrate("T", 0, 0, 3.0)};
  auto type = test::cell_type("cell");
  type.states = {"a", "b"};
  type.parameters["motility.speed"] = 0.5;
  type.rules = rules;
  type.initial = {test::at({{0, 0, 0}}), test::at({{50, 0, 0}})};
  type.initial[0].state_fractions = {{"a", 1.0}};
  type.initial[1].state_fractions = {{"b", 1.0}};
  d.cell_types = {type};
  auto s = simulate(d);
  s->step();
  const auto& v = column(*s, "migration speed");
  return {v.begin(), v.end()};
}

double hill(double s, double half, double n) { return std::pow(s / half, n) / (1 + std::pow(s / half, n)); }

TEST(Rules, One_increasing_rule_is_a_hill_function_between_base_and_saturation) {
  EXPECT_NEAR(speeds({rule("S concentration", "migration speed", true, 2.0, 4.0, 3.0)})[0], 0.5 + 1.5 * hill(6, 4, 3),
              1e-12);
}

TEST(Rules, Increasing_and_decreasing_rules_combine_as_the_formula_says) {
  const auto v = speeds({rule("S concentration", "migration speed", true, 2.0, 4.0, 3.0),
                         rule("T concentration", "migration speed", true, 2.0, 5.0, 1.0),
                         rule("T concentration", "migration speed", false, 0.1, 2.0, 2.0)})[0];
  const double u = std::pow(6.0 / 4, 3) + 3.0 / 5, up = 0.5 + 1.5 * u / (1 + u), down = std::pow(1.5, 2);
  EXPECT_NEAR(v, up * (1 - down / (1 + down)) + 0.1 * down / (1 + down), 1e-12);
}

TEST(Rules, Different_saturations_pull_by_their_strengths_in_any_order) {
  const auto a = rule("S concentration", "migration speed", true, 2.0, 4.0, 3.0),
             b = rule("T concentration", "migration speed", true, 1.0, 5.0, 1.0);
  const double ua = std::pow(1.5, 3), ub = 0.6;
  EXPECT_NEAR(speeds({a, b})[0], 0.5 + (1.5 * ua + 0.5 * ub) / (1 + ua + ub), 1e-12);
  EXPECT_NEAR(speeds({a, b})[0], speeds({b, a})[0], 1e-15);
}

TEST(Rules, A_saturated_rule_gives_its_saturation_not_a_nan) {
  EXPECT_DOUBLE_EQ(speeds({rule("S concentration", "migration speed", true, 2.0, 1e-60, 8.0)})[0], 2.0);
  EXPECT_DOUBLE_EQ(speeds({rule("S concentration", "migration speed", false, 0.0, 1e-60, 8.0)})[0], 0.0);
}

TEST(Rules, A_signal_below_its_threshold_counts_as_zero) {
  auto r = rule("S concentration", "migration speed", true, 2.0, 4.0, 3.0);
  r.threshold = 6.5;
  EXPECT_EQ(speeds({r})[0], 0.5);
  r.threshold = 5.5;
  EXPECT_GT(speeds({r})[0], 0.5);
}

TEST(Rules, States_and_conditions_limit_a_rule) {
  auto r = rule("S concentration", "migration speed", true, 2.0, 4.0, 3.0);
  r.states = {"b"};
  const auto v = speeds({r});
  EXPECT_EQ(v[0], 0.5);
  EXPECT_NEAR(v[1], 0.5 + 1.5 * hill(6, 4, 3), 1e-12);
  r.states.clear();
  r.when = engine::Expression{"T.concentration > 4 [nM]", {}};
  EXPECT_EQ(speeds({r})[0], 0.5);
  r.when = engine::Expression{"T.concentration > 2 [nM]", {}};
  EXPECT_GT(speeds({r})[0], 1.0);
}

TEST(Rules, A_rule_may_bring_its_own_base) {
  auto r = rule("S concentration", "migration speed", false, 0.0, 6.0, 1.0);
  r.base = 4.0;
  EXPECT_NEAR(speeds({r})[0], 2.0, 1e-12);
}

TEST(Rules, State_parameters_replace_the_base) {
  auto d = test::world(10, 10.0);
  auto type = test::cell_type("cell");
  type.states = {"fast", "slow"};
  type.parameters["motility.speed"] = 0.5;
  type.state_parameters = {{}, {{"motility.speed", 0.25}}};
  type.initial = {test::at({{0, 0, 0}}), test::at({{50, 0, 0}})};
  type.initial[1].state_fractions = {{"slow", 1.0}};
  d.cell_types = {type};
  auto s = simulate(d);
  EXPECT_EQ(column(*s, "migration speed")[0], 0.5);
  EXPECT_EQ(column(*s, "migration speed")[1], 0.25);
}

TEST(Rules, Contacts_are_counted_by_type_and_state) {
  auto d = test::world(10, 10.0);
  auto type = test::cell_type("cell"), other = test::cell_type("T cell");
  type.states = {"a", "b"};
  type.initial = {test::at({{0, 0, 0}, {12, 0, 0}, {-90, 0, 0}}), test::at({{0, 12, 0}})};
  type.initial[1].state_fractions = {{"b", 1.0}};
  other.initial = {test::at({{0, -12, 0}, {60, 60, 0}})};
  d.cell_types = {type, other};
  for (const char* signal : {"neighbours", "neighbours.cell", "`neighbours T cell`", "neighbours.b", "state.b"}) {
    auto readout = test::mean_of(signal, signal);
    readout.where_ = engine::Expression{"x < 1 [um] and x > -1 [um] and y < 1 [um] and y > -1 [um]", {}};
    d.readouts.push_back(readout);
  }
  auto s = simulate(d);
  EXPECT_EQ(s->readouts(), (std::vector<double>{3, 2, 1, 1, 0}));  // radius 6.2: contacts up to 15.5 µm
}

}  // namespace
}  // namespace senoma
