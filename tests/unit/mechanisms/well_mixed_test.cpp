// A domain without space: what cells perceive of each other in expectation, and what is refused or not defined.
#include <gtest/gtest.h>

#include <cmath>

#include "base/math.h"
#include "mechanics/mean_field.h"
#include "models.h"
#include "skirmish.h"

namespace senoma {
namespace {

using test::column;
using test::run;
using test::simulate;
using test::well_mixed;

engine::InitialCells many(std::size_t n) {
  engine::InitialCells initial;
  initial.pattern = engine::InitialCells::Pattern::uniform;
  initial.count = n;
  return initial;
}

engine::ContactSignal contact(const std::string& name, const std::string& value, std::vector<std::string> from = {},
                              bool mean = false) {
  return {name, {value, {}}, std::move(from), {}, mean, {}};
}

/// Two types of cells of many sizes; the first looks at the others.
engine::Description crowd(bool flat) {
  auto d = test::world(6, 10.0, flat);
  auto watcher = test::cell_type("watcher"), other = test::cell_type("other");
  watcher.initial = {many(9)};
  other.initial = {many(40)};
  other.states = {"calm", "angry"};
  other.initial[0].state_fractions = {{"angry", 0.4}, {"calm", 0.6}};
  watcher.contacts = {contact("sum", "volume / 1 [um^3] - 900"), contact("mean", "volume", {"other"}, true)};
  d.cell_types = {watcher, other};
  for (const char* value :
       {"neighbours", "neighbours.other", "neighbours.angry", "contact.sum", "contact.mean / 1 [um^3]"})
    d.readouts.push_back(test::mean_of(value, value)), d.readouts.back().cell_type = "watcher";
  return well_mixed(d);
}

TEST(Well_mixed, Cells_see_the_expected_contacts_of_the_definition) {
  for (const bool flat : {true, false}) {
    auto s = simulate(crowd(flat));
    auto& cells = s->world.cells;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      cells.values[state::col_volume][i] = 500.0 + 40.0 * static_cast<double>(i);
      cells.values[state::col_radius][i] = std::cbrt(0.75 / M_PI * cells.values[state::col_volume][i]);
    }
    const auto seen = s->readouts();
    const auto& r = cells.values[state::col_radius];
    const double measure = mechanics::measure_of(s->description->domain.geometry);
    std::array<double, 5> by_definition{};
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (cells.type[i] != 0) continue;
      double neighbours = 0, others = 0, angry = 0, sum = 0, volumes = 0;
      for (std::size_t j = 0; j < cells.size(); ++j) {
        if (j == i) continue;
        const double chance = mechanics::touching_chance(r[i], r[j], measure, flat);  // adhesion_range 1
        neighbours += chance;
        sum += chance * (cells.values[state::col_volume][j] - 900.0);
        if (cells.type[j] != 1) continue;
        others += chance;
        volumes += chance * cells.values[state::col_volume][j];
        if (cells.cell_state[j] == 1) angry += chance;
      }
      const double mean = volumes / others * (1.0 - std::exp(-others));
      const std::array<double, 5> mine{neighbours, others, angry, sum, mean};
      for (std::size_t k = 0; k < 5; ++k) by_definition[k] += mine[k] / 9.0;
    }
    EXPECT_GT(by_definition[2], 0.0);
    for (std::size_t k = 0; k < 5; ++k)
      EXPECT_NEAR(seen[k], by_definition[k], 1e-12 * std::abs(by_definition[k])) << k << " " << flat;
  }
}

TEST(Well_mixed, A_cell_alone_touches_nobody_and_not_itself) {
  auto d = crowd(true);
  d.cell_types[0].initial = {many(1)};
  d.cell_types[1].initial.clear();
  EXPECT_EQ(simulate(d)->readouts(), (std::vector<double>{0, 0, 0, 0, 0}));
}

TEST(Well_mixed, Cells_stay_where_they_are_and_all_have_the_pressure_of_their_density) {
  auto d = well_mixed(test::skirmish());
  auto s = simulate(d);
  run(*s, 40);
  const auto& cells = s->world.cells;
  std::size_t divisions = 0;
  for (const auto& counters : s->world.counters) divisions += counters.divisions;
  EXPECT_GT(divisions, 10U);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    for (const auto axis : {state::col_x, state::col_y, state::col_z}) EXPECT_EQ(cells.values[axis][i], 0.0);
  }
  const auto measure = mechanics::measure_of(d.domain.geometry);
  const double radius = std::sqrt(1.1 * measure / M_PI / static_cast<double>(cells.size()));
  s->world.cells.values[state::col_radius].assign(cells.size(), radius);
  const auto n = cells.size();
  s->step();
  ASSERT_GE(cells.size(), n / 2);
  EXPECT_NEAR(cells.values[state::col_pressure][0], mechanics::packed_pressure(1.1, true), 1e-9);
  EXPECT_GT(cells.values[state::col_pressure][0], 0.0);
}

