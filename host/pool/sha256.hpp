// SHA-256 of files: what a pipeline pins a plugin by.
#pragma once

#include <optional>
#include <string>

namespace gantry::pool {

/// Of all bytes of an open file, in lower-case hex; nothing: it cannot be read.
[[nodiscard]] std::optional<std::string> sha256_of(int file);

}  // namespace gantry::pool
