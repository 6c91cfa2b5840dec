// Hazards, deaths, births and transitions.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "models.h"

namespace senoma {
namespace {

using engine::CyclePhase;
using engine::Transition;
using test::column;
using test::run;
using test::simulate;

engine::Description mortal(double dt, double hazard, std::size_t count) {
  auto d = test::world(200, dt);
  auto type = test::cell_type("cell");
  type.parameters["hazard.apoptosis"] = hazard;
  type.deaths = {{"apoptosis", 8.6 * test::hour, 0.2, 0.01}};
  type.initial = {test::apart(count)};
  d.cell_types = {type};
  return d;
}

std::size_t alive(const engine::Simulation& s) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < s.world.cells.size(); ++i) n += s.dying(i) ? 0U : 1U;
  return n;
}

TEST(Fate, Survival_is_the_same_for_every_step_length) {
  // The threshold −ln U is drawn before the steps, so a frozen hazard kills the very same cells at the very same times.
  std::map<double, std::map<std::uint64_t, double>> times;
  for (const double dt : {1.0, 6.0, 30.0}) {
    auto s = simulate(mortal(dt, 0.002, 400));
    run(*s, static_cast<int>(420.0 / dt));
    for (const auto& e : s->events) {
      if (e.kind == "apoptosis") times[dt][e.cell] = e.time;
    }
    std::printf("dt %4.0f min: %zu of 400 dead after 7 h, expected %.1f\n", dt, times[dt].size(),
                400 * (1 - std::exp(-0.84)));
  }
  ASSERT_EQ(times[1.0].size(), times[30.0].size());
  ASSERT_EQ(times[1.0].size(), times[6.0].size());
  for (const auto& [cell, time] : times[1.0]) {
    EXPECT_NEAR(time, times[6.0].at(cell), 1e-8);
    EXPECT_NEAR(time, times[30.0].at(cell), 1e-8);
  }
  const double expected = 400 * (1 - std::exp(-0.84)), sd = std::sqrt(expected * std::exp(-0.84));
  EXPECT_NEAR(static_cast<double>(times[30.0].size()), expected, 4 * sd);
}

TEST(Fate, A_dying_cell_shrinks_and_is_removed_after_its_duration) {
  auto s = simulate(mortal(6.0, 0.05, 1));
  while (alive(*s) == 1) s->step();
  const double died = s->events.at(0).time;
  EXPECT_EQ(s->events[0].kind, "apoptosis");
  EXPECT_EQ(s->events[0].to, "apoptotic");
  EXPECT_EQ(column(*s, "hazard.threshold").size(), 1u);
  const double start = s->world.time();
  while (s->world.cells.size() == 1 && s->world.time() < start + 300) s->step();
  // The volume relaxes at 0.01/min from 1000 to 200 µm³ from the first step that begins with the cell dying.
  const double t = s->world.time() - start;
  EXPECT_NEAR(s->world.cells.values[state::col_volume].at(0), 200 + 800 * std::exp(-0.01 * t), 1e-6);
  EXPECT_NEAR(std::pow(s->world.cells.values[state::col_radius][0], 3) * 4 / 3 * M_PI,
              s->world.cells.values[state::col_volume][0], 1e-6);
  while (s->world.cells.size() == 1 && s->world.time() < 1e5) s->step();
  ASSERT_EQ(s->events.back().kind, "removal");
  EXPECT_NEAR(s->events.back().time - died, 8.6 * test::hour, 1e-6);
  EXPECT_LT(s->world.time() - died, 8.6 * test::hour + 6.0 + 1e-6);
  EXPECT_EQ(s->world.counters[0].deaths, 1u);
  EXPECT_EQ(s->world.counters[0].removals, 1u);
  run(*s, 2);  // an empty world steps too
}

TEST(Fate, A_pure_birth_process_grows_at_its_rate_whatever_the_step) {
  // Daughters live through the rest of the step, so the mean is e^(bt) also when b·dt is not small.
  const double b = 0.01, t = 120.0, n0 = 500;
  for (const double dt : {1.0, 30.0, 120.0}) {
    auto d = test::world(200, dt);
    auto type = test::cell_type("cell");
    CyclePhase live = test::phase("live", 1.0 / b);
    live.divides = true;
    type.cycle = {live};
    type.initial = {test::apart(500)};
    d.cell_types = {type};
    auto s = simulate(d, 7);
    run(*s, static_cast<int>(t / dt));
    const double n = static_cast<double>(s->world.cells.size()), mean = n0 * std::exp(b * t);
    const double sd = std::sqrt(n0 * std::exp(b * t) * (std::exp(b * t) - 1));
    std::printf("dt %4.0f: %.0f cells, theory %.1f ± %.1f\n", dt, n, mean, sd);
    EXPECT_NEAR(n, mean, 3.5 * sd);
  }
}

