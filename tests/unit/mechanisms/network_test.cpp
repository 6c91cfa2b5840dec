// Networks in cells: coupling, units, drugs, knock-outs, interventions, heterogeneity.
#include <gtest/gtest.h>

#include <cmath>

#include "models.h"

namespace senoma {
namespace {

using engine::Drug;
using engine::DrugEffect;
using engine::Intervention;
using test::column;
using test::run;
using test::simulate;

/// One cell with the network A → B, degradation of both.
engine::Description cascade(double time_unit = 1.0) {
  auto d = test::world(10, 10.0);
  d.networks = {test::network(
      "net",
      {{{"A", 0.0, "k_a - 0.02 * A"}, {"B", 0.0, "k_b * A - 0.01 * B"}}, {{"k_a", 0.1}, {"k_b", 0.03}}, time_unit})};
  auto type = test::cell_type("cell");
  type.network = "net";
  type.initial = {test::at({{0, 0, 0}})};
  d.cell_types = {type};
  return d;
}

double exact_a(double t, double k = 0.1) { return k / 0.02 * (1 - std::exp(-0.02 * t)); }

TEST(Network_in_cells, A_network_follows_its_equations_in_its_own_time_unit) {
  for (const double unit : {1.0, 60.0}) {
    auto s = simulate(cascade(unit));
    run(*s, 12);
    EXPECT_NEAR(column(*s, "network.A")[0], exact_a(120.0 / unit), 1e-5);
  }
}

TEST(Network_in_cells, A_coupled_input_sees_the_local_concentration) {
  auto d = cascade();
  d.substrates = {test::substrate("S", 0.0, 0.0, 2.0)};
  d.substrates[0].receptor_kd = 2.0;
  d.cell_types[0].coupling.inputs = {{"k_a", {"0.4 * S.occupancy", {}}}};
  auto s = simulate(d);
  run(*s, 6);
  EXPECT_NEAR(column(*s, "network.A")[0], exact_a(60.0, 0.2), 1e-5);
}

TEST(Network_in_cells, A_coupled_output_sets_or_scales_a_behaviour) {
  auto d = cascade();
  d.substrates = {test::substrate("S", 0.0, 0.0, 0.0)};
  d.cell_types[0].parameters["motility.speed"] = 0.5;
  d.cell_types[0].coupling.outputs = {{{"B * 3", {}}, "migration speed"}, {{"2 [1/min] * A", {}}, "S uptake"}};
  auto s = simulate(d);
  run(*s, 6);
  EXPECT_NEAR(column(*s, "migration speed")[0], 0.5 * 3 * column(*s, "network.B")[0], 1e-12);
  EXPECT_NEAR(column(*s, "S uptake")[0], 2 * column(*s, "network.A")[0], 1e-12);
}

TEST(Network_in_cells, Known_dimensions_are_converted_at_the_border) {
  auto d = cascade();
  auto system = std::make_shared<network::OdeSystem>(*d.networks[0].system);
  system->states[0].dimension = dim::concentration;  // the file counts µM
  system->states[0].dimension_known = true;
  system->states[0].to_internal = 1000.0;
  system->parameters[0].dimension = dim::rate;  // per hour
  system->parameters[0].dimension_known = true;
  system->parameters[0].to_internal = 1.0 / 60.0;
  d.networks[0].system = system;
  d.cell_types[0].coupling.inputs = {{"k_a", {"0.001 [1/min]", {}}}};
  d.readouts = {test::mean_of("A", "A")};
  auto s = simulate(d);
  run(*s, 6);
  EXPECT_NEAR(column(*s, "network.A")[0], exact_a(60.0, 0.06), 1e-6);
  EXPECT_NEAR(s->readouts()[0], 1000 * exact_a(60.0, 0.06), 1e-3);
}

DrugEffect inhibits(const std::string& target, double ec50, double emax = 1.0) {
  DrugEffect effect;
  effect.target = target;
  effect.ec50 = ec50;
  effect.emax = emax;
  effect.hill = 2;
  return effect;
}

TEST(Network_in_cells, A_drug_acts_on_a_parameter) {
  auto d = cascade();
  d.drugs = {test::bath("drug", 30.0)};
  d.drugs[0].unbound_fraction = 0.5;
  d.drugs[0].effects = {inhibits("k_a", 10.0, 0.8)};
  auto s = simulate(d);
  run(*s, 6);
  const double factor = 1 - 0.8 * 225.0 / (100.0 + 225.0);
  EXPECT_NEAR(column(*s, "network.A")[0], exact_a(60.0, 0.1 * factor), 1e-5);
}

TEST(Network_in_cells, A_knocked_out_node_has_no_influence_and_keeps_its_own_equation) {
  auto d = cascade();
  Intervention knock_out;
  knock_out.target = "A";
  d.interventions = {knock_out};
  d.cell_types[0].parameters["motility.speed"] = 1.0;
  d.cell_types[0].coupling.outputs = {{{"A", {}}, "migration speed"}};
  d.readouts = {test::mean_of("A", "A")};
  auto s = simulate(d);
  run(*s, 6);
  auto without = cascade();
  without.networks = {
      test::network("net", {{{"A", 0.0, "k_a - 0.02 * A"}, {"B", 0.0, "- 0.01 * B"}}, {{"k_a", 0.1}, {"k_b", 0.03}}})};
  auto r = simulate(without);
  run(*r, 6);
  EXPECT_EQ(column(*s, "network.B")[0], column(*r, "network.B")[0]);
  EXPECT_NEAR(column(*s, "network.A")[0], column(*r, "network.A")[0], 1e-9);
  EXPECT_EQ(column(*s, "migration speed")[0], 0.0);    // neither through a coupling
  EXPECT_NEAR(s->readouts()[0], exact_a(60.0), 1e-5);  // a readout shows the level
}

TEST(Network_in_cells, A_half_active_node_acts_by_half) {
  auto d = cascade();
  Intervention half;
  half.target = "A";
  half.factor = 0.5;
  d.interventions = {half};
  auto s = simulate(d);
  auto reference = simulate(cascade());
  run(*s, 6);
  run(*reference, 6);
  EXPECT_NEAR(column(*s, "network.B")[0], 0.5 * column(*reference, "network.B")[0], 1e-6);
}

TEST(Network_in_cells, An_intervention_acts_inside_its_window_only_and_by_its_share_of_a_step) {
  auto d = test::world(10, 10.0);
  auto type = test::cell_type("cell");
  type.parameters["motility.speed"] = 2.0;
  type.initial = {test::at({{0, 0, 0}})};
  d.cell_types = {type};
  Intervention window;
  window.target = "cell migration speed";
  window.factor = 0.0;
  window.from = 20.0;
  window.until = 45.0;
  d.interventions = {window};
  auto s = simulate(d);
  std::vector<double> speed;
  for (int i = 0; i < 7; ++i) {
    s->step();
    speed.push_back(column(*s, "migration speed")[0]);
  }
  EXPECT_EQ(speed, (std::vector<double>{2, 2, 0, 0, 1, 2, 2}));
}

TEST(Network_in_cells, Heterogeneous_parameters_are_log_normal_and_inherited) {
  auto d = cascade();
  d.domain.geometry = test::world(200, 1).domain.geometry;
  auto& type = d.cell_types[0];
  type.heterogeneity = {{"k_a", 0.3}};
  type.initial = {test::apart(2000)};
  auto live = test::phase("live", 45.0, engine::CyclePhase::Exit::fixed);
  live.divides = true;
  type.cycle = {live};
  type.initial[0].asynchronous = false;
  auto s = simulate(d);
  const auto& factor = column(*s, "factor.k_a");
  double mean = 0, square = 0;
  for (const double f : factor) mean += std::log(f) / 2000, square += std::log(f) * std::log(f) / 2000;
  const double sigma = std::sqrt(std::log(1.09));
  EXPECT_NEAR(mean, 0.0, 4 * sigma / std::sqrt(2000));
  EXPECT_NEAR(std::sqrt(square), sigma, 4 * sigma / std::sqrt(4000));
  run(*s, 4);
  for (std::size_t i = 0; i < 2000; ++i) EXPECT_NEAR(column(*s, "network.A")[i], exact_a(40.0, 0.1 * factor[i]), 1e-4);
  run(*s, 1);
  ASSERT_EQ(s->world.cells.size(), 4000u);
  std::map<std::uint64_t, double> of_parent;
  for (std::size_t i = 0; i < 4000; ++i) {
    const auto [entry, added] = of_parent.try_emplace(s->world.cells.parent[i], factor[i]);
    EXPECT_EQ(entry->second, factor[i]);
  }
}

TEST(Network_in_cells, Amounts_halve_and_concentrations_are_copied_at_division) {
  auto d = cascade();
  auto system = std::make_shared<network::OdeSystem>(*d.networks[0].system);
  system->states[0].on_division = network::OnDivision::halve;
  d.networks[0].system = system;
  auto live = test::phase("live", 10.0, engine::CyclePhase::Exit::fixed);
  live.divides = true;
  d.cell_types[0].cycle = {live};
  d.cell_types[0].initial[0].asynchronous = false;
  auto s = simulate(d);
  auto reference = simulate(cascade());
  s->step();
  reference->step();
  ASSERT_EQ(s->world.cells.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(column(*s, "network.A")[i], 0.5 * column(*reference, "network.A")[0]);
    EXPECT_EQ(column(*s, "network.B")[i], column(*reference, "network.B")[0]);
  }
}

TEST(Network_in_cells, A_type_beside_one_with_another_network_changes_nothing) {
  auto d = cascade();
  auto other = test::cell_type("other");
  d.networks.push_back(test::network("second", {{{"B", 4.0, "-0.5 * B"}}, {}}));
  other.network = "second";
  other.initial = {test::at({{30, 0, 0}, {-30, 0, 0}})};
  auto mixed = d;
  mixed.cell_types = {other, d.cell_types[0]};
  auto s = simulate(d);
  auto m = simulate(mixed);
  run(*s, 6);
  run(*m, 6);
  EXPECT_EQ(column(*m, "network.A")[2], column(*s, "network.A")[0]);
  EXPECT_EQ(column(*m, "network.B")[2], column(*s, "network.B")[0]);
  EXPECT_NEAR(column(*m, "network.B")[0], 4 * std::exp(-30.0), 1e-6);
}

TEST(Network_in_cells, An_effect_with_full_moves_its_target_from_zero) {
  auto d = test::world(10, 10.0);
  auto type = test::cell_type("cell");
  type.deaths = {{"apoptosis", 100, 0.1, 0.1}};
  type.initial = {test::at({{0, 0, 0}})};
  d.cell_types = {type};
  d.drugs = {test::bath("drug", 10.0)};
  DrugEffect effect = inhibits("cell apoptosis", 10.0);
  effect.full = Quantity{1e-9, dim::rate};
  d.drugs[0].effects = {effect};
  auto s = simulate(d);
  s->step();
  EXPECT_NEAR(column(*s, "apoptosis")[0], 0.5e-9, 1e-22);
}

}  // namespace
}  // namespace senoma
