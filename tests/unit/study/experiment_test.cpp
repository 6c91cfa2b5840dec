#include "study/experiment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "study/answer.h"
#include "study/report.h"
#include "tiny_model.h"

namespace senoma::study {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

ExperimentOptions options_for(const std::string& file, const std::string& out, int jobs) {
  ExperimentOptions o;
  o.file = file;
  o.out = out;
  o.jobs = jobs;
  return o;
}

ExperimentResult run(const ExperimentOptions& o) { return run_experiment(plan_experiment(o), o); }

std::vector<std::string> hashes(const ExperimentResult& r) {
  std::vector<std::string> list;
  for (const auto& arm : r.members) {
    for (const auto& m : arm) list.push_back(m.state_hash + " " + m.summary_hash);
  }
  return list;
}

TEST(Experiment, Arms_and_seeds_fill_the_folder_and_hashes_do_not_depend_on_the_threads) {
  const test::Folder folder;
  const auto file = folder.write("tiny.toml", test::tiny_model());
  std::vector<std::string> first;
  for (const int jobs : {1, 4}) {
    const auto result = run(options_for(file, folder.path("out" + std::to_string(jobs)), jobs));
    ASSERT_FALSE(result.first_error());
    ASSERT_EQ(result.arms.size(), 2U);
    ASSERT_EQ(result.seeds.size(), 2U);
    if (jobs == 1) first = hashes(result);
    EXPECT_EQ(hashes(result), first) << jobs << " threads";
  }
  EXPECT_NE(first[0], first[1]) << "seeds differ";
  EXPECT_NE(first[0], first[2]) << "arms differ";
  const fs::path member = folder.path("out1/arms/drug/seed-1");
  for (const char* name : {"run.json", "model.resolved.toml", "summary.csv", "events.csv", "cells.zarr",
                           "fields.ome.zarr", "log.txt", "maps.json"}) {
    EXPECT_TRUE(fs::exists(member / name)) << name;
  }
  EXPECT_FALSE(fs::exists(folder.path("out1/arms/drug/seed-2/cells.zarr"))) << "frames are kept for the first seed";
  EXPECT_THAT(test::file_text(member / "summary.csv"), HasSubstr("time[h],burden[um^3],senescent[1]"));
  EXPECT_THAT(test::file_text(folder.path("out1/run.json")), HasSubstr("\"kind\": \"experiment\""));
}

TEST(Experiment, One_run_has_the_same_bits_on_one_and_four_threads_inside) {
  const test::Folder folder;
  const auto file = folder.write("tiny.toml", test::tiny_model());
  std::vector<std::string> first;
  for (const int jobs : {1, 2, 4}) {
    auto o = options_for(file, folder.path("single" + std::to_string(jobs)), jobs);
    o.only_arm = "drug";
    o.first_seed = 5;
    const auto result = run(o);
    EXPECT_TRUE(result.single);
    EXPECT_TRUE(fs::exists(fs::path(o.out) / "summary.csv")) << "a single run is its own folder";
    if (jobs == 1) first = hashes(result);
    EXPECT_EQ(hashes(result), first) << jobs << " threads";
  }
}

TEST(Experiment, Contexts_of_arms_and_of_the_command_line_are_written_down_and_kept_when_it_goes_on) {
  const test::Folder folder;
  fs::create_directories(folder.path("contexts"));
  folder.write("contexts/slow.toml",
               "[context]\ntitle = \"Slow\"\n[cell.melanoma]\ncycle = { model = \"live\", duration = \"400 h\" }\n");
  folder.write("contexts/leaky.toml",
               "[context]\ntitle = \"Leaky\"\n[cell.melanoma.secretion]\nCCL2 = \"50 molecules/min\"\n");
  const auto file = folder.write("tiny.toml", std::string(test::tiny_model()) + "contexts = [\"slow\"]\n");
  auto o = options_for(file, folder.path("out"), 2);
  o.contexts = {"leaky"};
  const auto plan = plan_experiment(o);
  EXPECT_EQ(plan.arms[0].model.resolved.contexts.size(), 1U);
  EXPECT_EQ(plan.arms[1].model.resolved.contexts.size(), 2U) << "the last arm has its own";
  EXPECT_NE(plan.hash, plan_experiment(options_for(file, "", 1)).hash);
  const auto first = run(o);
  ASSERT_FALSE(first.first_error());
  const std::string manifest = folder.path("out/arms/drug/seed-1/run.json");
  EXPECT_EQ(results::manifest_from_json(test::file_text(manifest), manifest).contexts,
            (std::vector<std::string>{"slow", "leaky"}));
  o.overrides = {};
  ExperimentOptions further;
  auto longer = plan_of_folder(folder.path("out"), "3 d", further);
  static_cast<void>(run_experiment(std::move(longer), further));
  EXPECT_EQ(results::manifest_from_json(test::file_text(manifest), manifest).contexts.size(), 2U);
}

std::string with_cohort(const std::string& more = "") {
  return std::string(test::tiny_model()) +
         "[cohort.vary.leak]\nkey = \"cell.melanoma.secretion.CCL2\"\n"
         "distribution = \"lognormal(5 molecules/min, 0.5)\"\n" +
         more;
}

TEST(Experiment, Arms_share_their_patients_whatever_the_number_of_threads) {
  const test::Folder folder;
  const auto file = folder.write("tiny.toml", with_cohort());
  const auto plain = run(options_for(folder.write("plain.toml", test::tiny_model()), folder.path("plain"), 2));
  const auto one = run(options_for(file, folder.path("one"), 1));
  const auto four = run(options_for(file, folder.path("four"), 4));
  ASSERT_FALSE(one.first_error());
  EXPECT_EQ(hashes(one), hashes(four));
  EXPECT_NE(hashes(one), hashes(plain));
  EXPECT_NE(one.hash, plain.hash);
  const auto patient = [&](const std::string& place) {
    const std::string path = folder.path("one/arms/" + place + "/run.json");
    return results::manifest_from_json(test::file_text(path), path).patient.at("leak");
  };
  EXPECT_EQ(patient("drug/seed-1"), patient("no-drug/seed-1")) << "paired";
  EXPECT_NE(patient("drug/seed-1"), patient("drug/seed-2"));
  EXPECT_THAT(patient("drug/seed-2"), HasSubstr("molecules/min"));
  EXPECT_THAT(test::file_text(folder.path("one/arms/drug/seed-2/model.resolved.toml")), HasSubstr("(cohort)"));
  const std::string table = test::file_text(folder.path("one/patients.csv"));
  EXPECT_THAT(table, ::testing::StartsWith("patient,leak[molecules/min]\n1,"));
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 3);
}