Transition named(const std::string& name, const std::string& from, const std::string& to) {
  Transition t;
  t.name = name;
  t.from = {from};
  t.to = to;
  return t;
}

TEST(Fate, Competing_hazards_share_the_events_in_proportion) {
  auto d = test::world(200, 30.0);
  auto type = test::cell_type("cell");
  type.states = {"a", "b", "c"};
  auto ab = named("ab", "a", "b"), ac = named("ac", "a", "c");
  ab.hazard = engine::Expression{"0.003 [1/min]", {}};
  ac.hazard = engine::Expression{"0.001 [1/min]", {}};
  type.transitions = {ab, ac};
  type.initial = {test::apart(2000)};
  d.cell_types = {type};
  auto s = simulate(d);
  run(*s, 10);
  std::array<double, 3> n{};
  for (const auto state : s->world.cells.cell_state) n[state] += 1;
  const double left = 2000 * std::exp(-0.004 * 300);
  std::printf("left %.0f (theory %.1f), b %.0f, c %.0f\n", n[0], left, n[1], n[2]);
  EXPECT_NEAR(n[0], left, 4 * std::sqrt(left));
  EXPECT_NEAR(n[1] / (n[1] + n[2]), 0.75, 4 * std::sqrt(0.75 * 0.25 / 1400));
}

TEST(Fate, A_condition_moves_a_cell_marks_it_and_resets_columns) {
  auto d = test::world(10, 10.0);
  auto type = test::cell_type("cell");
  type.states = {"young", "old"};
  auto t = named("ageing", "young", "old");
  t.when = engine::Expression{"age > 25 [min]", {}};
  t.mark = "veteran";
  t.reset = {{"age", 3.0}};
  type.transitions = {t};
  type.initial = {test::at({{0, 0, 0}})};
  d.cell_types = {type};
  d.readouts = {test::mean_of("origin", "origin.veteran"), test::mean_of("old", "state.old")};
  auto s = simulate(d);
  run(*s, 2);
  EXPECT_EQ(s->world.cells.cell_state[0], 0);  // the condition saw the ages at the end of each step: 10, 20
  EXPECT_EQ(s->readouts()[0], 0.0);
  s->step();
  EXPECT_EQ(s->world.cells.cell_state[0], 1);
  EXPECT_EQ(s->world.cells.origin[0], 1);
  EXPECT_EQ(s->world.cells.values[state::col_age][0], 3.0);
  EXPECT_EQ(s->world.cells.values[state::col_state_age][0], 0.0);
  EXPECT_EQ(s->readouts(), (std::vector<double>{1.0, 1.0}));
  EXPECT_EQ(s->events.at(0).kind, "ageing");
  EXPECT_EQ(s->events[0].from, "young");
}

TEST(Fate, Marks_are_inherited) {
  auto d = test::world(40, 10.0);
  auto type = test::cell_type("cell");
  type.states = {"a", "b"};
  auto t = named("escape", "a", "b");
  t.when = engine::Expression{"time > 0 [min]", {}};
  t.mark = "escapee";
  type.transitions = {t};
  CyclePhase live = test::phase("live", 20.0, CyclePhase::Exit::fixed);
  live.divides = true;
  type.cycle = {live};
  type.initial = {test::at({{0, 0, 0}})};
  type.initial[0].asynchronous = false;
  d.cell_types = {type};
  auto s = simulate(d);
  run(*s, 6);
  ASSERT_EQ(s->world.cells.size(), 8u);
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(s->world.cells.origin[i], 1);
    EXPECT_EQ(s->world.cells.generation[i], 3u);
    EXPECT_NE(s->world.cells.parent[i], 0u);
    EXPECT_EQ(s->world.cells.founder[i], s->world.cells.founder[0]);
  }
}

