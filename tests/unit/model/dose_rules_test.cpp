// Doses that react, from text to description, and refusals.
#include <gtest/gtest.h>

#include "catalogue.h"

namespace senoma::model::test {
namespace {

class DoseRules : public ::testing::Test {
 protected:
  static std::string with(const std::string& keys) {
    return replaced(full_model(), "at = [\"0 d\", \"7 d\"]", "at = [\"0 d\", \"7 d\"], " + keys);
  }
  engine::Drug read(const std::string& text) {
    std::map<std::string, std::string> sources;
    try {
      const auto model = load(folder_.write("m.toml", text), {}, mechanisms(), &sources);
      const std::string resolved = folder_.write("run/model.resolved.toml", resolved_toml(model, mechanisms()));
      EXPECT_EQ(load(resolved, {}, mechanisms()).hash, model.hash);
      return model.description.drugs.at(0);
    } catch (const Error& error) {
      ADD_FAILURE() << render(error, sources);
      throw;
    }
  }
  [[nodiscard]] std::string hash(const std::string& text) {
    return load(folder_.write("m.toml", text), {}, mechanisms()).hash;
  }
  void refused(const std::string& keys, const std::string& start, const std::string& words) {
    const std::string found = error_of(folder_, with(keys));
    EXPECT_TRUE(found.starts_with("error[" + start)) << found;
    EXPECT_NE(found.find(words), std::string::npos) << found;
    EXPECT_NE(found.find("m.toml:"), std::string::npos) << found;
    EXPECT_NE(found.find("help"), std::string::npos) << found;
  }
  Folder folder_;
};

TEST_F(DoseRules, Thresholds_are_shares_of_the_first_or_values_of_the_readout) {
  auto drug =
      read(with("readout = \"burden\", stop_below = \"50 %\", resume_above = \"1e2 %\", checked_every = \"7 d\""));
  ASSERT_EQ(drug.rules.size(), 1U);
  EXPECT_EQ(drug.rules[0].row, "0");
  EXPECT_TRUE(drug.rules[0].stop_below.relative && drug.rules[0].resume_above.relative);
  EXPECT_DOUBLE_EQ(drug.rules[0].stop_below.value.value, 0.5);
  EXPECT_DOUBLE_EQ(drug.rules[0].resume_above.value.value, 1.0);
  EXPECT_EQ(drug.rules[0].checked_every, 7 * 1440.0);
  EXPECT_EQ(drug.rules[0].first, 0.0);
  for (const auto& dose : drug.regimen->doses()) EXPECT_EQ(dose.rule, 0);
  drug = read(with("name = \"weekly\", readout = \"burden\", stop_below = \"2e-6 mm^3\""));
  EXPECT_EQ(drug.rules[0].row, "weekly");
  EXPECT_FALSE(drug.rules[0].stop_below.relative);
  EXPECT_NEAR(drug.rules[0].stop_below.value.value, 2000.0, 1e-9);
  EXPECT_EQ(drug.rules[0].resume_above.value.value, drug.rules[0].stop_below.value.value);
  drug = read(with("only_if = \"readout.burden > 5 [um^3]\" }, { dose = \"1 mg/m^2\", at = \"3 d\""));
  EXPECT_EQ(drug.rules[0].only_if->text, "readout.burden > 5 [um^3]");
  EXPECT_EQ(drug.regimen->doses()[1].rule, -1) << "the row without a rule";
}

TEST_F(DoseRules, Every_key_of_a_rule_changes_the_hash_and_a_bath_has_rules_too) {
  const std::string rule = "readout = \"burden\", stop_below = \"50 %\", resume_above = \"100 %\"";
  std::vector<std::string> hashes{hash(full_model()),
                                  hash(with(rule)),
                                  hash(with(rule + ", checked_every = \"8 d\"")),
                                  hash(with(rule + ", only_if = \"time > 1 [d]\"")),
                                  hash(with(replaced(rule, "50 %", "51 %"))),
                                  hash(with(replaced(rule, "100 %", "99 %")))};
  std::sort(hashes.begin(), hashes.end());
  EXPECT_EQ(std::unique(hashes.begin(), hashes.end()), hashes.end());
  const std::string bath =
      "[drug.bath]\npk = { model = \"bath\" }\nschedule = [ { concentration = \"5 uM\", at = \"0 d\", every = \"1 d\", "
      "times = 3, washout = \"9 d\", only_if = \"time > 0 [d]\" } ]\n\n[drug.fotemustine]";
  const auto drug = read(replaced(full_model(), "[drug.fotemustine]", bath));
  ASSERT_EQ(drug.regimen->doses().size(), 4U);
  EXPECT_EQ(drug.regimen->doses()[2].rule, 0);
  EXPECT_EQ(drug.regimen->doses()[3].rule, -1) << "the washout comes in any case";
}

TEST_F(DoseRules, What_does_not_fit_is_refused_with_its_place) {
  const std::string stop = "readout = \"burden\", stop_below = \"50 %\"";
  refused("readout = \"burdon\", stop_below = \"50 %\"", "E1206", "burden");
  refused("readout = \"burden\"", "E1205", "stop_below");
  refused("stop_below = \"50 %\"", "E1205", "readout");
  refused(stop + ", resume_above = \"40 %\"", "E1213", "resume_above is less");
  refused(stop + ", resume_above = \"40 um^3\"", "E1213", "not of one kind");
  refused("readout = \"burden\", stop_below = \"5 um^3\", resume_above = \"40 um\"", "E1203", "length");
  refused("readout = \"burden\", stop_below = \"-5 %\"", "E1204", "negative");
  refused("checked_every = \"7 d\"", "E1205", "checked_every");
  refused(stop + ", checked_every = \"0 d\"", "E1204", "checked_every");
  refused(stop + ", resume_over = \"90 %\"", "E1201", "resume_above");
}

}  // namespace
}  // namespace senoma::model::test
