// The pool's clock: CLOCK_MONOTONIC, the one that workers write into their progress words.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace gantry::pool {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

/// A moment as a worker writes it.
[[nodiscard]] inline Time time_of(std::uint64_t nanoseconds) {
  return Time(std::chrono::nanoseconds(static_cast<std::int64_t>(nanoseconds)));
}

/// "300 ms", "1.5 s".
[[nodiscard]] inline std::string duration_text(std::chrono::nanoseconds duration) {
  if (duration >= std::chrono::seconds(1))
    return fmt::format("{:g} s", std::chrono::duration<double>(duration).count());
  return fmt::format("{:g} ms", std::chrono::duration<double, std::milli>(duration).count());
}

}  // namespace gantry::pool
