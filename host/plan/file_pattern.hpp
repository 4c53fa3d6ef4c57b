// A pattern for files, read: its alternatives written out, each cut at its slashes.
//
// `*`, `?`, `[a-z]` and `[!a-z]` match inside one name, and none of them a dot that it begins with; `**` between
// slashes matches any number of folders; `{a,b}` are alternatives, which may hold slashes and braces; `\` makes the
// next character an ordinary one. A `?` is a code point, whatever the locale.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace gantry::plan {

/// What stands between two slashes.
struct PatternPart {
  enum class Kind : std::uint8_t { name, wild, any_depth };
  Kind kind = Kind::name;
  std::string text;  ///< name: as it is; wild: for fnmatch(3)
};

/// One alternative. The names that it begins with are resolved: what it matches lies in `base` or below.
struct FilePattern {
  std::string base;                ///< a folder; empty: the current one
  std::vector<PatternPart> parts;  ///< at least one; the last, which a file's name has to match, is not any_depth
};

/// Most alternatives that a pattern may have.
inline constexpr std::size_t most_alternatives = 1000;

/// A relative pattern is one of `folder`, in which nothing is special. `.` and `..` are resolved in the text, as if no
/// folder were a link. The error is a sentence.
[[nodiscard]] std::expected<std::vector<FilePattern>, std::string> read_file_pattern(
    std::string_view pattern, const std::filesystem::path& folder);

/// The name in the folder; "": in the current one.
[[nodiscard]] std::string join(std::string_view folder, std::string_view name);

}  // namespace gantry::plan
