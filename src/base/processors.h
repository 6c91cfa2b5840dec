// How many processors this process may use, and what limits it: the affinity mask (taskset, SLURM, cpusets) and the
// processor quota of its control group and of every group above it (containers; cgroup v2 `cpu.max`, v1
// `cpu.cfs_quota_us`). A quota counts in whole processors, rounded down, at least 1, so that no thread is throttled.
// Thread statement: re-entrant.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace senoma {

struct Processors {
  int usable = 1;      ///< ≥ 1
  std::string reason;  ///< "2 processors of 8 by the quota of the control group"
};

[[nodiscard]] Processors usable_processors();

/// `online` processors of the machine, `in_mask` of them in the affinity mask, and the quota in processors, if any.
[[nodiscard]] Processors choose_processors(int online, int in_mask, std::optional<double> quota);

/// "max 100000" → none, "150000 100000" → 1.5, anything else → none.
[[nodiscard]] std::optional<double> parse_cpu_max(std::string_view text);

/// The smallest quota along the groups that /proc/self/cgroup (`membership`) names, below the mount point `root`.
[[nodiscard]] std::optional<double> quota_of_groups(const std::filesystem::path& root, std::string_view membership);

}  // namespace senoma
