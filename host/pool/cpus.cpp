#include "pool/cpus.hpp"

#include <sched.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace gantry::pool {
namespace {

namespace fs = std::filesystem;

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end == text.data()) return std::nullopt;
  return value;
}

std::string first_line(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// Rounded up: half a CPU still runs one worker.
std::optional<unsigned> share(std::optional<std::int64_t> quota, std::optional<std::int64_t> period) {
  if (!quota || !period || *quota <= 0 || *period <= 0) return std::nullopt;
  const std::int64_t whole = *quota / *period + (*quota % *period == 0 ? 0 : 1);
  return static_cast<unsigned>(std::clamp<std::int64_t>(whole, 1, 1 << 20));
}

// "max 100000" or "150000 100000".
std::optional<unsigned> share_v2(const fs::path& group) {
  const std::string line = first_line(group / "cpu.max");
  const std::size_t space = line.find(' ');
  if (space == std::string::npos) return std::nullopt;
  return share(number(std::string_view(line).substr(0, space)), number(std::string_view(line).substr(space + 1)));
}

std::optional<unsigned> share_v1(const fs::path& group) {
  return share(number(first_line(group / "cpu.cfs_quota_us")), number(first_line(group / "cpu.cfs_period_us")));
}

// The group may not be visible under the mount (containers show their own group as the root): levels that are not
// there hold no quota, and the walk still ends at the mount.
template <class Share>
void narrow(std::optional<unsigned>& least, const fs::path& mount, fs::path group, Share share_of) {
  while (true) {
    const std::optional<unsigned> here = share_of(mount / group.relative_path());
    if (here && (!least || *here < *least)) least = here;
    if (group.relative_path().empty()) return;
    group = group.parent_path();
  }
}

bool lists_cpu(std::string_view controllers) {
  while (!controllers.empty()) {
    const std::size_t comma = std::min(controllers.find(','), controllers.size());
    if (controllers.substr(0, comma) == "cpu") return true;
    controllers.remove_prefix(std::min(comma + 1, controllers.size()));
  }
  return false;
}

}  // namespace

std::optional<unsigned> quota_cpus(const fs::path& root) {
  const fs::path mount = root / "sys/fs/cgroup";
  std::optional<unsigned> least;
  std::ifstream groups(root / "proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {  // "hierarchy:controllers:path"
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const fs::path group = fs::path(line.substr(second + 1)).lexically_normal();
    if (controllers.empty()) {
      narrow(least, mount, group, share_v2);
      narrow(least, mount / "unified", group, share_v2);
    } else if (lists_cpu(controllers)) {
      narrow(least, mount / controllers, group, share_v1);
      if (controllers != "cpu") narrow(least, mount / "cpu", group, share_v1);
    }
  }
  return least;
}

unsigned affinity_cpus() {
  // The kernel refuses a mask smaller than its own: grow until it fits.
  for (std::size_t cpus = 1024; cpus <= (1U << 20); cpus *= 2) {
    std::vector<cpu_set_t> mask(cpus / 8 / sizeof(cpu_set_t));
    const std::size_t bytes = mask.size() * sizeof(cpu_set_t);
    if (sched_getaffinity(0, bytes, mask.data()) == 0) {
      return static_cast<unsigned>(std::max(CPU_COUNT_S(bytes, mask.data()), 1));
    }
  }
  return std::max(std::thread::hardware_concurrency(), 1U);
}

unsigned usable_cpus() {
  const unsigned allowed = affinity_cpus();
  const std::optional<unsigned> quota = quota_cpus();
  return quota ? std::min(*quota, allowed) : allowed;
}

}  // namespace gantry::pool
