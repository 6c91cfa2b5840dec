// Writing files so that a reader or a crash never meets half of one.
//   replace_file  whole files (manifests, reports): written beside and renamed.
//   AppendFile    tables and logs: whole rows only; after a failed write the file is cut back to its last whole row.
// Every write, flush and close is checked; failure throws E6003 (input_output) naming the path and the reason.
// Thread statement: free functions are re-entrant for different paths; an AppendFile belongs to one thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"

namespace senoma::results {

/// E6003 for `path` with the words for the errno value `code`; `intact` says what stays valid (may be empty).
[[nodiscard]] Error write_error(const std::filesystem::path& path, int code, const std::string& intact = {});

/// Writes a new file in one go, without flushing to the disk: for files inside a folder that is renamed later.
void write_new_file(const std::filesystem::path& path, std::string_view bytes);

/// Replaces (or creates) `path`: written as `path.partial`, renamed. The old content stays valid on failure. With
/// `to_disk` the file and its folder are also flushed, which holds against a power cut, not only against a killed
/// process.
void replace_file(const std::filesystem::path& path, std::string_view bytes, bool to_disk = true);

/// Waits until the folder's list of files is on the disk (after a rename in it).
void flush_folder(const std::filesystem::path& folder);

/// Waits until everything written to the file system of `folder` is on the disk (frames are flushed so, with a
/// checkpoint).
void flush_file_system(const std::filesystem::path& folder);

/// Renames a finished folder into place. `to` must not exist.
void rename_folder(const std::filesystem::path& from, const std::filesystem::path& to);

/// mkdir -p with E6003 on failure.
void make_folders(const std::filesystem::path& path);

/// The whole file; E6004-style input_output error `code` when it cannot be read.
[[nodiscard]] std::string read_file(const std::filesystem::path& path, const std::string& code = "E6004");

class AppendFile {
 public:
  /// Opens (creates when absent) for appending at the end.
  explicit AppendFile(std::filesystem::path path);
  ~AppendFile();  ///< flushes what it can; errors at this point are lost, so call flush() first
  AppendFile(AppendFile&& other) noexcept;
  AppendFile& operator=(AppendFile&&) = delete;
  AppendFile(const AppendFile&) = delete;

  /// Buffers whole lines; written when the buffer is large or at flush(). Throws E6003.
  void append(std::string_view lines);
  /// Writes the buffer; with `to_disk` also waits for the disk (checkpoints do).
  void flush(bool to_disk = false);
  /// Cuts the file to `bytes` (a row boundary that size() returned before): resuming from a checkpoint.
  void truncate(std::uint64_t bytes);
  /// Bytes once flushed.
  [[nodiscard]] std::uint64_t size() const { return written_ + buffer_.size(); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t written_ = 0;
  std::string buffer_;
};

}  // namespace senoma::results
