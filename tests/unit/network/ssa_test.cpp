#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "network/ssa_simulation.h"

namespace senoma::network {
namespace {

/// X is made at `in` per time, each X vanishes at rate `out`.
SsaSystem immigration_death(double in, double out, double start = 0.0) {
  SsaSystem system;
  auto& q = system.quantities;
  q.name = "test";
  OdeState x;
  x.name = "X";
  x.initial = start;
  q.states.push_back(x);
  q.parameters.push_back({"in", in, {}, false, 1.0});
  q.parameters.push_back({"out", out, {}, false, 1.0});
  auto& g = q.graph;
  const auto X = g.variable(0);
  system.counted = {1};
  system.reactions.push_back({"Immigration", g.variable(q.parameter_slot(0)), {{0, 1.0}}});
  system.reactions.push_back({"Death", g.mul(g.variable(q.parameter_slot(1)), X), {{0, -1.0}}});
  OdeOutput twice;
  twice.name = "twice";
  twice.node = g.mul(g.constant(2.0), X);
  q.outputs.push_back(twice);
  q.derivatives = {g.constant(0.0)};
  return system;
}

OdeEvent event(expr::NodeId trigger, expr::NodeId value, expr::NodeId delay = -1) {
  OdeEvent e;
  e.name = "event";
  e.trigger = trigger;
  e.delay = delay;
  e.initial_trigger = false;
  e.assignments.push_back({0, value, -1});
  return e;
}

SsaRun run_of(std::uint64_t trajectories, double end = 10.0, int steps = 5) {
  SsaRun run;
  run.end = end;
  run.steps = steps;
  run.trajectories = trajectories;
  run.seed = 3;
  return run;
}

std::string code_of(const SsaSystem& system, const SsaRun& run, std::string* message = nullptr) {
  try {
    (void)simulate(system, run, Executor());
  } catch (const Error& error) {
    if (message) *message = error.message();
    return error.code();
  }
  return "";
}

TEST(Ssa, Immigration_and_death_are_poisson) {
  const auto results = simulate(immigration_death(4.0, 0.2), run_of(4000), Executor());
  ASSERT_EQ(results.names, std::vector<std::string>{"X"});
  const double n = 4000;
  EXPECT_EQ(results.mean[0][0], 0.0);
  for (std::size_t k = 1; k <= 5; ++k) {
    const double mu = 20.0 * (1.0 - std::exp(-0.2 * results.times[k]));
    EXPECT_NEAR(results.mean[0][k], mu, 4.5 * std::sqrt(mu / n));
    EXPECT_NEAR(results.deviation[0][k] * results.deviation[0][k], mu, 5.0 * mu * std::sqrt(2.0 / n));
  }
}

TEST(Ssa, Results_have_the_same_bits_for_any_number_of_threads) {
  auto run = run_of(500);
  run.variables = {"X", "twice", "in"};
  const auto one = simulate(immigration_death(4.0, 0.2), run, Executor(1));
  for (const int threads : {2, 4}) {
    const auto other = simulate(immigration_death(4.0, 0.2), run, Executor(threads));
    EXPECT_EQ(one.mean, other.mean);
    EXPECT_EQ(one.deviation, other.deviation);
    EXPECT_EQ(one.jumps, other.jumps);
  }
  for (std::size_t k = 0; k <= 5; ++k) {
    EXPECT_NEAR(one.mean[1][k], 2.0 * one.mean[0][k], 1e-9);
    EXPECT_EQ(one.mean[2][k], 4.0);
    EXPECT_EQ(one.deviation[2][k], 0.0);
  }
}

TEST(Ssa, Values_can_be_set) {
  auto run = run_of(50);
  run.set = {{"X", 7.0}, {"in", 0.0}, {"out", 0.0}};
  const auto results = simulate(immigration_death(4.0, 0.2), run, Executor());
  EXPECT_EQ(results.mean[0], std::vector<double>(6, 7.0));
  EXPECT_EQ(results.jumps, 0U);
}

TEST(Ssa, An_event_happens_at_its_time_and_not_before) {
  for (const bool strict : {false, true}) {
    auto system = immigration_death(0.0, 0.0, 1.0);
    auto& g = system.quantities.graph;
    const auto time = g.variable(system.quantities.time_slot());
    // 2·time ≥ 8, or > 8: at time 4
    system.quantities.events = {event(
        g.make(strict ? expr::Op::greater : expr::Op::greater_equal, g.mul(g.constant(2.0), time), g.constant(8.0)),
        g.constant(30.0))};
    const auto results = simulate(system, run_of(40), Executor());
    EXPECT_EQ(results.mean[0], (std::vector<double>{1, 1, strict ? 1.0 : 30.0, 30, 30, 30})) << strict;
  }
}

TEST(Ssa, A_delayed_event_comes_after_its_delay_and_reactions_go_on) {
  auto system = immigration_death(0.0, 0.5, 0.0);
  auto& g = system.quantities.graph;
  const auto time = g.variable(system.quantities.time_slot());
  system.quantities.events = {
      event(g.make(expr::Op::greater_equal, time, g.constant(2.5)), g.constant(1000.0), g.constant(1.0))};
  const auto results = simulate(system, run_of(60, 10.0, 20), Executor());
  for (std::size_t k = 0; k <= 20; ++k) {
    const double t = results.times[k], left = t < 3.5 ? 0.0 : std::exp(-0.5 * (t - 3.5));
    EXPECT_NEAR(results.mean[0][k], 1000.0 * left, 4.5 * std::sqrt(1000.0 * left * (1.0 - left) / 60.0) + 1e-9) << t;
  }
}

TEST(Ssa, An_event_on_an_amount_happens_with_the_reaction_that_reaches_it) {
  auto system = immigration_death(5.0, 0.0, 0.0);
  auto& g = system.quantities.graph;
  system.quantities.events = {event(g.make(expr::Op::greater_equal, g.variable(0), g.constant(8.0)), g.constant(0.0))};
  auto run = run_of(200, 50.0, 50);
  const auto results = simulate(system, run, Executor());
  // X cycles 0 … 7 at one rate: in the long run uniform
  EXPECT_NEAR(results.mean[0].back(), 3.5, 4.5 * std::sqrt(5.25 / 200.0));
}

TEST(Ssa, What_is_no_propensity_or_no_amount_is_refused_by_name) {
  std::string message;
  EXPECT_EQ(code_of(immigration_death(-1.0, 0.0), run_of(5), &message), "E3121");
  EXPECT_NE(message.find("'Immigration' is -1"), std::string::npos) << message;
  EXPECT_EQ(code_of(immigration_death(1.0, 0.0, 2.5), run_of(5)), "E3122");
  EXPECT_EQ(code_of(immigration_death(1.0, 0.0, -2.0), run_of(5)), "E3122");
  auto eats = immigration_death(3.0, 0.0);
  eats.reactions[0].changes = {{0, -1.0}};
  EXPECT_EQ(code_of(eats, run_of(5), &message), "E3122");
  EXPECT_NE(message.find("would leave -1 of 'X'"), std::string::npos) << message;
  auto half = immigration_death(0.0, 0.0, 1.0);
  auto& g = half.quantities.graph;
  half.quantities.events = {event(g.make(expr::Op::greater_equal, g.variable(1), g.constant(1.0)), g.constant(0.5))};
  EXPECT_EQ(code_of(half, run_of(5)), "E3122");
}

TEST(Ssa, Triggers_that_are_not_linear_in_time_and_runs_without_sense_are_refused) {
  auto system = immigration_death(1.0, 0.0);
  auto& g = system.quantities.graph;
  const auto time = g.variable(1);
  system.quantities.events = {event(g.make(expr::Op::greater, g.mul(time, time), g.constant(4.0)), g.constant(0.0))};
  EXPECT_EQ(code_of(system, run_of(5)), "E3123");
  EXPECT_EQ(code_of(immigration_death(1, 1), run_of(5, 0.0)), "E3111");
  EXPECT_EQ(code_of(immigration_death(1, 1), run_of(0)), "E3111");
  EXPECT_EQ(code_of(immigration_death(1, 1), run_of(5, 1.0, 0)), "E3111");
  auto run = run_of(5);
  run.variables = {"Y"};
  EXPECT_EQ(code_of(immigration_death(1, 1), run), "E3010");
  run.variables.clear();
  run.set = {{"Y", 1.0}};
  EXPECT_EQ(code_of(immigration_death(1, 1), run), "E3010");
}

}  // namespace
}  // namespace senoma::network
