#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "base/error.h"
#include "base/math.h"
#include "network/boolean_simulation.h"

namespace senoma::network {
namespace {

/// n nodes in a ring: each goes to the state of its predecessor at rate 1, and flips by itself at rate 0.1·(its number
/// + 1).
BooleanNetwork ring(std::size_t n) {
  BooleanNetwork net;
  net.name = "ring";
  auto& g = net.graph;
  for (std::size_t i = 0; i < n; ++i) {
    const auto before = g.variable(static_cast<std::int32_t>((i + n - 1) % n));
    const auto own = g.constant(0.1 * static_cast<double>(i % 7 + 1));
    BooleanNode node;
    node.name = "n" + std::to_string(i);
    node.rate_up = g.add(before, own);
    node.rate_down = g.add(g.make(expr::Op::logical_not, before), own);
    net.nodes.push_back(node);
  }
  return net;
}

/// One node that switches at constant rates, starting off.
BooleanNetwork one_switch(double up, double down) {
  BooleanNetwork net;
  net.nodes.push_back({"A", net.graph.constant(up), net.graph.constant(down), false});
  net.initial.push_back({{0}, {{1.0, {0}}}});
  return net;
}

BooleanRun short_run(std::uint64_t trajectories) {
  BooleanRun run;
  run.end = 3.0;
  run.window = 0.5;
  run.trajectories = trajectories;
  run.nodes = true;
  return run;
}

void expect_same(const BooleanResults& a, const BooleanResults& b) {
  ASSERT_EQ(a.states, b.states);
  EXPECT_EQ(a.flips, b.flips);
  for (std::size_t s = 0; s < a.states.size(); ++s) {
    EXPECT_EQ(a.state_series[s].probability, b.state_series[s].probability);
    EXPECT_EQ(a.state_series[s].error, b.state_series[s].error);
    EXPECT_EQ(a.state_series[s].final, b.state_series[s].final);
  }
  for (std::size_t i = 0; i < a.node_series.size(); ++i)
    EXPECT_EQ(a.node_series[i].probability, b.node_series[i].probability);
}

std::string code_of(const BooleanNetwork& net, const BooleanRun& run, std::string* message = nullptr) {
  try {
    (void)simulate(net, run, Executor());
  } catch (const Error& error) {
    if (message) *message = error.message();
    return error.code();
  }
  return "";
}

TEST(Boolean, A_switch_follows_its_closed_form) {
  const double up = 0.7, down = 0.4, rate = up + down;
  auto run = short_run(20000);
  const auto results = simulate(one_switch(up, down), run, Executor());
  const double n = 20000;
  for (std::size_t k = 0; k < results.starts.size(); ++k) {
    const double a = 0.5 * static_cast<double>(k), b = a + 0.5;  // mean of up/rate (1 − e^(−rate t)) over [a, b]
    const double mean = up / rate * (1.0 - (std::exp(-rate * a) - std::exp(-rate * b)) / rate / 0.5);
    const auto& series = results.node_series[0];
    EXPECT_NEAR(series.probability[k], mean, 4.5 * series.error[k]) << k;
    EXPECT_GT(series.error[k], 0.3 * std::sqrt(mean * (1 - mean) / n));
    EXPECT_LT(series.error[k], 1.05 * std::sqrt(mean * (1 - mean) / n));
  }
  const double last = up / rate * (1.0 - std::exp(-rate * 3.0));
  EXPECT_NEAR(results.node_series[0].final, last, 4.5 * std::sqrt(last * (1 - last) / n));
}

TEST(Boolean, In_discrete_time_one_node_flips_at_the_end_of_every_window) {
  auto run = short_run(50);
  run.discrete_time = true;
  const auto results = simulate(one_switch(0.7, 0.4), run, Executor());
  EXPECT_EQ(results.node_series[0].probability, (std::vector<double>{0, 1, 0, 1, 0, 1}));
  EXPECT_EQ(results.flips, 50U * 5U);
}

TEST(Boolean, A_fixed_point_lasts_and_is_reported) {
  const auto results = simulate(one_switch(50.0, 0.0), short_run(30), Executor());
  ASSERT_EQ(results.fixed_points.size(), 1U);
  EXPECT_EQ(results.fixed_points[0].state, BooleanResults::State{1});
  EXPECT_EQ(results.fixed_points[0].probability, 1.0);
  EXPECT_EQ(results.node_series[0].probability.back(), 1.0);
  EXPECT_EQ(results.flips, 30U);
}

TEST(Boolean, Results_have_the_same_bits_for_any_number_of_threads) {
  for (const std::size_t n : {4, 20}) {
    auto net = ring(n);
    for (std::size_t i = 6; i < n; ++i) net.nodes[i].internal = true;
    const auto run = short_run(1500);
    const auto one = simulate(net, run, Executor(1));
    expect_same(one, simulate(net, run, Executor(2)));
    expect_same(one, simulate(net, run, Executor(4)));
  }
}

TEST(Boolean, A_tabulated_network_and_one_that_follows_its_nodes_have_the_same_bits) {
  const auto net = ring(6);
  auto run = short_run(2000);
  const auto listed = simulate(net, run, Executor());
  run.list_small = false;
  expect_same(listed, simulate(net, run, Executor()));
  run.discrete_time = true;
  const auto nodes = simulate(net, run, Executor());
  run.list_small = true;
  expect_same(nodes, simulate(net, run, Executor()));
}

TEST(Boolean, Internal_nodes_move_but_do_not_tell_states_apart) {
  auto net = ring(5);
  const auto all = simulate(net, short_run(400), Executor());
  net.nodes[0].internal = net.nodes[3].internal = true;
  const auto visible = simulate(net, short_run(400), Executor());
  EXPECT_EQ(visible.flips, all.flips);
  EXPECT_EQ(visible.visible, (std::vector<std::size_t>{1, 2, 4}));
  for (std::size_t s = 0; s < visible.states.size(); ++s) {
    double final = 0.0;
    for (std::size_t f = 0; f < all.states.size(); ++f) {
      const std::uint64_t bits = all.states[f][0];
      if (((bits >> 1 & 1U) | (bits >> 2 & 1U) << 1 | (bits >> 4 & 1U) << 2) == visible.states[s][0])
        final += all.state_series[f].final;
    }
    EXPECT_NEAR(visible.state_series[s].final, final, 1e-12);
  }
}

TEST(Boolean, More_than_64_nodes_are_followed) {
  auto net = ring(150);
  for (std::size_t i = 0; i < 150; ++i) net.nodes[i].internal = i != 3 && i != 70 && i != 149;
  auto run = short_run(200);
  const auto results = simulate(net, run, Executor());
  EXPECT_EQ(results.states.size(), 8U);
  double sum = 0.0;
  for (const auto& s : results.state_series) sum += s.probability[2];
  EXPECT_NEAR(sum, 1.0, 1e-9);
  for (auto& node : net.nodes) node.internal = false;
  run.trajectories = 20;
  run.window = 3.0;
  const auto all = simulate(net, run, Executor());
  EXPECT_GT(all.states.size(), 1000U);
  EXPECT_EQ(std::set<BooleanResults::State>(all.states.begin(), all.states.end()).size(), all.states.size());
}

TEST(Boolean, A_node_with_very_many_regulators_is_evaluated_as_an_expression) {
  // node 19 turns on at a rate that is the number of nodes that are on; nothing else happens
  auto net = ring(20);
  expr::NodeId sum = net.graph.constant(0.0);
  for (std::int32_t i = 0; i < 19; ++i) sum = net.graph.add(sum, net.graph.variable(i));
  net.nodes[19].rate_up = sum;
  net.nodes[19].rate_down = net.graph.constant(0.0);
  for (std::size_t i = 0; i < 19; ++i) {
    net.nodes[i].rate_up = net.nodes[i].rate_down = net.graph.constant(0.0);
    net.nodes[i].internal = true;
    net.initial.push_back({{i}, {{1.0, {static_cast<char>(i < 2)}}}});
  }
  net.initial.push_back({{19}, {{1.0, {0}}}});
  const auto results = simulate(net, short_run(5000), Executor());
  const double expected = 1.0 - std::exp(-2.0 * 3.0);  // two nodes are on
  EXPECT_NEAR(results.node_series[19].final, expected, 4.5 * std::sqrt(expected * (1 - expected) / 5000));
  ASSERT_EQ(results.fixed_points.size(), 1U);
}

TEST(Boolean, A_rate_that_is_none_is_refused_with_node_and_state_where_it_is_reached) {
  for (const bool list : {true, false}) {
    auto run = short_run(10);
    run.list_small = list;
    std::string message;
    auto net = one_switch(5.0, -1.0);
    EXPECT_EQ(code_of(net, run, &message), "E3112");
    EXPECT_EQ(message, "rate_down of node 'A' is -1 in the state A");
    EXPECT_EQ(code_of(one_switch(0.0, -1.0), run), "");  // never reached
  }
}

TEST(Boolean, Runs_that_make_no_sense_are_refused) {
  const auto net = one_switch(1.0, 1.0);
  auto run = short_run(10);
  run.end = 0.0;
  EXPECT_EQ(code_of(net, run), "E3111");
  run = short_run(10);
  run.window = 4.0;
  EXPECT_EQ(code_of(net, run), "E3111");
  run = short_run(0);
  EXPECT_EQ(code_of(net, run), "E3111");
  run = short_run(10);
  run.window = 1e-9;
  EXPECT_EQ(code_of(net, run), "E3111");
  EXPECT_EQ(code_of(BooleanNetwork{}, short_run(10)), "E3111");
  auto twice = net;
  twice.initial.push_back({{0}, {{1.0, {0}}}});
  EXPECT_EQ(code_of(twice, short_run(10)), "E3111");
  auto weightless = net;
  weightless.initial[0].choices[0].weight = 0.0;
  EXPECT_EQ(code_of(weightless, short_run(10)), "E3111");
}

TEST(Boolean, More_states_than_the_memory_allows_are_refused_for_any_number_of_threads) {
  const auto net = ring(30);
  auto run = short_run(600);
  run.memory = 1000;
  run.nodes = false;
  EXPECT_EQ(code_of(net, run), "E3113");
  run.nodes = true;
  run.states = false;
  EXPECT_EQ(code_of(net, run), "E3111");  // the nodes' windows do not fit either
  run.memory = std::size_t{1} << 20;
  EXPECT_EQ(code_of(net, run), "");
}

}  // namespace
}  // namespace senoma::network
