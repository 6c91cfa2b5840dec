#include "study/study_draws.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "study/study_words.h"
#include "tiny_study.h"

namespace senoma::study {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

/// Priors for the hazard of apoptosis and the volume, none for the cycle.
std::string model_with_priors() {
  const std::string text = replaced(
      test::tiny_model(), "hazard = { apoptosis = \"0.001 1/h\" }",
      "hazard = { apoptosis = { value = \"0.001 1/h\", prior = \"loguniform(0.001, 0.05)\", source = \"s\", grade = "
      "\"assumption\" } }");
  return replaced(text, "target = \"2500 um^3\"",
                  "target = { value = \"2500 um^3\", prior = \"uniform(1000, 4000)\" }");
}

std::string study_with(const std::string& draws, std::size_t seeds = 3) {
  return "[study]\nexperiment = \"tiny.toml\"\narm = \"drug\"\ncontrol = \"no drug\"\nseeds = " +
         std::to_string(seeds) + "\nset = { \"time.duration\" = \"4 h\" }\nlevels = [0.5]\n[study.draws]\n" + draws +
         "\n[[study.context]]\nname = \"plain\"\n[[study.context]]\nname = \"calm\"\n"
         "set = { \"cell.melanoma.secretion.CCL2\" = \"6 molecules/min\" }\n"
         "[[study.target]]\nname = \"CCL2\"\nknock_down = \"CCL2\"\n"
         "[[study.target]]\nname = \"volume\"\nscale = \"cell.melanoma.volume.target\"\n"
         "[[study.outcome]]\nname = \"chemokine\"\nreadout = \"CCL2\"\nstatistic = \"mean\"\n";
}

struct DrawnStudy : test::TinyStudy {
  explicit DrawnStudy(const std::string& text) : TinyStudy(text) { folder.write("tiny.toml", model_with_priors()); }
};

double volume_of(const StudyPlan& plan, const StudyMember& member) {
  return load_study_model(plan, member).description.cell_types[0].parameters.at("volume.target");
}

Error error_of(const std::string& draws, const std::string& posterior = "") {
  const DrawnStudy study(study_with(draws));
  static_cast<void>(study.folder.write("posterior.csv", posterior));
  try {
    static_cast<void>(study.plan("out"));
  } catch (const Error& error) {
    EXPECT_FALSE(std::filesystem::exists(study.folder.path("out"))) << "nothing is written";
    return error;
  }
  return Error("none", "no error");
}

TEST(StudyDraws, Every_variant_and_context_of_a_replicate_has_the_same_draw_and_a_scaled_value_scales_it) {
  const DrawnStudy study(
      study_with("of = [\"cell.melanoma.volume.*\", \"cell.melanoma.hazard.apoptosis\"]\n"
                 "n = 2\nwithout_prior = \"fixed\""));
  const auto plan = study.plan("out");
  ASSERT_EQ(plan.variants[3].name, "volume 50%");
  const auto drawn = drawn_values(plan, 0, 0);
  ASSERT_EQ(drawn.size(), 2U);
  const std::size_t at = drawn[0].name == "cell.melanoma.volume.target" ? 0 : 1;
  ASSERT_EQ(drawn[at].values.size(), 2U);
  EXPECT_EQ(drawn[at].unit, "um^3");
  EXPECT_NE(drawn[at].values[0], drawn[at].values[1]);
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const double volume = drawn[at].values[(seed - 1) % 2];
    EXPECT_GT(volume, 1000);
    EXPECT_LT(volume, 4000);
    for (const std::size_t context : {0U, 1U}) {
      for (const std::size_t variant : {0U, 1U, 2U})
        EXPECT_DOUBLE_EQ(volume_of(plan, {0, context, variant, seed}), volume) << seed << " " << variant;
      EXPECT_DOUBLE_EQ(volume_of(plan, {0, context, 3, seed}), 0.5 * volume) << seed;
    }
  }
  EXPECT_THAT(draws_of_replicates(plan.spec), ElementsAre(1U, 2U, 1U));
  EXPECT_EQ(study_resamples(plan).n_units(), 2U);
  EXPECT_THAT(plan.fixed_values, ElementsAre("cell.melanoma.volume.rate"));
  EXPECT_THAT(plan_words(plan),
              AllOf(HasSubstr("2 of 2 values from the priors"), HasSubstr("cell.melanoma.volume.rate")));
}

