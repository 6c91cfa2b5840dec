// Interrupted, extended and branched runs inside the library: the same files as undisturbed ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "results/checkpoint_file.h"
#include "study/branch.h"
#include "study/experiment.h"
#include "study/saved_run.h"
#include "tiny_model.h"

namespace senoma::study {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// The drug arm, one seed, steps of 1 h for 2 d; ends by default between two rows.
ExperimentOptions one(const test::Folder& folder, const std::string& out, const std::string& until = "") {
  ExperimentOptions o;
  o.file = folder.write("tiny.toml", test::tiny_model());
  o.only_arm = "drug";
  o.first_seed = 5;
  if (!until.empty()) o.overrides = {"time.duration=\"" + until + "\""};
  o.out = folder.path(out);
  o.save.every_seconds = 0;
  return o;
}

ExperimentResult run(const ExperimentOptions& o) { return run_experiment(plan_experiment(o), o); }

ExperimentResult resume(const std::string& out, const std::string& until, ExperimentOptions o = {}) {
  o.strict = true;
  const auto plan = plan_of_folder(out, until, o);
  return run_experiment(plan, o);
}

/// Stops the run after `steps` progress reports or so, by the stop flag.
ExperimentResult stop_early(ExperimentOptions o) {
  std::atomic<bool> stop{false};
  o.stop = &stop;
  o.progress = [&](const results::Progress&) { stop = true; };
  return run(o);
}

void expect_same_files(const fs::path& a, const fs::path& b) {
  for (const char* name : {"summary.csv", "populations.csv", "secretome.csv", "events.csv", "maps.json"})
    EXPECT_EQ(test::file_text(a / name), test::file_text(b / name)) << name;
  for (const char* store : {"cells.zarr", "fields.ome.zarr"}) {
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(a / store)) {
      if (!entry.is_regular_file()) continue;
      ++files;
      const auto other = b / fs::relative(entry.path(), a);
      EXPECT_TRUE(fs::exists(other) && test::file_text(entry.path()) == test::file_text(other)) << other;
    }
    for (const auto& entry : fs::recursive_directory_iterator(b / store)) files -= entry.is_regular_file() ? 1U : 0U;
    EXPECT_EQ(files, 0U) << store;
  }
}

TEST(Resume, A_stopped_run_goes_on_from_its_state_on_another_number_of_threads) {
  const test::Folder folder;
  const auto calm = run(one(folder, "calm"));
  auto o = one(folder, "out");
  const auto stopped = stop_early(o);
  ASSERT_TRUE(stopped.stopped);
  ASSERT_LT(stopped.members[0][0].time, 2 * 1440.0);
  o.jobs = 4;
  const auto resumed = run(o);
  EXPECT_EQ(resumed.members[0][0].resumed_from, stopped.members[0][0].time);
  EXPECT_EQ(resumed.members[0][0].state_hash, calm.members[0][0].state_hash);
  EXPECT_EQ(resumed.members[0][0].counts, calm.members[0][0].counts);
  EXPECT_EQ(resumed.members[0][0].field_work, calm.members[0][0].field_work);
  expect_same_files(calm.out, resumed.out);
}

TEST(Resume, Beyond_its_end_a_run_is_the_longer_one_also_when_its_end_lay_between_rows_and_frames) {
  const test::Folder folder;
  const auto calm = run(one(folder, "calm", "60 h"));
  (void)run(one(folder, "out", "27 h"));  // rows every 6 h, frames every 2 d
  const auto extended = resume(folder.path("out"), "60 h");
  EXPECT_EQ(extended.members[0][0].state_hash, calm.members[0][0].state_hash);
  EXPECT_EQ(extended.members[0][0].model_hash, calm.members[0][0].model_hash);
  expect_same_files(calm.out, extended.out);
  EXPECT_TRUE(run(one(folder, "out", "60 h")).rerun) << "it is now what the longer request asks for";
}

TEST(Resume, Frames_that_follow_from_the_duration_stay_as_they_were) {
  test::Folder folder;
  std::string text = test::tiny_model();
  text.replace(text.find("frames = \"2 d\"\nsummary = \"6 h\"\n"), 31, "");
  text.replace(text.find("step = \"1 h\""), 12, "step = \"6 min\"");
  auto o = one(folder, "out", "10 h");
  o.file = folder.write("tiny.toml", text);
  (void)stop_early(o);
  ExperimentOptions more;
  const auto plan = plan_of_folder(folder.path("out"), "16 h", more);  // a new run of 16 h has a row every 12 min
  EXPECT_EQ(plan.arms.at(0).model.description.duration, 16 * 60.0);
  EXPECT_EQ(plan.arms.at(0).model.description.output_every, 6.0);
  EXPECT_EQ(plan.arms.at(0).model.description.summary_every, 6.0);
}

