#include "results/run_folder.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "temporary_folder.h"

namespace senoma::results {
namespace {

Manifest example() {
  Manifest m;
  m.senoma_version = "0.1.0";
  m.versions = {{"fmt", "9.1"}};
  m.instruction_set = "x86-64-v3";
  m.title = "Relapse under <fotemustine> & \"rest\"";
  m.model_hash = "00ff00ff00ff00ff";
  m.seed = 0xfedcba9876543210ULL;  // more than a double can hold
  m.threads = 2;
  m.end_time = 86400;
  m.state_hash = "1234567890abcdef";
  m.warnings = {"the summary is short"};
  m.accuracy = {{"ledger_relative_error[1]", 3e-15}};
  m.wall_seconds = 12.5;
  m.pass_seconds = {{"fields", 7.5}, {"network", 5.0}};
  return m;
}

TEST(RunFolder, A_manifest_reads_back_the_same) {
  const Manifest m = example();
  const std::string text = to_json(m);
  EXPECT_EQ(to_json(manifest_from_json(text, "run.json")), text);
  EXPECT_EQ(manifest_from_json(text, "run.json").seed, m.seed);
  EXPECT_EQ(error_code_of([&] { (void)manifest_from_json(text.substr(0, text.size() / 2), "run.json"); }), "E6006");
  EXPECT_EQ(error_code_of([] { (void)manifest_from_json("{}", "run.json"); }), "E6006");
}

TEST(RunFolder, A_new_run_has_a_manifest_at_once) {
  const TemporaryFolder folder;
  const RunFolder run = RunFolder::create(folder / "out/a", example());
  EXPECT_EQ(read_manifest(folder / "out/a").status, RunStatus::running);
  EXPECT_FALSE(run.resumed());
}

TEST(RunFolder, A_folder_of_another_run_is_refused_and_left_untouched) {
  const TemporaryFolder folder;
  { RunFolder::create(folder / "a", example()).write_text("summary.csv", "time[min]\n"); }
  std::string message;
  EXPECT_EQ(error_code_of([&] { (void)RunFolder::create(folder / "a", example()); }, &message), "E6001");
  EXPECT_NE(message.find("--out"), std::string::npos) << message;
  EXPECT_EQ(read_file(folder / "a/summary.csv"), "time[min]\n");
  Manifest other = example();
  other.model_hash = "0";
  EXPECT_EQ(error_code_of([&] { (void)RunFolder::create_or_reopen(folder / "a", other); }), "E6001");
}

TEST(RunFolder, A_folder_with_a_users_files_is_refused_without_a_trace) {
  const TemporaryFolder folder;
  replace_file(folder / "thesis.txt", "years of work");
  EXPECT_EQ(error_code_of([&] { (void)RunFolder::create(folder.path(), example()); }), "E6001");
  EXPECT_FALSE(std::filesystem::exists(folder / ".lock"));
  EXPECT_EQ(error_code_of([&] { (void)RunFolder::create(folder / "thesis.txt", example()); }), "E6001");
  EXPECT_EQ(error_code_of([&] { (void)RunFolder::reopen(folder.path(), "x"); }), "E6004");
}

TEST(RunFolder, A_second_writer_is_refused_and_told_the_process) {
  const TemporaryFolder folder;
  const RunFolder run = RunFolder::create(folder / "a", example());
  std::string message;
  EXPECT_EQ(error_code_of([&] { (void)RunFolder::reopen(folder / "a", example().model_hash); }, &message), "E6002");
  EXPECT_NE(message.find(std::to_string(::getpid())), std::string::npos) << message;
}

TEST(RunFolder, A_killed_run_can_be_reopened_and_a_finished_one_cannot) {
  const TemporaryFolder folder;
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const RunFolder run = RunFolder::create(folder / "a", example());
    ::_exit(0);  // no destructor runs: as after a kill
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  RunFolder run = RunFolder::create_or_reopen(folder / "a", example());
  EXPECT_TRUE(run.resumed());
  run.log("resumed");
  run.flush();
  EXPECT_EQ(read_file(folder / "a/log.txt"), "resumed\n");
  Manifest done = example();
  done.status = RunStatus::finished;
  run.write_manifest(done);
  { const RunFolder released = std::move(run); }
  EXPECT_EQ(error_code_of([&] { (void)RunFolder::create_or_reopen(folder / "a", example()); }), "E6001");
}

TEST(RunFolder, Equal_files_have_equal_hashes) {
  const TemporaryFolder folder;
  replace_file(folder / "a", "same");
  replace_file(folder / "b", "same");
  replace_file(folder / "c", "other");
  EXPECT_EQ(file_hash(folder / "a"), file_hash(folder / "b"));
  EXPECT_NE(file_hash(folder / "a"), file_hash(folder / "c"));
}

}  // namespace
}  // namespace senoma::results
