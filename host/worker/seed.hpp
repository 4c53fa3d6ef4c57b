// The seed of a task: a function of the run's seed and the task ID alone, so that random numbers do not depend on
// workers, order or attempts.
#pragma once

#include <xxhash.h>

#include <cstdint>
#include <string_view>

namespace gantry::worker {

/// SplitMix64 (Steele, Lea and Flood, 2014): the next output after the state `x`.
[[nodiscard]] constexpr std::uint64_t splitmix64(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

[[nodiscard]] inline std::uint64_t step_seed(std::string_view step, std::uint64_t run_seed) {
  return XXH3_64bits_withSeed(step.data(), step.size(), run_seed);
}

/// A step without `each` has the one task 0.
[[nodiscard]] constexpr std::uint64_t task_seed(std::uint64_t step_seed, std::uint64_t index) {
  return splitmix64(step_seed + index * 0x9E3779B97F4A7C15u);
}

}  // namespace gantry::worker
