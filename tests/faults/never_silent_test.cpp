// No silent NaN: one bad value anywhere in a world either stops the next step with an error that names it, or is gone
// after the step because it is recomputed. And a network that blows up leaves a state to look into.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "../unit/convert/sbml_text.h"
#include "../unit/mechanisms/tissue.h"
#include "process.h"
#include "results/checkpoint_file.h"
#include "study/saved_run.h"

namespace senoma::test {
namespace {

using ::testing::HasSubstr;

bool finite(const state::World& world) {
  for (const auto& column : world.cells.values) {
    for (const double v : column) {
      if (!std::isfinite(v)) return false;
    }
  }
  for (const auto& field : world.fields) {
    for (const double v : field.rho) {
      if (!std::isfinite(v)) return false;
    }
  }
  for (const auto& drug : world.drugs) {
    for (const double v : {drug.central, drug.peripheral, drug.gut, drug.exposure, drug.mean}) {
      if (!std::isfinite(v)) return false;
    }
  }
  for (const auto& [name, value] : world.scalars) {
    if (!std::isfinite(value)) return false;
  }
  return true;
}

/// Steps a copy of `world` with one value spoiled.
void expect_not_silent(const state::World& world, const std::string& what,
                       const std::function<void(state::World&)>& spoil) {
  auto sim = simulate(tissue(), 3);
  sim->world = world;
  spoil(sim->world);
  try {
    sim->step();
    EXPECT_TRUE(finite(sim->world)) << what << " stays silent";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::numerical) << what << ": " << error.what();
    EXPECT_EQ(sim->world.tick, world.tick) << "a failed step does not count";
  }
}

TEST(NeverSilent, A_bad_value_in_any_column_field_or_drug_is_named_or_recomputed) {
  auto sim = simulate(tissue(), 3);
  run(*sim, 3);
  const state::World good = sim->world;
  std::size_t columns = 0;
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    for (std::size_t c = 0; c < good.cells.n_columns(); ++c, ++columns)
      expect_not_silent(good, good.cells.infos[c].name, [&](state::World& w) { w.cells.values[c][17] = bad; });
    for (std::size_t f = 0; f < good.fields.size(); ++f)
      expect_not_silent(good, good.fields[f].name, [&](state::World& w) { w.fields[f].rho[100] = bad; });
    for (std::size_t d = 0; d < good.drugs.size(); ++d)
      expect_not_silent(good, good.drugs[d].name, [&](state::World& w) { w.drugs[d].central = bad; });
    for (const auto& [name, value] : good.scalars)
      expect_not_silent(good, name, [key = name, bad](state::World& w) { w.scalars.at(key) = bad; });
  }
  std::printf("%zu columns spoiled\n", columns);
}

/// dx/dt = k x²: from 1 to infinity in 1/k seconds, 20 h.
std::string explosive_network() {
  using namespace convert::test;
  return l3(list("Compartments", compartment("c", "1")) +
                list("Species",
                     species("virus", "initialConcentration=\"1\"") + species("calm", "initialConcentration=\"1\"")) +
                list("Parameters", parameter("k", "1.4e-5")) +
                list("Reactions",
                     reaction("r", "", reference("virus"), op("times", ci("c") + ci("k") + ci("virus") + ci("virus")))),
            "timeUnits=\"second\"");
}

/// dx/dt = k ln x: from 0.5 to 0 within some hours, beyond which the logarithm is not a number.
std::string logarithmic_network() {
  using namespace convert::test;
  return l3(list("Parameters", parameter("k", "1e-5") + parameter("virus", "0.5", false)) +
                list("Rules", rate_rule("virus", op("times", ci("k") + op("ln", ci("virus"))))),
            "timeUnits=\"second\"");
}

std::string explosive_model() {
  std::string text = stepping_model();
  const std::string before = "tumour = true\n";
  text.insert(text.find(before), "network = \"explosive\"\n");
  return text + "\n[network.explosive]\nfile = \"explosive.xml\"\n";
}

/// A run whose network fails: the error names what it should, and the state before can be looked into.
void expect_told_with_a_saved_state(const std::string& network, const std::string& code) {
  const Folder folder;
  folder.write("model.toml", explosive_model());
  folder.write("explosive.xml", network);
  const std::vector<std::string> command{"run", "model.toml", "--arm", "drug",       "--seed",
                                         "3",   "-o",         "out",   "--progress", "none"};
  const auto failed = senoma(folder, command);
  EXPECT_EQ(failed.code, 3) << failed.err;
  std::printf("%s\n", failed.err.substr(failed.err.rfind("error[")).c_str());
  EXPECT_THAT(failed.err, HasSubstr("error[" + code + "]: network 'm', cell "));
  EXPECT_THAT(failed.err, HasSubstr(", time "));
  EXPECT_THAT(failed.err, HasSubstr("'virus'"));
  EXPECT_THAT(failed.err, HasSubstr("melanoma"));
  const auto saved = results::list_checkpoints(folder.path("out/checkpoints"));
  ASSERT_EQ(saved.size(), 1U);
  EXPECT_EQ(saved[0].kind, results::CheckpointKind::failure);
  EXPECT_THAT(failed.err, HasSubstr(saved[0].path.filename().string()));
  EXPECT_THAT(file_text(folder.path("out/run.json")), HasSubstr("\"failed\""));
  // The command that the error gives shows the cell.
  const auto at = failed.err.find("--cell ");
  ASSERT_NE(at, std::string::npos) << failed.err;
  const auto row = senoma(folder, {"info", saved[0].path.string(), "--cell", failed.err.substr(at + 7, 16)});
  EXPECT_EQ(row.code, 0) << row.err;
  EXPECT_THAT(row.out, HasSubstr("network.virus"));
  EXPECT_EQ(senoma(folder, {"info", saved[0].path.string()}).code, 0);
  EXPECT_EQ(senoma(folder, {"info", saved[0].path.string(), "--cell", "12345"}).code, 2);
  EXPECT_EQ(senoma(folder, {"info", "out"}).code, 0);
  // Again: it goes on from that state and fails in the same way.
  const auto again = senoma(folder, command);
  EXPECT_EQ(again.code, 3);
  EXPECT_THAT(again.err, HasSubstr("goes on from"));
  EXPECT_EQ(again.err.substr(again.err.rfind("error[")), failed.err.substr(failed.err.rfind("error[")));
}

TEST(NeverSilent, A_network_that_blows_up_names_cell_time_and_species_and_leaves_the_state_before) {
  expect_told_with_a_saved_state(explosive_network(), "E3102");
}

TEST(NeverSilent, A_network_that_leaves_the_domain_of_a_logarithm_does_so_too) {
  expect_told_with_a_saved_state(logarithmic_network(), "E3103");
}

}  // namespace
}  // namespace senoma::test
