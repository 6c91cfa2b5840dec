// [network.NAME]: values in the file's units, promotion to inputs, names that do not exist.
#include <gtest/gtest.h>

#include "catalogue.h"

namespace senoma::model::test {
namespace {

const char* const sbml = R"XML(<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1">
  <model id="m" timeUnits="hour" substanceUnits="nanomole" extentUnits="nanomole" volumeUnits="litre">
    <listOfUnitDefinitions>
      <unitDefinition id="hour"><listOfUnits><unit kind="second" exponent="1" scale="0" multiplier="3600"/></listOfUnits></unitDefinition>
      <unitDefinition id="nanomole"><listOfUnits><unit kind="mole" exponent="1" scale="-9" multiplier="1"/></listOfUnits></unitDefinition>
      <unitDefinition id="per_hour"><listOfUnits><unit kind="second" exponent="-1" scale="0" multiplier="3600"/></listOfUnits></unitDefinition>
    </listOfUnitDefinitions>
    <listOfCompartments><compartment id="c" size="1" spatialDimensions="3" units="litre" constant="true"/></listOfCompartments>
    <listOfSpecies>
      <species id="A" compartment="c" initialConcentration="5" substanceUnits="nanomole" hasOnlySubstanceUnits="false" boundaryCondition="false" constant="false"/>
    </listOfSpecies>
    <listOfParameters>
      <parameter id="k_loss" value="0.3" units="per_hour" constant="true"/>
      <parameter id="signal" value="1" constant="true"/>
      <parameter id="bare" value="1" constant="true"/>
    </listOfParameters>
    <listOfReactions>
      <reaction id="loss" reversible="false" fast="false">
        <listOfReactants><speciesReference species="A" stoichiometry="1" constant="true"/></listOfReactants>
        <kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><ci>c</ci><ci>k_loss</ci><ci>signal</ci><ci>bare</ci><ci>A</ci></apply></math></kineticLaw>
      </reaction>
    </listOfReactions>
  </model>
</sbml>
)XML";

std::string with_network(
    const std::string& more,
    const std::string& cell =
        "coupling = { inputs = { signal = \"CCL2 occupancy\" }, outputs = { A = \"CCL2 secretion\" } }\n") {
  return replaced(replaced(full_model(), "tumour = true\n\n", "tumour = true\nnetwork = \"n\"\n" + cell + "\n"),
                  "[patient]", "[network.n]\nfile = \"n.xml\"\n" + more + "\n[patient]");
}

class Networks : public ::testing::Test {
 protected:
  void SetUp() override { folder_.write("n.xml", sbml); }
  std::string error(const std::string& text) { return error_of(folder_, text); }
  Folder folder_;
};

TEST_F(Networks, Take_values_in_any_unit_and_keep_the_files_own) {
  const std::string path = folder_.write(
      "m.toml",
      with_network(
          "on_division = { A = \"halve\" }\n[network.n.parameters]\nk_loss = \"12 1/d\"\nbare = 2\n[network.n.initial]\nA = \"7 nM\"\n"));
  std::map<std::string, std::string> sources;
  try {
    const auto model = load(path, {}, mechanisms(), &sources);
    ASSERT_EQ(model.description.networks.size(), 1U);
    const auto& system = *model.description.networks[0].system;
    EXPECT_DOUBLE_EQ(system.parameters[*system.find_parameter("k_loss")].value, 0.5);
    EXPECT_EQ(system.parameters[*system.find_parameter("bare")].value, 2);
    EXPECT_DOUBLE_EQ(system.states[*system.find_state("A")].initial, 7);
    EXPECT_EQ(system.states[*system.find_state("A")].on_division, network::OnDivision::halve);
    ASSERT_TRUE(system.find_input("signal"));
    EXPECT_FALSE(system.find_parameter("signal"));
    EXPECT_FALSE(system.find_input("k_loss"));
    EXPECT_EQ(model.description.cell_types[0].coupling.inputs[0].first, "signal");
    EXPECT_EQ(model.description.cell_types[0].coupling.outputs[0].first.text, "A");
    const std::string resolved = folder_.write("run/model.resolved.toml", resolved_toml(model, mechanisms()));
    EXPECT_EQ(load(resolved, {}, mechanisms()).hash, model.hash);
  } catch (const Error& e) {
    FAIL() << render(e, sources);
  }
}

TEST_F(Networks, Make_inputs_of_what_cells_drugs_and_interventions_change) {
  const std::string text =
      replaced(with_network("inputs = [\"bare\"]\n", "heterogeneity = { k_loss = { cv = 0.3 } }\n"),
               "inhibits = \"melanoma migration speed\"", "inhibits = \"signal\"");
  const auto model = load(folder_.write("m.toml", text), {}, mechanisms());
  const auto& system = *model.description.networks[0].system;
  for (const char* name : {"bare", "k_loss", "signal"}) EXPECT_TRUE(system.find_input(name)) << name;
  EXPECT_EQ(model.description.cell_types[0].heterogeneity[0].cv, 0.3);
}

TEST_F(Networks, Refuse_names_and_dimensions_that_do_not_exist) {
  const auto starts = [&](const std::string& text, const std::string& with) {
    const std::string found = error(text);
    EXPECT_TRUE(found.starts_with(with)) << found;
  };
  starts(with_network("[network.n.parameters]\nk_los = \"1 1/h\"\n"),
         "error[E1207]: network 'n' has no parameter 'k_los'");
  starts(with_network("[network.n.parameters]\nk_loss = \"1 nM\"\n"), "error[E1203]: value has the wrong dimension");
  starts(with_network("[network.n.parameters]\nbare = \"1 nM\"\n"), "error[E1203]: value has the wrong dimension");
  starts(with_network("[network.n.initial]\nB = 1\n"), "error[E1207]: network 'n' has no state 'B'");
  starts(with_network("", "coupling = { inputs = { sginal = \"1\" } }\n"),
         "error[E1207]: network 'n' has no input 'sginal'");
  starts(with_network("", "heterogeneity = { nothing = { cv = 1 } }\n"),
         "error[E1207]: network 'n' has no parameter 'nothing'");
  starts(with_network("", "coupling = { outputs = { A = \"CCL secretion\" } }\n"),
         "error[E1206]: there is no behaviour 'CCL secretion'");
  starts(with_network("", "coupling = { outputs = { AA = \"CCL2 secretion\" } }\n"),
         "error[E1207]: network 'n' has no quantity 'AA'");
  folder_.write("n.xml", "<html/>");
  EXPECT_TRUE(error(with_network("")).starts_with("error[E3002]")) << error(with_network(""));
}

}  // namespace
}  // namespace senoma::model::test