// Contact inhibition with half at pressure 1: cells grow to about one layer and stop there.
TEST(Well_mixed, Crowding_ends_growth_near_one_layer) {
  auto d = test::world(10, 60.0);
  auto type = test::cell_type("cell");
  auto live = test::phase("live", 3000);
  live.divides = live.grows = live.entry = true;
  type.cycle = {live};
  type.rules = {test::rule("pressure", "cycle entry", false, 0.0, 1.0, 12)};
  type.initial = {many(20)};
  d.cell_types = {type};
  auto s = simulate(well_mixed(d));
  std::vector<double> fraction;
  for (int k = 0; k < 400; ++k) {
    s->step();
    double covered = 0.0;
    for (const double r : s->world.cells.values[state::col_radius]) covered += M_PI * r * r;
    fraction.push_back(covered / (200.0 * 200.0));
  }
  EXPECT_LT(fraction[100], 0.9);  // not yet
  EXPECT_GT(fraction[399], 0.95);
  EXPECT_LT(fraction[399], 1.1);
  EXPECT_LT(fraction[399] - fraction[350], 0.01);
}

// Without handling time n attackers kill with the hazard a n p each target, so that exp(−a n p t) of them are left.
TEST(Well_mixed, Attackers_meet_their_targets_at_the_rate_of_mass_action) {
  auto d = test::world(20, 20.0);
  auto killer = test::cell_type("killer"), target = test::cell_type("target");
  killer.initial = {many(30)};
  target.initial = {many(400)};
  killer.parameters["attack.target"] = 0.05;
  killer.attacks = {{"target", {}, "removal", 0.0, {}}};
  d.cell_types = {killer, target};
  const double r = std::cbrt(0.75 / M_PI * 1000.0), chance = M_PI * 4.0 * r * r / (400.0 * 400.0);
  double left = 0.0;
  for (const std::uint64_t seed : {1, 2, 3, 4}) {
    auto s = simulate(well_mixed(d), seed);
    run(*s, 25);
    left += static_cast<double>(s->world.cells.size()) - 30.0;
  }
  const double share = std::exp(-0.05 * 30.0 * chance * 500.0);
  std::printf("left: %.0f of 1600, expected %.0f\n", left, 1600 * share);
  EXPECT_NEAR(left, 1600 * share, 3.0 * std::sqrt(1600 * share * (1 - share)));
}

TEST(Well_mixed, Ledgers_close_for_every_substrate_of_a_tissue_with_vessels_and_edges) {
  auto d = test::skirmish();
  d.substrates.push_back(test::substrate("O2", 1e5, 0.1, 38.0));
  d.substrates.back().vessel_value = 38.0;
  for (auto& f : d.substrates.back().faces) f.kind = field::FaceCondition::Kind::value, f.value = 20.0;
  d.substrates.push_back(test::substrate("glucose", 4e4, 0.0, 5.0));
  d.substrates.back().half_saturation = 2.0;
  for (auto& f : d.substrates.back().faces) f.kind = field::FaceCondition::Kind::mixed, f.value = 5.0, f.transfer = 3.0;
  d.substrates.push_back(test::substrate("medium", 0.0, 0.001, 1.0));
  d.substrates.back().well_mixed = true;
  d.domain.medium_height = 300.0;
  for (const char* name : {"O2", "glucose", "medium"}) d.cell_types[1].parameters[std::string("uptake.") + name] = 4.0;
  auto s = simulate(well_mixed(d));
  std::vector<double> before;
  for (const auto& f : s->world.fields) before.push_back(f.rho[0]);
  run(*s, 40);
  for (std::size_t k = 0; k < before.size(); ++k) {
    const auto& field = s->world.fields[k];
    ASSERT_EQ(field.rho.size(), 1U);
    const auto& l = s->world.ledgers[k];
    const double change = (field.rho[0] - before[k]) * field.geometry.voxel_volume();
    const double exchanged = l.released - l.taken_up - l.decayed + l.through_faces + l.from_fixed;
    EXPECT_GT(l.gross, 0.0);
    EXPECT_LE(std::abs(change - exchanged), 1e-12 * l.gross) << field.name;
    EXPECT_LE(l.worst_closing_error, 1e-12) << field.name;
  }
  EXPECT_GT(s->world.ledgers[1].from_fixed, 0.0);
  EXPECT_LT(s->world.ledgers[1].through_faces, 0.0);
  EXPECT_EQ(s->world.fields[3].geometry.voxel_volume(), 320.0 * 320.0 * 300.0);
}

