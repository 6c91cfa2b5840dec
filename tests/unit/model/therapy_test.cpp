// [systemic], antibodies with complexes, radiation and accumulated readouts, from text to description, and refusals.
#include <gtest/gtest.h>

#include <cmath>

#include "catalogue.h"

namespace senoma::model::test {
namespace {

const char* const body = R"XML(<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1">
  <model id="body" timeUnits="second" substanceUnits="nanomole" extentUnits="nanomole" volumeUnits="litre">
    <listOfUnitDefinitions>
      <unitDefinition id="nanomole"><listOfUnits><unit kind="mole" exponent="1" scale="-9" multiplier="1"/></listOfUnits></unitDefinition>
      <unitDefinition id="per_second"><listOfUnits><unit kind="second" exponent="-1" scale="0" multiplier="1"/></listOfUnits></unitDefinition>
    </listOfUnitDefinitions>
    <listOfCompartments><compartment id="blood" size="5" spatialDimensions="3" units="litre" constant="true"/></listOfCompartments>
    <listOfSpecies>
      <species id="free" compartment="blood" initialConcentration="0.02" substanceUnits="nanomole" hasOnlySubstanceUnits="false" boundaryCondition="false" constant="false"/>
    </listOfSpecies>
    <listOfParameters>
      <parameter id="k_loss" value="0.001" units="per_second" constant="true"/>
      <parameter id="burden" value="0" units="dimensionless" constant="true"/>
    </listOfParameters>
    <listOfReactions>
      <reaction id="loss" reversible="false" fast="false">
        <listOfReactants><speciesReference species="free" stoichiometry="1" constant="true"/></listOfReactants>
        <kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><ci>blood</ci><ci>k_loss</ci><ci>free</ci></apply></math></kineticLaw>
      </reaction>
    </listOfReactions>
  </model>
</sbml>
)XML";

const char* const systemic = R"TOML([systemic]
network = "body"
[systemic.inputs]
burden = "count.melanoma"

[network.body]
file = "body.xml"

[patient])TOML";

std::string with(const std::string& what, const std::string& by) {
  return replaced(replaced(full_model(), "[patient]", systemic), what, by);
}

class Therapy : public ::testing::Test {
 protected:
  void SetUp() override { folder_.write("body.xml", body); }
  engine::Description read(const std::string& text) {
    std::map<std::string, std::string> sources;
    try {
      const auto model = load(folder_.write("m.toml", text), {}, mechanisms(), &sources);
      const std::string resolved = folder_.write("run/model.resolved.toml", resolved_toml(model, mechanisms()));
      EXPECT_EQ(load(resolved, {}, mechanisms()).hash, model.hash);
      return model.description;
    } catch (const Error& error) {
      ADD_FAILURE() << render(error, sources);
      throw;
    }
  }
  void refused(const std::string& text, const std::string& start, const std::string& words) {
    const std::string found = error_of(folder_, text);
    EXPECT_TRUE(found.starts_with("error[" + start)) << found;
    EXPECT_NE(found.find(words), std::string::npos) << found;
    EXPECT_NE(found.find("m.toml:"), std::string::npos) << found;
  }
  Folder folder_;
};

TEST_F(Therapy, A_systemic_network_its_inputs_and_who_takes_its_levels) {
  auto d =
      read(with("receptor = { name = \"CCR2\", kd = \"0.7 nM\" }",
                "receptor = { name = \"CCR2\", kd = \"0.7 nM\" }\nvessel = { systemic = \"free\", partition = 0.3 }"));
  EXPECT_EQ(d.systemic.network, "body");
  ASSERT_EQ(d.systemic.inputs.size(), 1U);
  EXPECT_EQ(d.systemic.inputs[0].second.text, "count.melanoma");
  EXPECT_TRUE(d.networks[0].system->find_input("burden"));
  EXPECT_EQ(d.substrates[1].vessel_systemic.name, "free");
  EXPECT_EQ(d.substrates[1].vessel_systemic.partition, 0.3);
  d = read(with("{ outside = \"0 nM\", transfer = \"2 um/min\" }", "{ systemic = \"free\", transfer = \"2 um/min\" }"));
  EXPECT_EQ(d.substrates[1].face_systemic[0].name, "free");
  EXPECT_EQ(d.substrates[1].faces[0].kind, field::FaceCondition::Kind::mixed);
  EXPECT_EQ(d.substrates[1].faces[0].transfer, 2.0);
  d = read(with("inhibits = \"melanoma migration speed\"", "inhibits = \"systemic k_loss\""));
  EXPECT_TRUE(d.networks[0].system->find_input("k_loss"));
}

