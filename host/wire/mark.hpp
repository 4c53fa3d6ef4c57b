// What every process that descends from a worker bears, whatever it does to its environment, its session and its
// program: a limit that Linux has not enforced since version 2.4 (RLIMIT_LOCKS), that is inherited, and that everybody
// may read in /proc. The host gives it to a worker when it starts it. The soft limit is the worker's own number, which
// no other process of this machine has.
#pragma once

#include <cstdint>

namespace gantry::wire {

inline constexpr int mark_bits = 57;  ///< of the number; above them stands one bit, so that no limit looks like it

[[nodiscard]] constexpr std::uint64_t mark_of(std::uint64_t number) {
  return (std::uint64_t{16} << mark_bits) | (number & ((std::uint64_t{1} << mark_bits) - 1));
}
[[nodiscard]] constexpr bool is_mark(std::uint64_t soft_limit) {
  return soft_limit >> mark_bits == 16;
}

}  // namespace gantry::wire
