#include "study/study_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "study/study_member.h"
#include "study/study_record.h"
#include "tiny_study.h"

namespace senoma::study {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// Three variants, one context.
std::string small_study(const std::string& head = "set = { \"time.duration\" = \"8 h\" }\n") {
  return "[study]\nexperiment = \"tiny.toml\"\narm = \"drug\"\nseeds = 2\nlevels = [0.95]\n" + head +
         "[[study.target]]\nname = \"CCL2\"\nknock_down = \"CCL2\"\n"
         "[[study.target]]\nname = \"death\"\nknock_down = \"melanoma apoptosis\"\n"
         "[[study.outcome]]\nname = \"chemokine\"\nreadout = \"CCL2\"\nstatistic = \"mean\"\n";
}

int count_rows(const fs::path& database, const std::string& query) {
  sqlite3* db = nullptr;
  int result = -1;
  EXPECT_EQ(sqlite3_open_v2(database.c_str(), &db, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
  const auto take = [](void* into, int, char** values, char**) {
    *static_cast<int*>(into) = std::stoi(values[0]);
    return 0;
  };
  EXPECT_EQ(sqlite3_exec(db, query.c_str(), take, &result, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
  sqlite3_close(db);
  return result;
}

TEST(StudyRun, Tables_are_the_same_for_any_number_of_threads_and_the_catalogue_holds_all_members) {
  const test::TinyStudy study;
  std::string first, first_page;
  for (const int jobs : {1, 2, 4}) {
    const auto plan = study.plan("out" + std::to_string(jobs));
    const auto result = test::run(plan, jobs);
    EXPECT_EQ(result.members.size(), 32U);
    EXPECT_EQ(result.failed, 0U);
    if (jobs == 1) first = test::tables_of(plan);
    EXPECT_EQ(test::tables_of(plan), first) << jobs << " threads";
    const std::string page = test::file_text(plan.out / "report.html");
    if (jobs == 1) first_page = page;
    EXPECT_TRUE(page == first_page && !page.empty()) << jobs << " threads";
    EXPECT_EQ(count_rows(plan.out / "study.sqlite", "SELECT count(*) FROM members WHERE status = 'finished'"), 32);
    EXPECT_EQ(count_rows(plan.out / "study.sqlite", "SELECT count(*) FROM outcomes"), 32 * 13);
  }
  EXPECT_THAT(first, HasSubstr("chemokine[nM]"));
  EXPECT_THAT(first, HasSubstr("CCL2 95% + death 100%"));
}

TEST(StudyRun, A_member_has_the_outcomes_and_the_state_of_a_run_in_a_folder) {
  const test::TinyStudy study(small_study());
  const test::TinyStudy kept(small_study("keep = \"folders\"\nset = { \"time.duration\" = \"8 h\" }\n"));
  const std::vector<std::string> one{"study.seeds=1"};
  const auto plan = study.plan("out", one), kept_plan = kept.plan("out", one);
  static_cast<void>(test::run(plan));
  static_cast<void>(test::run(kept_plan));
  EXPECT_EQ(test::tables_of(plan), test::tables_of(kept_plan));
  EXPECT_TRUE(fs::exists(kept_plan.out / "runs" / "f0-c0-v1-s1" / "summary.csv"));
  EXPECT_FALSE(fs::exists(plan.out / "runs"));
}

TEST(StudyRun, Stopped_after_some_members_and_with_a_damaged_record_it_ends_with_the_same_tables) {
  const test::TinyStudy study(small_study());
  const auto whole = study.plan("whole"), broken = study.plan("broken");
  static_cast<void>(test::run(whole));

  std::atomic<bool> stop = false;
  RunStudyOptions options;
  options.stop = &stop;
  options.progress = [&](const StudyProgress& p) { stop = p.done >= 3; };
  const auto part = run_study(broken, options);
  EXPECT_TRUE(part.stopped);
  EXPECT_EQ(part.members.size(), 3U);

  // As a power cut could leave it: a record cut short, one half written, no catalogue.
  const auto record = broken.out / record_file(broken.members[1]);
  const std::string text = test::file_text(record);
  std::ofstream(record, std::ios::binary) << text.substr(0, text.size() / 2);
  std::ofstream(broken.out / (record_file(broken.members[4]).string() + ".partial")) << "{";
  fs::remove(broken.out / "study.sqlite");

  const auto rest = test::run(broken);
  EXPECT_EQ(rest.simulated, 4U) << "three that never ran, and the damaged one";
  EXPECT_EQ(test::tables_of(broken), test::tables_of(whole));
  EXPECT_EQ(count_rows(broken.out / "study.sqlite", "SELECT count(*) FROM members"), 6);
  EXPECT_EQ(test::run(broken).simulated, 0U) << "nothing is left to do";
}

TEST(StudyRun, More_seeds_go_on_in_the_folder_and_another_plan_is_refused) {
  const test::TinyStudy study(small_study());
  static_cast<void>(test::run(study.plan("out", {"study.seeds=1"})));
  EXPECT_EQ(test::run(study.plan("out")).simulated, 3U);
  const auto plan = study.plan("out");
  const std::string before = test::tables_of(plan), manifest_before = test::file_text(plan.out / "run.json");
  const auto refused = [&](const StudyPlan& other, const char* what) {
    try {
      static_cast<void>(test::run(other));
      ADD_FAILURE() << what;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), "E8203");
      EXPECT_THAT(error.render(), ::testing::AllOf(HasSubstr(what), HasSubstr("/out'"), HasSubstr("--out")));
    }
    EXPECT_EQ(test::tables_of(plan), before) << "what has run is left as it was";
  };
  refused(study.plan("out", {"study.levels=[0.5]"}), "another study");
  EXPECT_EQ(test::file_text(plan.out / "run.json"), manifest_before);
  std::string manifest = test::file_text(plan.out / "run.json");
  const std::string version = "\"senoma_version\": \"";
  manifest.insert(manifest.find(version) + version.size(), "9");
  std::ofstream(plan.out / "run.json", std::ios::binary) << manifest;
  refused(plan, "a study of Senoma 9");
}

TEST(StudyRun, Only_some_targets_may_run_first) {
  const test::TinyStudy study(small_study());
  const auto plan = study.plan("out");
  RunStudyOptions options;
  options.only = {"death"};
  EXPECT_EQ(run_study(plan, options).simulated, 4U);
  EXPECT_EQ(test::run(plan).simulated, 2U);
  options.only = {"deth"};
  EXPECT_THROW(static_cast<void>(run_study(plan, options)), Error);
}

TEST(StudyRun, A_member_that_fails_is_recorded_with_its_reason_and_the_others_go_on) {
  const std::string text = small_study() +
                           "[[study.drug]]\nname = \"poison\"\n"
                           "set = { \"cell.melanoma.transition[arrest].hazard\" = \"0.1 [1/h] - 1 [1/h]\" }\n";
  const test::TinyStudy study(text);
  const auto plan = study.plan("out");
  const auto result = test::run(plan, 2);
  EXPECT_EQ(result.members.size(), 8U);
  EXPECT_EQ(result.failed, 2U);
  EXPECT_FALSE(result.stopped);
  for (const auto& m : result.members) EXPECT_EQ(m.status, m.variant == "poison" ? "failed" : "finished") << m.error;
  EXPECT_THAT(test::file_text(plan.out / "members.csv"), HasSubstr("poison,1,failed,"));
  EXPECT_EQ(test::run(plan).simulated, 0U) << "a failure is a result";
}

TEST(StudyRun, With_a_cohort_a_seed_is_a_patient_as_in_a_run_of_the_experiment) {
  const test::TinyStudy study(small_study());
  const auto file = study.folder.write("tiny.toml", std::string(test::tiny_model()) +
                                                        "[cohort.vary.loss]\nkey = \"cell.melanoma.hazard.apoptosis\"\n"
                                                        "distribution = \"loguniform(0.001 1/h, 0.05 1/h)\"\n");
  const auto members = test::run(study.plan("out")).members;
  ExperimentOptions options;
  options.file = file;
  options.only_arm = "drug";
  options.overrides = {"time.duration=\"8 h\""};
  options.n_seeds = 2;
  options.out = study.folder.path("experiment");
  const auto runs = run_experiment(plan_experiment(options), options).members[0];
  ASSERT_EQ(members.size(), 6U);
  for (const std::size_t s : {0U, 1U}) {
    EXPECT_EQ(members[3 * s].model_hash, runs[s].model_hash);
    EXPECT_EQ(members[3 * s].state_hash, runs[s].state_hash);
  }
  EXPECT_NE(members[0].model_hash, members[3].model_hash);
}

TEST(StudyRun, Forked_members_equal_the_whole_runs_of_their_variants_bit_for_bit) {
  const std::string late =
      "[[study.timing]]\nname = \"late\"\nstart = \"12 h\"\n[[study.drug]]\nname = \"second dose\"\n"
      "set = { \"drug.drug.schedule\" = [ { dose = \"30 mg\", at = [\"6 h\", \"13 h\"] } ] }\n";
  const std::string until = "set = { \"time.duration\" = \"16 h\" }\n";
  const test::TinyStudy whole(small_study(until + late)), forked(small_study(until + "fork_at = \"12 h\"\n" + late));
  const auto whole_plan = whole.plan("out"), forked_plan = forked.plan("out");
  ASSERT_TRUE(forked_plan.forks(forked_plan.members[1]));
  const auto members = test::run(whole_plan).members;
  for (std::size_t v = 1; v < 4; ++v) EXPECT_NE(members[v].state_hash, members[0].state_hash) << members[v].variant;
  for (const int jobs : {1, 4}) {
    const auto plan = forked.plan("out" + std::to_string(jobs));
    static_cast<void>(test::run(plan, jobs));
    EXPECT_EQ(test::tables_of(plan), test::tables_of(whole_plan)) << jobs << " threads";
  }
}

}  // namespace
}  // namespace senoma::study
