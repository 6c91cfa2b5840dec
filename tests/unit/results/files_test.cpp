#include "results/files.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include "temporary_folder.h"

namespace senoma::results {
namespace {

/// Lets this process write files of at most `bytes`, as a full disk would; restored at the end of the scope.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &old_);
    previous_ = ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, old_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    ::signal(SIGXFSZ, previous_);
  }

 private:
  rlimit old_{};
  void (*previous_)(int) = nullptr;
};

TEST(Files, A_replaced_file_holds_the_new_text_and_leaves_no_partial_one) {
  const TemporaryFolder folder;
  replace_file(folder / "run.json", "one");
  replace_file(folder / "run.json", "two");
  EXPECT_EQ(read_file(folder / "run.json"), "two");
  EXPECT_FALSE(std::filesystem::exists(folder / "run.json.partial"));
}

TEST(Files, A_short_write_keeps_the_previous_version_and_says_so) {
  const TemporaryFolder folder;
  replace_file(folder / "run.json", "old text");
  std::string message, code;
  {
    const FileSizeLimit limit(1000);
    code = error_code_of([&] { replace_file(folder / "run.json", std::string(5000, 'x')); }, &message);
  }
  EXPECT_EQ(code, "E6003");
  EXPECT_NE(message.find("previous version is intact"), std::string::npos) << message;
  EXPECT_EQ(read_file(folder / "run.json"), "old text");
  EXPECT_FALSE(std::filesystem::exists(folder / "run.json.partial"));
}

TEST(Files, A_table_that_meets_a_full_disk_is_cut_back_to_whole_rows) {
  const TemporaryFolder folder;
  std::string message, code;
  {
    AppendFile file(folder / "t.csv");
    file.append("a,b\n1,2\n");
    file.flush();
    const FileSizeLimit limit(10);
    file.append("3333,44444\n");
    code = error_code_of([&] { file.flush(); }, &message);
  }
  EXPECT_EQ(code, "E6003");
  EXPECT_NE(message.find("first 8 bytes are intact"), std::string::npos) << message;
  EXPECT_EQ(read_file(folder / "t.csv"), "a,b\n1,2\n");
}

TEST(Files, A_full_device_is_reported_with_the_remedy) {
  std::string message;
  const std::string code = error_code_of(
      [] {
        AppendFile file("/dev/full");
        file.append("x\n");
        file.flush();
      },
      &message);
  EXPECT_EQ(code, "E6003");
  EXPECT_NE(message.find("make room"), std::string::npos) << message;
}

TEST(Files, A_table_is_truncated_to_a_checkpoints_offset_and_appended_to) {
  const TemporaryFolder folder;
  AppendFile file(folder / "t.csv");
  file.append("one\n");
  const std::uint64_t offset = file.size();
  file.append("two\n");
  file.truncate(offset);
  file.append("three\n");
  file.flush(true);
  EXPECT_EQ(read_file(folder / "t.csv"), "one\nthree\n");
  EXPECT_EQ(error_code_of([&] { file.truncate(1000); }), "E6006");
}

TEST(Files, A_folder_is_never_renamed_over_another) {
  const TemporaryFolder folder;
  make_folders(folder / "a");
  make_folders(folder / "b");
  EXPECT_EQ(error_code_of([&] { rename_folder(folder / "a", folder / "b"); }), "E6003");
  rename_folder(folder / "a", folder / "c");
  EXPECT_TRUE(std::filesystem::exists(folder / "c"));
}

}  // namespace
}  // namespace senoma::results
