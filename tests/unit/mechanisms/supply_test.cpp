// Supply toward a target: dρ/dt = r v/V (ρ* − ρ) in the cell's voxel.
#include <gtest/gtest.h>

#include <cmath>

#include "models.h"

namespace senoma {
namespace {

using test::run;
using test::simulate;

/// One cell of 1000 µm³ in a voxel of 4000 µm³.
engine::Description one_vessel(double step, double diffusion = 0.0) {
  auto d = test::world(8, step);
  d.substrates = {test::substrate("S", diffusion, 0.0, 1.0)};
  auto type = test::cell_type("vessel");
  type.parameters["supply.S"] = 0.04;
  type.parameters["supply_target.S"] = 5.0;
  type.initial = {test::at({{10, 10, 0}})};
  d.cell_types = {type};
  return d;
}

double supplied_voxel(const engine::Simulation& s) {
  const auto& f = s.world.fields[0];
  return f.rho[f.geometry.voxel_of(10, 10, 0)];
}

TEST(Supply, Brings_its_voxel_to_the_target_at_the_rate_of_the_closed_form) {
  auto s = simulate(one_vessel(2.0));
  for (int k = 1; k <= 100; ++k) {
    s->step();
    if (k % 25 == 0) {
      EXPECT_NEAR(supplied_voxel(*s), 5.0 - 4.0 * std::exp(-0.04 * 0.25 * 2.0 * k), 2e-3)
          << "after " << 2 * k << " min";
    }
  }
  run(*s, 2000);
  EXPECT_NEAR(supplied_voxel(*s), 5.0, 1e-9);
}

TEST(Supply, Takes_away_what_is_above_the_target_and_the_ledger_closes) {
  auto d = one_vessel(10.0, 200.0);
  d.substrates[0].initial = 9.0;
  auto s = simulate(d);
  const auto content = [&] {
    double sum = 0;
    for (const double c : s->world.fields[0].rho) sum += c;
    return sum * s->world.fields[0].geometry.voxel_volume();
  };
  const double before = content();
  run(*s, 200);
  const auto& l = s->world.ledgers[0];
  EXPECT_LE(std::abs(content() - before - (l.released - l.taken_up)), 1e-12 * l.gross);
  EXPECT_LE(l.worst_closing_error, 1e-12);
  // Released is what the cell's rate says: r ρ* v for 2000 min.
  EXPECT_NEAR(l.released, 0.04 * 5.0 * 1000 * 2000, 1e-6 * l.released);
  EXPECT_GT(l.taken_up, l.released);
}

TEST(Supply, Is_a_behaviour_and_so_is_its_target) {
  auto d = one_vessel(10.0);
  d.cell_types[0].rules = {test::rule("age", "S supply target", true, 7.0, 1e-3, 4.0)};
  auto s = simulate(d);
  run(*s, 500);
  EXPECT_NEAR(supplied_voxel(*s), 7.0, 1e-6);
  d.interventions = {{"S", 0.0, 0.0, 1e300, {}}};
  s = simulate(d);
  run(*s, 50);
  EXPECT_NEAR(supplied_voxel(*s), 1.0, 1e-12);
}

TEST(Supply, Costs_nothing_where_nobody_supplies) {
  auto d = one_vessel(10.0);
  EXPECT_TRUE(simulate(d)->behaviours.find("S supply").has_value());
  d.cell_types[0].parameters.erase("supply.S");
  d.cell_types[0].parameters.erase("supply_target.S");
  EXPECT_FALSE(simulate(d)->behaviours.find("S supply").has_value());
  EXPECT_FALSE(simulate(d)->behaviours.find("S supply target").has_value());
}

}  // namespace
}  // namespace senoma
