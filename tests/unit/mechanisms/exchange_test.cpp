// Exchange between cells and fields: secretion, uptake, degradation, antibodies, and the ledger.
#include <gtest/gtest.h>

#include <cmath>

#include "base/philox.h"
#include "models.h"

namespace senoma {
namespace {

using test::column;
using test::run;
using test::simulate;

double content(const state::Field& f) {
  double sum = 0;
  for (const double c : f.rho) sum += c;
  return sum * f.geometry.voxel_volume();
}

TEST(Exchange, Secretion_into_a_well_mixed_medium_follows_its_closed_form) {
  auto d = test::world(10, 2.0);
  d.domain.medium_height = 500.0;
  d.substrates = {test::substrate("S", 0, 0.01, 0)};
  d.substrates[0].well_mixed = true;
  auto type = test::cell_type("cell");
  type.parameters["secretion.S"] = 2000.0;
  type.parameters["uptake.S"] = 50.0;
  type.initial = {test::apart(9)};
  d.cell_types = {type};
  auto s = simulate(d);
  run(*s, 60);
  const double volume = 200.0 * 200.0 * 500.0, production = 9 * 2000.0 / (molecules_per_um3_per_nM * volume),
               loss = 0.01 + 50.0 * 9 * 1000 / volume;
  const double exact = production / loss * (1 - std::exp(-loss * 120));
  std::printf("medium after 2 h: %.6f nM, exact %.6f\n", s->world.fields[0].rho[0], exact);
  EXPECT_NEAR(s->world.fields[0].rho[0], exact, 1e-4 * exact);
}

// dc/dt = −u c/(1 + c/K) with u = k n v/V: (c0 − c) + K ln(c0/c) = u K t.
TEST(Exchange, Saturable_uptake_from_a_well_mixed_medium_follows_its_closed_form) {
  auto d = test::world(10, 2.0);
  d.domain.medium_height = 500.0;
  d.substrates = {test::substrate("S", 0, 0, 20.0)};
  d.substrates[0].well_mixed = true;
  d.substrates[0].half_saturation = 5.0;
  auto type = test::cell_type("cell");
  type.parameters["uptake.S"] = 100.0;
  type.initial = {test::apart(9)};
  d.cell_types = {type};
  auto s = simulate(d);
  run(*s, 60);
  const double volume = 200.0 * 200.0 * 500.0, u = 100.0 * 9 * 1000 / volume, c = s->world.fields[0].rho[0];
  EXPECT_NEAR((20.0 - c) + 5.0 * std::log(20.0 / c), u * 5.0 * 120, 1e-4 * u * 5.0 * 120);
  EXPECT_NEAR(s->world.ledgers[0].taken_up, (20.0 - c) * volume, 1e-9 * 20.0 * volume);
}

TEST(Exchange, The_ledger_closes_to_round_off_at_a_loose_solver_tolerance) {
  auto d = test::world(16, 30.0);
  d.substrates = {test::substrate("S", 600.0, 0.02, 1.0), test::substrate("O2", 1e5, 0.1, 38.0)};
  for (auto& s : d.substrates) s.tolerance = 1e-3;
  d.substrates[1].half_saturation = 5.0;
  for (auto& f : d.substrates[1].faces) f.kind = field::FaceCondition::Kind::value, f.value = 38.0;
  auto type = test::cell_type("cell");
  type.parameters["secretion.S"] = 3000.0;
  type.parameters["uptake.S"] = 0.5;
  type.parameters["uptake.O2"] = 10.0;
  type.initial = {test::apart(25, 40.0)};
  d.cell_types = {type};
  auto s = simulate(d);
  std::array<double, 2> before{content(s->world.fields[0]), content(s->world.fields[1])};
  run(*s, 20);
  for (std::size_t k = 0; k < 2; ++k) {
    const auto& l = s->world.ledgers[k];
    const double change = content(s->world.fields[k]) - before[k],
                 exchanged = l.released - l.taken_up - l.decayed + l.through_faces + l.from_fixed;
    std::printf("%s: change %.6g, closing error %.2e (worst step %.2e)\n", d.substrates[k].name.c_str(), change,
                std::abs(change - exchanged) / l.gross, l.worst_closing_error);
    EXPECT_LE(std::abs(change - exchanged), 1e-12 * l.gross);
    EXPECT_LE(l.worst_closing_error, 1e-12);
    EXPECT_GT(l.taken_up, 0.0);
  }
  // Released is what the cells' rates say: 25 cells × 3000 molecules/min × 600 min.
  EXPECT_NEAR(s->world.ledgers[0].released * molecules_per_um3_per_nM, 25 * 3000.0 * 600, 1.0);
}

TEST(Exchange, Uptake_is_rate_times_volume_times_the_mean_concentration) {
  auto d = test::world(8, 10.0);
  d.substrates = {test::substrate("S", 300.0, 0.0, 5.0)};
  auto type = test::cell_type("cell");
  type.parameters["uptake.S"] = 2.0;
  type.initial = {test::at({{5, 5, 0}, {7, 3, 0}})};  // in one voxel
  d.cell_types = {type};
  auto s = simulate(d);
  double taken = 0;
  for (int k = 0; k < 5; ++k) {
    s->step();
    const auto voxel = s->world.fields[0].geometry.voxel_of(5, 5, 0);
    taken += 2.0 * 2 * 1000.0 * s->exchange[0].mean_rho[voxel] * 10.0;
  }
  EXPECT_NEAR(s->world.ledgers[0].taken_up, taken, 1e-9 * taken);
  EXPECT_NEAR(content(s->world.fields[0]), 5.0 * 8 * 8 * 4000 - taken, 1e-8 * taken);
}

TEST(Exchange, A_substrate_has_columns_only_for_what_some_cell_may_do_with_it) {
  auto d = test::world(8, 10.0);
  d.substrates = {test::substrate("S", 300.0, 0.0, 5.0), test::substrate("T", 300.0, 0.0, 5.0)};
  auto type = test::cell_type("cell");
  type.parameters["uptake.S"] = 2.0;
  type.parameters["secretion.T"] = 100.0;
  type.initial = {test::at({{5, 5, 0}})};
  d.cell_types = {type};
  auto s = simulate(d);
  EXPECT_EQ(s->exchange[0].uptake.size(), 64u);
  EXPECT_TRUE(s->exchange[0].source.empty());
  EXPECT_TRUE(s->exchange[1].uptake.empty());
  EXPECT_EQ(s->exchange[1].source.size(), 64u);
  EXPECT_TRUE(s->exchange[0].saturable.empty());
  run(*s, 3);
  EXPECT_LT(content(s->world.fields[0]), 5.0 * 8 * 8 * 4000);
  EXPECT_GT(content(s->world.fields[1]), 5.0 * 8 * 8 * 4000);
}

TEST(Exchange, An_enzyme_degrades_the_matrix_exponentially) {
  auto d = test::world(6, 10.0);
  d.substrates = {test::substrate("ECM", 0, 0, 1.0), test::substrate("MMP", 0, 0, 4.0)};
  d.substrates[0].degraded_by = {{"MMP", 0.002}};
  auto s = simulate(d);
  run(*s, 12);
  const auto [least, most] = std::minmax_element(s->world.fields[0].rho.begin(), s->world.fields[0].rho.end());
  EXPECT_NEAR(*least, std::exp(-0.002 * 4 * 120), 2e-4);  // second order in the step
  EXPECT_EQ(*least, *most);
}

TEST(Exchange, An_antibody_lowers_the_occupancy_to_that_of_the_free_ligand) {
  auto d = test::world(6, 10.0);
  d.substrates = {test::substrate("L", 0, 0, 5.0)};
  d.substrates[0].receptor_kd = 1.0;
  auto type = test::cell_type("cell");
  type.initial = {test::at({{0, 0, 0}})};
  d.cell_types = {type};
  d.readouts = {test::mean_of("occupancy", "L occupancy")};
  auto s = simulate(d);
  s->step();
  EXPECT_NEAR(s->readouts()[0], 5.0 / 6.0, 1e-9);
  auto antibody = test::bath("mAb", 8.0);
  antibody.binds = "L";
  antibody.binding_kd = 0.5;
  d.drugs = {antibody};
  auto b = simulate(d);
  b->step();
  const double q = 5.0 - 8.0 - 0.5, free = 0.5 * (q + std::sqrt(q * q + 4 * 0.5 * 5.0));
  EXPECT_NEAR(b->readouts()[0], free / (free + 1), 1e-9);
}

TEST(Exchange, A_drug_in_the_tissue_is_seen_locally) {
  auto d = test::world(10, 10.0);
  d.substrates = {test::substrate("pool", 100.0, 0.01, 0)};
  d.substrates[0].vessel_drug = "drug";
  d.substrates[0].vessel_partition = 0.5;
  d.domain.vessels = {{-70, 0, 0, 15}};
  d.drugs = {test::bath("drug", 10.0)};
  d.drugs[0].substrate = "pool";
  auto type = test::cell_type("cell");
  type.initial = {test::at({{-70, 10, 0}, {90, 0, 0}})};
  d.cell_types = {type};
  for (const char* side : {"x < 0 [um]", "x > 0 [um]"}) {
    auto readout = test::mean_of(side, "drug concentration");
    readout.where_ = engine::Expression{side, {}};
    d.readouts.push_back(readout);
  }
  auto s = simulate(d);
  run(*s, 200);
  EXPECT_NEAR(s->readouts()[0], 5.0, 1e-6);
  EXPECT_GT(s->readouts()[1], 0.3);  // 160 µm away, at a penetration depth of 100 µm
  EXPECT_LT(s->readouts()[1], 2.0);
}

TEST(Exchange, An_intervention_on_a_substrate_stops_its_secretion) {
  auto d = test::world(6, 10.0);
  d.substrates = {test::substrate("S", 100.0, 0, 0)};
  auto type = test::cell_type("cell");
  type.parameters["secretion.S"] = 100.0;
  type.initial = {test::at({{0, 0, 0}})};
  d.cell_types = {type};
  engine::Intervention block;
  block.target = "S";
  block.from = 30.0;
  d.interventions = {block};
  auto s = simulate(d);
  run(*s, 10);
  EXPECT_NEAR(content(s->world.fields[0]) * molecules_per_um3_per_nM, 3000.0, 1e-6);
}

TEST(Exchange, Readouts_of_the_world_give_mean_maximum_and_content) {
  auto d = test::world(6, 10.0);
  d.substrates = {test::substrate("S", 0, 0, 2.0)};
  for (const char* value : {"S.mean", "S.maximum", "S.content", "time"}) {
    auto readout = test::mean_of(value, value);
    readout.over = engine::Readout::Over::world;
    d.readouts.push_back(readout);
  }
  auto s = simulate(d);
  run(*s, 3);
  const auto r = s->readouts();
  EXPECT_NEAR(r[0], 2.0, 1e-12);
  EXPECT_NEAR(r[1], 2.0, 1e-12);
  EXPECT_NEAR(r[2], 2.0 * 36 * 4000, 1e-6);
  EXPECT_EQ(r[3], 30.0);
}

TEST(Motility, Chemotaxis_moves_cells_up_the_gradient_and_only_when_asked) {
  for (const double weight : {0.0, 1.0}) {
    auto d = test::world(40, 5.0);
    d.substrates = {test::substrate("S", 1000.0, 0.001, 0)};
    d.substrates[0].faces[1].kind = field::FaceCondition::Kind::value;
    d.substrates[0].faces[1].value = 10.0;
    d.substrates[0].quasi_steady = true;
    auto type = test::cell_type("cell");
    type.parameters["motility.speed"] = 1.0;
    type.parameters["motility.persistence"] = 5.0;
    type.parameters["motility.bias"] = 0.8;
    // The weight comes from a rule alone: the base is 0.
    if (weight > 0) type.rules = {test::rule("S concentration", "chemotaxis to S", true, weight, 1e-9, 1.0)};
    type.initial = {test::apart(50, 30.0)};
    d.cell_types = {type};
    auto s = simulate(d);
    const auto start = s->world.cells.values[state::col_x];
    run(*s, 20);
    double mean = 0;
    for (std::size_t i = 0; i < 50; ++i) mean += (s->world.cells.values[state::col_x][i] - start[i]) / 50;
    std::printf("weight %.0f: mean displacement %.2f um of 100 um\n", weight, mean);
    if (weight > 0) {
      EXPECT_GT(mean, 80.0);
    } else {
      EXPECT_LT(std::abs(mean), 4 * std::sqrt(2 * 5.0 * 100 / 2 / 50));
    }
  }
}

TEST(Motility, A_fixed_cell_stays_where_it_is_pushed) {
  auto d = test::world(10, 10.0);
  auto type = test::cell_type("cell"), wall = test::cell_type("wall");
  type.parameters["mechanics.repulsion"] = wall.parameters["mechanics.repulsion"] = 10.0;
  wall.parameters["mechanics.movable"] = 0.0;
  type.initial = {test::at({{3, 0, 0}})};
  wall.initial = {test::at({{0, 0, 0}})};
  d.cell_types = {type, wall};
  auto s = simulate(d);
  run(*s, 10);
  EXPECT_EQ(s->world.cells.values[state::col_x][1], 0.0);
  EXPECT_GT(s->world.cells.values[state::col_x][0], 10.0);
}

}  // namespace
}  // namespace senoma
