// A saved state on the disk: named sections of bytes, compressed, each with its checksum, and one over the whole file.
//   magic 89 'S' 'E' 'N' 'O' 0D 0A 1A · version u32 · zero u32
//   per section: "SECT" name; blocks "BLCK" raw size, packed size, packed bytes; "SEND" number of blocks, raw size,
//                checksum of its packed bytes
//   "TAIL" · checksum of everything before
// Blocks hold 1 MiB, byte-shuffled in words of 8 (neighbouring numbers share their high bytes) and packed with zstd,
// whose own content checksum is on. The first section, "header", says whose state this is. Little-endian.
// Written beside (`.partial`), flushed to the disk, renamed. A reader checks everything before it gives anything:
//   E6020 damaged or truncated   E6021 not a checkpoint   E6022 of a newer version
// Memory: the writer holds one block; the reader the packed file and one block. Thread statement: one thread each.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace senoma::results {

inline constexpr std::uint32_t checkpoint_version = 2;

struct CheckpointHeader {
  std::string senoma_version, title, arm;
  std::string model_hash;
  std::uint64_t seed = 0, cells = 0;
  std::int64_t tick = 0;
  double time = 0;      ///< min
  double end_time = 0;  ///< min, that the run was asked for
};

class CheckpointWriter {
 public:
  CheckpointWriter(std::filesystem::path path, const CheckpointHeader& header);
  ~CheckpointWriter();  ///< without finish(): nothing is left
  CheckpointWriter(const CheckpointWriter&) = delete;
  CheckpointWriter& operator=(const CheckpointWriter&) = delete;

  void section(const std::string& name, const std::function<void(ByteWriter&)>& write);
  /// Flushes to the disk and renames; returns the file's size. E6003 on failure, then earlier files are as they were.
  std::uint64_t finish();

 private:
  void put(std::span<const std::byte> bytes);
  void put_number(std::uint32_t value);
  void put_number(std::uint64_t value);
  void put_block(std::span<const std::byte> raw);
  void write_out(bool to_disk);
  [[noreturn]] void fail(int code);

  std::filesystem::path path_, partial_;
  int descriptor_ = -1;
  std::string buffer_;
  std::vector<std::byte> shuffled_, packed_;
  ByteChecksum whole_, section_;
  std::uint32_t n_blocks_ = 0;
  std::uint64_t raw_ = 0, written_ = 0;
};

class CheckpointReader {
 public:
  /// Reads and checks the whole file.
  explicit CheckpointReader(const std::filesystem::path& path);
  /// The same from memory; `name` serves messages.
  CheckpointReader(std::string bytes, std::string name);

  [[nodiscard]] const CheckpointHeader& header() const { return header_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] bool has(const std::string& section) const { return sections_.contains(section); }
  /// Calls read on the section's bytes, which must all be taken. E6020 when absent.
  void section(const std::string& name, const std::function<void(ByteReader&)>& read) const;

 private:
  struct Block {
    std::size_t at = 0;  // of the packed bytes
    std::uint32_t packed = 0, raw = 0;
  };
  struct Section {
    std::vector<Block> blocks;
    std::uint64_t raw = 0;
  };
  void parse();
  [[noreturn]] void damaged(const std::string& why) const;

  std::string bytes_, name_;
  std::map<std::string, Section> sections_;
  CheckpointHeader header_;
};

/// Why a checkpoint was saved: by the clock, because its time was asked for, at the end, or before a failure.
enum class CheckpointKind { automatic, asked, end, failure };

struct CheckpointEntry {
  std::filesystem::path path;
  CheckpointKind kind = CheckpointKind::automatic;
  std::int64_t tick = 0;
};

/// "auto-000000000120.checkpoint", "asked-…", "end-…", "failed-…".
[[nodiscard]] std::string checkpoint_name(CheckpointKind kind, std::int64_t tick);
/// The checkpoints in `folder` by their names, newest first; empty when there are none.
[[nodiscard]] std::vector<CheckpointEntry> list_checkpoints(const std::filesystem::path& folder);
/// Removes what is no longer needed: automatic ones but the two newest; all automatic and failed ones once the end is
/// saved; those after `tick` when the run was taken back to it.
void tidy_checkpoints(const std::filesystem::path& folder);

}  // namespace senoma::results
