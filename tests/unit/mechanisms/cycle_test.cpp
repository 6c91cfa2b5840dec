// The cell cycle: durations, volumes and the position of daughters.
#include <gtest/gtest.h>

#include <cmath>

#include "models.h"

namespace senoma {
namespace {

using engine::CyclePhase;
using test::run;
using test::simulate;

/// G0/G1 7 h, S 6 h, G2 3 h, M 2 h, all exact; growth through S and G2.
std::vector<CyclePhase> flow_cytometry(CyclePhase::Exit exit) {
  std::vector<CyclePhase> cycle = {test::phase("G0/G1", 7 * test::hour, exit), test::phase("S", 6 * test::hour, exit),
                                   test::phase("G2", 3 * test::hour, exit), test::phase("M", 2 * test::hour, exit)};
  cycle[0].entry = true;
  cycle[1].grows = cycle[1].s_phase = true;
  cycle[2].grows = true;
  cycle[3].divides = true;
  return cycle;
}

engine::Description one_cell(double dt, CyclePhase::Exit exit) {
  auto d = test::world(40, dt);
  auto type = test::cell_type("cell");
  type.cycle = flow_cytometry(exit);
  type.parameters["volume.rate"] = 0.5;
  type.initial = {test::at({{0, 0, 0}})};
  type.initial[0].asynchronous = false;
  d.cell_types = {type};
  return d;
}

TEST(Cycle, Fixed_durations_divide_every_18_hours_and_volumes_double_and_halve) {
  auto s = simulate(one_cell(6.0, CyclePhase::Exit::fixed));
  std::vector<double> at_end;
  for (int step = 1; step <= 480; ++step) {
    s->step();
    const double t = step * 6.0, v = s->world.cells.values[state::col_volume][0];
    const double in_cycle = std::fmod(t, 18 * test::hour);
    if (std::abs(in_cycle - 7 * test::hour) < 1e-9) {
      EXPECT_NEAR(v, 1000.0, 1.0) << t;
    }
    if (std::abs(in_cycle - 16 * test::hour) < 1e-9) {
      EXPECT_NEAR(v, 2000.0, 10.0) << t;
    }
    if (std::abs(in_cycle) < 1e-9) {
      EXPECT_NEAR(v, 1000.0, 1.0) << t;
    }
    // Linear in between, behind its target by the relaxation time of 2 min.
    if (in_cycle > 8 * test::hour && in_cycle < 16 * test::hour) {
      EXPECT_NEAR(v, 1000.0 + 1000.0 * (in_cycle - 7 * test::hour) / (9 * test::hour), 12.0) << t;
    }
  }
  std::vector<double> divisions;
  for (const auto& e : s->events) {
    if (e.kind == "division" && (divisions.empty() || std::abs(divisions.back() - e.time / test::hour) > 1e-6))
      divisions.push_back(e.time / test::hour);
  }
  ASSERT_EQ(divisions.size(), 2u);
  EXPECT_NEAR(divisions[0], 18.0, 1e-9);
  EXPECT_NEAR(divisions[1], 36.0, 1e-9);
  EXPECT_EQ(s->world.cells.size(), 4u);
}

TEST(Cycle, Division_times_do_not_depend_on_the_step) {
  for (const double dt : {6.0, 7.0, 30.0, 50.0}) {
    auto s = simulate(one_cell(dt, CyclePhase::Exit::fixed));
    while (s->world.time() < 40 * test::hour) s->step();
    ASSERT_EQ(s->events.size(), 6u) << dt;
    EXPECT_NEAR(s->events[0].time, 18 * test::hour, 1e-7);
    for (std::size_t k = 2; k < 6; ++k) EXPECT_NEAR(s->events[k].time, 36 * test::hour, 1e-7);
  }
}

TEST(Cycle, Normal_durations_have_their_mean_and_spread) {
  auto d = one_cell(30.0, CyclePhase::Exit::normal);
  for (auto& p : d.cell_types[0].cycle) p.cv = 0.1;
  d.cell_types[0].initial = {test::apart(1000)};
  d.cell_types[0].initial[0].asynchronous = false;
  d.domain.geometry = test::world(200, 1.0).domain.geometry;
  auto s = simulate(d);
  std::map<std::uint64_t, double> first;
  while (s->world.time() < 30 * test::hour) s->step();
  for (const auto& e : s->events) {
    if (!first.contains(e.parent) && s->world.time() > 0 && e.time < 28 * test::hour)
      first.try_emplace(e.parent, e.time / test::hour);
  }
  double mean = 0, square = 0;
  for (const auto& [id, t] : first) mean += t, square += t * t;
  const double n = static_cast<double>(first.size());
  mean /= n;
  const double sd = std::sqrt(square / n - mean * mean), expected = 0.1 * std::sqrt(49.0 + 36.0 + 9.0 + 4.0);
  std::printf("%.0f first divisions: mean %.3f h (18), sd %.3f h (%.3f)\n", n, mean, sd, expected);
  EXPECT_EQ(first.size(), 1000u);
  EXPECT_NEAR(mean, 18.0, 4 * expected / std::sqrt(n));
  EXPECT_NEAR(sd, expected, 4 * expected / std::sqrt(2 * n));
}

TEST(Cycle, Entry_zero_arrests_and_entry_two_halves_the_first_phase) {
  for (const double entry : {0.0, 2.0}) {
    auto d = one_cell(10.0, CyclePhase::Exit::fixed);
    d.cell_types[0].parameters["proliferation.entry"] = entry;
    auto s = simulate(d);
    while (s->world.time() < 20 * test::hour) s->step();
    if (entry == 0.0) {
      EXPECT_EQ(s->world.cells.size(), 1u);
      EXPECT_EQ(s->world.cells.phase[0], 0);
    } else {
      ASSERT_EQ(s->world.cells.size(), 2u);
      EXPECT_NEAR(s->events[0].time, 14.5 * test::hour, 1e-7);
    }
  }
}

TEST(Cycle, Asynchronous_cells_start_spread_over_the_cycle_with_volumes_to_match) {
  auto d = one_cell(30.0, CyclePhase::Exit::fixed);
  d.domain.geometry = test::world(200, 1.0).domain.geometry;
  d.cell_types[0].initial = {test::apart(2000)};
  auto s = simulate(d);
  std::array<double, 4> share{};
  for (std::size_t i = 0; i < 2000; ++i) {
    share[s->world.cells.phase[i]] += 1.0 / 2000;
    const double elapsed = s->world.cells.values[state::col_phase_elapsed][i],
                 v = s->world.cells.values[state::col_volume][i];
    if (s->world.cells.phase[i] == 1) {
      EXPECT_NEAR(v, 1000 * (1 + elapsed / (9 * test::hour)), 1e-6);
    }
    if (s->world.cells.phase[i] == 3) {
      EXPECT_NEAR(v, 2000, 1e-6);
    }
  }
  for (std::size_t p = 0; p < 4; ++p)
    EXPECT_NEAR(share[p], d.cell_types[0].cycle[p].duration / (18 * test::hour), 0.05);
  for (int step = 0; step < 60; ++step) {
    s->step();
    const auto& v = s->world.cells.values[state::col_volume];
    EXPECT_LE(*std::max_element(v.begin(), v.end()), 2000 * 1.0001);
    EXPECT_GE(*std::min_element(v.begin(), v.end()), 1000 * 0.9);
  }
}

TEST(Cycle, Daughters_stand_on_both_sides_of_the_mother_and_inside_the_domain) {
  for (const bool flat : {true, false}) {
    auto d = one_cell(6.0, CyclePhase::Exit::fixed);
    d.domain.geometry = test::world(10, 6.0, flat).domain.geometry;
    const double edge = 100.0;
    d.cell_types[0].initial = {test::at({{0, 0, 0}, {edge, edge, flat ? 0 : edge}, {-edge, 30, 0}})};
    d.cell_types[0].initial[0].asynchronous = false;
    auto s = simulate(d);
    while (s->world.cells.size() < 6) s->step();
    const auto& c = s->world.cells;
    double apart = 0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const auto& x = c.values[state::col_x + axis];
      for (const double p : x) EXPECT_LE(std::abs(p), edge);
      EXPECT_NEAR(x[0] + x[static_cast<std::size_t>(std::find(c.parent.begin() + 1, c.parent.end(), c.parent[0]) -
                                                    c.parent.begin())],
                  0.0, 1e-12);
      const double separation = x[0] * 2;
      apart += separation * separation;
      if (flat && axis == 2) {
        EXPECT_EQ(x[0], 0.0);
      }
    }
    EXPECT_NEAR(std::sqrt(apart), c.values[state::col_radius][0], 1e-9);
  }
}

}  // namespace
}  // namespace senoma
