// Kills, signals, full disks, damaged states, two writers: through the real program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "kill.h"
#include "results/checkpoint_file.h"

namespace senoma::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const std::vector<std::string> one_run{"--arm", "drug", "--seed", "3", "--until", "5 d"};

std::vector<std::string> run_command(const std::string& out, const std::vector<std::string>& more = {}) {
  std::vector<std::string> command{"run", "model.toml", "--progress", "none", "-o", out, "-j", "1"};
  command.insert(command.end(), one_run.begin(), one_run.end());
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

/// A folder with the model, the undisturbed run in calm/ and an interrupted one in out/ with two saved states.
struct Interrupted {
  Folder folder;
  std::map<std::string, std::string> calm;

  Interrupted() {
    folder.write("model.toml", stepping_model());
    EXPECT_EQ(senoma(folder, run_command("calm")).code, 0);
    calm = lasting_content(folder.path("calm"));
    for (int parts = 0; saved().size() < 2 && parts < 40; ++parts)
      EXPECT_EQ(senoma(folder, run_command("out", {"--max-walltime", "0.06 s"})).code, 75);
  }
  [[nodiscard]] std::vector<results::CheckpointEntry> saved() const {
    return results::list_checkpoints(folder.path("out/checkpoints"));
  }
  void expect_same_end() const {
    const auto end = lasting_content(folder.path("out"));
    for (const auto& [name, text] : calm) {
      ASSERT_TRUE(end.contains(name)) << name;
      EXPECT_TRUE(end.at(name) == text) << name << " differs";
    }
    EXPECT_EQ(end.size(), calm.size());
  }
};

void flip(const fs::path& file, std::uint64_t at) {
  std::fstream f(file, std::ios::in | std::ios::out | std::ios::binary);
  f.seekg(static_cast<std::streamoff>(at));
  const char c = static_cast<char>(f.get() ^ 0x10);
  f.seekp(static_cast<std::streamoff>(at));
  f.put(c);
}

TEST(Kill, At_random_moments_the_folder_stays_valid_and_the_end_has_the_same_bits) {
  kill_until_done("model.toml", one_run, 8, 0.4);
}

TEST(Signals, Each_saves_the_state_first_and_the_same_command_goes_on_to_the_same_bits) {
  const Folder folder;
  folder.write("model.toml", stepping_model());
  ASSERT_EQ(senoma(folder, run_command("calm")).code, 0);
  for (const auto& [signal, code] : {std::pair{SIGTERM, 75}, {SIGUSR1, 75}, {SIGINT, 130}}) {
    const std::string out = "out" + std::to_string(signal);
    Process run(folder, run_command(out));
    while (!fs::exists(folder.path(out + "/summary.csv"))) sleep_ms(2);
    sleep_ms(30);
    run.signal(signal);
    EXPECT_EQ(run.wait(), code) << run.errors();
    EXPECT_EQ(results::list_checkpoints(folder.path(out + "/checkpoints")).size(), 1U) << signal;
    EXPECT_THAT(file_text(folder.path(out + "/run.json")), HasSubstr("\"stopped\""));
    const auto end = senoma(folder, run_command(out, {"--resume"}));
    EXPECT_EQ(end.code, 0) << end.err;
    EXPECT_THAT(end.err, HasSubstr("goes on from"));
    EXPECT_EQ(lasting_content(folder.path(out)), lasting_content(folder.path("calm")));
  }
}

TEST(Signals, A_second_interrupt_ends_the_program_at_once) {
  const Folder folder;
  folder.write("model.toml", stepping_model());
  Process run(folder, run_command("out", {"-s", "time.step=\"1 min\""}));
  while (!fs::exists(folder.path("out/summary.csv"))) sleep_ms(2);
  run.signal(SIGINT);
  run.signal(SIGINT);
  EXPECT_EQ(run.wait(), 130);
}

TEST(Walltime, Members_of_an_experiment_stop_in_time_and_go_on_from_their_states) {
  const Folder folder;
  folder.write("model.toml", stepping_model());
  const std::vector<std::string> command{"run", "model.toml", "--progress", "none", "--until", "4 d", "-j", "2", "-o"};
  auto calm = command, cut = command;
  calm.push_back("calm");
  cut.push_back("cut");
  ASSERT_EQ(senoma(folder, calm).code, 0);
  auto limited = cut;
  limited.insert(limited.end(), {"--max-walltime", "0.1 s"});
  int parts = 0;
  Outcome o{75, "", ""};
  while (o.code == 75 && ++parts < 60) {
    o = senoma(folder, parts < 3 ? limited : cut);
    if (parts == 2) {
      EXPECT_THAT(o.err, HasSubstr("resuming cut: "));
    }
  }
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_GE(parts, 3);
  auto a = lasting_content(folder.path("calm")), b = lasting_content(folder.path("cut"));
  EXPECT_EQ(a.size(), b.size());
  for (const auto& [name, text] : a) EXPECT_TRUE(b[name] == text) << name;
}

TEST(Damage, A_flipped_bit_is_told_by_resume_with_the_state_before_and_passed_over_by_run) {
  const Interrupted run;
  const auto saved = run.saved();
  ASSERT_EQ(saved.size(), 2U);
  flip(saved[0].path, fs::file_size(saved[0].path) / 2);
  const auto refused = senoma(run.folder, {"resume", "out", "--progress", "none"});
  EXPECT_EQ(refused.code, 4);
  EXPECT_THAT(refused.err, HasSubstr("E6020"));
  EXPECT_THAT(refused.err, HasSubstr("--from out/checkpoints/" + saved[1].path.filename().string()));
  const auto passed = senoma(run.folder, run_command("out"));
  EXPECT_EQ(passed.code, 0) << passed.err;
  EXPECT_THAT(passed.err, HasSubstr("is damaged"));
  EXPECT_THAT(passed.err, HasSubstr("goes on from"));
  run.expect_same_end();
}

TEST(Damage, The_state_before_can_be_named_and_gives_the_same_end) {
  const Interrupted run;
  const auto saved = run.saved();
  ASSERT_EQ(saved.size(), 2U);
  fs::resize_file(saved[0].path, fs::file_size(saved[0].path) - 7);
  const auto end = senoma(run.folder, {"resume", "out", "--progress", "none", "--from", saved[1].path.string()});
  EXPECT_EQ(end.code, 0) << end.err;
  run.expect_same_end();
}

TEST(Damage, When_no_state_is_whole_the_run_starts_from_the_beginning_and_says_so) {
  const Interrupted run;
  for (const auto& entry : run.saved()) fs::resize_file(entry.path, 100);
  const auto end = senoma(run.folder, run_command("out"));
  EXPECT_EQ(end.code, 0) << end.err;
  EXPECT_THAT(end.err, HasSubstr("starts from the beginning"));
  run.expect_same_end();
}

TEST(Damage, A_state_of_another_seed_or_a_foreign_file_is_refused) {
  const Interrupted run;
  ASSERT_EQ(
      senoma(run.folder, {"run", "model.toml", "--arm", "drug", "--seed", "4", "--until", "5 d", "-o", "other"}).code,
      0);
  const auto other = results::list_checkpoints(run.folder.path("other/checkpoints"));
  ASSERT_EQ(other.size(), 1U);
  const auto seed = senoma(run.folder, {"resume", "out", "--from", other[0].path.string()});
  EXPECT_EQ(seed.code, 4);
  EXPECT_THAT(seed.err, HasSubstr("E6023"));
  const auto foreign = senoma(run.folder, {"resume", "out", "--from", "model.toml"});
  EXPECT_EQ(foreign.code, 4);
  EXPECT_THAT(foreign.err, HasSubstr("E6021"));
  EXPECT_EQ(senoma(run.folder, run_command("out")).code, 0);
  run.expect_same_end();
}

TEST(Disk, When_it_is_full_the_error_is_clear_and_the_run_goes_on_once_there_is_room) {
  const Interrupted run;
  const auto saved = run.saved();
  ASSERT_FALSE(saved.empty());
  const auto before = file_text(saved[0].path);
  // Room for what is there, not for what comes: first a table, then a checkpoint runs into it.
  for (const rlim_t limit :
       {rlim_t(fs::file_size(run.folder.path("out/events.csv")) + 500), rlim_t(before.size() / 2)}) {
    const auto full = senoma(run.folder, run_command("out", {"--checkpoint-every", "0.02 s"}), limit);
    EXPECT_EQ(full.code, 4) << full.err;
    EXPECT_THAT(full.err, HasSubstr("E6003"));
    EXPECT_THAT(full.err, HasSubstr("File too large"));
    EXPECT_EQ(senoma(run.folder, {"info", "out"}).code, 0);
    for (const auto& file : fs::recursive_directory_iterator(run.folder.path("out")))
      EXPECT_FALSE(file.path().string().ends_with(".partial")) << file.path();
  }
  const auto end = senoma(run.folder, run_command("out"));
  EXPECT_EQ(end.code, 0) << end.err;
  run.expect_same_end();
}

/// A file system of its own for one script; false where that is not allowed.
bool can_mount() { return std::system("unshare -Urm true 2>/dev/null") == 0; }

TEST(Disk, A_small_disk_that_fills_up_with_frames_leaves_whole_ones_and_the_run_goes_on_after_making_room) {
  if (!can_mount()) GTEST_SKIP() << "no private mounts here; the file size limit above stands in";
  const Folder folder;
  folder.write("model.toml", stepping_model());
  ASSERT_EQ(senoma(folder, run_command("calm")).code, 0);
  std::filesystem::create_directory(folder.path("disk"));
  std::string run = "'" SENOMA_PROGRAM "'";
  for (const auto& word : run_command("disk/out")) run += " '" + word + "'";
  folder.write("script.sh", "mount -t tmpfs -o size=800k tmpfs disk || exit 99\n" + run +
                                " 2>full.txt; echo $? >full.code\n"
                                "'" SENOMA_PROGRAM
                                "' info disk/out >info.txt 2>&1; echo $? >info.code\n"
                                "ls -A disk/out/cells.zarr >frames.txt\n"
                                "mount -o remount,size=64m disk || exit 98\n" +
                                run + " 2>after.txt; echo $? >after.code\ncp -r disk/out after\n");
  ASSERT_EQ(std::system(("cd '" + folder.path("") + "' && unshare -Urm sh script.sh").c_str()), 0);
  EXPECT_EQ(file_text(folder.path("full.code")), "4\n");
  const std::string error = file_text(folder.path("full.txt"));
  EXPECT_THAT(error, HasSubstr("E6003"));
  EXPECT_THAT(error, HasSubstr("No space left on device"));
  EXPECT_THAT(error, HasSubstr("make room on this disk, then type the same command again"));
  std::printf("%s\n", error.substr(error.rfind("error[")).c_str());
  EXPECT_EQ(file_text(folder.path("info.code")), "0\n") << file_text(folder.path("info.txt"));
  EXPECT_THAT(file_text(folder.path("frames.txt")), HasSubstr("frame_000000"));
  EXPECT_EQ(file_text(folder.path("frames.txt")).find(".partial"), std::string::npos);
  EXPECT_EQ(file_text(folder.path("after.code")), "0\n") << file_text(folder.path("after.txt"));
  EXPECT_EQ(lasting_content(folder.path("after")), lasting_content(folder.path("calm")));
}

TEST(Lock, A_second_run_into_the_same_folder_refuses_and_leaves_it_alone) {
  const Folder folder;
  folder.write("model.toml", stepping_model());
  Process first(folder, run_command("out", {"-s", "time.step=\"1 min\""}));
  while (!fs::exists(folder.path("out/summary.csv"))) sleep_ms(5);
  Folder elsewhere;  // its own streams
  elsewhere.write("model.toml", stepping_model());
  const auto second = senoma(elsewhere, run_command(folder.path("out"), {"-s", "time.step=\"1 min\""}));
  EXPECT_EQ(second.code, 4);
  EXPECT_THAT(second.err, HasSubstr("E6002"));
  const auto resume = senoma(elsewhere, {"resume", folder.path("out")});
  EXPECT_EQ(resume.code, 4);
  EXPECT_THAT(resume.err, HasSubstr("E6002"));
  first.signal(SIGTERM);
  EXPECT_EQ(first.wait(), 75) << first.errors();
}

}  // namespace
}  // namespace senoma::test
