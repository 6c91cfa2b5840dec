// The systemic network: closed forms, what it sees of the world, what sees it, what acts on it, and refusals.
#include <gtest/gtest.h>

#include <cmath>

#include "models.h"

namespace senoma {
namespace {

using test::run;
using test::simulate;

const SourcePosition place{"model.toml", 12, 9, 20};

/// dL/dt = k − g L, dP/dt = g L.
engine::Description body(double step = 10.0) {
  auto d = test::world(8, step);
  d.networks = {test::network("body", {{{"L", 0.0, "k - g * L"}, {"P", 0.0, "g * L"}}, {{"k", 0.0}, {"g", 0.01}}})};
  d.systemic.network = "body";
  d.systemic.where = place;
  auto type = test::cell_type("cell");
  type.states = {"a", "b"};
  type.initial = {test::apart(9, 15.0)};
  type.initial[0].state_fractions = {{"a", 1.0}};
  d.cell_types = {type};
  return d;
}

engine::Readout world_readout(const std::string& value) {
  auto readout = test::mean_of(value, value);
  readout.over = engine::Readout::Over::world;
  return readout;
}

double value_of(engine::Simulation& s, std::size_t k = 0) { return s.readouts().at(k); }

TEST(Systemic, Its_levels_follow_the_closed_form_with_cells_as_their_source) {
  auto d = body();
  d.systemic.inputs = {{"k", {"0.2 * count.cell", {}}}};
  d.readouts = {world_readout("systemic.L"), world_readout("systemic.P"), world_readout("systemic.k"),
                world_readout("systemic.g")};
  auto s = simulate(d);
  EXPECT_EQ(value_of(*s), 0.0);
  run(*s, 30);
  const double exact = 0.2 * 9 / 0.01 * (1 - std::exp(-0.01 * 300));
  std::printf("after 300 min: %.8f, exact %.8f\n", value_of(*s), exact);
  EXPECT_NEAR(value_of(*s, 0), exact, 2e-5 * exact);
  EXPECT_NEAR(value_of(*s, 0) + value_of(*s, 1), 0.2 * 9 * 300, 1e-6);
  EXPECT_DOUBLE_EQ(value_of(*s, 2), 1.8);
  EXPECT_EQ(value_of(*s, 3), 0.01);
}

TEST(Systemic, Counts_are_of_living_cells_by_type_and_state) {
  auto d = body();
  auto& type = d.cell_types[0];
  type.deaths = {{"apoptosis", 1e6, 0.1, 0.1}};
  type.parameters["hazard.apoptosis"] = 0.02;
  engine::Transition t;
  t.name = "turn";
  t.from = {"a"};
  t.to = "b";
  t.hazard = engine::Expression{"0.02 [1/min]", {}};
  type.transitions = {t};
  d.readouts = {world_readout("count.cell"), world_readout("count.cell.a"), world_readout("count.cell.b"),
                world_readout("count.cell.apoptotic")};
  auto s = simulate(d);
  run(*s, 4);
  const auto r = s->readouts();
  EXPECT_EQ(r[0], r[1] + r[2]);
  EXPECT_EQ(r[0] + r[3], 9.0);
  EXPECT_GT(r[3], 0.0);
  EXPECT_GT(r[2], 0.0);
}

TEST(Systemic, Cells_see_it_in_rules_hazards_couplings_and_readouts) {
  auto d = body();
  d.systemic.inputs = {{"k", {"0.1", {}}}};
  d.networks.push_back(test::network("inner", {{{"A", 0.0, "0 * A"}}, {{"u", 0.0}}}));
  auto& type = d.cell_types[0];
  type.network = "inner";
  type.coupling.inputs = {{"u", {"systemic.L", {}}}};
  type.coupling.outputs = {{{"systemic.L * 1 [um/min]", {}}, "migration speed"}};
  type.rules = {test::rule("systemic L", "cycle entry", false, 0.0, 2.0, 1.0)};
  d.readouts = {world_readout("systemic.L"), test::mean_of("seen", "systemic.L"), test::mean_of("input", "u")};
  auto s = simulate(d);
  run(*s, 6);
  const auto r = s->readouts();
  EXPECT_NEAR(r[0], 10.0 * (1 - std::exp(-0.6)), 1e-4);
  EXPECT_DOUBLE_EQ(r[1], r[0]);
  EXPECT_DOUBLE_EQ(r[2], r[0]);
  EXPECT_DOUBLE_EQ(test::column(*s, "migration speed")[0], r[0]);
  EXPECT_NEAR(test::column(*s, "cycle entry")[0], 1.0 / (1.0 + r[0] / 2.0), 1e-12);
}

TEST(Systemic, Drugs_and_interventions_act_on_its_parameters_and_nodes) {
  auto d = body();
  d.systemic.inputs = {{"k", {"0.1", {}}}};
  d.readouts = {world_readout("systemic.L"), world_readout("systemic.P")};
  d.drugs = {test::bath("drug", 5.0)};
  engine::DrugEffect effect;
  effect.target = "systemic k";
  effect.ec50 = 5.0;  // half of it
  d.drugs[0].effects = {effect};
  engine::Intervention off;
  off.target = "systemic g";
  off.factor = 0.0;
  off.from = 30.0;
  d.interventions = {off};
  auto s = simulate(d);
  run(*s, 3);
  const double at_30 = 5.0 * (1 - std::exp(-0.3));
  EXPECT_NEAR(value_of(*s), at_30, 1e-5);
  run(*s, 4);
  EXPECT_NEAR(value_of(*s), at_30 + 0.05 * 40, 1e-5);
  // A node: what L does elsewhere (P grows by it) stops, its own loss goes on.
  d.interventions[0].target = "systemic L";
  d.drugs.clear();
  auto n = simulate(d);
  run(*n, 3);
  const double before = value_of(*n, 1);
  run(*n, 4);
  EXPECT_NEAR(value_of(*n, 1), before, 1e-9);
  EXPECT_NEAR(value_of(*n), 10.0 * (1 - std::exp(-0.7)), 1e-4);
}

TEST(Systemic, Inputs_see_drugs_fields_time_and_parameters) {
  auto d = body();
  d.substrates = {test::substrate("S", 0, 0, 2.0)};
  d.drugs = {test::bath("drug", 5.0)};
  d.parameters = {{"share", 0.25}};
  d.systemic.inputs = {{"k", {"share * S.mean / 1 [nM] * drug.mean / 5 [nM]", {}}}};
  d.readouts = {world_readout("systemic.k"), world_readout("S.maximum"), world_readout("drug.mean"),
                world_readout("drug.concentration"), world_readout("share")};
  auto s = simulate(d);
  run(*s, 2);
  const auto r = s->readouts();
  const std::vector<double> expected{0.5, 2.0, 5.0, 5.0, 0.25};
  for (std::size_t k = 0; k < expected.size(); ++k) EXPECT_NEAR(r[k], expected[k], 1e-12);
}

TEST(Systemic, Vessels_and_faces_hold_its_levels) {
  for (const bool vessel : {true, false}) {
    auto d = body();
    auto system = std::make_shared<network::OdeSystem>(*d.networks[0].system);
    system->states[0].initial = 4.0;
    system->states[0].dimension = dim::concentration;
    system->states[0].dimension_known = true;
    system->states[0].to_internal = 1000.0;  // the network counts in uM
    for (auto& p : system->parameters) p.value = 0.0;
    d.networks[0].system = system;
    d.substrates = {test::substrate("S", 5000.0, 0.0, 0.0)};
    d.domain.vessels = {{0, 0, 0, 15}};
    if (vessel) {
      d.substrates[0].vessel_systemic = {"L", 0.5, place};
    } else {
      d.substrates[0].faces[0].kind = field::FaceCondition::Kind::mixed;
      d.substrates[0].faces[0].transfer = 50.0;
      d.substrates[0].face_systemic[0] = {"L", 0.5, place};
    }
    auto s = simulate(d);
    run(*s, 400);
    for (const double c : s->world.fields[0].rho) EXPECT_NEAR(c, 2000.0, 1e-3);
  }
}

TEST(Systemic, Its_events_happen_at_their_times) {
  auto d = body();
  test::NetworkText text{{{"L", 0.0, "0 * L"}}, {}};
  text.events = {{"dose", "time > 25", "", "", {{"L", "L + 3"}}}, {"late", "time > 25", "12", "", {{"L", "2 * L"}}}};
  d.networks = {test::network("body", text)};
  d.readouts = {world_readout("systemic.L")};
  auto s = simulate(d);
  run(*s, 2);
  EXPECT_EQ(value_of(*s), 0.0);
  s->step();
  EXPECT_NEAR(value_of(*s), 3.0, 1e-12);
  s->step();
  // The delayed change doubles the level that was there when it was triggered: before the first change or after it.
  const double after = value_of(*s);
  EXPECT_TRUE(after == 6.0 || after == 0.0) << after;
  run(*s, 3);
  EXPECT_EQ(value_of(*s), after) << "each happens once";
}

Error refused(const std::function<void(engine::Description&)>& change) {
  auto d = body();
  d.substrates = {test::substrate("S", 100, 0.1, 1.0)};
  change(d);
  try {
    auto s = simulate(d);
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "not refused";
  return Error("none", "none");
}

void expect(const Error& error, const std::string& code, const std::string& words) {
  EXPECT_EQ(error.code(), code) << error.message();
  std::string all = error.message();
  for (const auto& remedy : error.remedies()) all += " " + remedy;
  EXPECT_NE(all.find(words), std::string::npos) << all;
  ASSERT_TRUE(error.position().has_value()) << all;
  EXPECT_EQ(error.position()->line, 12) << all;
}

TEST(Systemic, What_does_not_fit_is_refused_with_place_and_remedy) {
  expect(refused([](auto& d) { d.systemic.network = "bodi"; }), "E5008", "did you mean 'body'");
  expect(refused([](auto& d) { d.systemic.inputs = {{"kk", {"1", place}}}; }), "E5008", "did you mean 'k'");
  expect(refused([](auto& d) {
           d.systemic.inputs = {{"k", {"systemic.g * 2", place}}, {"g", {"1", place}}};
         }),
         "E5008", "write out what that is");
  expect(refused([](auto& d) { d.systemic.inputs = {{"k", {"volume / 1 [um^3]", place}}}; }), "E2002", "volume");
  expect(refused([](auto& d) {
           d.substrates[0].vessel_systemic = {"LL", 1.0, place};
         }),
         "E5008", "takes 'LL' from the body");
  expect(refused([](auto& d) { d.substrates[0].vessel_systemic = {"L", 1.0, place}; }), "E1203", "declare the unit");
  expect(refused([](auto& d) {
           d.drugs = {test::bath("drug", 1)};
           engine::DrugEffect effect;
           effect.target = "systemic gg";
           effect.where = place;
           d.drugs[0].effects = {effect};
         }),
         "E5003", "did you mean 'systemic g'");
  expect(refused([](auto& d) {
           d.drugs = {test::bath("drug", 1)};
           engine::DrugEffect effect;
           effect.target = "g";  // no cell has it
           effect.where = place;
           d.drugs[0].effects = {effect};
         }),
         "E5003", "systemic NAME");
}

}  // namespace
}  // namespace senoma
