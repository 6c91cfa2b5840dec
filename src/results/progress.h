// What a user sees while a run goes on and at its end, as text: the library never prints, the caller does.
//   terminal  one line that is overwritten; plain  a line every 30 s; json  one object per line for machines.
// Pure functions of plain data; thread statement: re-entrant. See UX.md, "While it runs, and after".
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace senoma::results {

struct Progress {
  double time = 0, start_time = 0, end_time = 0;  ///< min of simulated time; start_time > 0 when resumed
  double step = 0;                                ///< min
  double wall_seconds = 0;                        ///< since the start of this process' work
  std::vector<std::pair<std::string, std::uint64_t>> cells_by_state;  ///< order of display; zeros are left out
  std::uint64_t memory_bytes = 0;
  std::string label;  ///< arm and seed in a study, may be empty

  [[nodiscard]] double fraction() const;          ///< of the time to simulate, 0…1
  [[nodiscard]] double hours_per_minute() const;  ///< simulated hours per minute of work
  [[nodiscard]] double seconds_left() const;      ///< −1 when unknown
};

/// One line without newline, at most `width` columns; the less important parts go first when room is short.
[[nodiscard]] std::string render_progress_line(const Progress& progress, int width);
/// One line for logs and pipes, all parts.
[[nodiscard]] std::string render_progress_plain(const Progress& progress);
/// One JSON object in one line.
[[nodiscard]] std::string render_progress_json(const Progress& progress);

/// When to show the next line; the caller gives the wall time (s since the start), so that tests need no clock.
class ProgressPace {
 public:
  explicit ProgressPace(double interval_seconds) : interval_(interval_seconds) {}  ///< 0.1 terminal, 30 plain
  [[nodiscard]] bool due(double wall_seconds);

 private:
  double interval_, next_ = 0;
};

struct RunEnd {
  std::string title, status;  ///< "finished", "stopped"
  double time = 0;            ///< min simulated
  double wall_seconds = 0;
  double cell_updates = 0;  ///< cells × steps
  std::uint64_t peak_memory_bytes = 0;
  std::vector<std::pair<std::string, double>> pass_seconds;
  std::vector<std::pair<std::string, std::uint64_t>> counts;  ///< "steps", "divisions", "deaths", "cells at the end" …
  std::vector<std::string> warnings;
  std::string folder;        ///< where the results are
  std::string next_command;  ///< e.g. "senoma report out/relapse"
};

/// Several lines, ending with a newline.
[[nodiscard]] std::string render_run_end(const RunEnd& end);

// Text forms shared with the command line.
[[nodiscard]] std::string format_simulated_time(double minutes);  ///< "12.5 d", "6.0 h", "30 min"
[[nodiscard]] std::string format_wall_time(double seconds);       ///< "4 s", "3 min 05 s", "2 h 10 min"
[[nodiscard]] std::string format_bytes(std::uint64_t bytes);      ///< "512 kB", "1.2 GB"
[[nodiscard]] std::string format_count(double count);             ///< "950", "12.3k", "1.20M"

/// Of this process, from the operating system; 0 when unknown.
[[nodiscard]] std::uint64_t current_memory_bytes();
[[nodiscard]] std::uint64_t peak_memory_bytes();

}  // namespace senoma::results