TEST_F(Therapy, What_a_systemic_network_lacks_is_named) {
  refused(with("network = \"body\"", "network = \"bodi\""), "E1206", "did you mean 'body'");
  refused(with("burden = \"count", "burdn = \"count"), "E1207", "did you mean 'burden'");
  refused(with("inhibits = \"melanoma migration speed\"", "inhibits = \"systemic k_los\""), "E1206",
          "did you mean 'systemic k_loss'");
  refused(with("inhibits = \"melanoma migration speed\"", "inhibits = \"k_loss\""), "E1206", "systemic NAME");
  refused(with("outside = \"0 nM\", transfer", "systemic = \"fre\", transfer"), "E1206", "did you mean 'free'");
  refused(with("outside = \"0 nM\", transfer", "systemic = \"free\", outside = \"0 nM\", transfer"), "E1213",
          "one condition");
  refused(replaced(full_model(), "outside = \"0 nM\", transfer", "systemic = \"free\", transfer"), "E1205",
          "[systemic] network");
}

TEST_F(Therapy, An_antibody_with_a_half_life_of_its_complex) {
  const std::string antibody =
      "[drug.mAb]\npk = { model = \"bath\" }\nbinds = { substrate = \"CCL2\", kd = \"10 pM\", complex_half_life = \"10 d\" }\n\n"
      "[patient]";
  const auto d = read(replaced(full_model(), "[patient]", antibody));
  const auto drug = std::find_if(d.drugs.begin(), d.drugs.end(), [](const auto& x) { return x.name == "mAb"; });
  ASSERT_NE(drug, d.drugs.end());
  EXPECT_NEAR(drug->complex_loss_rate, std::log(2.0) / 14400.0, 1e-15);
  refused(replaced(full_model(), "[patient]", replaced(antibody, "\"10 d\"", "\"0 d\"")), "E1204", "complex_half_life");
  refused(replaced(full_model(), "[patient]", replaced(antibody, "\"10 d\"", "\"10 nM\"")), "E1203", "time");
}

TEST_F(Therapy, Radiation_in_fractions) {
  const std::string beam =
      "[drug.radiation]\npk = { model = \"radiation\" }\nschedule = [ { dose = \"2 Gy\", every = \"1 d\", times = 5 }, "
      "{ dose = \"500 mGy\", at = \"6 d\", duration = \"10 min\" } ]\n\n[patient]";
  const auto d = read(replaced(full_model(), "[patient]", beam));
  const auto drug = std::find_if(d.drugs.begin(), d.drugs.end(), [](const auto& x) { return x.name == "radiation"; });
  ASSERT_NE(drug, d.drugs.end());
  ASSERT_EQ(drug->regimen->doses().size(), 6U);
  EXPECT_EQ(drug->regimen->doses()[4].at, 4 * 1440.0);
  EXPECT_EQ(drug->regimen->doses()[4].concentration, 2.0);
  EXPECT_EQ(drug->regimen->doses()[4].duration, 2.0);
  EXPECT_EQ(drug->regimen->doses()[5].concentration, 0.5);
  EXPECT_EQ(drug->regimen->doses()[5].duration, 10.0);
  const auto changed = [&](const std::string& what, const std::string& by) {
    return replaced(full_model(), "[patient]", replaced(beam, what, by));
  };
  refused(changed("\"2 Gy\"", "\"2 mg\""), "E1203", "2 Gy");
  refused(changed("model = \"radiation\"", "model = \"radiation\", half_life = \"1 h\""), "E1213", "leaves nothing");
  refused(changed("pk = {", "unbound = 0.5\npk = {"), "E1213", "radiation.dose_rate");
  refused(replaced(full_model(), "\"100 mg/m^2\"", "\"2 Gy\""), "E1203", "pk.model");
}

TEST_F(Therapy, Readouts_over_the_run_so_far) {
  const std::string auc =
      "name = \"auc\"\nunit = \"nM d\"\nover = \"world\"\nvalue = \"CCL2.mean\"\naccumulate = \"integral\"\n\n"
      "[[readout]]\n";
  const std::string above =
      "name = \"above\"\nunit = \"d\"\nover = \"world\"\nvalue = \"CCL2.mean\"\n"
      "accumulate = \"time above\"\nthreshold = \"50 pM\"\n\n[[readout]]\n";
  const std::string burden = "name = \"burden\"";
  const auto d = read(replaced(full_model(), burden, auc + above + burden));
  ASSERT_EQ(d.readouts.size(), 3U);
  using Accumulate = engine::Readout::Accumulate;
  EXPECT_EQ(d.readouts[0].accumulate, Accumulate::integral);
  EXPECT_EQ(d.readouts[0].dimension, dim::concentration * dim::time);
  EXPECT_DOUBLE_EQ(d.readouts[0].scale, 1.0 / 1440.0);
  EXPECT_EQ(d.readouts[1].accumulate, Accumulate::time_above);
  EXPECT_DOUBLE_EQ(d.readouts[1].threshold->value, 0.05);
  EXPECT_EQ(d.readouts[2].accumulate, Accumulate::none);
  const auto changed = [&](const std::string& what, const std::string& by) {
    return replaced(full_model(), burden, replaced(auc + above, what, by) + burden);
  };
  refused(changed("threshold = \"50 pM\"\n", ""), "E1205", "threshold");
  refused(changed("\"time above\"", "\"maximum\""), "E1213", "threshold");
  refused(changed("\"time above\"", "\"time over\""), "E1202", "time above");
}

}  // namespace
}  // namespace senoma::model::test