TEST(StudyDraws, A_value_that_a_context_sets_is_not_drawn_there) {
  DrawnStudy study(replaced(study_with("of = \"cell.melanoma.*.t*\""),
                            "cell.melanoma.secretion.CCL2\" = \"6 molecules/min\"",
                            "cell.melanoma.volume.target\" = \"3000 um^3\""));
  EXPECT_THROW(static_cast<void>(study.plan("out")), Error) << "nothing is left to be drawn in that context";
  study.file = study.folder.write(
      "study.toml",
      replaced(study_with("of = [\"cell.melanoma.volume.target\", \"cell.*.apoptosis\"]\nwithout_prior = \"fixed\""),
               "cell.melanoma.secretion.CCL2\" = \"6 molecules/min\"",
               "cell.melanoma.volume.target\" = \"3000 um^3\""));
  const auto plan = study.plan("out");
  EXPECT_EQ(volume_of(plan, {0, 1, 0, 2}), 3000);
  EXPECT_NE(volume_of(plan, {0, 0, 0, 2}), 3000);
  EXPECT_THAT(draws_csv(plan), HasSubstr("um^3,model,plain\n"));
  EXPECT_THAT(draws_csv(plan), HasSubstr("1/h,,\n"));
}

TEST(StudyDraws, A_posterior_gives_its_lines_by_weight_and_another_file_is_another_plan) {
  const DrawnStudy study(study_with("posterior = \"posterior.csv\"\nseed = 3", 12));
  const std::string head = "weight,cell.melanoma.volume.target[um^3],cell.melanoma.hazard.apoptosis[1/h]\n";
  study.folder.write("posterior.csv", head + "1,1500,0.01\n0,9000,0.09\n1,3000,0.02\n");
  const auto plan = study.plan("out");
  const auto drawn = drawn_values(plan, 0, 1);
  ASSERT_EQ(drawn.size(), 2U);
  bool first = false, third = false;
  for (std::size_t s = 0; s < 12; ++s) {
    EXPECT_TRUE(drawn[0].values[s] == 1500 || drawn[0].values[s] == 3000) << "a line without weight is never drawn";
    EXPECT_EQ(drawn[1].values[s], drawn[0].values[s] == 1500 ? 0.01 : 0.02);
    (drawn[0].values[s] == 1500 ? first : third) = true;
  }
  EXPECT_TRUE(first && third);
  EXPECT_EQ(volume_of(plan, {0, 0, 1, 4}), drawn[0].values[3]);
  EXPECT_EQ(study.plan("out").hash, plan.hash);
  study.folder.write("posterior.csv", head + "1,1500,0.01\n1,3000,0.02\n");
  EXPECT_NE(study.plan("out").hash, plan.hash);
}

TEST(StudyDraws, A_cohort_file_is_laid_over_the_study) {
  const DrawnStudy study(study_with("cohort = \"patients.toml\""));
  study.folder.write("patients.toml",
                     "[cohort.vary.size]\nkey = \"cell.melanoma.volume.target\"\n"
                     "distribution = \"uniform(1500 um^3, 2000 um^3)\"\n");
  const auto plan = study.plan("out");
  const auto drawn = drawn_values(plan, 0, 0);
  ASSERT_EQ(drawn.size(), 1U);
  EXPECT_EQ(drawn[0].name, "size");
  EXPECT_DOUBLE_EQ(volume_of(plan, {0, 0, 0, 2}), drawn[0].values[1]);
}

