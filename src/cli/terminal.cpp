#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace senoma::cli {

bool stderr_is_terminal() { return ::isatty(STDERR_FILENO) == 1; }

bool colour_wanted() {
  const char* refused = std::getenv("NO_COLOR");
  return stderr_is_terminal() && (!refused || !*refused);
}

int terminal_width() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20) return size.ws_col;
  return 100;
}

std::string wrap(const std::string& text, int width) {
  std::string out;
  int used = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    const int w = static_cast<int>(
        std::count_if(word.begin(), word.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
    if (used > 0 && used + 1 + w > width) {
      out += "\n";
      used = 0;
    }
    if (used > 0) out += " ";
    out += word;
    used += w + (used > 0 ? 1 : 0);
    at = end + 1;
  }
  return out;
}

void say(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stderr); }

void give(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (std::fflush(stdout) != 0)
    throw Error("E6003", "standard output could not be written", ErrorKind::input_output)
        .help("the disk or the reading program is gone");
}

namespace {

std::atomic<bool> stop_requested{false}, interrupt_requested{false};

extern "C" void on_signal(int signal) {
  stop_requested = true;
  if (signal == SIGINT && interrupt_requested.exchange(true)) ::_exit(130);
}

}  // namespace

const std::atomic<bool>& stop_flag() {
  static const bool installed = [] {
    struct sigaction action {};
    action.sa_handler = on_signal;
    for (const int signal : {SIGINT, SIGTERM, SIGUSR1}) sigaction(signal, &action, nullptr);
    return true;
  }();
  static_cast<void>(installed);
  return stop_requested;
}

bool interrupted() { return interrupt_requested.load(); }

ProgressDisplay::ProgressDisplay(ProgressStyle style)
    : style_(style),
      terminal_(style == ProgressStyle::automatic && stderr_is_terminal()),
      pace_(terminal_                      ? 0.1
            : style == ProgressStyle::json ? 1.0
                                           : 30.0) {}

ProgressDisplay::~ProgressDisplay() {
  if (line_open_) say("\n");
}

void ProgressDisplay::say_between(const std::string& text) {
  say((line_open_ ? "\n" : "") + text + "\n");
  line_open_ = false;
}

void ProgressDisplay::show(const results::Progress& progress) {
  if (style_ == ProgressStyle::none || !pace_.due(progress.wall_seconds)) return;
  if (style_ == ProgressStyle::json) {
    say(results::render_progress_json(progress) + "\n");
  } else if (terminal_) {
    say("\r\033[2K" + results::render_progress_line(progress, terminal_width() - 1));
    line_open_ = true;
  } else {
    say(results::render_progress_plain(progress) + "\n");
  }
}

}  // namespace senoma::cli
