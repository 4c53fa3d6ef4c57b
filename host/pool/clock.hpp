// The pool's clock: CLOCK_MONOTONIC, the one that workers write into their progress words.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>

namespace gantry::pool {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

/// The moment that lies so far ahead; a day at most, for there are time limits that no clock can add up. Whoever waits
/// for it looks again then.
[[nodiscard]] inline Time later(Time from, std::chrono::nanoseconds by) {
  return from + std::min<std::chrono::nanoseconds>(by, std::chrono::hours(24));
}

/// How long before `now` a moment was that a worker wrote; nothing, if it is to come, as a worker may claim.
[[nodiscard]] inline std::chrono::nanoseconds since(std::uint64_t written, Time now) {
  const auto at = static_cast<std::uint64_t>(now.time_since_epoch().count());
  return std::chrono::nanoseconds(written < at ? static_cast<std::int64_t>(at - written) : 0);
}

/// "300 ms", "1.5 s".
[[nodiscard]] inline std::string duration_text(std::chrono::nanoseconds duration) {
  if (duration >= std::chrono::seconds(1))
    return fmt::format("{:g} s", std::chrono::duration<double>(duration).count());
  return fmt::format("{:g} ms", std::chrono::duration<double, std::milli>(duration).count());
}

}  // namespace gantry::pool