TEST(Fate, A_converted_cell_starts_the_network_of_its_new_type) {
  auto d = test::world(10, 10.0);
  d.networks = {test::network("first", {{{"A", 5.0, "0"}, {"shared", 1.0, "0"}}, {}}),
                test::network("second", {{{"shared", 7.0, "0"}, {"B", 2.0, "k"}}, {{"k", 0.0}}})};
  auto first = test::cell_type("first"), second = test::cell_type("second");
  first.network = "first";
  second.network = "second";
  second.heterogeneity = {{"k", 0.5}};
  Transition t;
  t.name = "convert";
  t.to_type = "second";
  t.when = engine::Expression{"time > 15 [min]", {}};
  first.transitions = {t};
  first.initial = {test::at({{0, 0, 0}})};
  second.initial = {test::at({{50, 0, 0}})};
  d.cell_types = {first, second};
  auto s = simulate(d);
  EXPECT_EQ(column(*s, "network.shared")[0], 1.0);
  EXPECT_EQ(column(*s, "network.shared")[1], 7.0);
  run(*s, 3);
  EXPECT_EQ(s->world.cells.type[0], 1);
  EXPECT_EQ(column(*s, "network.shared")[0], 7.0);
  EXPECT_EQ(column(*s, "network.B")[0], 2.0);
  EXPECT_NE(column(*s, "factor.k")[0], 1.0);
  EXPECT_EQ(s->world.counters[1].conversions, 1u);
}

// Two cells near the edge push each other; one more has its centre on the edge from the start.
engine::Description at_the_edge(mechanics::EdgeRule edge) {
  auto d = test::world(10, 6.0);  // 200 µm around 0
  d.domain.edge = edge;
  d.substrates = {test::substrate("S", 100.0, 0.0, 3.0)};
  auto type = test::cell_type("cell");
  type.parameters["mechanics.repulsion"] = 10.0;
  type.parameters["uptake.S"] = 0.1;
  type.initial = {test::at({{97.0, 0, 0}, {99.0, 0, 0}, {100.0, 50.0, 0}})};
  d.cell_types = {type};
  d.readouts = {test::mean_of("S", "S.concentration")};
  return d;
}

TEST(Fate, What_happens_at_the_edge_is_as_the_model_says) {
  using mechanics::EdgeRule;
  for (const EdgeRule edge : {EdgeRule::reflect, EdgeRule::periodic, EdgeRule::open, EdgeRule::absorb}) {
    auto s = simulate(at_the_edge(edge));
    run(*s, 20);
    const auto& x = s->world.cells.values[state::col_x];
    const double farthest = *std::max_element(x.begin(), x.end()), lowest = *std::min_element(x.begin(), x.end());
    EXPECT_TRUE(std::isfinite(s->readouts()[0]));  // cells beyond the edge meet the nearest voxel
    if (edge == EdgeRule::absorb) {
      ASSERT_EQ(x.size(), 2u);  // a centre on the edge is still inside
      ASSERT_EQ(s->events.size(), 1u);
      EXPECT_EQ(s->events[0].kind, "left");
      EXPECT_EQ(s->events[0].time, 6.0);
      EXPECT_EQ(s->world.counters[0].removals, 1u);
      EXPECT_LT(farthest, 100.1);
      continue;
    }
    EXPECT_EQ(x.size(), 3u);
    EXPECT_TRUE(s->events.empty());
    EXPECT_EQ(farthest == 100.0, edge == EdgeRule::reflect);
    EXPECT_EQ(lowest < -95.0, edge == EdgeRule::periodic);
    EXPECT_EQ(farthest > 101.0, edge == EdgeRule::open);
  }
}

TEST(Fate, A_daughter_placed_beyond_an_absorbing_edge_leaves_at_once) {
  auto d = test::world(10, 6.0);
  d.domain.edge = mechanics::EdgeRule::absorb;
  auto type = test::cell_type("cell");
  type.cycle = {test::phase("all", 2.0)};
  type.cycle[0].divides = true;
  type.initial = {test::at({{100.0, 0, 0}})};
  d.cell_types = {type};
  auto s = simulate(d);
  s->step();
  for (const double x : s->world.cells.values[state::col_x]) EXPECT_LE(x, 100.0);
  EXPECT_GT(s->world.counters[0].removals, 0u);
  EXPECT_EQ(s->world.cells.size(), 1 + s->world.counters[0].divisions - s->world.counters[0].removals);
}

TEST(Fate, Zero_rates_are_the_identity) {
  auto d = mortal(30.0, 0.0, 50);
  d.substrates = {test::substrate("S", 100.0, 0.0, 3.0)};
  auto s = simulate(d);
  const auto before = s->world;
  run(*s, 20);
  EXPECT_EQ(s->world.cells.size(), 50u);
  for (const std::size_t c : {state::col_x, state::col_y, state::col_volume, state::col_radius}) {
    EXPECT_EQ(s->world.cells.values[c], before.cells.values[c]);
  }
  for (const double c : s->world.fields[0].rho) EXPECT_NEAR(c, 3.0, 1e-9);
}

}  // namespace
}  // namespace senoma
