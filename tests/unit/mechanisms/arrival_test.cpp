// Cells that arrive from outside: how many, when, where, and as what.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "base/math.h"
#include "models.h"

namespace senoma {
namespace {

using engine::Arrival;
using test::run;
using test::simulate;

Arrival arrival(const std::string& rate, Arrival::At at) {
  Arrival a;
  a.name = "influx";
  a.rate.text = rate;
  a.at = at;
  return a;
}

engine::Description open_world(const std::string& rate, Arrival::At at, double step = 10.0) {
  auto d = test::world(20, step);
  auto type = test::cell_type("guest");
  type.states = {"naive", "primed"};
  type.arrivals = {arrival(rate, at)};
  d.cell_types = {type};
  return d;
}

TEST(Arrival, Numbers_are_those_of_a_Poisson_process_whatever_the_step) {
  constexpr int seeds = 400;
  const double expected = 0.05 * 200;
  for (const double step : {2.0, 50.0, 200.0}) {
    double mean = 0.0, square = 0.0;
    for (int seed = 1; seed <= seeds; ++seed) {
      auto s = simulate(open_world("0.05 [1/min]", Arrival::At::anywhere, step), static_cast<std::uint64_t>(seed));
      run(*s, static_cast<int>(200 / step));
      const auto n = static_cast<double>(s->world.cells.size());
      mean += n / seeds;
      square += n * n / seeds;
    }
    const double variance = square - mean * mean;
    std::printf("step %3.0f: mean %.2f, variance %.2f, expected %.0f\n", step, mean, variance, expected);
    EXPECT_NEAR(mean, expected, 4.0 * std::sqrt(expected / seeds));
    EXPECT_NEAR(variance, expected, 4.0 * expected * std::sqrt(2.0 / seeds));
  }
}

TEST(Arrival, Times_are_exact_and_the_same_for_every_step_and_lie_in_the_window) {
  const auto times = [](double step) {
    auto d = open_world("0.5 [1/min]", Arrival::At::anywhere, step);
    d.cell_types[0].arrivals[0].from = 33.0;
    d.cell_types[0].arrivals[0].until = 87.0;
    auto s = simulate(d);
    run(*s, static_cast<int>(100 / step));
    std::vector<double> result;
    for (const auto& e : s->events) result.push_back(e.time);
    return result;
  };
  const auto fine = times(1.0), coarse = times(50.0);
  ASSERT_EQ(fine.size(), coarse.size());
  ASSERT_GT(fine.size(), 10U);
  for (std::size_t k = 0; k < fine.size(); ++k) EXPECT_NEAR(fine[k], coarse[k], 1e-9);
  EXPECT_GT(fine.front(), 33.0);
  EXPECT_LT(fine.back(), 87.0);
}

TEST(Arrival, Follows_a_signal_at_each_vessel) {
  auto d = open_world("0.2 [1/min] * lure.occupancy", Arrival::At::vessels, 10.0);
  d.domain.vessels = {{-100, 0, 0, 20}, {100, 0, 0, 5}};
  d.substrates = {test::substrate("lure", 0.0, 0.0, 0.0)};
  d.substrates[0].receptor_kd = 2.0;
  auto s = simulate(d);
  auto& field = s->world.fields[0];
  for (std::size_t v = 0; v < field.rho.size(); ++v)
    field.rho[v] = field.geometry.centre(0, static_cast<int>(v % 20)) < 0 ? 6.0 : 0.5;
  run(*s, 400);
  double left = 0, right = 0;
  for (const double x : s->world.cells.values[state::col_x]) (x < 0 ? left : right) += 1;
  const double expected_left = 0.2 * 6.0 / 8.0 * 4000, expected_right = 0.2 * 0.5 / 2.5 * 4000;
  std::printf("left %.0f (%.0f), right %.0f (%.0f)\n", left, expected_left, right, expected_right);
  EXPECT_NEAR(left, expected_left, 4 * std::sqrt(expected_left));
  EXPECT_NEAR(right, expected_right, 4 * std::sqrt(expected_right));
}

TEST(Arrival, Is_next_to_the_vessel_on_the_edge_or_anywhere_in_two_and_three_dimensions) {
  for (const bool flat : {true, false}) {
    for (const auto at : {Arrival::At::vessels, Arrival::At::edge, Arrival::At::anywhere}) {
      auto d = test::world(10, 10.0, flat);
      d.domain.vessels = {{10, -20, flat ? 0.0 : 15.0, 30}};
      d.domain.edge = mechanics::EdgeRule::absorb;  // nobody may arrive outside
      auto type = test::cell_type("guest");
      type.arrivals = {arrival("5 [1/min]", at)};
      d.cell_types = {type};
      auto s = simulate(d);
      run(*s, 20);
      ASSERT_GT(s->world.cells.size(), 500U);
      const auto& c = s->world.cells;
      const double r = c.values[state::col_radius][0];
      std::set<int> octants;
      for (std::size_t i = 0; i < c.size(); ++i) {
        const double x = c.values[state::col_x][i], y = c.values[state::col_y][i], z = c.values[state::col_z][i];
        octants.insert((x > 0) + 2 * (y > 0) + 4 * (z > 0));
        const double edge = std::max({std::abs(x), std::abs(y), flat ? 0.0 : std::abs(z)});
        EXPECT_LE(edge, 100.0);
        if (flat) {
          EXPECT_EQ(z, 0.0);
        }
        if (at == Arrival::At::edge) {
          EXPECT_NEAR(edge, 100.0 - r, 1e-9);
        }
        if (at == Arrival::At::vessels) {
          const double dz = flat ? 0.0 : z - 15.0;
          EXPECT_NEAR(std::sqrt((x - 10) * (x - 10) + (y + 20) * (y + 20) + dz * dz), 30 + r, 1e-9);
        }
      }
      EXPECT_EQ(octants.size(), flat ? 4U : 8U);
      for (const auto& e : s->events) EXPECT_EQ(e.kind, "arrival");
    }
  }
}

TEST(Arrival, Brings_whole_cells_of_the_asked_for_state_up_to_the_maximum) {
  auto d = open_world("1 [1/min]", Arrival::At::anywhere);
  d.networks = {test::network("n", {{{"A", 0.7, "0"}}, {{"k", 1.0}}})};
  auto& type = d.cell_types[0];
  type.network = "n";
  type.heterogeneity = {{"k", 0.4}};
  type.arrivals[0].state = "primed";
  type.arrivals[0].maximum = 25;
  auto live = test::phase("live", 1e9);
  live.divides = live.grows = live.entry = true;
  type.cycle = {live};
  auto s = simulate(d);
  run(*s, 20);
  const auto& c = s->world.cells;
  ASSERT_EQ(c.size(), 25U);
  EXPECT_EQ(s->events.size(), 25U);
  std::set<std::uint64_t> ids(c.id.begin(), c.id.end());
  EXPECT_EQ(ids.size(), 25U);
  std::set<double> factors;
  for (std::size_t i = 0; i < c.size(); ++i) {
    EXPECT_EQ(c.cell_state[i], 1);
    EXPECT_EQ(c.founder[i], c.id[i]);
    EXPECT_NEAR(test::column(*s, "network.A")[i], 0.7, 1e-9);
    EXPECT_NEAR(c.values[state::col_radius][i], std::cbrt(3 * c.values[state::col_volume][i] / (4 * math::pi)), 1e-9);
    EXPECT_NEAR(c.values[state::col_age][i], 200.0 - s->events[i].time, 1e-9);
    EXPECT_EQ(s->events[i].cell, c.id[i]);
    EXPECT_EQ(s->events[i].from, "influx");
    EXPECT_EQ(s->events[i].to, "primed");
    factors.insert(test::column(*s, "factor.k")[i]);
  }
  EXPECT_EQ(factors.size(), 25U);
}

TEST(Arrival, Refuses_what_it_cannot_do) {
  const auto refusal = [](const engine::Description& d) -> std::string {
    try {
      auto s = simulate(d);
      s->step();
    } catch (const Error& error) {
      return error.code();
    }
    return {};
  };
  EXPECT_EQ(refusal(open_world("1 [1/min]", Arrival::At::vessels)), "E5019");
  EXPECT_EQ(refusal(open_world("1", Arrival::At::edge)), "E1203");
  EXPECT_EQ(refusal(open_world("volume / 1 [um^3] * 1 [1/min]", Arrival::At::edge)), "E2002");
  EXPECT_EQ(refusal(open_world("-1 [1/min]", Arrival::At::edge)), "E5009");
  auto d = open_world("1 [1/min]", Arrival::At::edge);
  d.cell_types[0].arrivals.push_back(d.cell_types[0].arrivals[0]);
  EXPECT_EQ(refusal(d), "E5019");
  d = open_world("1 [1/min]", Arrival::At::edge);
  d.cell_types[0].arrivals[0].state = "angry";
  EXPECT_EQ(refusal(d), "E5006");
}

}  // namespace
}  // namespace senoma
