#include "base/processors.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace senoma {
namespace {
namespace fs = std::filesystem;

TEST(Processors, Reads_the_quota_of_version_2) {
  EXPECT_EQ(parse_cpu_max("max 100000\n"), std::nullopt);
  EXPECT_EQ(parse_cpu_max("200000 100000\n"), 2.0);
  EXPECT_EQ(parse_cpu_max("150000 100000"), 1.5);
  for (const char* bad : {"", "max", "200000", "200000 0", "-1 100000", "a b", "200000 1e", "2 3 4"})
    EXPECT_EQ(parse_cpu_max(bad), std::nullopt) << bad;
}

class ControlGroups : public testing::Test {
 protected:
  void SetUp() override {
    root_ =
        fs::path(testing::TempDir()) / ("cgroups_" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) +
                                        testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  void TearDown() override { fs::remove_all(root_); }
  void put(const fs::path& file, const std::string& text) const {
    fs::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file) << text;
  }
  fs::path root_;
};

TEST_F(ControlGroups, The_smallest_quota_on_the_way_down_counts) {
  EXPECT_EQ(quota_of_groups(root_, "0::/a/b\n"), std::nullopt);
  put("a/cpu.max", "300000 100000\n");
  put("a/b/cpu.max", "max 100000\n");
  put("other/cpu.max", "100000 100000\n");
  EXPECT_EQ(quota_of_groups(root_, "0::/a/b\n"), 3.0);
  put("a/b/cpu.max", "250000 100000\n");
  EXPECT_EQ(quota_of_groups(root_, "0::/a/b\n"), 2.5);
  put("cpu.max", "200000 100000\n");  // as a container sees its own
  EXPECT_EQ(quota_of_groups(root_, "0::/\n"), 2.0);
  EXPECT_EQ(quota_of_groups(root_, "not a line\n"), 2.0);
}

TEST_F(ControlGroups, Version_1_counts_in_the_hierarchy_of_the_processors_only) {
  put("cpu/job/cpu.cfs_quota_us", "400000\n");
  put("cpu/job/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(quota_of_groups(root_, "5:cpuset:/job\n4:cpu,cpuacct:/job\n"), 4.0);
  EXPECT_EQ(quota_of_groups(root_, "5:cpuset:/job\n4:cpuacct:/job\n"), std::nullopt);
  put("cpu/job/cpu.cfs_quota_us", "-1\n");
  EXPECT_EQ(quota_of_groups(root_, "4:cpu,cpuacct:/job\n"), std::nullopt);
}

TEST(Processors, Says_which_limit_decides) {
  EXPECT_EQ(choose_processors(8, 8, std::nullopt).reason, "all 8 processors of the machine");
  EXPECT_EQ(choose_processors(8, 3, std::nullopt).reason, "3 processors of 8 by the affinity mask");
  const auto quota = choose_processors(8, 8, 2.9);
  EXPECT_EQ(quota.usable, 2);
  EXPECT_EQ(quota.reason, "2 processors of 8 by the quota of the control group");
  EXPECT_EQ(choose_processors(8, 2, 4.0).usable, 2);
  EXPECT_EQ(choose_processors(8, 8, 0.5).usable, 1);
  EXPECT_EQ(choose_processors(1, 1, std::nullopt).reason, "the machine's one processor");
  EXPECT_GE(usable_processors().usable, 1);
  EXPECT_FALSE(usable_processors().reason.empty());
}

}  // namespace
}  // namespace senoma
