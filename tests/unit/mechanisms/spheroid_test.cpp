// Readouts of a cluster's size, the stirred medium around it, and behaviours set by expressions without a network.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "models.h"

namespace senoma {
namespace {

using test::run;
using test::simulate;

engine::Readout outline(engine::Readout::Over over) {
  engine::Readout readout;
  readout.name = "size";
  readout.unit = "um";
  readout.over = over;
  return readout;
}

TEST(Outline, One_cell_has_its_own_diameter_in_2D_and_3D) {
  for (const bool flat : {true, false}) {
    auto d = test::world(10, 1.0, flat);
    auto type = test::cell_type("cell");
    type.initial = {test::at({{12.0, -7.0, 0.0}})};
    d.cell_types = {type};
    d.readouts = {outline(engine::Readout::Over::diameter), outline(engine::Readout::Over::radius)};
    const auto values = simulate(d)->readouts();
    const double diameter = 2.0 * std::cbrt(3.0 * 1000.0 / (4.0 * M_PI));
    EXPECT_NEAR(values[0], diameter, 1e-9);
    EXPECT_NEAR(values[1], 0.5 * diameter, 1e-9);
  }
}

TEST(Outline, Two_cells_apart_have_the_mean_width_of_their_hull) {
  // A segment of length L has the mean width L/2 in space and 2L/π in the plane; the 13 and 12 directions come near.
  for (const bool flat : {true, false}) {
    auto d = test::world(20, 1.0, flat);
    auto type = test::cell_type("cell");
    type.initial = {test::at({{-60.0, -30.0, 0.0}, {60.0, 30.0, 0.0}})};
    d.cell_types = {type};
    d.readouts = {outline(engine::Readout::Over::diameter)};
    const double own = 2.0 * std::cbrt(3.0 * 1000.0 / (4.0 * M_PI)), length = std::sqrt(120.0 * 120.0 + 60.0 * 60.0);
    const double exact = own + (flat ? 2.0 / M_PI : 0.5) * length, measured = simulate(d)->readouts()[0];
    std::printf("%s: mean width %.3f, exact %.3f\n", flat ? "plane" : "space", measured, exact);
    EXPECT_NEAR(measured, exact, 0.01 * exact);
  }
}

TEST(Outline, Only_cells_that_count_are_measured_and_none_gives_zero) {
  auto d = test::world(20, 1.0);
  auto type = test::cell_type("cell");
  type.initial = {test::at({{-100.0, 0.0, 0.0}, {0.0, 0.0, 0.0}, {100.0, 0.0, 0.0}})};
  d.cell_types = {type};
  d.readouts = {outline(engine::Readout::Over::diameter), outline(engine::Readout::Over::diameter)};
  d.readouts[0].where_ = engine::Expression{"abs(x) < 50 [um]", {}};
  d.readouts[1].where_ = engine::Expression{"x > 500 [um]", {}};
  const auto values = simulate(d)->readouts();
  EXPECT_NEAR(values[0], 2.0 * std::cbrt(3.0 * 1000.0 / (4.0 * M_PI)), 1e-9);
  EXPECT_EQ(values[1], 0.0);
}

/// A packed ball of cells of radius 60 µm that takes up oxygen, in a box of 10³ voxels of 20 µm.
engine::Description ball(double medium) {
  auto d = test::world(12, 30.0, false);
  d.substrates = {test::substrate("O2", 2000.0, 0.1, 38.0)};
  d.substrates[0].quasi_steady = true;
  d.substrates[0].medium_value = medium;
  auto type = test::cell_type("cell");
  type.parameters["uptake.O2"] = 2.0;
  engine::InitialCells sphere;
  sphere.pattern = engine::InitialCells::Pattern::sphere;
  sphere.radius = 60.0;
  sphere.spacing = 10.0;
  type.initial = {sphere};
  d.cell_types = {type};
  return d;
}

TEST(Medium, Voxels_around_the_tissue_hold_its_value_and_the_inside_starves) {
  auto d = ball(38.0);
  auto s = simulate(d);
  run(*s, 1);
  const auto& field = s->world.fields[0];
  const auto& g = field.geometry;
  EXPECT_EQ(field.rho[g.voxel_of(-110.0, 110.0, -110.0)], 38.0);
  EXPECT_EQ(field.rho[g.voxel_of(-110.0, 10.0, 10.0)], 38.0);
  const double inside = field.rho[g.voxel_of(5.0, 5.0, 5.0)];
  // First-order loss k in a sphere of radius R: c(0)/c(R) = φ/sinh φ, φ = R √(k/D). The voxels make a ball of about 64
  // µm.
  const double cells = static_cast<double>(s->world.cells.size());
  const double density = cells * 1000.0 / (4.0 / 3.0 * M_PI * 60.0 * 60.0 * 60.0);
  const double phi = 64.0 * std::sqrt((2.0 * density + 0.1) / 2000.0);
  std::printf("centre %.2f mmHg, sphere of equal size %.2f\n", inside, 38.0 * phi / std::sinh(phi));
  EXPECT_NEAR(inside, 38.0 * phi / std::sinh(phi), 3.0);
  EXPECT_LT(s->world.ledgers[0].worst_closing_error, 1e-9);
}

TEST(Medium, Follows_the_tissue_as_cells_vanish) {
  auto d = ball(38.0);
  d.cell_types[0].parameters["hazard.apoptosis"] = 10.0;
  d.cell_types[0].deaths = {{"apoptosis", 1.0, 0.5, 0.1}};
  auto s = simulate(d);
  run(*s, 4);
  ASSERT_EQ(s->world.cells.size(), 0U);
  for (const double c : s->world.fields[0].rho) ASSERT_EQ(c, 38.0);
}

TEST(Medium, Is_refused_together_with_vessels_or_one_compartment) {
  auto d = ball(38.0);
  d.substrates[0].vessel_value = 40.0;
  EXPECT_THROW(simulate(d), Error);
  d = ball(38.0);
  d.substrates[0].well_mixed = true;
  d.domain.medium_height = 100.0;
  EXPECT_THROW(simulate(d), Error);
}

TEST(Coupling, An_expression_sets_a_behaviour_without_a_network) {
  auto d = test::world(20, 1.0);
  auto type = test::cell_type("cell");
  type.parameters["motility.speed"] = 2.0;
  type.coupling.outputs = {{engine::Expression{"clamp(x / 100 [um], 0, 1)", {}}, "migration speed"}};
  type.initial = {test::at({{-50.0, 0.0, 0.0}, {50.0, 0.0, 0.0}, {150.0, 0.0, 0.0}})};
  d.cell_types = {type};
  auto s = simulate(d);
  run(*s, 1);
  const auto& speed = s->world.cells.values[s->behaviour_column("migration speed")];
  EXPECT_NEAR(speed[0], 0.0, 1e-12);
  EXPECT_NEAR(speed[1], 1.0, 1e-12);
  EXPECT_NEAR(speed[2], 2.0, 1e-12);
}

}  // namespace
}  // namespace senoma