TEST(StudyDraws, What_cannot_be_drawn_is_refused_with_file_key_and_remedy_before_anything_runs) {
  const auto without = error_of("of = \"cell.melanoma.cycle.duration\"");
  EXPECT_EQ(without.code(), "E8206");
  EXPECT_THAT(without.render(),
              AllOf(HasSubstr("'cell.melanoma.cycle.duration' (40 h, "), HasSubstr("tiny.toml:"),
                    HasSubstr("study.toml:9:"), HasSubstr("prior = \"loguniform(a, b)\" }, with a and b in h")));
  const auto some = error_of("of = \"cell.melanoma.volume.*\"");
  EXPECT_EQ(some.code(), "E8206") << "a pattern must not leave out silently what has no prior";
  EXPECT_THAT(some.render(), AllOf(HasSubstr("cell.melanoma.volume.rate"), HasSubstr("without_prior = \"fixed\"")));
  const auto misspelt = error_of("of = [\"cell.melanoma.volume.tarmac\"]");
  EXPECT_EQ(misspelt.code(), "E8202");
  EXPECT_THAT(misspelt.render(), HasSubstr("did you mean 'cell.melanoma.volume.target'"));
  EXPECT_EQ(error_of("of = \"network.*\"").code(), "E8202");
  EXPECT_EQ(error_of("n = 4").code(), "E8201") << "nothing says what is drawn";
  EXPECT_EQ(error_of("of = \"x\"\nposterior = \"posterior.csv\"").code(), "E8201");
  EXPECT_EQ(error_of("posterior = \"absent.csv\"").code(), "E1101");
  EXPECT_EQ(error_of("off = \"x\"").code(), "E1201");
  const auto line = error_of("posterior = \"posterior.csv\"", "weight,a[h]\n1,2\n1,x\n");
  EXPECT_EQ(line.code(), "E1218");
  EXPECT_EQ(line.position()->line, 3);
  EXPECT_THAT(line.position()->file, HasSubstr("posterior.csv"));
  const auto unknown = error_of("posterior = \"posterior.csv\"", "weight,cell.melanoma.volume.tarmac[um^3]\n1,2\n");
  EXPECT_EQ(unknown.code(), "E1201");
  const auto range = error_of("posterior = \"posterior.csv\"", "weight,cell.melanoma.volume.target[um^3]\n1,-2\n");
  EXPECT_THAT(range.render(), AllOf(HasSubstr("posterior.csv:1:"), HasSubstr("this is draw 1 of the study")));
}

TEST(StudyDraws, Parameters_of_a_network_are_keys_like_others) {
  const test::Folder folder;
  StudyOptions options;
  options.file = folder.write(
      "study.toml", "[study]\nexperiment = \"" SENOMA_SOURCE_DIR
                    "/models/melanoma-tis/experiments/relapse.toml\"\narm = \"drug\"\nseeds = 2\nlevels = [0.9]\n"
                    "[study.draws]\nof = \"network.melanoma.parameters.ccl2_*\"\nwithout_prior = \"fixed\"\n"
                    "[[study.target]]\nname = \"CCL2\"\nknock_down = \"CCL2\"\n");
  options.out = folder.path("out");
  const auto plan = plan_study(options);
  const auto drawn = drawn_values(plan, 0, 0);
  ASSERT_GE(drawn.size(), 2U);
  EXPECT_THAT(drawn[0].name, HasSubstr("network.melanoma.parameters.ccl2_"));
  EXPECT_NE(study_model(plan, {0, 0, 1, 1}).hash, study_model(plan, {0, 0, 1, 2}).hash);
}

TEST(StudyDraws, A_study_leaves_its_draws_and_their_tables_and_ends_the_same_after_a_stop) {
  const DrawnStudy study(study_with("of = [\"cell.melanoma.volume.target\", \"cell.melanoma.hazard.apoptosis\"]", 2));
  const auto whole = study.plan("whole"), broken = study.plan("broken");
  const auto result = test::run(whole, 2);
  EXPECT_EQ(result.failed, 0U);
  RunStudyOptions options;
  std::atomic<bool> stop = false;
  options.stop = &stop;
  options.progress = [&](const StudyProgress& p) { stop = p.done >= 3; };
  EXPECT_TRUE(run_study(broken, options).stopped);
  const std::string half = study_folder_text(broken.out);
  EXPECT_THAT(
      half, AllOf(HasSubstr("status      stopped"), HasSubstr("members     3 of 16 done, 0 of them failed, 13 missing"),
                  HasSubstr("4 variants x 2 contexts x 2 seeds x 1 fidelities"), HasSubstr("draws       2 of 2 values"),
                  HasSubstr("to go on    senoma screen study.toml --out")));
  static_cast<void>(test::run(broken));
  for (const char* table : {"robustness.csv", "draws.csv", "ranking.csv", "report.html"})
    EXPECT_EQ(test::file_text(whole.out / table), test::file_text(broken.out / table)) << table;
  EXPECT_THAT(test::file_text(whole.out / "robustness.csv"), HasSubstr("model,plain,CCL2 50%,gain,"));
  EXPECT_THAT(test::file_text(whole.out / "draws.csv"), HasSubstr("1,cell.melanoma.volume.target,"));
  EXPECT_THAT(test::file_text(whole.out / "report.html"), HasSubstr("Does it hold over the priors?"));
  EXPECT_THAT(study_folder_text(whole.out), AllOf(HasSubstr("16 of 16 done"), Not(HasSubstr("to go on"))));
  const DrawnStudy other(study_with("of = [\"cell.melanoma.volume.target\"]", 2));
  EXPECT_NE(other.plan("out").hash, whole.hash);
}

}  // namespace
}  // namespace senoma::study
