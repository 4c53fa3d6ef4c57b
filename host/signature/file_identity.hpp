// Which file something was read from, and in which state that file was: what a path leads to may change at any time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace gantry::signature {

/// Two that are equal are of one file, which nobody wrote to in between.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;         ///< in bytes
  std::uint64_t modified_ns = 0;  ///< when its bytes were last written, in nanoseconds since 1970
  bool operator==(const FileIdentity&) const = default;
};

/// Of an open file; nothing: it cannot be looked at.
[[nodiscard]] std::optional<FileIdentity> identity_of(int file);
/// Of the file that a path leads to; nothing: there is none, or it cannot be looked at.
[[nodiscard]] std::optional<FileIdentity> identity_at(const std::string& path);

}  // namespace gantry::signature
