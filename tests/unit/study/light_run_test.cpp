// A run in memory is the same run as one with a folder.
#include "study/light_run.h"

#include <gtest/gtest.h>

#include <set>

#include "mechanisms/catalogue.h"
#include "tiny_model.h"

namespace senoma::study {
namespace {

model::ResolvedModel tiny(const std::string& arm) {
  return model::load_text(test::tiny_model(), "tiny.toml", {"", arm, {}}, mechanisms::catalogue());
}

TEST(LightRun, Tables_and_hash_are_those_of_a_member_with_a_folder) {
  const test::Folder folder;
  const auto model = tiny("drug");
  MemberOptions options;
  options.seed = 3;
  options.folder = folder.path("member");
  const MemberResult member = run_member(model, options);
  ASSERT_TRUE(member.good());
  const LightRun light = run_light(model, {.seed = 3, .threads = 1, .keep_going = {}});
  EXPECT_TRUE(light.finished);
  EXPECT_EQ(light.state_hash, member.state_hash);
  EXPECT_EQ(light.summary.names, member.summary.names);
  EXPECT_EQ(light.summary.times, member.summary.times);
  EXPECT_EQ(light.summary.values, member.summary.values);
  EXPECT_EQ(light.populations.names, member.populations.names);
  EXPECT_EQ(light.populations.values, member.populations.values);
  EXPECT_GT(light.summary.times.size(), 5u);
}

TEST(LightRun, The_seed_decides_and_the_threads_do_not) {
  const auto model = tiny("no drug");
  std::set<std::string> hashes;
  for (const std::uint64_t seed : {1, 2, 3}) {
    const auto one = run_light(model, {.seed = seed, .threads = 1, .keep_going = {}});
    const auto four = run_light(model, {.seed = seed, .threads = 4, .keep_going = {}});
    EXPECT_EQ(one.state_hash, four.state_hash);
    EXPECT_EQ(one.summary.values, four.summary.values);
    hashes.insert(one.state_hash);
  }
  EXPECT_EQ(hashes.size(), 3u);
}

TEST(LightRun, Ends_after_the_step_in_which_it_is_asked_to) {
  int asked = 0;
  const auto run = run_light(tiny("no drug"), {.seed = 1, .threads = 1, .keep_going = [&] { return ++asked <= 5; }});
  EXPECT_FALSE(run.finished);
  EXPECT_DOUBLE_EQ(run.time, 5 * 60.0);
  EXPECT_DOUBLE_EQ(run.summary.times.back(), run.time);
}

}  // namespace
}  // namespace senoma::study