TEST(Well_mixed, The_start_inside_the_tumour_counts_by_its_share_of_the_domain) {
  auto d = test::world(10, 10.0);
  auto type = test::cell_type("cell");
  type.tumour = true;
  engine::InitialCells disc;
  disc.pattern = engine::InitialCells::Pattern::disc;
  disc.radius = 50.0;
  disc.spacing = 20.0;
  type.initial = {disc};
  d.cell_types = {type};
  d.substrates = {test::substrate("ECM", 0, 0, 1.0)};
  d.substrates[0].initial_in = {{"tumour", 0.1}};
  const double share = M_PI * 2500.0 / 40000.0;
  auto s = simulate(well_mixed(d)), spatial = simulate(d);
  EXPECT_NEAR(s->world.fields[0].rho[0], 1.0 - 0.9 * share, 1e-12);
  EXPECT_EQ(s->world.cells.size(), spatial->world.cells.size());
}

engine::Readout counted(const std::string& name, const std::string& where) {
  engine::Readout r;
  r.name = name;
  r.where_ = engine::Expression{where, {}};
  return r;
}

TEST(Well_mixed, Readouts_that_look_at_places_are_not_a_number_and_named) {
  auto d = test::skirmish();
  d.readouts = {counted("far", "sqrt(x^2 + y^2) > 50 [um]"), counted("roused", "state.roused"),
                test::mean_of("height", "z")};
  engine::Readout size;
  size.name = "size";
  size.over = engine::Readout::Over::diameter;
  size.accumulate = engine::Readout::Accumulate::maximum;
  size.dimension = dim::length;
  d.readouts.push_back(size);
  auto s = simulate(well_mixed(d));
  run(*s, 5);
  EXPECT_EQ(s->readouts_without_space(), (std::vector<std::string>{"far", "height", "size"}));
  const auto values = s->readouts();
  for (const std::size_t k : {0U, 2U, 3U}) EXPECT_TRUE(std::isnan(values[k])) << k;
  EXPECT_FALSE(std::isnan(values[1]));
  EXPECT_TRUE(simulate(d)->readouts_without_space().empty());
}

Error refused(engine::Description d) {
  try {
    (void)simulate(std::move(d));
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "not refused";
  return Error("none", "none");
}

TEST(Well_mixed, What_needs_space_is_refused_with_its_place) {
  const SourcePosition place{"model.toml", 12, 9, 20}, space{"model.toml", 3, 1, 12};
  auto d = well_mixed(test::skirmish());
  d.domain.where = space;

  auto rule = d;
  rule.cell_types[1].rules = {test::rule("x / 1 [um]", "cycle entry", true, 2.0, 1.0, 1)};
  rule.cell_types[1].rules[0].signal.where = place;
  auto error = refused(rule);
  EXPECT_EQ(error.code(), "E5020");
  ASSERT_TRUE(error.position());
  EXPECT_EQ(error.position()->line, 12);

  auto hazard = d;
  hazard.cell_types[1].transitions[0].hazard = engine::Expression{"1e-3 [1/min] * if(y > 0 [um], 1, 0)", place};
  EXPECT_EQ(refused(hazard).code(), "E5020");

  auto edge = d;
  edge.domain.edge = mechanics::EdgeRule::absorb;
  error = refused(edge);
  EXPECT_EQ(error.code(), "E5020");
  ASSERT_TRUE(error.position());
  EXPECT_EQ(error.position()->line, 3);

  auto bath = d;
  bath.substrates[0].medium_value = 1.0;
  bath.substrates[0].where = place;
  error = refused(bath);
  EXPECT_EQ(error.code(), "E5020");
  EXPECT_NE(std::string(error.message()).find("lure"), std::string::npos);

  auto voxels = d;
  voxels.domain.geometry.n[0] = 2;
  EXPECT_EQ(refused(voxels).code(), "E5020");

  auto vessel = d;
  vessel.substrates[0].vessel_value = 1.0;
  vessel.domain.vessels = {{0, 0, 0, 300.0}};
  EXPECT_EQ(refused(vessel).code(), "E4002");
}

}  // namespace
}  // namespace senoma
