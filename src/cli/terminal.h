// Where words go and how: data to stdout only when asked, all else to stderr; colour and the one-line progress only on
// terminals.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "base/error.h"
#include "results/progress.h"

namespace senoma::cli {

[[nodiscard]] bool stderr_is_terminal();
[[nodiscard]] bool colour_wanted();  ///< a terminal and no NO_COLOR
[[nodiscard]] int terminal_width();

[[nodiscard]] std::string wrap(const std::string& text, int width);  ///< lines broken at blanks

void say(const std::string& text);   ///< stderr, as is
void give(const std::string& text);  ///< stdout, as is

/// From the first call on, SIGINT, SIGTERM and SIGUSR1 set a flag instead of ending the process; a second SIGINT ends
/// it at once.
[[nodiscard]] const std::atomic<bool>& stop_flag();
/// Whether it was SIGINT (Ctrl-C).
[[nodiscard]] bool interrupted();

enum class ProgressStyle { automatic, json, none };
/// Shows progress on stderr: one line that is overwritten on terminals, a plain line every 30 s otherwise.
class ProgressDisplay {
 public:
  explicit ProgressDisplay(ProgressStyle style);
  ~ProgressDisplay();
  void show(const results::Progress& progress);
  /// A line of its own between the lines of progress.
  void say_between(const std::string& text);

 private:
  ProgressStyle style_;
  bool terminal_;
  bool line_open_ = false;
  results::ProgressPace pace_;
};

}  // namespace senoma::cli
