#include "study/study_stages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "study/study_words.h"
#include "tiny_study.h"

namespace senoma::study {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

/// Three targets and a drug on a chemokine that CCL2 alone makes: the planted actor. Two stages: one level with one
/// seed in the coarse fidelity, then two levels with two in the fine one.
const char* staged_study() {
  return R"TOML([study]
experiment = "tiny.toml"
arm = "drug"
seeds = 2
levels = [0.5, 0.95]
set = { "time.duration" = "4 h" }
[[study.fidelity]]
name = "coarse"
set = { "time.duration" = "3 h" }
[[study.fidelity]]
name = "fine"
[[study.context]]
name = "plain"
[[study.context]]
name = "fragile"
set = { "cell.melanoma.hazard.apoptosis" = "0.02 1/h" }
[[study.target]]
name = "death"
knock_down = "melanoma apoptosis"
levels = [1.0]
[[study.target]]
name = "growth"
scale = "cell.melanoma.volume.target"
levels = [0.25]
[[study.target]]
name = "CCL2"
knock_down = "CCL2"
[[study.drug]]
name = "second dose"
set = { "drug.drug.schedule" = [ { dose = "30 mg", at = ["1 h", "2 h"] } ] }
[[study.outcome]]
name = "chemokine"
readout = "CCL2"
statistic = "maximum"
better = "lower"
weight = 1
scale = 0.001
[[study.stage]]
name = "screen"
fidelity = "coarse"
seeds = 1
levels = [0.95]
keep = 1
always = ["second dose"]
[[study.stage]]
name = "confirm it"
fidelity = "fine"
only_contexts = ["plain"]
pairs = true
)TOML";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

StudyOptions options_of(const test::TinyStudy& study, const std::string& out) {
  StudyOptions options;
  options.file = study.file;
  options.out = study.folder.path(out);
  return options;
}

StagesResult run_in(const test::TinyStudy& study, const std::string& out, int jobs,
                    const std::atomic<bool>* stop = nullptr,
                    std::function<void(const StudyProgress&)> progress = nullptr) {
  RunStudyOptions options;
  options.jobs = jobs;
  options.stop = stop;
  options.progress = std::move(progress);
  return run_stages(options_of(study, out), options);
}

std::string tables_in(const fs::path& out) {
  std::string text = test::file_text(out / "stages.csv") + test::file_text(out / "agreement.csv") +
                     test::file_text(out / "report.html");
  for (const char* stage : {"1-screen", "2-confirm-it"}) {
    for (const char* table : {"members.csv", "variants.csv", "ranking.csv", "pairs.csv", "report.html"})
      text += test::file_text(out / stage / table);
  }
  return text;
}

/// The error of planning the study with one change of its text.
Error error_of(const std::string& from, const std::string& to) {
  const test::TinyStudy study(replaced(staged_study(), from, to));
  try {
    static_cast<void>(plan_stages(options_of(study, "out")));
  } catch (const Error& error) {
    return error;
  }
  return Error("none", "no error");
}

TEST(StageChoice, Actors_are_taken_in_turns_and_nobody_twice) {
  const std::vector<std::vector<std::size_t>> orders{{4, 1, 2}, {4, 3, 1}, {1, 0, 2}};
  EXPECT_THAT(taken_in_turns(orders, 4), ElementsAre(Pair(4, 0), Pair(3, 1), Pair(1, 2), Pair(2, 0)));
  EXPECT_THAT(taken_in_turns(orders, 2), ElementsAre(Pair(4, 0), Pair(3, 1)));
  EXPECT_EQ(taken_in_turns(orders, 9).size(), 5U) << "no more than there are";
}

TEST(StageChoice, An_actor_stands_at_its_best_place_and_pairs_do_not_count) {
  StudyPlan plan;
  for (const char* name : {"a", "b", "unknown"}) {
    plan.spec.actors.emplace_back();
    plan.spec.actors.back().name = name;
  }
  plan.spec.contexts.emplace_back();
  plan.spec.contexts.back().name = "A";
  plan.variants = {{"none", "none", {}, {}, "", {}},
                   {"a 50%", "target", {0}, {0.5}, "", {}},
                   {"a 95%", "target", {0}, {0.95}, "", {}},
                   {"b 50%", "target", {1}, {0.5}, "", {}},
                   {"a + b", "pair", {0, 1}, {0.5, 0.5}, "", {}},
                   {"unknown 50%", "target", {2}, {0.5}, "", {}}};
  Ranking ranking;
  for (const auto& [variant, score, n] :
       {std::tuple{4U, 9.0, 4U}, {2U, 3.0, 4U}, {3U, 2.0, 4U}, {1U, 1.0, 4U}, {5U, 0.0, 0U}}) {
    RankedVariant ranked;
    ranked.variant = variant;
    ranked.score = {score, score - 1, score + 1, n};
    ranking.variants.push_back(ranked);
  }
  EXPECT_THAT(actors_in_order(plan, ranking), ElementsAre(0, 1));
  StudyStage stage;
  stage.keep = 1;
  stage.always = {{"unknown", {}}};
  const auto actors = stage_actors(plan, stage, std::vector{ranking});
  ASSERT_EQ(actors.size(), 3U);
  EXPECT_TRUE(actors[0].kept && !actors[1].kept && actors[2].kept);
  EXPECT_EQ(actors[0].because, "A");
  EXPECT_EQ(actors[0].variant, 2U);
  EXPECT_DOUBLE_EQ(actors[0].score.centre, 3.0);
  EXPECT_FALSE(actors[2].known);
}

TEST(StageChoice, Agreement_counts_signs_and_ranks) {
  const auto point = [](double before, double after, int sign_before, int sign_after) {
    AgreementPoint p;
    p.before.centre = before;
    p.after.centre = after;
    p.sign_before = sign_before;
    p.sign_after = sign_after;
    return p;
  };
  // Ranks 1 2 3 4 and 1 3 2 4: Spearman's is 1 - 6 * 2 / (4 * 15) = 0.8.
  const std::vector<AgreementPoint> points{point(-2, -1, -1, -1), point(-1, 1, -1, 1), point(1, 0.5, 0, 1),
                                           point(2, 3, 1, 1)};
  const auto s = summary_of(points);
  EXPECT_EQ(s.n, 4U);
  EXPECT_EQ(s.same_direction, 3U);
  EXPECT_EQ(s.clear, 3U);
  EXPECT_EQ(s.same_sign, 2U);
  EXPECT_NEAR(s.rank_correlation, 0.8, 1e-12);
}

TEST(StudyStages, The_planted_actor_goes_on_and_is_first_in_the_second_stage_with_fresh_seeds) {
  const test::TinyStudy study(staged_study());
  const auto plan = plan_stages(options_of(study, "out1"));
  EXPECT_THAT(plan.most_members, ElementsAre((1 + 1 + 1 + 1 + 1) * 2, (1 + 2 + 1 + 1) * 2));
  std::vector<std::string> seen;
  const auto result = run_in(study, "out1", 1, nullptr, [&](const StudyProgress& p) {
    if (seen.empty() || seen.back() != p.stage) seen.push_back(p.stage);
  });
  EXPECT_THAT(seen, ElementsAre("screen", "confirm it"));
  ASSERT_EQ(result.stages.size(), 2U);
  EXPECT_EQ(result.failed, 0U);
  const auto& last = result.stages[1];
  EXPECT_EQ(last.plan.spec.first_seed, 2U) << "after those of the first stage";
  std::vector<std::string> came_in;
  for (const auto& actor : last.plan.spec.actors) came_in.push_back(actor.name);
  EXPECT_THAT(came_in, ElementsAre("CCL2", "second dose"));
  EXPECT_EQ(last.plan.variants[last.rankings[0].variants[0].variant].actors[0], 0U);
  EXPECT_EQ(last.plan.variants.back().kind, "pair");
  const std::string table = test::file_text(result.out / "stages.csv");
  EXPECT_THAT(table, HasSubstr("screen,coarse,CCL2,target,1,plain,"));
  EXPECT_THAT(table, HasSubstr("screen,coarse,second dose,drug,1,always,"));
  EXPECT_THAT(table, HasSubstr("screen,coarse,growth,target,0,,"));
  EXPECT_THAT(table, HasSubstr("confirm it,fine,CCL2,target,0,,plain,"));
  EXPECT_THAT(test::file_text(result.out / "agreement.csv"), HasSubstr("CCL2,plain,0.95,"));
  EXPECT_THAT(test::file_text(result.out / "report.html"), HasSubstr("2-confirm-it/report.html"));

  // The same with two threads, stopped twice on the way; and once more there is nothing left to do.
  std::atomic<bool> stop = false;
  const std::pair<std::string, std::size_t> moments[] = {{"screen", 3}, {"confirm it", 4}};
  for (const auto& moment : moments) {
    stop = false;
    const auto part = run_in(study, "out2", 2, &stop, [&](const StudyProgress& p) {
      if (p.stage == moment.first && p.done >= moment.second) stop = true;
    });
    EXPECT_TRUE(part.stopped);
    const std::string half = study_folder_text(part.out);
    EXPECT_THAT(half, HasSubstr("screen study.toml --out " + part.out.string() + "\n")) << "not the stage's folder";
    EXPECT_EQ(half.find("stage 2 of 2") != std::string::npos, moment.first == "confirm it");
    EXPECT_EQ(half.find("1 of 2 stages have begun") != std::string::npos, moment.first == "screen");
  }
  static_cast<void>(run_in(study, "out2", 2));
  ASSERT_TRUE(is_study_folder(study.folder.path("out2")));
  EXPECT_FALSE(is_study_folder(study.folder.path("")));
  const std::string done = study_folder_text(study.folder.path("out2"));
  EXPECT_THAT(done, AllOf(HasSubstr("stage 1 of 2"), HasSubstr("stage 2 of 2"), HasSubstr("out2/report.html"),
                          Not(HasSubstr("to go on"))));
  EXPECT_TRUE(tables_in(study.folder.path("out2")) == tables_in(study.folder.path("out1")));
  EXPECT_EQ(run_in(study, "out2", 2).simulated, 0U);
}

TEST(StudyStages, The_page_says_who_is_clearly_better_in_the_last_stage) {
  const test::TinyStudy study(
      replaced(staged_study(), "name = \"confirm it\"\n", "name = \"confirm it\"\nseeds = 4\n"));
  const auto result = run_in(study, "out", 2);
  ASSERT_EQ(result.stages.size(), 2U);
  EXPECT_THAT(test::file_text(result.out / "report.html"),
              HasSubstr("clearly better than no intervention: CCL2 95%, CCL2 50%; clearly worse: second dose."));
}

TEST(StudyStages, Without_going_on_explicitly_a_stage_has_what_the_study_says) {
  const test::TinyStudy study(replaced(staged_study(), "levels = [0.95]\nkeep", "keep"));
  const auto plan = plan_stages(options_of(study, "out"));
  EXPECT_EQ(plan.first.spec.actors[2].levels, (std::vector{0.5, 0.95}));
  EXPECT_EQ(plan.first.spec.actors[0].levels, (std::vector{1.0})) << "a level of its own";
  EXPECT_EQ(plan.first.spec.contexts.size(), 2U);
  EXPECT_EQ(plan.first.spec.first_seed, 1U);
}

TEST(StudyStages, What_cannot_be_run_is_refused_before_anything_is) {
  const auto wrong = [](const std::string& from, const std::string& to) { return error_of(from, to).code(); };
  EXPECT_EQ(wrong("fidelity = \"coarse\"", "fidelity = \"course\""), "E8202");
  EXPECT_THAT(error_of("fidelity = \"coarse\"", "fidelity = \"course\"").render(), HasSubstr("did you mean 'coarse'"));
  EXPECT_EQ(wrong("fidelity = \"coarse\"\n", ""), "E8201");
  EXPECT_EQ(wrong("only_contexts = [\"plain\"]", "only_contexts = [\"plane\"]"), "E8202");
  EXPECT_EQ(wrong("only_contexts = [\"plain\"]", "only_timings = [\"late\"]"), "E8202");
  EXPECT_EQ(wrong("only_contexts = [\"plain\"]", "pair_timing = \"late\""), "E8202");
  EXPECT_EQ(wrong("always = [\"second dose\"]", "always = [\"second does\"]"), "E8202");
  EXPECT_EQ(wrong("keep = 1\n", ""), "E8201");
  EXPECT_EQ(wrong("keep = 1\n", "keep = 5\n"), "E8201");
  EXPECT_EQ(wrong("pairs = true", "keep = 1"), "E8201") << "nothing follows";
  EXPECT_EQ(wrong("name = \"confirm it\"", "name = \"screen\""), "E8201");
  EXPECT_EQ(wrong("pairs = true", "mechanism = true"), "E8201") << "no path";
  EXPECT_EQ(wrong("pairs = true", "mechanism = [\"CCL2\"]"), "E8202") << "no path of this one";
  EXPECT_EQ(wrong("pairs = true", "seeds = 0"), "E1204");
  // What only the second stage loads is wrong in it.
  EXPECT_EQ(wrong("name = \"fine\"", "name = \"fine\"\nset = { \"domain.sizes\" = 1 }"), "E1201");

  const test::TinyStudy study(staged_study());
  EXPECT_FALSE(fs::exists(study.folder.path("out")));
  RunStudyOptions some;
  some.only = {"CCL2"};
  EXPECT_THROW(static_cast<void>(run_stages(options_of(study, "out"), some)), Error);
  try {
    static_cast<void>(study.plan("out"));
    FAIL() << "all at once";
  } catch (const Error& error) {
    EXPECT_THAT(error.render(), HasSubstr("stages"));
  }
}

TEST(StudyStages, A_path_brings_its_mediators_and_the_pairs_that_tell_what_it_carries) {
  std::string text = replaced(staged_study(), "pairs = true\n", "mechanism = true\n");
  text += "[[study.path]]\nname = \"by growth\"\nof = [\"CCL2\", \"growth\"]\n";
  const test::TinyStudy study(text);
  StudyOptions options = options_of(study, "out");
  options.stage = StageChoice{1, {"CCL2"}, false};
  const auto plan = plan_study(options);
  std::vector<std::string> names;
  for (const auto& v : plan.variants) names.push_back(v.name);
  EXPECT_THAT(names, ElementsAre("none", "growth 25%", "CCL2 50%", "CCL2 95%", "CCL2 95% + growth 25%"));
  options.stage = StageChoice{1, {"death"}, false};
  EXPECT_EQ(plan_study(options).variants.size(), 2U) << "no path of this one";
}

}  // namespace
}  // namespace senoma::study
