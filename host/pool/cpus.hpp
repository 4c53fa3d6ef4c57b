// How many workers are worth starting: the CPUs that this process may really use.
#pragma once

#include <filesystem>
#include <optional>

namespace gantry::pool {

/// CPUs that the cgroup quota allows: the smallest of all levels from the process's group up to the root, rounded up,
/// at least 1; nothing if there is no quota. Reads `root`/proc/self/cgroup, then v2 `cpu.max` under
/// `root`/sys/fs/cgroup (or …/unified), and v1 `cpu.cfs_quota_us`, `cpu.cfs_period_us` under …/cpu or …/cpu,cpuacct.
[[nodiscard]] std::optional<unsigned> quota_cpus(const std::filesystem::path& root = "/");

/// CPUs in the calling thread's affinity mask, at least 1.
[[nodiscard]] unsigned affinity_cpus();

/// The smaller of both: the default number of workers.
[[nodiscard]] unsigned usable_cpus();

}  // namespace gantry::pool
