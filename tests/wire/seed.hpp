// Random numbers of a test: GANTRY_TEST_SEED repeats a run; the seed is shown when a check fails.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

namespace gantry::tests {

inline std::uint64_t test_seed() {
  static const std::uint64_t seed = [] {
    const char* given = std::getenv("GANTRY_TEST_SEED");
    return given != nullptr ? std::stoull(given) : std::uint64_t{std::random_device{}()};
  }();
  return seed;
}

/// A number from 0 to `most`.
inline std::uint64_t below_or_equal(std::mt19937_64& random, std::uint64_t most) {
  return std::uniform_int_distribution<std::uint64_t>(0, most)(random);
}

}  // namespace gantry::tests
