#include "base/processors.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>

namespace senoma {
namespace fs = std::filesystem;
namespace {

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::optional<double> number(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  double value = 0.0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || !(value > 0.0)) return std::nullopt;
  return value;
}

void keep_smaller(std::optional<double>& least, const std::optional<double>& other) {
  if (other && (!least || *other < *least)) least = other;
}

std::optional<double> quota_v1(const fs::path& folder) {
  const auto quota = number(text_of(folder / "cpu.cfs_quota_us"));  // −1: none
  const auto period = number(text_of(folder / "cpu.cfs_period_us"));
  if (!quota || !period) return std::nullopt;
  return *quota / *period;
}

bool controls_processors(std::string_view controllers) {  // "cpu,cpuacct"
  while (!controllers.empty()) {
    const auto comma = std::min(controllers.find(','), controllers.size());
    if (controllers.substr(0, comma) == "cpu") return true;
    controllers.remove_prefix(std::min(comma + 1, controllers.size()));
  }
  return false;
}

}  // namespace

std::optional<double> parse_cpu_max(std::string_view text) {
  const auto space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto quota = number(text.substr(0, space)), period = number(text.substr(space + 1));
  if (!quota || !period) return std::nullopt;
  return *quota / *period;
}

std::optional<double> quota_of_groups(const fs::path& root, std::string_view membership) {
  std::optional<double> least;
  // Inside a container the group may be shown as "/" or by its name outside, which does not exist here: the root
  // counts.
  keep_smaller(least, parse_cpu_max(text_of(root / "cpu.max")));
  keep_smaller(least, quota_v1(root / "cpu"));
  while (!membership.empty()) {  // hierarchy:controllers:/path
    const auto newline = std::min(membership.find('\n'), membership.size());
    const std::string_view line = membership.substr(0, newline);
    membership.remove_prefix(std::min(newline + 1, membership.size()));
    const auto first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    if (!controllers.empty() && !controls_processors(controllers)) continue;
    fs::path folder = controllers.empty() ? root : root / "cpu";
    for (const auto& part : fs::path(line.substr(second + 1)).relative_path()) {
      folder /= part;
      keep_smaller(least, controllers.empty() ? parse_cpu_max(text_of(folder / "cpu.max")) : quota_v1(folder));
    }
  }
  return least;
}

Processors choose_processors(int online, int in_mask, std::optional<double> quota) {
  Processors result{std::max(1, in_mask), {}};
  const auto plural = [](int n) { return std::to_string(n) + (n == 1 ? " processor" : " processors"); };
  const std::string of_machine = " of " + std::to_string(std::max(online, in_mask));
  if (quota && *quota < result.usable) {
    result.usable = std::max(1, static_cast<int>(*quota));
    result.reason = plural(result.usable) + of_machine + " by the quota of the control group";
  } else if (in_mask < online) {
    result.reason = plural(result.usable) + of_machine + " by the affinity mask";
  } else {
    result.reason = "all " + plural(result.usable) + " of the machine";
    if (result.usable == 1) result.reason = "the machine's one processor";
  }
  return result;
}

Processors usable_processors() {
  const int online = static_cast<int>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN)));
  int in_mask = online;
  cpu_set_t mask;
  if (sched_getaffinity(0, sizeof mask, &mask) == 0) in_mask = std::max(1, CPU_COUNT(&mask));
  return choose_processors(online, in_mask, quota_of_groups("/sys/fs/cgroup", text_of("/proc/self/cgroup")));
}

}  // namespace senoma