TEST(Resume, The_resolved_model_keeps_where_its_values_came_from) {
  const test::Folder folder;
  (void)run(one(folder, "out", "27 h"));
  const std::string before = test::file_text(folder.path("out/model.resolved.toml"));
  (void)resume(folder.path("out"), "30 h");
  const std::string after = test::file_text(folder.path("out/model.resolved.toml"));
  const auto line = before.find("cycle = ");
  const std::string cycle = before.substr(line, before.find('\n', line) - line);
  EXPECT_THAT(cycle, HasSubstr("tiny.toml:"));
  EXPECT_THAT(after, HasSubstr(cycle));
  EXPECT_THAT(after, HasSubstr("to go on"));
}

TEST(Resume, What_is_finished_or_further_already_is_told) {
  const test::Folder folder;
  (void)run(one(folder, "out", "27 h"));
  for (const char* until : {"", "20 h", "27 h"}) {
    try {
      (void)resume(folder.path("out"), until);
      ADD_FAILURE() << "until '" << until << "'";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), "E6024") << until;
    }
  }
  auto none = one(folder, "none");
  none.must_resume = true;
  EXPECT_THROW((void)run(none), Error);
  EXPECT_FALSE(fs::exists(none.out));
}

TEST(Resume, Without_a_final_state_a_finished_run_cannot_be_extended_and_stays_as_it_is) {
  const test::Folder folder;
  auto o = one(folder, "out", "27 h");
  o.save.at_end = false;
  (void)run(o);
  EXPECT_FALSE(fs::exists(folder.path("out/checkpoints")));
  const std::string before = test::file_text(folder.path("out/summary.csv"));
  try {
    (void)resume(folder.path("out"), "40 h");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "E6024");
  }
  EXPECT_EQ(test::file_text(folder.path("out/summary.csv")), before);
  EXPECT_EQ(results::read_manifest(folder.path("out")).status, results::RunStatus::finished);
}

TEST(Resume, An_experiment_goes_on_and_is_extended_without_its_files_donors_included) {
  const test::Folder folder;
  folder.write("tiny.toml", test::tiny_model());
  const auto file = folder.write("recipient.toml", R"TOML(extends = "tiny.toml"
[[arm]]
name = "no drug"
[[arm]]
name = "drug"
[[arm]]
name = "conditioned"
donor = "tiny.toml"
donor_arm = "drug"
)TOML");
  const auto options = [&](const std::string& out, const std::string& until) {
    ExperimentOptions o;
    o.file = file;
    o.out = folder.path(out);
    o.jobs = 2;
    o.overrides = {"time.duration=\"" + until + "\""};
    return o;
  };
  const auto calm = run(options("calm", "40 h"));
  const auto stopped = stop_early(options("out", "30 h"));
  ASSERT_TRUE(stopped.stopped);
  fs::remove(file);
  fs::remove(folder.path("tiny.toml"));
  ExperimentOptions o;
  o.jobs = 2;
  const auto resumed = resume(folder.path("out"), "", o);
  EXPECT_FALSE(resumed.stopped);
  const auto extended = resume(folder.path("out"), "40 h", o);
  ASSERT_EQ(extended.members.size(), 3U);
  for (std::size_t a = 0; a < 3; ++a) {
    for (std::size_t s = 0; s < 2; ++s)
      EXPECT_EQ(extended.members[a][s].state_hash, calm.members[a][s].state_hash) << a << " " << s;
  }
  EXPECT_EQ(results::read_manifest(folder.path("out")).model_hash,
            results::read_manifest(folder.path("calm")).model_hash);
  EXPECT_FALSE(fs::exists(folder.path("out/arms/drug/seed-2/cells.zarr"))) << "frames as they were asked for";
}

ExperimentOptions into(const test::Folder& folder, const std::string& out) {
  ExperimentOptions o;
  o.out = folder.path(out);
  o.save.every_seconds = 0;
  return o;
}

