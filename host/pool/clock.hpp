// The pool's clock: CLOCK_MONOTONIC, the one that workers write into their progress words.
#pragma once

#include <chrono>
#include <cstdint>

namespace gantry::pool {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

/// A moment as a worker writes it.
[[nodiscard]] inline Time time_of(std::uint64_t nanoseconds) {
  return Time(std::chrono::nanoseconds(static_cast<std::int64_t>(nanoseconds)));
}

}  // namespace gantry::pool
