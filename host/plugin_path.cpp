#include "plugin_path.hpp"

#include <algorithm>
#include <set>
#include <sstream>
#include <system_error>

namespace gantry::host {

namespace {

namespace fs = std::filesystem;

void add_folders(const std::string& list, std::vector<fs::path>& to) {
  std::istringstream words(list);
  for (std::string folder; std::getline(words, folder, ':');) {
    if (folder.empty()) continue;
    std::error_code ignored;
    const fs::path absolute = fs::absolute(folder, ignored);
    to.push_back(ignored ? fs::path(folder) : absolute.lexically_normal());
  }
}

}  // namespace

PluginPath::PluginPath(const std::vector<std::string>& flags, const std::optional<std::string>& environment,
                       const fs::path& program, const fs::path& installed) {
  for (const std::string& flag : flags) add_folders(flag, folders_);
  if (environment) add_folders(*environment, folders_);
  const fs::path folder = program.parent_path();
  folders_.push_back((folder / "../plugins").lexically_normal());
  folders_.push_back((folder / installed).lexically_normal());
}

std::optional<fs::path> PluginPath::find(std::string_view name) const {
  const std::string file = "lib" + std::string(name) + ".so";
  for (const fs::path& folder : folders_) {
    std::error_code ignored;
    fs::path candidate = folder / file;
    if (fs::exists(candidate, ignored)) return candidate;
  }
  return std::nullopt;
}

std::vector<std::string> PluginPath::names() const {
  std::set<std::string> found;
  for (const fs::path& folder : folders_) {
    std::error_code ignored;
    for (fs::directory_iterator entry(folder, ignored), end; !ignored && entry != end; entry.increment(ignored)) {
      const std::string file = entry->path().filename().string();
      if (file.starts_with("lib") && file.ends_with(".so") && file.size() > 6) {
        found.insert(file.substr(3, file.size() - 6));
      }
    }
  }
  return {found.begin(), found.end()};
}

}  // namespace gantry::host
