// Events and constraints of networks in cells: at the right time across coupling steps, through division, and chosen by
// each cell for itself.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "base/error.h"
#include "models.h"

namespace senoma {
namespace {

using test::column;
using test::NetworkText;
using test::run;
using test::simulate;

/// Cells with one network that do nothing else; a coupling step of 10 min.
engine::Description cells_with(const NetworkText& text, std::size_t n_cells = 1) {
  auto d = test::world(40, 10.0);
  d.networks = {test::network("net", text)};
  auto type = test::cell_type("cell");
  type.network = "net";
  type.initial = {n_cells == 1 ? test::at({{0, 0, 0}}) : test::apart(n_cells)};
  d.cell_types = {type};
  return d;
}

/// A decays with 0.02 per unit of time; the event sets it to 1.
NetworkText decay_set_by(const std::string& trigger, const std::string& delay, double time_unit = 1.0) {
  NetworkText text{{{"A", 0.0, "-0.02 * A"}}, {{"k", 1.0}}, time_unit};
  text.events = {{"dose", trigger, delay, "", {{"A", "k"}}}};
  return text;
}

void divide_every(engine::Description& d, double minutes) {
  auto live = test::phase("live", minutes, engine::CyclePhase::Exit::fixed);
  live.divides = true;
  d.cell_types[0].cycle = {live};
  d.cell_types[0].initial[0].asynchronous = false;
}

TEST(Events_in_cells, An_event_happens_at_its_time_inside_a_coupling_step) {
  for (const double unit : {1.0, 60.0}) {
    auto s = simulate(cells_with(decay_set_by("time > 25.5 / " + std::to_string(unit), "", unit)));
    run(*s, 2);
    EXPECT_EQ(column(*s, "network.A")[0], 0.0);
    run(*s, 2);
    EXPECT_NEAR(column(*s, "network.A")[0], std::exp(-0.02 * 14.5 / unit), 1e-6);
  }
}

TEST(Events_in_cells, A_delayed_change_waits_across_coupling_steps) {
  auto s = simulate(cells_with(decay_set_by("time > 15.5", "31.7")));  // due at 47.2
  run(*s, 4);
  EXPECT_EQ(column(*s, "network.A")[0], 0.0);
  EXPECT_NEAR(column(*s, "network.net.event 1 dose waiting 1 due")[0], 47.2, 1e-9);
  run(*s, 1);
  EXPECT_NEAR(column(*s, "network.A")[0], std::exp(-0.02 * 2.8), 1e-6);
  EXPECT_EQ(column(*s, "network.net.event 1 dose waiting 1 due")[0], -1.0);
}

TEST(Events_in_cells, A_trigger_on_a_state_repeats_with_the_exact_period) {
  NetworkText text{{{"A", 0.0, "0.1"}, {"n", 0.0, "0"}}, {}};
  text.events = {{"full", "A >= 0.73", "", "", {{"A", "0"}, {"n", "n + 1"}}}};
  auto s = simulate(cells_with(text));
  run(*s, 10);  // 100 min: every 7.3 min
  EXPECT_EQ(column(*s, "network.n")[0], 13.0);
  EXPECT_NEAR(column(*s, "network.A")[0], 0.1 * (100 - 13 * 7.3), 1e-9);
}

TEST(Events_in_cells, An_input_that_changed_sets_an_event_off_at_the_border_of_the_step) {
  auto text = decay_set_by("k > 1.5", "");
  auto d = cells_with(text);
  engine::Intervention twofold;
  twofold.target = "k";
  twofold.factor = 2.0;
  twofold.from = 20.0;
  d.interventions = {twofold};
  auto s = simulate(d);
  run(*s, 2);
  EXPECT_EQ(column(*s, "network.A")[0], 0.0);
  run(*s, 1);
  EXPECT_NEAR(column(*s, "network.A")[0], 2.0 * std::exp(-0.2), 1e-6);
}

TEST(Events_in_cells, Both_daughters_carry_the_waiting_change_and_its_values) {
  for (const bool at_trigger : {true, false}) {
    NetworkText text{{{"A", 0.0, "0"}, {"B", 0.0, "0.1"}}, {}};
    text.events = {{"later", "time > 5", "20", "", {{"A", "B"}}, at_trigger}};  // B = 0.5 then, 2.5 after the delay
    auto d = cells_with(text);
    divide_every(d, 10.0);
    auto s = simulate(d);
    run(*s, 2);
    ASSERT_EQ(s->world.cells.size(), 4u);
    for (const double due : column(*s, "network.net.event 1 later waiting 1 due")) EXPECT_NEAR(due, 25.0, 1e-9);
    run(*s, 1);
    for (const double a : column(*s, "network.A")) EXPECT_NEAR(a, at_trigger ? 0.5 : 2.5, 1e-9);
  }
}

/// Two events of equal priority at one time: the one that happens last stays.
NetworkText tie() {
  NetworkText text{{{"A", 0.0, "0"}}, {}};
  text.events = {{"one", "time > 5", "", "1", {{"A", "1"}}}, {"two", "time > 5", "", "1", {{"A", "2"}}}};
  return text;
}

TEST(Events_in_cells, Each_cell_draws_by_its_identity_which_of_two_equal_priorities_goes_first) {
  auto many = simulate(cells_with(tie(), 160));
  run(*many, 1);
  std::map<double, int> outcomes;
  for (const double a : column(*many, "network.A")) ++outcomes[a];
  EXPECT_EQ(outcomes.size(), 2u);
  EXPECT_NEAR(outcomes[1.0], 80, 4 * std::sqrt(40.0));
  // The same cells in another order, and fewer of them, draw the same.
  auto few = simulate(cells_with(tie(), 160));
  std::vector<std::uint32_t> order, removed;
  for (std::uint32_t i = 160; i-- > 0;) order.push_back(i);
  for (std::uint32_t i = 0; i < 160; i += 3) removed.push_back(i);
  few->world.cells.permute(order);
  few->world.cells.remove(removed);
  run(*few, 1);
  std::map<std::uint64_t, double> of_cell;
  for (std::size_t i = 0; i < 160; ++i) of_cell[many->world.cells.id[i]] = column(*many, "network.A")[i];
  for (std::size_t i = 0; i < few->world.cells.size(); ++i)
    EXPECT_EQ(column(*few, "network.A")[i], of_cell[few->world.cells.id[i]]);
}

TEST(Events_in_cells, A_knocked_out_state_does_not_act_inside_events_and_is_still_set_by_them) {
  NetworkText text{{{"A", 1.0, "0.1"}, {"B", 0.0, "0"}, {"C", 0.0, "0"}}, {}};
  text.events = {{"trigger", "A > 1.5", "", "", {{"B", "1"}}},
                 {"value", "time > 5", "A * 10", "", {{"C", "A + 3"}, {"A", "A + 1"}}}};
  auto d = cells_with(text);
  engine::Intervention knock_out;
  knock_out.target = "A";
  d.interventions = {knock_out};
  auto s = simulate(d);
  run(*s, 2);
  EXPECT_EQ(column(*s, "network.B")[0], 0.0) << "no trigger";
  EXPECT_EQ(column(*s, "network.C")[0], 3.0) << "neither as a value nor as a delay";
  EXPECT_NEAR(column(*s, "network.A")[0], 4.0, 1e-9) << "its own equation is untouched";
}

/// A³ + A = x with x growing: what an algebraic rule keeps.
NetworkText cubic() {
  NetworkText text{{{"A", 0.0, "0"}, {"x", 0.0, "g"}, {"B", 0.0, "0.1 * A"}}, {{"g", 0.2}}};
  text.constraints = {{"A", "A * A * A + A - x"}};
  return text;
}

TEST(Events_in_cells, A_constraint_holds_in_every_cell_also_when_an_input_changes) {
  auto d = cells_with(cubic(), 3);
  engine::Intervention twofold;
  twofold.target = "g";
  twofold.factor = 2.0;
  twofold.from = 20.0;
  d.interventions = {twofold};
  auto s = simulate(d);
  run(*s, 4);
  for (std::size_t i = 0; i < 3; ++i) {
    const double a = column(*s, "network.A")[i];
    EXPECT_NEAR(column(*s, "network.x")[i], 12.0, 1e-5);
    EXPECT_NEAR(a * a * a + a, column(*s, "network.x")[i], 1e-5);
  }
}

TEST(Events_in_cells, Nothing_can_act_on_a_state_that_a_constraint_ties_to_others) {
  for (const char* state : {"A", "x"}) {
    auto d = cells_with(cubic());
    engine::Intervention knock_out;
    knock_out.target = state;
    knock_out.where = {"model.toml", 12, 9, 20};
    d.interventions = {knock_out};
    try {
      (void)simulate(d);
      ADD_FAILURE() << state << " was not refused";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), "E5003");
      EXPECT_EQ(error.message(), std::string("network 'net': nothing can act on '") + state +
                                     "', as the rule of A ties it to other quantities");
      ASSERT_TRUE(error.position().has_value());
      EXPECT_EQ(error.position()->line, 12);
    }
  }
  auto d = cells_with(cubic());
  engine::Intervention knock_out;
  knock_out.target = "B";
  d.interventions = {knock_out};
  EXPECT_NO_THROW((void)simulate(d));
}

TEST(Events_in_cells, An_event_that_cannot_be_carried_out_names_the_cell_and_its_type) {
  auto text = decay_set_by("time > 25", "");
  text.events[0].assignments = {{"A", "1 / A"}};
  try {
    auto s = simulate(cells_with(text));
    run(*s, 3);
    ADD_FAILURE() << "not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "E3104");
    for (const char* words : {"'dose'", "'A'", "cell ", "(a cell cell, in the step at 0.013889 d)"})
      EXPECT_NE(error.message().find(words), std::string::npos) << error.message();
  }
}

}  // namespace
}  // namespace senoma
