#include "model/load.h"

#include <gtest/gtest.h>

#include <cmath>

#include "catalogue.h"

namespace senoma::model::test {
namespace {

class Load : public ::testing::Test {
 protected:
  ResolvedModel load_text(const std::string& text, const LoadOptions& options = {}) {
    const std::string path = folder_.write("m.toml", text);
    std::map<std::string, std::string> sources;
    try {
      return load(path, options, mechanisms(), &sources);
    } catch (const Error& error) {
      ADD_FAILURE() << render(error, sources);
      throw;
    }
  }
  Folder folder_;
};

TEST_F(Load, Fills_the_domain_and_the_clock_in_internal_units) {
  const auto model = load_text(full_model());
  const auto& d = model.description;
  EXPECT_EQ(d.domain.geometry.n, (std::array<int, 3>{30, 20, 1}));
  EXPECT_EQ(d.domain.geometry.spacing, (std::array<double, 3>{20, 20, 20}));
  EXPECT_EQ(d.domain.geometry.origin, (std::array<double, 3>{-300, -200, -10}));
  EXPECT_TRUE(d.domain.geometry.two_dimensional);
  EXPECT_EQ(d.domain.medium_height, 3000);
  ASSERT_EQ(d.domain.vessels.size(), 1U);
  EXPECT_EQ(d.domain.vessels[0].y, 100);
  EXPECT_EQ(d.step, 30);
  EXPECT_EQ(d.duration, 14400);
  EXPECT_EQ(d.output_every, 1440);
  EXPECT_EQ(d.summary_every, 360);
  EXPECT_EQ(d.parameters.at("dose_limit"), 40);
  EXPECT_EQ(d.parameter_dimensions.at("dose_limit"), dim::concentration);
}

TEST_F(Load, Makes_a_well_mixed_domain_one_voxel_of_the_same_size) {
  const auto spatial = load_text(full_model());
  const auto mixed = load_text(full_model(), {.profile = {}, .arm = {}, .overrides = {"domain.space=well-mixed"}});
  const auto &g = mixed.description.domain.geometry, &before = spatial.description.domain.geometry;
  EXPECT_TRUE(mixed.description.domain.well_mixed);
  EXPECT_FALSE(spatial.description.domain.well_mixed);
  EXPECT_EQ(g.n, (std::array<int, 3>{1, 1, 1}));
  for (int axis = 0; axis < 3; ++axis) EXPECT_EQ(g.extent(axis), before.extent(axis));
  EXPECT_EQ(g.origin, before.origin);
  EXPECT_TRUE(g.two_dimensional);
  EXPECT_NE(mixed.hash, spatial.hash);
  const auto resolved = load_text(full_model(), {.profile = {}, .arm = {}, .overrides = {"domain.space=resolved"}});
  EXPECT_EQ(resolved.hash, spatial.hash);
}

TEST_F(Load, Lets_an_arm_be_well_mixed) {
  const std::string text =
      std::string(full_model()) + "[[arm]]\nname = \"mixed\"\n[arm.set]\n\"domain.space\" = \"well-mixed\"\n";
  EXPECT_TRUE(load_text(text, {.profile = {}, .arm = "mixed", .overrides = {}}).description.domain.well_mixed);
  EXPECT_FALSE(load_text(text, {.profile = {}, .arm = "control", .overrides = {}}).description.domain.well_mixed);
}

TEST_F(Load, Reads_a_spheroid_with_its_medium_its_outline_and_couplings_without_a_network) {
  const auto model = load_text(R"toml(
[domain]
size = ["100 um", "100 um", "100 um"]
spacing = "20 um"
[time]
duration = "1 h"
[substrates.oxygen]
unit = "mmHg"
boundary = { medium = "38 mmHg" }
[cell.a.motility]
speed = "1 um/min"
[cell.a.coupling.outputs]
"clamp(oxygen.concentration / 10 [mmHg], 0, 1)" = "migration speed"
[[readout]]
name = "diameter"
unit = "mm"
over = "diameter"
)toml");
  const auto& d = model.description;
  EXPECT_EQ(d.substrates[0].medium_value, 38);
  EXPECT_FALSE(d.substrates[0].vessel_value);
  ASSERT_EQ(d.cell_types[0].coupling.outputs.size(), 1U);
  EXPECT_EQ(d.cell_types[0].coupling.outputs[0].second, "migration speed");
  EXPECT_EQ(d.readouts[0].over, engine::Readout::Over::diameter);
  EXPECT_EQ(d.readouts[0].scale, 1e-3);
}

TEST_F(Load, Reads_substrates_with_faces_in_their_own_units) {
  const auto model = load_text(full_model());
  const auto& s = model.description.substrates;
  ASSERT_EQ(s.size(), 3U);
  using Kind = field::FaceCondition::Kind;
  EXPECT_EQ(s[0].name, "oxygen");
  EXPECT_EQ(s[0].dimension, dim::pressure);
  EXPECT_TRUE(s[0].quasi_steady);
  EXPECT_EQ(s[0].faces[0].kind, Kind::value);
  EXPECT_EQ(s[0].faces[1].value, 38);
  EXPECT_EQ(s[0].faces[2].kind, Kind::no_flux);
  EXPECT_EQ(s[0].faces[3].kind, Kind::value);
  EXPECT_EQ(s[0].vessel_value, 60);
  EXPECT_EQ(s[1].faces[0].kind, Kind::mixed);
  EXPECT_EQ(s[1].faces[0].transfer, 2);
  EXPECT_EQ(s[1].faces[1].kind, Kind::no_flux);
  EXPECT_DOUBLE_EQ(s[1].molar_mass_kda, 8.7);
  EXPECT_EQ(s[1].receptor_kd, 0.7);
  EXPECT_EQ(s[2].degraded_by.at("CCL2"), 0.01);
  EXPECT_EQ(s[2].initial_in.at("tumour"), 0.2);
}

TEST_F(Load, Reads_a_cell_type_with_states_cycle_death_rules_and_transitions) {
  const auto model = load_text(full_model());
  ASSERT_EQ(model.description.cell_types.size(), 1U);
  const auto& c = model.description.cell_types[0];
  EXPECT_EQ(c.states, (std::vector<std::string>{"naive", "senescent"}));
  EXPECT_TRUE(c.tumour);
  EXPECT_EQ(c.parameters.at("motility.speed"), 0.5);
  EXPECT_EQ(c.parameters.at("motility.enabled"), 1);
  EXPECT_EQ(c.parameters.at("motility.persistence"), 10);
  EXPECT_EQ(c.parameters.at("secretion.CCL2"), 10);
  EXPECT_EQ(c.parameters.at("secretion.ECM"), 2);
  EXPECT_DOUBLE_EQ(c.parameters.at("death.apoptosis"), 0.001 / 60);
  ASSERT_EQ(c.state_parameters.size(), 2U);
  EXPECT_TRUE(c.state_parameters[0].empty());
  EXPECT_EQ(c.state_parameters[1].at("motility.speed"), 0.1);
  EXPECT_EQ(c.state_parameters[1].at("secretion.CCL2"), 100);
  EXPECT_EQ(c.state_colours[1], "#aa3377");
  ASSERT_EQ(c.cycle.size(), 2U);
  EXPECT_EQ(c.cycle[0].duration, 600);
  EXPECT_TRUE(c.cycle[0].entry);
  EXPECT_TRUE(c.cycle[1].divides);
  ASSERT_EQ(c.deaths.size(), 1U);
  EXPECT_EQ(c.deaths[0].duration, 516);
  ASSERT_EQ(c.rules.size(), 1U);
  EXPECT_EQ(c.rules[0].saturation, 1.3);
  EXPECT_EQ(c.rules[0].half, 0.4);
  EXPECT_EQ(c.rules[0].signal.text, "CCL2 occupancy");
  EXPECT_EQ(c.rules[0].signal.where.line, line_of(full_model(), "signal = \"CCL2 occupancy\""));
  ASSERT_EQ(c.transitions.size(), 1U);
  EXPECT_EQ(c.transitions[0].mark, "escapee");
  ASSERT_EQ(c.initial.size(), 1U);
  EXPECT_EQ(c.initial[0].count, 50U);
  EXPECT_EQ(c.initial[0].state_fractions.at("naive"), 0.9);
}

TEST_F(Load, Turns_a_dose_per_surface_into_a_concentration) {
  const auto model = load_text(full_model());
  ASSERT_EQ(model.description.drugs.size(), 1U);
  const auto& drug = model.description.drugs[0];
  ASSERT_EQ(drug.regimen->doses().size(), 2U);
  const double surface = std::sqrt(175.0 * 70.0 / 3600.0);        // m²
  const double expected = 100e-3 * surface / 316.0 / 30.0 * 1e9;  // g / (g/mol) / L → nM
  std::printf("100 mg/m2 in 30 L: %.3f nM (expected %.3f)\n", drug.regimen->doses()[0].concentration, expected);
  EXPECT_NEAR(drug.regimen->doses()[0].concentration, expected, 1e-9 * expected);
  EXPECT_EQ(drug.regimen->doses()[1].at, 7 * 1440.0);
  EXPECT_EQ(drug.regimen->doses()[0].duration, 60);
  EXPECT_NEAR(drug.regimen->kinetics().elimination_rate, std::log(2.0) / 30, 1e-15);
  EXPECT_EQ(drug.effects[0].ec50, 1000);
}

TEST_F(Load, Understands_doses_per_weight_amounts_repeats_and_baths) {
  auto text = replaced(
      full_model(), "schedule = [ { dose = \"100 mg/m^2\", infusion = \"1 h\", at = [\"0 d\", \"7 d\"] } ]",
      "schedule = [ { dose = \"15 mg/kg\", every = \"1 d\", times = 3, at = \"2 d\" }, { dose = \"1 umol\", at = \"1 d\" } ]");
  text = replaced(text, "volume = \"30 L\"", "volume = \"0.4 L/kg\"");
  text +=
      "[drug.bath]\nmolar_mass = \"500 g/mol\"\npk = { model = \"bath\", decay_half_life = \"2 d\" }\n"
      "schedule = [ { concentration = \"50 uM\", at = \"0 d\", washout = \"2 d\" }, { concentration = \"5 ug/mL\", at = \"4 d\" } ]\n";
  const auto model = load_text(text);
  const auto& doses = model.description.drugs[0].regimen->doses();
  ASSERT_EQ(doses.size(), 4U);
  EXPECT_EQ(doses[0].at, 1440);
  EXPECT_NEAR(doses[0].concentration, 1e-6 / 28.0 * 1e9, 1e-6);
  EXPECT_EQ(doses[3].at, 4 * 1440.0);
  EXPECT_NEAR(doses[1].concentration, 15e-3 * 70 / 316.0 / 28.0 * 1e9, 1e-3);
  const auto& bath = model.description.drugs[1].regimen->doses();
  ASSERT_EQ(bath.size(), 3U);
  EXPECT_EQ(bath[0].concentration, 50000);
  EXPECT_EQ(bath[1].route, pharm::Dose::Route::bath_washout);
  EXPECT_NEAR(bath[2].concentration, 10000, 1e-6);
}

TEST_F(Load, Reads_the_experiment_and_applies_an_arm) {
  const auto model = load_text(full_model(), {.profile = {}, .arm = "slow", .overrides = {}});
  EXPECT_EQ(model.experiment.seeds, 4U);
  EXPECT_EQ(model.experiment.reference, "control");
  EXPECT_EQ(model.experiment.readouts.at("tumour_readout"), "burden");
  ASSERT_EQ(model.experiment.arms.size(), 2U);
  EXPECT_EQ(model.experiment.arms[1].label, "slow cells");
  EXPECT_EQ(model.description.duration, 7200);
  EXPECT_EQ(model.description.cell_types[0].parameters.at("motility.speed"), 0.1);
  ASSERT_EQ(model.description.interventions.size(), 2U);
  EXPECT_EQ(model.description.interventions[0].factor, 1.0 - 0.9);
  EXPECT_EQ(model.description.interventions[1].factor, 0);
  const auto control = load_text(full_model(), {.profile = {}, .arm = "control", .overrides = {}});
  EXPECT_TRUE(control.description.drugs[0].regimen->doses().empty());
}

TEST_F(Load, Lets_the_command_line_win_over_arm_profile_and_file) {
  const auto duration = [&](const LoadOptions& options) {
    return load_text(full_model(), options).description.duration;
  };
  EXPECT_EQ(duration({}), 14400);
  EXPECT_EQ(duration({.profile = "quick", .arm = {}, .overrides = {}}), 2880);
  EXPECT_EQ(duration({.profile = "quick", .arm = "slow", .overrides = {}}), 7200);
  EXPECT_EQ(duration({.profile = "quick", .arm = "slow", .overrides = {"time.duration=1 d"}}), 1440);
  EXPECT_EQ(duration({.profile = {}, .arm = {}, .overrides = {"time.duration=1 d", "time.duration=\"3 d\""}}), 4320);
}

TEST_F(Load, Notes_where_every_value_comes_from) {
  const auto model =
      load_text(full_model(), {.profile = {}, .arm = {}, .overrides = {"substrates.oxygen.decay=0.2 /min"}});
  const auto row = [&](const std::string& key) {
    for (const auto& p : model.parameters) {
      if (p.key == key) return p;
    }
    ADD_FAILURE() << "no row " << key;
    return Parameter{};
  };
  const auto diffusion = row("substrates.CCL2.diffusion");
  EXPECT_EQ(diffusion.value, "1500 um^2/min");
  EXPECT_EQ(diffusion.unit, "um^2/min");
  EXPECT_EQ(diffusion.grade, "assumption");
  EXPECT_EQ(diffusion.prior, "loguniform(600, 3000)");
  EXPECT_TRUE(diffusion.origin.ends_with("m.toml:" + std::to_string(line_of(full_model(), "1500 um^2/min"))))
      << diffusion.origin;
  EXPECT_EQ(row("cell.melanoma.rule[0].half").source, "invented");
  EXPECT_EQ(row("substrates.oxygen.decay").origin, "command line");
  EXPECT_EQ(row("substrates.oxygen.decay").layer, "command line");
  ASSERT_EQ(model.differences().size(), 1U);
  EXPECT_EQ(model.differences()[0].key, "substrates.oxygen.decay");
  EXPECT_EQ(model.differences()[0].before, "\"0.1 /min\"");
  EXPECT_EQ(model.differences()[0].after, "\"0.2 /min\"");
}

TEST_F(Load, Changes_the_hash_with_every_number_and_with_nothing_else) {
  const std::string hash = load_text(full_model()).hash;
  EXPECT_EQ(load_text(std::string("# a remark\n\n") + full_model()).hash, hash);
  EXPECT_EQ(load_text(replaced(full_model(), "\"10 d\"", "\"240 h\"")).hash, hash);
  EXPECT_NE(load_text(replaced(full_model(), "0.5 um/min", "0.51 um/min")).hash, hash);
  EXPECT_NE(load_text(replaced(full_model(), "by = 0.9", "by = 0.8")).hash, hash);
}

}  // namespace
}  // namespace senoma::model::test
