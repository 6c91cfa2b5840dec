// The folder of one run, complete in itself: who may write it, what it holds, and its manifest `run.json`.
//   create  a new or empty folder; anything else is refused (E6001), because a run never overwrites another.
//   reopen  an unfinished run of the same model, to resume it.
// Both take the lock `.lock` (flock; the text is the writer's process id), so a second writer is refused (E6002); the
// lock goes with the process. The manifest says nothing about the machine (no host, user or path), and the state and
// summary hashes exclude timings, so that equal runs have equal hashes anywhere. Thread statement: a RunFolder belongs
// to one thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "results/files.h"

namespace senoma::results {

enum class RunStatus { running, finished, stopped, failed };

struct Manifest {
  RunStatus status = RunStatus::running;
  std::string error;  ///< rendered error when failed
  std::string senoma_version;
  std::map<std::string, std::string> versions;  ///< of libraries and compiler
  std::string instruction_set;                  ///< "x86-64-v3" …
  std::string title, model_file;                ///< model_file as the user wrote it, without folders
  std::string arm;                              ///< of an experiment, else empty
  std::string profile;
  std::vector<std::string> overrides;          ///< "-s" as given
  std::vector<std::string> contexts;           ///< that held, in the order of merging
  std::map<std::string, std::string> patient;  ///< of a virtual cohort: name of the variation → value with unit
  std::string origin;                          ///< of a branch: the run, state and time it was forked from; else empty
  std::string model_hash;                      ///< of the resolved model
  std::uint64_t seed = 0;
  int threads = 1;
  double end_time = 0;  ///< min, asked for
  double time = 0;      ///< min, reached
  std::int64_t tick = 0;
  std::uint64_t cells = 0;
  std::string state_hash, summary_hash;  ///< hexadecimal; of the state and summary reached
  std::vector<std::string> warnings;
  std::map<std::string, double> accuracy;  ///< e.g. "ledger_relative_error[1]"
  // Not part of any hash:
  double wall_seconds = 0;
  std::uint64_t peak_memory_bytes = 0;
  std::vector<std::pair<std::string, double>> pass_seconds;  ///< pass → s
};

[[nodiscard]] std::string_view name(RunStatus status);
[[nodiscard]] std::string to_json(const Manifest& manifest);
/// E6006 when damaged.
[[nodiscard]] Manifest manifest_from_json(const std::string& text, const std::string& path);
/// The manifest of a run folder, without taking the lock; E6004 when `folder` is not one.
[[nodiscard]] Manifest read_manifest(const std::filesystem::path& folder);

class RunFolder {
 public:
  /// Makes the folder and its first run.json (status running). E6001, E6002, E6003.
  [[nodiscard]] static RunFolder create(const std::filesystem::path& path, const Manifest& first);
  /// Opens a stopped, failed or killed run whose model hash is `model_hash`; E6001 when of another model, or finished
  /// unless `finished_too` (a run that is to go on beyond its end).
  [[nodiscard]] static RunFolder reopen(const std::filesystem::path& path, const std::string& model_hash,
                                        bool finished_too = false);
  /// create() for a new or empty folder, reopen() for an unfinished run of the same model (then resumed() is true).
  [[nodiscard]] static RunFolder create_or_reopen(const std::filesystem::path& path, const Manifest& first);

  RunFolder(RunFolder&& other) noexcept;
  RunFolder& operator=(RunFolder&&) = delete;
  RunFolder(const RunFolder&) = delete;
  ~RunFolder();

  [[nodiscard]] bool resumed() const { return resumed_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path file(std::string_view name) const { return path_ / name; }
  [[nodiscard]] std::filesystem::path summary_file() const { return file("summary.csv"); }
  [[nodiscard]] std::filesystem::path events_file() const { return file("events.csv"); }
  [[nodiscard]] std::filesystem::path cells_folder() const { return file("cells.zarr"); }
  [[nodiscard]] std::filesystem::path fields_folder() const { return file("fields.ome.zarr"); }
  [[nodiscard]] std::filesystem::path checkpoints_folder() const { return file("checkpoints"); }
  [[nodiscard]] std::filesystem::path report_file() const { return file("report.html"); }

  void write_manifest(const Manifest& manifest) const;
  /// A whole text file of the run (model.resolved.toml, report.html …), written beside and renamed.
  void write_text(std::string_view name, std::string_view text) const;
  /// Waits until frames and tables written so far are on the disk: with each checkpoint, before it is declared valid.
  void flush() const { flush_file_system(path_); }
  /// One line to log.txt, written at once. The caller makes the time stamps (simulated time, never the clock's).
  void log(std::string_view line);

 private:
  RunFolder(std::filesystem::path path, int lock);

  std::filesystem::path path_;
  int lock_ = -1;
  bool resumed_ = false;
  std::optional<AppendFile> log_;
};

/// Hash of a file's bytes (summary_hash), 16 hexadecimal digits; E6004 when unreadable.
[[nodiscard]] std::string file_hash(const std::filesystem::path& path);

}  // namespace senoma::results
