#include "model/registry.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "catalogue.h"
#include "model/check.h"
#include "model/error_codes.h"
#include "model/scalar.h"

namespace senoma::model::test {
namespace {

TEST(Registry, Knows_every_key_of_a_full_model_and_its_kind) {
  const Registry registry(mechanisms());
  EXPECT_EQ(registry.find("substrates.CCL2.diffusion")->key.dimension, dim::diffusivity);
  EXPECT_EQ(registry.find("drug.x.schedule[0].at")->key.dimension, dim::time);
  EXPECT_EQ(registry.find("cell.a.motility.speed")->key.mechanism, "motility");
  EXPECT_EQ(registry.find("cell.a.state.b.motility.speed")->key.mechanism, "motility");
  EXPECT_EQ(registry.find("cell.a.state.b.motility.persistence"), nullptr);  // no behaviour: the same in every state
  EXPECT_EQ(registry.find("substrates.CCL2.difusion"), nullptr);
  EXPECT_EQ(registry.find("experiment.tumour_readout")->key.kind, Kind::text);
}

TEST(Registry, Documents_every_key) {
  const Registry registry(mechanisms());
  for (const Key* key : registry.keys())
    EXPECT_FALSE(key->doc.empty() && key->kind != Kind::list_of_tables) << key->pattern;
  EXPECT_GT(registry.keys().size(), 120U);
}

TEST(Registry, Has_defaults_that_are_valid_values_of_their_keys) {
  const Registry registry(mechanisms());
  for (const Key* key : registry.keys()) {
    if (key->default_text.empty() || key->is_list) continue;
    const Value v = *parse_toml("v = " + key->default_text, "default").find("v");
    if (key->kind == Kind::quantity || key->kind == Kind::number || key->kind == Kind::count) {
      EXPECT_NO_THROW(static_cast<void>(read_number(v, *key, key->pattern)))
          << key->pattern << " = " << key->default_text;
    } else if (key->kind == Kind::choice || key->kind == Kind::text) {
      EXPECT_NO_THROW(static_cast<void>(read_text_value(v, *key, key->pattern))) << key->pattern;
    }
  }
}

TEST(Schema, Is_JSON_with_a_property_per_section) {
  const Registry registry(mechanisms());
  const auto schema = nlohmann::json::parse(schema_json(registry));
  EXPECT_EQ(schema.at("$schema"), "https://json-schema.org/draft/2020-12/schema");
  for (const char* section : {"model", "domain", "time", "substrates", "cell", "network", "drug", "patient",
                              "intervention", "readout", "experiment", "arm", "profiles"}) {
    EXPECT_TRUE(schema.at("properties").contains(section)) << section;
  }
  EXPECT_EQ(schema.at("additionalProperties"), false);
  const auto& substrate = schema.at("properties").at("substrates").at("additionalProperties");
  EXPECT_EQ(substrate.at("properties").at("diffusion").at("$ref"), "#/$defs/quantity");
  EXPECT_EQ(substrate.at("additionalProperties"), false);
  EXPECT_EQ(schema.at("properties")
                .at("cell")
                .at("additionalProperties")
                .at("properties")
                .at("rule")
                .at("items")
                .at("required")
                .size(),
            5U);
  EXPECT_EQ(schema.at("properties").at("time").at("properties").at("step").at("default"), "30 min");
}

TEST(Reference, Lists_every_key_once_with_its_default) {
  const Registry registry(mechanisms());
  const std::string page = reference_markdown(registry);
  for (const Key* key : registry.keys()) {
    EXPECT_NE(page.find("| `" + key->pattern + "` |"), std::string::npos) << key->pattern;
  }
  EXPECT_NE(page.find("| `time.step` | time, > 0 | `\"30 min\"` |"), std::string::npos);
}

TEST(Explain, Answers_for_keys_tables_mechanisms_and_behaviours) {
  const Registry registry(mechanisms());
  EXPECT_EQ(
      explain(registry, "substrates.CCL2.diffusion"),
      "substrates.*.diffusion\n  Diffusion coefficient in tissue.\n  value: length²/time\n  range: >= 0\n  default: \"0 um^2/min\"\n"
      "  example: diffusion = \"1 um^2/min\"\n  since version 0.1\n");
  EXPECT_NE(explain(registry, "drug.fotemustine.schedule[0].dose").find("mass per area"), std::string::npos);
  EXPECT_NE(explain(registry, "time").find("duration"), std::string::npos);
  EXPECT_NE(explain(registry, "motility").find("Behaviour: \"migration speed\""), std::string::npos);
  EXPECT_NE(explain(registry, "migration speed").find("[cell.TYPE.motility] speed"), std::string::npos);
  EXPECT_NE(explain(registry, "CCL2 secretion").find("[cell.TYPE.secretion] SUBSTRATE"), std::string::npos);
  try {
    static_cast<void>(explain(registry, "motillity"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "E1111");
    EXPECT_EQ(error.remedies()[0], "did you mean 'motility'?");
  }
}

TEST(ErrorCodes, Are_unique_and_explained) {
  std::set<std::string> seen;
  for (const auto& row : error_codes) {
    EXPECT_TRUE(seen.insert(row.code).second) << row.code;
    EXPECT_GT(std::string(row.explanation).size(), 40U) << row.code;
  }
}

TEST(Check, Reports_the_summary_or_all_different_mistakes_of_arms_and_profiles) {
  Folder folder;
  const auto good = check(folder.write("m.toml", full_model()), {}, mechanisms());
  for (const auto& error : good.errors) ADD_FAILURE() << render(error, good.sources);
  EXPECT_EQ(good.variants.size(), 4U);
  EXPECT_NE(good.text.find("600 x 400 um, 600 voxels, 2D of thickness 20 um"), std::string::npos) << good.text;
  EXPECT_NE(good.text.find("melanoma (states naive, senescent; 50 at the start; 1 rules, 1 transitions)"),
            std::string::npos)
      << good.text;
  const auto bad = check(
      folder.write("bad.toml", replaced(replaced(full_model(), "\"cell.melanoma.motility.speed\" = \"0.1 um/min\"",
                                                 "\"cell.melanoma.motility.sped\" = 1"),
                                        "spacing = \"40 um\"", "spacing = \"70 um\"")),
      {}, mechanisms());
  ASSERT_EQ(bad.errors.size(), 2U);
  EXPECT_EQ(bad.errors[0].code(), "E1201");
  EXPECT_EQ(bad.errors[1].code(), "E1213");
}

}  // namespace
}  // namespace senoma::model::test
