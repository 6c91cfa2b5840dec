#include "study/study_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mechanisms/catalogue.h"
#include "tiny_study.h"

namespace senoma::study {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> names_of(const StudyPlan& plan) {
  std::vector<std::string> names;
  for (const auto& v : plan.variants) names.push_back(v.name);
  return names;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

/// The error of planning the tiny study with one change of its text.
Error error_of(const std::string& from, const std::string& to) {
  const test::TinyStudy study(replaced(test::tiny_study(), from, to));
  try {
    static_cast<void>(study.plan("out"));
  } catch (const Error& error) {
    return error;
  }
  return Error("none", "no error");
}

TEST(StudyPlan, Variants_are_no_intervention_control_targets_by_level_drugs_and_pairs) {
  const test::TinyStudy study;
  const auto plan = study.plan("out");
  EXPECT_THAT(names_of(plan), ElementsAre("none", "control: no drug", "CCL2 50%", "CCL2 95%", "death 100%",
                                          "growth 25%", "second dose", "CCL2 95% + death 100%"));
  EXPECT_EQ(plan.members.size(), 8U * 2U * 2U);
  EXPECT_EQ(plan.catalogue_variants()[2].group, "ligand");
}

TEST(StudyPlan, A_knock_down_has_the_model_that_loading_it_would_give) {
  const test::TinyStudy study;
  const auto plan = study.plan("out");
  for (const std::size_t variant : {0U, 2U, 7U}) {
    const StudyMember member{0, 1, variant, 1};
    EXPECT_EQ(study_model(plan, member).hash, load_study_model(plan, member).hash) << plan.variants[variant].name;
  }
}

TEST(StudyPlan, Scaling_multiplies_the_value_as_the_layers_below_left_it) {
  const test::TinyStudy study(
      replaced(test::tiny_study(), "set = { \"time.duration\" = \"12 h\" }",
               "set = { \"time.duration\" = \"12 h\", \"cell.melanoma.volume.target\" = \"3e3 um^3\" }"));
  const auto plan = study.plan("out");
  const auto scaled = load_study_model(plan, {0, 0, 5, 1});
  const auto found = model::find_path(scaled.resolved.root, "cell.melanoma.volume.target");
  ASSERT_TRUE(found.whole);
  EXPECT_EQ(found.value->text, "2250 um^3");
}

TEST(StudyPlan, Timings_become_windows_from_their_reference_and_pulses_end_with_the_run) {
  const std::string timings =
      "[study.time]\nfirst = \"6 h\"\n[[study.timing]]\nname = \"late\"\nreference = \"first\"\nstart = \"2 h\"\n"
      "[[study.timing]]\nname = \"pulsed\"\nreference = \"first\"\nstart = \"-6 h\"\npulse = \"2 h\"\nevery = \"5 h\"\n"
      "[[study.context]]\nname = \"plain\"";
  std::string text = replaced(test::tiny_study(), "[[study.context]]\nname = \"plain\"", timings);
  text = replaced(text, "scale = \"cell.melanoma.volume.target\"", "knock_down = \"melanoma apoptosis\"");
  const test::TinyStudy study(text);
  const auto plan = study.plan("out");
  ASSERT_EQ(plan.variants[2].name, "CCL2 50%, late");
  ASSERT_EQ(plan.variants[2].windows.size(), 1U);
  EXPECT_DOUBLE_EQ(plan.variants[2].windows[0].from, 480.0);
  ASSERT_EQ(plan.variants[3].windows.size(), 3U);
  EXPECT_DOUBLE_EQ(plan.variants[3].windows[2].from, 600.0);
  EXPECT_DOUBLE_EQ(plan.variants[3].windows[2].until, 720.0);
}

TEST(StudyPlan, What_cannot_be_run_is_refused_before_anything_is) {
  const auto wrong_target = error_of("knock_down = \"CCL2\"", "knock_down = \"CLC2\"");
  EXPECT_EQ(wrong_target.code(), "E1206");
  EXPECT_THAT(wrong_target.render(), HasSubstr("did you mean 'CCL2'"));
  EXPECT_THAT(wrong_target.position()->file, HasSubstr("study.toml"));
  const auto wrong_key = error_of("cell.melanoma.volume.target\"\nlevels", "cell.melanoma.volume.tarmac\"\nlevels");
  EXPECT_EQ(wrong_key.code(), "E1110");
  EXPECT_EQ(error_of("group = \"fate\"", "gruop = \"fate\"").code(), "E1201");
  EXPECT_EQ(error_of("arm = \"drug\"", "arm = \"drag\"").code(), "E1108");
  EXPECT_EQ(error_of("of = [\"CCL2\", \"death\"]", "of = [\"CCL2\", \"deth\"]").code(), "E8202");
  EXPECT_EQ(error_of("\"cell.melanoma.hazard.apoptosis\" = \"0.02 1/h\"", "").code(), "E8201") << "an empty context";
  EXPECT_EQ(error_of("readout = \"CCL2\"", "readout = \"CCL5\"").code(), "E8102");
  EXPECT_EQ(error_of("seeds = 2", "seeds = 2\nfork_at = \"90 min\"").code(), "E8201") << "between steps";
  EXPECT_EQ(error_of("better = \"lower\"\n", "").code(), "E1205");
}

TEST(StudyPlan, Contexts_that_are_the_same_are_refused) {
  const auto named_alike = error_of("name = \"fragile\"", "name = \"plain\"");
  EXPECT_EQ(named_alike.code(), "E8201");
  EXPECT_THAT(named_alike.render(),
              ::testing::AllOf(HasSubstr("two of one name: context 'plain'"), HasSubstr("study.toml:")));
  const auto alike =
      error_of("[[study.target]]\nname = \"CCL2\"",
               "[[study.context]]\nname = \"again\"\nset = { \"cell.melanoma.hazard.apoptosis\" = \"0.02 "
               "1/h\" }\n[[study.target]]\nname = \"CCL2\"");
  EXPECT_EQ(alike.code(), "E8201");
  EXPECT_THAT(alike.render(), HasSubstr("the contexts 'fragile' and 'again' give the same model"));
}

TEST(StudyPlan, A_drug_or_a_scaled_value_that_only_a_later_context_lacks_is_refused_before_anything_runs) {
  // The first context alone has the drug that is changed or scaled.
  const std::string text = replaced(
      test::tiny_study(), "name = \"plain\"",
      "name = \"plain\"\nset = { \"drug.extra\" = { molar_mass = \"300 g/mol\", pk = { model = \"one-compartment\", "
      "half_life = \"12 h\", volume = \"30 L\" }, schedule = [ { dose = \"3 mg\", at = [\"1 h\"] } ] } }");
  const auto refused = [&](const std::string& from, const std::string& to, const std::string& who, int line) {
    const test::TinyStudy study(replaced(text, from, to));
    try {
      static_cast<void>(study.plan("out"));
      ADD_FAILURE() << who;
    } catch (const Error& error) {
      EXPECT_THAT(error.render(),
                  ::testing::AllOf(HasSubstr(who), HasSubstr("in the context 'fragile'"), HasSubstr("extra"),
                                   HasSubstr("study.toml:" + std::to_string(line) + ":")));
    }
    EXPECT_FALSE(std::filesystem::exists(study.folder.path("out")));
  };
  refused("scale = \"cell.melanoma.volume.target\"", "scale = \"drug.extra.pk.half_life\"", "'growth 25%'", 27);
  refused("set = { \"drug.drug.schedule\" = [ { dose = \"30 mg\", at = [\"6 h\", \"8 h\"] } ] }",
          "set = { \"drug.extra.schedule[0].dose\" = \"6 mg\" }", "'second dose'", 31);
}

TEST(StudyPlan, A_study_is_not_run_as_a_model) {
  const test::TinyStudy study;
  try {
    static_cast<void>(model::load(study.file, {}, mechanisms::catalogue()));
    FAIL() << "loaded as a model";
  } catch (const Error& error) {
    EXPECT_THAT(error.render(), HasSubstr("senoma screen"));
  }
}

TEST(StudyPlan, Its_hash_follows_what_a_member_is_and_not_how_many_seeds_there_are) {
  const test::TinyStudy study;
  const auto hash = study.plan("out").hash;
  EXPECT_EQ(study.plan("out", {"study.seeds=5"}).hash, hash);
  EXPECT_NE(study.plan("out", {"study.levels=[0.5]"}).hash, hash);
  EXPECT_NE(study.plan("out", {"study.set={\"time.duration\"=\"2 d\"}"}).hash, hash);
}

}  // namespace
}  // namespace senoma::study
