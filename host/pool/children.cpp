#include "pool/children.hpp"

#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <system_error>

namespace gantry::pool {
namespace {

namespace fs = std::filesystem;

// The kernel's own list, a part of it for each thread; nothing where it was built without (CONFIG_PROC_CHILDREN).
std::optional<std::vector<pid_t>> listed() {
  std::vector<pid_t> all;
  bool any = false;
  std::error_code error;
  for (const fs::directory_entry& thread : fs::directory_iterator("/proc/self/task", error)) {
    std::ifstream file(thread.path() / "children");
    any = any || file.is_open();
    all.insert(all.end(), std::istream_iterator<pid_t>(file), {});
  }
  return any ? std::optional(std::move(all)) : std::nullopt;
}

// "PID (NAME) STATE PARENT …": a name may hold anything, parentheses too.
pid_t parent_of(const fs::path& process) {
  std::ifstream file(process / "stat");
  std::string line;
  std::getline(file, line);
  const std::size_t name_end = line.rfind(") ");
  pid_t parent = 0;
  if (name_end == std::string::npos || line.size() < name_end + 4) return parent;
  std::from_chars(line.data() + name_end + 4, line.data() + line.size(), parent);
  return parent;
}

std::vector<pid_t> found() {
  std::vector<pid_t> all;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc", error)) {
    const std::string name = entry.path().filename();
    pid_t pid = 0;
    const auto [end, wrong] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (wrong == std::errc() && end == name.data() + name.size() && parent_of(entry.path()) == ::getpid()) {
      all.push_back(pid);
    }
  }
  return all;
}

}  // namespace

std::vector<pid_t> children() {
  std::optional<std::vector<pid_t>> all = listed();
  return all ? std::move(*all) : found();
}

}  // namespace gantry::pool
