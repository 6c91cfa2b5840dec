#include "results/progress.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

namespace senoma::results {
namespace {

/// Display columns of UTF-8 text whose characters are all one column wide.
std::size_t display_width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string cut(const std::string& text, std::size_t width) {
  std::string result;
  std::size_t columns = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80 && ++columns > width) break;
    result += c;
  }
  return result;
}

std::string cells_text(const Progress& p) {
  std::string text;
  for (const auto& [state, n] : p.cells_by_state) {
    if (n == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", state, format_count(static_cast<double>(n)));
  }
  return text.empty() ? "no cells" : text;
}

std::string left_text(const Progress& p) {
  return p.seconds_left() < 0 ? "time left unknown" : format_wall_time(p.seconds_left()) + " left";
}

/// "1.23" with three significant digits, never in exponent form below a million.
std::string three_digits(double value) {
  const double size = std::abs(value);
  return fmt::format("{:.{}f}", value, size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

}  // namespace

double Progress::fraction() const {
  return end_time > start_time ? std::clamp((time - start_time) / (end_time - start_time), 0.0, 1.0) : 1.0;
}
double Progress::hours_per_minute() const { return wall_seconds > 0 ? (time - start_time) / wall_seconds : 0.0; }
double Progress::seconds_left() const {
  if (time <= start_time || wall_seconds <= 0) return -1;
  return std::max(0.0, (end_time - time) * wall_seconds / (time - start_time));
}

std::string render_progress_line(const Progress& p, int width) {
  const auto room = static_cast<std::size_t>(std::max(width, 20));
  const std::string head =
      fmt::format("{}{} / {}  {:3.0f} %", p.label.empty() ? "" : p.label + "  ", format_simulated_time(p.time),
                  format_simulated_time(p.end_time), std::floor(100 * p.fraction()));
  // In order of importance; what does not fit is left out from the end of this list.
  const std::string parts[] = {left_text(p), cells_text(p), three_digits(p.hours_per_minute()) + " h/min",
                               format_bytes(p.memory_bytes), "step " + format_simulated_time(p.step)};
  std::string line = head;
  for (const std::string& part : parts) {
    if (display_width(line) + 3 + display_width(part) > room) continue;
    line += " · " + part;
  }
  return cut(line, room);
}

std::string render_progress_plain(const Progress& p) {
  return fmt::format("{}{} of {} ({:.0f} %), cells: {}, step {}, {} simulated h per min, {}, memory {}",
                     p.label.empty() ? "" : p.label + ": ", format_simulated_time(p.time),
                     format_simulated_time(p.end_time), std::floor(100 * p.fraction()), cells_text(p),
                     format_simulated_time(p.step), three_digits(p.hours_per_minute()), left_text(p),
                     format_bytes(p.memory_bytes));
}

std::string render_progress_json(const Progress& p) {
  nlohmann::ordered_json cells = nlohmann::ordered_json::object();
  for (const auto& [state, n] : p.cells_by_state) cells[state] = n;
  nlohmann::ordered_json node = {{"event", "progress"},      {"label", p.label},
                                 {"time_min", p.time},       {"end_time_min", p.end_time},
                                 {"fraction", p.fraction()}, {"step_min", p.step},
                                 {"cells", cells},           {"simulated_hours_per_minute", p.hours_per_minute()},
                                 {"seconds_left", nullptr},  {"memory_bytes", p.memory_bytes}};
  if (p.seconds_left() >= 0) node["seconds_left"] = p.seconds_left();
  return node.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

bool ProgressPace::due(double wall_seconds) {
  if (wall_seconds < next_) return false;
  next_ = wall_seconds + interval_;
  return true;
}

std::string render_run_end(const RunEnd& end) {
  std::string text = fmt::format("{}: {} simulated in {} ({})\n\n", end.title.empty() ? "run" : end.title,
                                 format_simulated_time(end.time), format_wall_time(end.wall_seconds), end.status);
  double total = 0;
  std::size_t widest = 14;
  for (const auto& [pass, seconds] : end.pass_seconds) {
    total += seconds;
    widest = std::max(widest, display_width(pass));
  }
  for (const auto& [name, count] : end.counts) widest = std::max(widest, display_width(name));
  const auto row = [&text, widest](const std::string& name, const std::string& value) {
    text += "  " + name + std::string(widest - std::min(widest, display_width(name)), ' ') + "  " + value + "\n";
  };
  if (!end.pass_seconds.empty()) row("pass", "     time      %");
  for (const auto& [pass, seconds] : end.pass_seconds) {
    row(pass, fmt::format("{:>7} s  {:5.1f}", three_digits(seconds), total > 0 ? 100 * seconds / total : 0.0));
  }
  if (!end.pass_seconds.empty()) row("all passes", fmt::format("{:>7} s  100.0", three_digits(total)));
  text += "\n";
  if (end.wall_seconds > 0)
    row("cell updates/s", fmt::format("{:>7}", format_count(end.cell_updates / end.wall_seconds)));
  row("peak memory", format_bytes(end.peak_memory_bytes));
  for (const auto& [name, count] : end.counts) row(name, fmt::format("{:>7}", count));
  if (!end.warnings.empty()) {
    text += fmt::format("\n{} warning{}\n", end.warnings.size(), end.warnings.size() == 1 ? "" : "s");
    for (const std::string& warning : end.warnings) text += "  - " + warning + "\n";
  }
  if (!end.folder.empty()) text += "\nresults  " + end.folder + "\n";
  if (!end.next_command.empty()) text += "next     " + end.next_command + "\n";
  return text;
}

std::string format_simulated_time(double minutes) {
  if (minutes >= 1440) return fmt::format("{:.1f} d", minutes / 1440);
  if (minutes >= 120) return fmt::format("{:.1f} h", minutes / 60);
  return fmt::format("{:.{}f} min", minutes, minutes == std::floor(minutes) ? 0 : 2);
}

std::string format_wall_time(double seconds) {
  if (seconds < 10 && seconds != std::floor(seconds)) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<long long>(std::llround(std::min(seconds, 1e15)));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02d} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02d} min", whole / 3600, whole % 3600 / 60);
}

std::string format_bytes(std::uint64_t bytes) {
  const auto value = static_cast<double>(bytes);
  if (value < 1e6) return fmt::format("{:.0f} kB", value / 1e3);
  if (value < 1e9) return fmt::format("{:.0f} MB", value / 1e6);
  return fmt::format("{:.2f} GB", value / 1e9);
}

std::string format_count(double count) {
  if (count < 9999.5) return fmt::format("{:.0f}", count);
  if (count < 999950) return fmt::format("{:.1f}k", count / 1e3);
  if (count < 999.95e6) return fmt::format("{:.2f}M", count / 1e6);
  return fmt::format("{:.2f}G", count / 1e9);
}

std::uint64_t current_memory_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t total = 0, resident = 0;
  if (!(statm >> total >> resident)) return 0;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t peak_memory_bytes() {
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) != 0) return 0;
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

}  // namespace senoma::results
