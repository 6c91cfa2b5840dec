// The loop of kill -9: a run is killed at random moments and started again until it is done.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>

#include "base/philox.h"
#include "process.h"
#include "results/summary_table.h"
#include "study/experiment.h"

namespace senoma::test {

/// What anybody may expect of the folder at any moment.
inline void expect_valid(const Folder& folder, const std::string& run, int kill) {
  namespace fs = std::filesystem;
  const fs::path out = folder.path(run);
  if (!fs::exists(out / "run.json")) return;  // killed before the run had a name
  for (const char* name : {"summary.csv", "populations.csv", "secretome.csv", "events.csv"}) {
    if (!fs::exists(out / name) || fs::file_size(out / name) == 0) continue;
    EXPECT_NO_THROW((void)results::read_table(out / name, {.drop_partial_line = true}))
        << name << " after kill " << kill;
  }
  const auto info = senoma(folder, {"info", run});
  EXPECT_EQ(info.code, 0) << "after kill " << kill << ": " << info.err;
}

/// `share`: of the undisturbed run's time, the longest a part may live.
inline void kill_until_done(const std::string& file, const std::vector<std::string>& more, int n_kills, double share) {
  const Folder folder;
  folder.write("model.toml", stepping_model());
  std::vector<std::string> command{"run", file, "--progress", "none", "-o", "calm"};
  command.insert(command.end(), more.begin(), more.end());
  const auto start = std::chrono::steady_clock::now();
  const auto calm = senoma(folder, command);
  const double calm_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  ASSERT_EQ(calm.code, 0) << calm.err;
  command[5] = "killed";
  command.insert(command.end(), {"--checkpoint-every", "0.02 s"});
  const RandomStream random{static_cast<std::uint64_t>(::getpid()), 1, Stream::test};
  int kills = 0, resumed = 0, started = 0;
  for (;; ++started) {
    Process run(folder, command);
    if (kills < n_kills) {
      sleep_ms(share * calm_ms * random.uniform(static_cast<std::uint64_t>(started)));
      run.signal(SIGKILL);
    }
    const int code = run.wait();
    resumed += run.errors().find("goes on from") != std::string::npos ? 1 : 0;
    if (code == 0) break;
    ASSERT_EQ(code, 128 + SIGKILL) << run.errors();
    expect_valid(folder, "killed", ++kills);
    if (testing::Test::HasFailure()) return;
  }
  std::printf("killed %d times (seed %d), resumed from a saved state %d times\n", kills, static_cast<int>(::getpid()),
              resumed);
  EXPECT_GT(resumed, 0) << "the run was too short to be resumed";
  const auto a = lasting_content(folder.path("calm")), b = lasting_content(folder.path("killed"));
  EXPECT_GT(a.size(), 20U);
  std::vector<std::string> names[2];
  for (const auto& [name, text] : a) names[0].push_back(name);
  for (const auto& [name, text] : b) names[1].push_back(name);
  EXPECT_EQ(names[0], names[1]);
  for (const auto& [name, text] : a) {
    if (b.contains(name)) {
      EXPECT_TRUE(text == b.at(name)) << name << " differs";
    }
  }
  const auto x = study::read_member(folder.path("calm")), y = study::read_member(folder.path("killed"));
  EXPECT_EQ(x.state_hash, y.state_hash);
  EXPECT_EQ(x.summary_hash, y.summary_hash);
  EXPECT_EQ(x.counts, y.counts) << "what the run counted is counted over all its parts";
}

}  // namespace senoma::test
