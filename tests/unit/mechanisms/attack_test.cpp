// Attacks on touching cells: times, handling, saturation, and that each target dies once.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/math.h"
#include "models.h"

namespace senoma {
namespace {

using test::run;
using test::simulate;

/// `clusters` groups, out of each other's reach, of `killers` cells in the middle and `targets` around them.
engine::Description arena(int clusters, int killers, int targets, double rate, double duration, double step) {
  const int side = static_cast<int>(std::ceil(std::sqrt(clusters)));
  auto d = test::world(4 * side, step);
  auto killer = test::cell_type("killer"), target = test::cell_type("target");
  target.deaths = {{"apoptosis", 1e6, 1.0, 0.0}};
  killer.parameters["attack.target"] = rate;
  killer.attacks = {{"target", {}, "apoptosis", duration, {}}};
  std::vector<std::array<double, 3>> middle, around;
  for (int c = 0; c < clusters; ++c) {
    const double x = 80.0 * (c % side - 0.5 * side + 0.5), y = 80.0 * (c / side - 0.5 * side + 0.5);
    for (int k = 0; k < killers; ++k) middle.push_back({x + 0.5 * k, y, 0});
    for (int k = 0; k < targets; ++k) {
      const double angle = 2 * math::pi * k / targets;
      around.push_back({x + 12 * std::cos(angle), y + 12 * std::sin(angle), 0});
    }
  }
  killer.initial = {test::at(middle)};
  target.initial = {test::at(around)};
  d.cell_types = {killer, target};
  return d;
}

std::size_t living_targets(const engine::Simulation& s) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < s.world.cells.size(); ++i) n += s.world.cells.type[i] == 1 && !s.dying(i) ? 1U : 0U;
  return n;
}

// With m targets left the next attack comes after 1/(a m) on average, and the handling time between two.
TEST(Attack, One_attacker_clears_its_targets_in_the_time_of_the_closed_form_whatever_the_step) {
  constexpr int n_clusters = 400, n_targets = 6;
  const double rate = 0.02, duration = 35.0;
  for (const double step : {5.0, 20.0, 160.0}) {
    auto s = simulate(arena(n_clusters, 1, n_targets, rate, duration, step));
    run(*s, static_cast<int>(1600 / step));
    std::map<std::uint64_t, std::vector<double>> times;
    for (const auto& e : s->events) {
      ASSERT_EQ(e.kind, "attack");
      EXPECT_EQ(e.type, "target");
      EXPECT_EQ(e.to, "apoptotic");
      times[e.by].push_back(e.time);
    }
    ASSERT_EQ(times.size(), static_cast<std::size_t>(n_clusters));
    double expected = 0.0, variance = 0.0;
    for (std::size_t k = 0; k < n_targets; ++k) {
      const double mean_wait = 1.0 / (rate * static_cast<double>(n_targets - k));
      expected += mean_wait + (k > 0 ? duration : 0.0);
      variance += mean_wait * mean_wait;
      if (k + 1 == n_targets) break;  // the last ones may come after the end
      double mean = 0.0;
      for (auto& [killer, list] : times) {
        std::sort(list.begin(), list.end());
        ASSERT_GT(list.size(), k);
        if (k > 0) {
          EXPECT_GE(list[k], list[k - 1] + duration - 1e-9);
        }
        mean += list[k] / n_clusters;
      }
      EXPECT_NEAR(mean, expected, 4.0 * std::sqrt(variance / n_clusters)) << "attack " << k + 1 << ", step " << step;
      if (k == 3) std::printf("step %5.0f: attack 4 after %.2f min, theory %.2f\n", step, mean, expected);
    }
  }
}

// N targets that are replaced at once: a N/(1 + a N h) attacks per time (Holling's type II).
TEST(Attack, The_rate_saturates_with_the_number_of_targets_as_Holling_says) {
  const double rate = 0.02, duration = 40.0;
  for (const int n : {1, 2, 4, 8}) {
    constexpr int n_clusters = 200, steps = 1000;
    auto s = simulate(arena(n_clusters, 1, n, rate, duration, 2.0));
    for (int k = 0; k < steps; ++k) {
      s->step();
      std::replace(s->world.cells.cell_state.begin(), s->world.cells.cell_state.end(), std::uint16_t{1},
                   std::uint16_t{0});
    }
    const double mean_wait = 1.0 / (rate * n), time = 2.0 * steps;
    // A renewal process that starts with a free attacker: mean t/µ + (σ² − µ²)/(2µ²) + duration/µ, variance σ² t/µ³.
    const double cycle = mean_wait + duration, sigma = mean_wait;
    const double expected =
        n_clusters * (time / cycle + (sigma * sigma - cycle * cycle) / (2 * cycle * cycle) + duration / cycle);
    const double deviation = std::sqrt(n_clusters * sigma * sigma * time / (cycle * cycle * cycle));
    std::printf("%d targets: %zu attacks, Holling %.1f ± %.1f\n", n, s->events.size(), expected, deviation);
    EXPECT_NEAR(static_cast<double>(s->events.size()), expected, 4.0 * deviation);
  }
}