TEST(Experiment, A_cohort_is_read_back_extended_and_run_for_one_patient_alone) {
  const test::Folder folder;
  auto o = options_for(folder.write("tiny.toml", with_cohort()), folder.path("out"), 2);
  const auto first = run(o);
  EXPECT_TRUE(run(o).rerun);
  ExperimentOptions further;
  auto longer = run_experiment(plan_of_folder(folder.path("out"), "3 d", further), further);
  ASSERT_FALSE(longer.first_error());
  auto whole = options_for(o.file, folder.path("whole"), 2);
  whole.overrides = {"time.duration=\"3 d\""};
  EXPECT_EQ(hashes(longer), hashes(run(whole))) << "the patients are those of the folder";
  auto alone = options_for(o.file, folder.path("alone"), 1);
  alone.only_arm = "drug";
  alone.first_seed = 2;
  const auto single = run(alone);
  EXPECT_EQ(single.members[0][0].state_hash, first.members[1][1].state_hash);
  EXPECT_THAT(test::file_text(folder.path("alone/patients.csv")), HasSubstr("\n2,"));
  auto other = o;
  other.overrides = {"cohort.seed=2"};
  EXPECT_THROW(static_cast<void>(run(other)), Error) << "other patients do not fit into the folder";
}

TEST(Experiment, A_patient_that_makes_no_model_is_refused_before_anything_is_written) {
  const test::Folder folder;
  const auto file = folder.write(
      "tiny.toml", with_cohort("[cohort.vary.volume]\nkey = \"cell.melanoma.volume.target\"\ndistribution = "
                               "\"normal(-5 um^3, 1 um^3)\"\n"));
  try {
    static_cast<void>(run(options_for(file, folder.path("out"), 1)));
    FAIL() << "a negative volume";
  } catch (const Error& error) {
    EXPECT_THAT(error.render({}), HasSubstr("patient 1 of the cohort"));
  }
  EXPECT_FALSE(fs::exists(folder.path("out")));
}

