// A study that is killed at random moments and started again ends with the tables of an undisturbed one.
#include <gtest/gtest.h>

#include <chrono>

#include "../unit/study/tiny_study.h"
#include "base/philox.h"
#include "process.h"

namespace senoma::test {
namespace {

std::string tables_in(const Folder& folder, const std::string& out, const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += study::test::file_text(folder.path(out + "/" + name));
  return text;
}

/// Runs the study undisturbed and killed `most` times, and compares the tables.
void kill_and_compare(const std::string& study, const std::vector<std::string>& tables, int most) {
  const Folder folder;
  folder.write("tiny.toml", study::test::tiny_model());
  folder.write("study.toml", study);
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
    if (kills < most) {
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
  for (const auto& table : tables) EXPECT_FALSE(tables_in(folder, "calm", {table}).empty()) << table;
  EXPECT_EQ(tables_in(folder, "killed", tables), tables_in(folder, "calm", tables));
}

TEST(StudyKill, Killed_at_random_moments_it_ends_with_the_tables_of_an_undisturbed_study) {
  kill_and_compare(study::test::tiny_study(), {"members.csv", "variants.csv", "ranking.csv"}, 5);
}

TEST(StudyKill, So_it_does_over_stages) {
  const std::string stages =
      "[[study.stage]]\nname = \"a\"\nseeds = 1\nlevels = [0.95]\nkeep = 2\n"
      "[[study.stage]]\nname = \"b\"\nseeds = 1\n";
  kill_and_compare(study::test::tiny_study() + stages,
                   {"stages.csv", "agreement.csv", "1-a/members.csv", "2-b/members.csv", "2-b/ranking.csv"}, 4);
}

}  // namespace
}  // namespace senoma::test