TEST(Attack, Several_attackers_add_up_and_each_target_dies_once) {
  constexpr int n_clusters = 900;
  const double rate = 0.01, end = 40.0;
  for (const double step : {1.0, 40.0}) {
    auto s = simulate(arena(n_clusters, 3, 1, rate, 5.0, step));
    run(*s, static_cast<int>(end / step));
    std::set<std::uint64_t> struck;
    for (const auto& e : s->events) EXPECT_TRUE(struck.insert(e.cell).second) << "a cell died twice";
    EXPECT_EQ(struck.size() + living_targets(*s), static_cast<std::size_t>(n_clusters));
    EXPECT_EQ(s->world.counters[1].deaths, struck.size());
    double attacks = 0.0;
    for (const double k : test::column(*s, "attacks")) attacks += k;
    EXPECT_EQ(attacks, static_cast<double>(struck.size()));
    const double dead = 1.0 - std::exp(-3 * rate * end);
    EXPECT_NEAR(static_cast<double>(struck.size()), n_clusters * dead, 4 * std::sqrt(n_clusters * dead * (1 - dead)))
        << "step " << step;
  }
}

TEST(Attack, Halving_the_step_changes_the_number_of_attacks_within_statistics) {
  std::vector<double> counts;
  for (const double step : {10.0, 20.0}) {
    auto s = simulate(arena(400, 2, 6, 0.01, 25.0, step), 3);
    run(*s, static_cast<int>(100 / step));
    counts.push_back(static_cast<double>(s->events.size()));
  }
  std::printf("attacks in 100 min: %.0f in steps of 10 min, %.0f in steps of 20 min\n", counts[0], counts[1]);
  EXPECT_NEAR(counts[0], counts[1], 4.0 * std::sqrt(counts[0] + counts[1]));
}

TEST(Attack, Is_weighed_by_how_well_the_target_is_recognised) {
  auto d = arena(400, 1, 2, 0.02, 0.0, 10.0);
  d.cell_types[1].states = {"shown", "hidden"};
  d.cell_types[1].recognition = {{"killer", {"state.shown ? 0.5 : 0", {}}}};
  auto s = simulate(d);
  for (std::size_t i = 0; i < s->world.cells.size(); ++i) {
    if (s->world.cells.type[i] == 1) s->world.cells.cell_state[i] = i % 2 == 0 ? 1 : 0;
  }
  run(*s, 5);
  for (const auto& e : s->events) EXPECT_EQ(e.from, "shown");
  const double dead = 1.0 - std::exp(-0.5 * 0.02 * 50);
  EXPECT_NEAR(static_cast<double>(s->events.size()), 400 * dead, 4 * std::sqrt(400 * dead * (1 - dead)));
}

TEST(Attack, Keeps_to_the_states_it_names_and_removes_dead_cells) {
  auto d = arena(100, 1, 2, 0.5, 0.0, 10.0);
  d.cell_types[0].attacks[0].states = {"apoptotic"};
  d.cell_types[0].attacks[0].death = "removal";
  auto s = simulate(d);
  run(*s, 2);
  EXPECT_TRUE(s->events.empty());
  for (std::size_t i = 0; i < s->world.cells.size(); ++i) {
    if (s->world.cells.type[i] == 1 && i % 2 == 0) s->world.cells.cell_state[i] = 1;
  }
  run(*s, 5);
  EXPECT_EQ(s->world.cells.size(), 200U);
  EXPECT_EQ(living_targets(*s), 100U);
  EXPECT_EQ(s->world.counters[1].removals, 100U);
  EXPECT_EQ(s->world.counters[1].deaths, 0U);  // they had died before
}