TEST(Experiment, A_finished_folder_answers_again_and_a_removed_member_is_run_again_alone) {
  const test::Folder folder;
  const auto o = options_for(folder.write("tiny.toml", test::tiny_model()), folder.path("out"), 2);
  const auto first = run(o);
  write_answer(first);
  const auto again = run(o);
  EXPECT_TRUE(again.rerun);
  EXPECT_EQ(hashes(again), hashes(first));
  EXPECT_EQ(answer(again).words, answer(first).words);
  fs::remove_all(folder.path("out/arms/drug/seed-2"));
  const auto kept = fs::last_write_time(folder.path("out/arms/drug/seed-1/summary.csv"));
  const auto resumed = run(o);
  EXPECT_FALSE(resumed.rerun);
  EXPECT_EQ(hashes(resumed), hashes(first));
  EXPECT_EQ(fs::last_write_time(folder.path("out/arms/drug/seed-1/summary.csv")), kept)
      << "finished members are left alone";
}

TEST(Experiment, More_seeds_extend_a_finished_folder) {
  const test::Folder folder;
  auto o = options_for(folder.write("tiny.toml", test::tiny_model()), folder.path("out"), 2);
  const auto first = run(o);
  o.n_seeds = 3;
  const auto more = run(o);
  ASSERT_EQ(more.members[1].size(), 3U);
  EXPECT_EQ(more.members[1][0].state_hash, first.members[1][0].state_hash);
  EXPECT_TRUE(more.members[1][2].good());
}

TEST(Experiment, A_folder_of_another_model_is_refused_untouched) {
  const test::Folder folder;
  auto o = options_for(folder.write("tiny.toml", test::tiny_model()), folder.path("out"), 2);
  static_cast<void>(run(o));
  const std::string before = test::file_text(folder.path("out/run.json"));
  o.overrides = {"cell.melanoma.cycle.duration=\"30 h\""};
  try {
    static_cast<void>(run(o));
    FAIL() << "expected E6001";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "E6001");
    EXPECT_EQ(error.kind(), ErrorKind::input_output);
  }
  EXPECT_EQ(test::file_text(folder.path("out/run.json")), before);
}

TEST(Experiment, A_stop_leaves_a_folder_that_the_same_command_completes) {
  const test::Folder folder;
  auto o = options_for(folder.write("tiny.toml", test::tiny_model()), folder.path("out"), 1);
  std::atomic<bool> stop{false};
  o.stop = &stop;
  int reports = 0;
  o.progress = [&](const results::Progress&) { stop = ++reports >= 2; };  // in the second member
  const auto stopped = run(o);
  EXPECT_TRUE(stopped.stopped);
  EXPECT_THAT(test::file_text(folder.path("out/run.json")), HasSubstr("\"stopped\""));
  stop = false;
  o.progress = {};
  const auto complete = run(o);
  EXPECT_FALSE(complete.stopped);
  const auto fresh = run(options_for(o.file, folder.path("fresh"), 2));
  EXPECT_EQ(hashes(complete), hashes(fresh));
}

