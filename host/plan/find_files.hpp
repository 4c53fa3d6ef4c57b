// Files on disk that match a pattern.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "plan/file_pattern.hpp"

namespace gantry::plan {

/// Regular files, and links to them, each once, ascending by the bytes of their paths; each path is the base, then the
/// names below. `**` passes over hidden folders and does not follow links. A folder is listed only if a wildcard asks
/// for it. What goes away meanwhile, and a link that leads nowhere, is not there. The error is a sentence: a folder
/// that cannot be read, a name that is not UTF-8.
[[nodiscard]] std::expected<std::vector<std::string>, std::string> find_files(
    const std::vector<FilePattern>& alternatives);

/// Why nothing was found, or where was looked: for help. Never empty.
[[nodiscard]] std::string tell_search(const std::vector<FilePattern>& alternatives);

}  // namespace gantry::plan