TEST(Attack, Is_a_behaviour_and_its_record_a_signal) {
  auto d = arena(50, 1, 6, 0.5, 5.0, 10.0);
  auto& killer = d.cell_types[0];
  killer.rules = {test::rule("attacks", "attack on target", false, 0.0, 2.0, 400.0)};  // exhausted after two
  d.readouts = {test::mean_of("attacks", "attacks"), test::mean_of("attacking", "attacking")};
  for (auto& r : d.readouts) r.cell_type = "killer";
  auto s = simulate(d);
  run(*s, 1);
  EXPECT_GT(s->readouts()[1], 0.0);
  run(*s, 30);
  EXPECT_EQ(s->readouts()[1], 0.0);
  for (std::size_t i = 0; i < 50; ++i) EXPECT_LE(test::column(*s, "attacks")[i], 5.0);  // rules act from step to step
  EXPECT_GE(s->readouts()[0], 2.0);

  d = arena(50, 1, 6, 0.5, 5.0, 10.0);
  d.cell_types[0].states = {"resting", "active"};
  d.cell_types[0].state_parameters = {{{"attack.target", 0.0}}, {}};
  s = simulate(d);
  run(*s, 5);
  EXPECT_TRUE(s->events.empty());

  d = arena(50, 1, 6, 0.5, 5.0, 10.0);
  d.drugs = {test::bath("blocker", 1e9)};
  engine::DrugEffect effect;
  effect.target = "killer attack on target";
  effect.ec50 = 1.0;
  d.drugs[0].effects = {effect};
  s = simulate(d);
  run(*s, 5);
  EXPECT_LT(s->events.size(), 30U);  // the first step acts before the drug is decided upon
}

TEST(Attack, A_dying_attacker_attacks_no_more) {
  auto d = arena(200, 1, 6, 0.05, 0.0, 10.0);
  d.cell_types[0].deaths = {{"apoptosis", 1e6, 1.0, 0.0}};
  d.cell_types[0].parameters["hazard.apoptosis"] = 0.02;
  auto s = simulate(d);
  run(*s, 30);
  std::map<std::uint64_t, double> died;
  for (const auto& e : s->events) {
    if (e.type == "killer") died[e.cell] = e.time;
  }
  EXPECT_GT(died.size(), 100U);
  for (const auto& e : s->events) {
    if (e.by != 0 && died.contains(e.by)) {
      EXPECT_LE(e.time, died[e.by]);
    }
  }
}

TEST(Attack, What_does_not_fit_its_target_is_refused) {
  const auto refusal = [](const engine::Description& d) -> std::string {
    try {
      (void)simulate(d);
    } catch (const Error& error) {
      return error.code();
    }
    return {};
  };
  auto d = arena(1, 1, 1, 0.1, 0.0, 10.0);
  EXPECT_EQ(refusal(d), "");
  d.cell_types[0].attacks[0].death = "necrosis";
  EXPECT_EQ(refusal(d), "E5018");
  d.cell_types[0].attacks[0] = {"target", {"apoptotic"}, "apoptosis", 0.0, {}};
  EXPECT_EQ(refusal(d), "E5018");
  d.cell_types[0].attacks[0] = {"targets", {}, "apoptosis", 0.0, {}};
  EXPECT_EQ(refusal(d), "E5010");
  d = arena(1, 1, 1, 0.1, 0.0, 10.0);
  d.cell_types[0].recognition = {{"target", {"1", {}}}};
  EXPECT_EQ(refusal(d), "E5018");
  d.cell_types[0].recognition.clear();
  d.cell_types[1].recognition = {{"killer", {"-1", {}}}};
  auto s = simulate(d);
  EXPECT_THROW(s->step(), Error);
}

TEST(Transition, Out_of_the_model_takes_the_cell_away_and_is_recorded) {
  auto d = test::world(60, 10.0);
  auto type = test::cell_type("cell");
  engine::Transition emigration;
  emigration.name = "emigration";
  emigration.leaves = true;
  emigration.hazard = engine::Expression{"0.01 [1/min]", {}};
  type.transitions = {emigration};
  type.initial = {test::apart(400)};
  d.cell_types = {type};
  auto s = simulate(d);
  run(*s, 10);
  const double gone = 1.0 - std::exp(-1.0);
  EXPECT_EQ(s->events.size() + s->world.cells.size(), 400U);
  EXPECT_EQ(s->world.counters[0].removals, s->events.size());
  EXPECT_NEAR(static_cast<double>(s->events.size()), 400 * gone, 4 * std::sqrt(400 * gone * (1 - gone)));
  EXPECT_EQ(s->events[0].kind, "emigration");
  EXPECT_EQ(s->events[0].to, "");
}

}  // namespace
}  // namespace senoma