TEST(Experiment, A_donors_medium_starts_the_recipient) {
  const test::Folder folder;
  folder.write(
      "tiny.toml",
      std::string(test::tiny_model()) +
          "\n[substrates.ECM]\nunit = \"1\"\ninitial = 0\n[[readout]]\nname = \"ECM\"\nover = \"world\"\nvalue = \"ECM.mean\"\n");
  const auto file = folder.write("recipient.toml", R"TOML(extends = "tiny.toml"
[substrates.ECM]
initial = 1
[experiment]
seeds = 2
reference = "no drug"
[[arm]]
name = "no drug"
[[arm]]
name = "drug"
[[arm]]
name = "conditioned"
donor = "tiny.toml"
donor_arm = "drug"
[[arm]]
name = "conditioned again"
donor = "tiny.toml"
donor_arm = "drug"
[[arm]]
name = "diluted"
donor = "tiny.toml"
donor_arm = "drug"
donor_share = 0.25
)TOML");
  const auto result = run(options_for(file, folder.path("out"), 2));
  ASSERT_FALSE(result.first_error());
  const auto donor = read_member(folder.path("out/donors/conditioned/seed-1"));
  EXPECT_GT(donor.final_medium.at("CCL2"), 0.0);
  EXPECT_FALSE(fs::exists(folder.path("out/donors/conditioned-again"))) << "a shared donor runs once";
  const auto& recipient = result.members[3][0];
  EXPECT_DOUBLE_EQ(recipient.summary.column("ECM").front(), 1.0) << "a matrix is no medium";
  EXPECT_EQ(recipient.state_hash, result.members[2][0].state_hash);
  EXPECT_NEAR(recipient.summary.column("CCL2").front(), donor.final_medium.at("CCL2"),
              1e-9 * donor.final_medium.at("CCL2"));
  EXPECT_DOUBLE_EQ(result.members[0][0].summary.column("CCL2").front(), 0.0);
  EXPECT_FALSE(fs::exists(folder.path("out/donors/diluted"))) << "diluted medium comes from the same donor";
  const auto& diluted = result.members[4][0];
  EXPECT_NEAR(diluted.summary.column("CCL2").front(), 0.25 * donor.final_medium.at("CCL2"),
              1e-9 * donor.final_medium.at("CCL2"));
  EXPECT_NE(result.arms[4].hash, result.arms[3].hash);
  EXPECT_EQ(read_experiment_folder(folder.path("out")).arms[4].hash, result.arms[4].hash);
}

TEST(Experiment, A_folder_read_back_gives_the_same_answer_and_report) {
  const test::Folder folder;
  const auto result = run(options_for(folder.write("tiny.toml", test::tiny_model()), folder.path("out"), 2));
  write_answer(result);
  const auto back = read_experiment_folder(folder.path("out"));
  EXPECT_EQ(answer(back).words, answer(result).words);
  EXPECT_EQ(answer(back).table.rows, answer(result).table.rows);
  const auto& work = result.members[1][1].field_work;
  EXPECT_EQ(back.members[1][1].field_work, work);
  ASSERT_EQ(work.size(), 1u);
  EXPECT_EQ(work[0].first, "CCL2");
  EXPECT_EQ(work[0].second.substeps, 48u);  // 2 days in steps of an hour
  EXPECT_EQ(work[0].second.most_substeps, 1u);
  EXPECT_GE(work[0].second.iterations, work[0].second.substeps);
  EXPECT_GE(work[0].second.most_iterations * 48, work[0].second.iterations);
  EXPECT_EQ(field_work_table(back).rows, field_work_table(result).rows);
  const std::string html = test::file_text(folder.path("out/report.html"));
  for (const char* part : {"What was asked", "The answer", "The tumour over time", "Cells by state over time",
                           "What the cells secrete", "The tissue", "Fields", "Parameters and their sources"}) {
    EXPECT_THAT(html, HasSubstr(part));
  }
  EXPECT_TRUE(fs::exists(folder.path("out/arms/drug/seed-2/report.html")));
  EXPECT_THAT(test::file_text(folder.path("out/arms.csv")), HasSubstr("\"drug\",2,"));
}

TEST(Experiment, What_fails_while_running_is_recorded_in_the_manifest) {
  const test::Folder folder;
  std::string text = test::tiny_model();
  text += "\n[[readout]]\nname = \"gone\"\nover = \"world\"\nvalue = \"no_such_signal\"\n";
  const auto o = options_for(folder.write("bad.toml", text), folder.path("out"), 1);
  EXPECT_THROW(static_cast<void>(run(o)), Error) << "binding fails before a member's folder exists";
  EXPECT_FALSE(fs::exists(folder.path("out/arms/no-drug/seed-1")));
}

TEST(Warnings, Those_that_differ_only_in_their_count_become_one_with_its_range) {
  ExperimentResult result;
  result.members.resize(2);
  result.members[0].resize(2);
  result.members[1].resize(1);
  result.members[0][0].warnings = {"7 steps redone", "a dose lies late"};
  result.members[0][1].warnings = {"12 steps redone", "a dose lies late"};
  result.members[1][0].warnings = {"9 steps redone"};
  EXPECT_EQ(merged_warnings(result),
            (std::vector<std::string>{"a dose lies late", "7 to 12 steps redone, in each of 3 runs"}));
}

}  // namespace
}  // namespace senoma::study
