// What the workers of a run are.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace gantry::host {

enum class Mode : std::uint8_t {
  process,  ///< a process each
  thread,   ///< threads of one process, for functions that are declared thread-safe
};

[[nodiscard]] inline std::optional<Mode> mode_named(std::string_view word) {
  if (word == "process") return Mode::process;
  if (word == "thread") return Mode::thread;
  return std::nullopt;
}

}  // namespace gantry::host