TEST(Branch, Without_changes_it_is_the_original_whether_a_state_was_saved_there_or_not) {
  const test::Folder folder;
  auto o = one(folder, "calm");
  o.save.at = {12 * 60.0, 24 * 60.0};
  const auto calm = run(o);
  EXPECT_EQ(results::list_checkpoints(calm.out / "checkpoints").size(), 3U);
  for (const double hour : {0.0, 7.0, 12.0, 29.0, 48.0}) {
    const std::string out = "branch" + std::to_string(hour);
    const auto forked = branch({calm.out, hour * 60.0, {}, ""}, into(folder, out));
    ASSERT_FALSE(forked.first_error()) << hour;
    EXPECT_EQ(forked.members[0][0].state_hash, calm.members[0][0].state_hash) << hour;
    expect_same_files(calm.out, folder.path(out));
  }
}

TEST(Branch, A_change_acts_from_the_fork_on_only) {
  const test::Folder folder;
  const auto calm = run(one(folder, "calm"));
  const auto forked =
      branch({calm.out, 24 * 60.0, {"cell.melanoma.hazard.apoptosis=\"0.2 1/h\""}, "60 h"}, into(folder, "out"));
  ASSERT_FALSE(forked.first_error());
  const auto &a = calm.members[0][0].summary, &b = forked.members[0][0].summary;
  const auto cells = *a.find("cells");
  for (std::size_t row = 0; row < a.times.size(); ++row) {
    ASSERT_EQ(a.times[row], b.times[row]);
    if (a.times[row] <= 24 * 60.0) {
      EXPECT_EQ(a.values[cells][row], b.values[cells][row]) << a.times[row];
    }
  }
  EXPECT_LT(b.values[cells].back(), 0.5 * a.values[cells].back());
  EXPECT_EQ(b.times.back(), 60 * 60.0);
  const auto manifest = results::read_manifest(folder.path("out"));
  EXPECT_THAT(manifest.origin, HasSubstr("branch of model " + calm.members[0][0].model_hash));
  EXPECT_THAT(manifest.overrides, ::testing::Contains(HasSubstr("apoptosis")));
  // A branch is a run like any other: it can be extended.
  const auto extended = resume(folder.path("out"), "70 h");
  EXPECT_FALSE(extended.first_error());
  EXPECT_EQ(results::read_manifest(folder.path("out")).origin, manifest.origin);
}

TEST(Branch, An_interrupted_one_is_completed_by_the_same_request) {
  const test::Folder folder;
  const auto calm = run(one(folder, "calm"));
  const BranchRequest request{calm.out, 24 * 60.0, {"cell.melanoma.hazard.apoptosis=\"0.02 1/h\""}, ""};
  const auto whole = branch(request, into(folder, "whole"));
  auto o = into(folder, "out");
  std::atomic<bool> stop{false};
  o.stop = &stop;
  for (const double later_than : {0.0, 24 * 60.0}) {  // in the original's part, then in the changed one
    stop = false;
    o.progress = [&](const results::Progress& p) { stop = stop || p.time > later_than; };
    EXPECT_TRUE(branch(request, o).stopped);
  }
  o.stop = nullptr;
  const auto done = branch(request, o);
  EXPECT_EQ(done.members[0][0].state_hash, whole.members[0][0].state_hash);
  expect_same_files(folder.path("whole"), folder.path("out"));
  EXPECT_EQ(branch(request, o).members[0][0].state_hash, whole.members[0][0].state_hash) << "the same answer again";
}

TEST(Branch, What_cannot_change_or_is_not_there_is_refused_before_anything_is_written) {
  const test::Folder folder;
  const auto calm = run(one(folder, "calm"));
  const auto refused = [&](const fs::path& from, double hour, const std::string& change, const std::string& code) {
    try {
      (void)branch({from, hour * 60.0, {change}, ""}, into(folder, "out"));
      ADD_FAILURE() << change;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << change << ": " << error.what();
    }
    EXPECT_FALSE(fs::exists(folder.path("out"))) << change;
  };
  refused(calm.out, 24, "time.step=\"30 min\"", "E5016");
  refused(calm.out, 24, "domain.spacing=\"10 um\"", "E5016");
  refused(calm.out, 49, "drug.drug.schedule=[]", "E6024");
  refused(folder.path("nowhere"), 24, "drug.drug.schedule=[]", "E6004");
  refused(calm.out, 24, "drug.drug.scedule=[]", "E1201");
}

}  // namespace
}  // namespace senoma::study
