// Where plugins are found by name: --plugin-path, then GANTRY_PLUGIN_PATH, then the build's or installation's folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gantry::host {

class PluginPath {
 public:
  /// `flags` are the values of --plugin-path (each may hold several folders, separated by ':'), `environment` is
  /// GANTRY_PLUGIN_PATH, `program` the running executable. From its folder, ../plugins of a build and then `installed`,
  /// the way to an installation's plugins, come last.
  PluginPath(const std::vector<std::string>& flags, const std::optional<std::string>& environment,
             const std::filesystem::path& program, const std::filesystem::path& installed);

  /// The absolute path of libNAME.so in the first folder that has it.
  [[nodiscard]] std::optional<std::filesystem::path> find(std::string_view name) const;
  /// Names of all plugins, sorted, each once; `paths` in the same order.
  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] const std::vector<std::filesystem::path>& folders() const { return folders_; }

 private:
  std::vector<std::filesystem::path> folders_;
};

}  // namespace gantry::host
