#include "results/checkpoint_file.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>

#include "base/error.h"
#include "results/files.h"
#include "temporary_folder.h"

namespace senoma::results {
namespace {

namespace fs = std::filesystem;

CheckpointHeader header() {
  CheckpointHeader h;
  h.senoma_version = "1.2.3";
  h.title = "Tumour";
  h.model_hash = "0123456789abcdef";
  h.seed = 7;
  h.cells = 3;
  h.tick = 42;
  h.time = 2520;
  return h;
}

fs::path write(const fs::path& folder, std::size_t n = 300000) {
  const fs::path path = folder / checkpoint_name(CheckpointKind::automatic, 42);
  CheckpointWriter file(path, header());
  file.section("numbers", [&](ByteWriter& out) {
    std::vector<double> values(n);
    for (std::size_t i = 0; i < n; ++i) values[i] = 1.0 / (1.0 + static_cast<double>(i));
    out.array(values);
  });
  file.section("empty", [](ByteWriter&) {});
  file.section("words", [](ByteWriter& out) { out.text("some words"); });
  file.finish();
  return path;
}

std::string code_of(const std::string& bytes) {
  try {
    const CheckpointReader reader(bytes, "file");
    reader.section("numbers", [](ByteReader& in) {
      std::vector<double> values;
      in.array(values);
    });
  } catch (const Error& error) {
    return error.code();
  }
  return "";
}

TEST(CheckpointFile, What_was_written_is_read_and_nothing_is_left_beside_it) {
  const TemporaryFolder folder;
  const fs::path path = write(folder.path());
  const CheckpointReader reader(path);
  EXPECT_EQ(reader.header().model_hash, "0123456789abcdef");
  EXPECT_EQ(reader.header().tick, 42);
  EXPECT_EQ(reader.header().seed, 7U);
  std::vector<double> values;
  reader.section("numbers", [&](ByteReader& in) { in.array(values); });
  ASSERT_EQ(values.size(), 300000U);
  EXPECT_EQ(values[12345], 1.0 / 12346);
  reader.section("words", [](ByteReader& in) { EXPECT_EQ(in.text(), "some words"); });
  reader.section("empty", [](ByteReader& in) { EXPECT_EQ(in.remaining(), 0U); });
  EXPECT_THROW(reader.section("absent", [](ByteReader&) {}), Error);
  EXPECT_THROW(reader.section("words", [](ByteReader&) {}), Error) << "bytes that nobody took";
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

TEST(CheckpointFile, Without_finish_nothing_is_left) {
  const TemporaryFolder folder;
  { const CheckpointWriter file(folder.path() / "x.checkpoint", header()); }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(CheckpointFile, Foreign_files_newer_versions_and_cut_files_are_told_apart) {
  const TemporaryFolder folder;
  const std::string whole = read_file(write(folder.path(), 100));
  EXPECT_EQ(code_of(whole), "");
  EXPECT_EQ(code_of(""), "E6021");
  EXPECT_EQ(code_of("{\"status\": \"finished\"}"), "E6021");
  EXPECT_EQ(code_of(whole.substr(0, 12)), "E6020");
  EXPECT_EQ(code_of(whole.substr(0, whole.size() - 1)), "E6020");
  EXPECT_EQ(code_of(whole + "x"), "E6020");
  std::string newer = whole;
  newer[8] = static_cast<char>(checkpoint_version + 1);
  EXPECT_EQ(code_of(newer), "E6022");
}

TEST(CheckpointFile, Every_flipped_bit_of_a_small_file_is_refused) {
  const TemporaryFolder folder;
  const std::string whole = read_file(write(folder.path(), 40));
  std::size_t refused = 0;
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string damaged = whole;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    refused += code_of(damaged).empty() ? 0U : 1U;
  }
  std::printf("%zu of %zu single flipped bits are refused\n", refused, 8 * whole.size());
  EXPECT_EQ(refused, 8 * whole.size());
}

RC_GTEST_PROP(CheckpointFile, Damage_of_any_kind_is_always_refused, ()) {
  static const TemporaryFolder folder;
  static const std::string whole = read_file(write(folder.path(), 5000));
  std::string damaged = whole;
  const int kind = *rc::gen::inRange(0, 4);
  const auto at = *rc::gen::inRange<std::size_t>(0, whole.size());
  const auto n = std::min(*rc::gen::inRange<std::size_t>(1, 64), whole.size() - at);
  if (kind == 0) damaged.resize(at);
  if (kind == 1) damaged.erase(at, n);
  if (kind == 2) damaged.insert(at, n, static_cast<char>(*rc::gen::inRange(0, 256)));
  if (kind == 3) {
    for (std::size_t k = 0; k < n; ++k) damaged[at + k] = static_cast<char>(*rc::gen::inRange(0, 256));
  }
  if (damaged != whole) RC_ASSERT(!code_of(damaged).empty());
}

TEST(CheckpointFile, A_failed_write_leaves_the_earlier_file_as_it_was) {
  const TemporaryFolder folder;
  const fs::path path = write(folder.path(), 10);
  const std::string before = read_file(path);
  fs::create_directory(folder.path() / "auto-000000000042.checkpoint.partial");  // cannot be opened for writing
  EXPECT_THROW(write(folder.path(), 20), Error);
  EXPECT_EQ(read_file(path), before);
}

TEST(CheckpointFile, The_two_newest_automatic_ones_are_kept_and_all_that_were_asked_for) {
  const TemporaryFolder folder;
  const auto touch = [&](CheckpointKind kind, std::int64_t tick) {
    std::ofstream(folder.path() / checkpoint_name(kind, tick)) << "x";
  };
  for (const std::int64_t tick : {10, 20, 30, 40}) touch(CheckpointKind::automatic, tick);
  for (const std::int64_t tick : {5, 15}) touch(CheckpointKind::asked, tick);
  touch(CheckpointKind::failure, 41);
  std::ofstream(folder.path() / "auto-x.checkpoint") << "x";
  std::ofstream(folder.path() / "notes.txt") << "x";
  tidy_checkpoints(folder.path());
  std::vector<std::int64_t> ticks;
  for (const auto& e : list_checkpoints(folder.path())) ticks.push_back(e.tick);
  EXPECT_EQ(ticks, (std::vector<std::int64_t>{41, 40, 30, 15, 5}));
  touch(CheckpointKind::end, 50);
  tidy_checkpoints(folder.path());
  ticks.clear();
  for (const auto& e : list_checkpoints(folder.path())) ticks.push_back(e.tick);
  EXPECT_EQ(ticks, (std::vector<std::int64_t>{50, 15, 5}));
  EXPECT_TRUE(fs::exists(folder.path() / "notes.txt"));
  EXPECT_TRUE(list_checkpoints(folder.path() / "nowhere").empty());
}

}  // namespace
}  // namespace senoma::results
