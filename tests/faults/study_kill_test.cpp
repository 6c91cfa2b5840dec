// A study that is killed at random moments and started again ends with the tables of an undisturbed one.
#include <gtest/gtest.h>

#include <chrono>

#include "../unit/study/tiny_study.h"
#include "base/philox.h"
#include "process.h"

namespace senoma::test {
namespace {

std::string tables_in(const Folder& folder, const std::string& out) {
  std::string text;
  for (const char* name : {"members.csv", "variants.csv", "ranking.csv"})
    text += study::test::file_text(folder.path(out + "/" + name));
  return text;
}

TEST(StudyKill, Killed_at_random_moments_it_ends_with_the_tables_of_an_undisturbed_study) {
  const Folder folder;
  folder.write("tiny.toml", study::test::tiny_model());
  folder.write("study.toml", study::test::tiny_study());
  std::vector<std::string> command{"screen", "study.toml", "-j", "2", "--progress", "none", "-o", "calm"};
  const auto start = std::chrono::steady_clock::now();
  const auto calm = senoma(folder, command);
  const double calm_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  ASSERT_EQ(calm.code, 0) << calm.err;
  command.back() = "killed";
  const RandomStream random{static_cast<std::uint64_t>(::getpid()), 1, Stream::test};
  int kills = 0;
  for (std::uint64_t k = 0;; ++k) {
    Process run(folder, command);
    if (kills < 5) {
      sleep_ms(0.4 * calm_ms * random.uniform(k));
      run.signal(SIGKILL);
    }
    const int code = run.wait();
    if (code == 0) break;
    ASSERT_EQ(code, 128 + SIGKILL) << run.errors();
    ++kills;
  }
  std::printf("killed %d times (seed %d)\n", kills, static_cast<int>(::getpid()));
  EXPECT_GT(kills, 0);
  EXPECT_FALSE(tables_in(folder, "calm").empty());
  EXPECT_EQ(tables_in(folder, "killed"), tables_in(folder, "calm"));
}

}  // namespace
}  // namespace senoma::test
