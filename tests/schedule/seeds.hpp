// Seeds of a simulation: the same ones in each run, and some that were never tried. GANTRY_TEST_SEED tries that one
// alone.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

namespace gantry::test {

/// Then nothing is to be counted over all seeds.
inline bool replays_one_seed() {
  return std::getenv("GANTRY_TEST_SEED") != nullptr;
}

inline std::vector<std::uint64_t> seeds(std::uint64_t fixed, std::uint64_t fresh = 200) {
  if (const char* given = std::getenv("GANTRY_TEST_SEED")) return {std::stoull(given)};
  std::vector<std::uint64_t> all;
  for (std::uint64_t seed = 1; seed <= fixed; ++seed) all.push_back(seed);
  const std::uint64_t first = (std::uint64_t{std::random_device{}()} << 16) + fixed;
  for (std::uint64_t i = 1; i <= fresh; ++i) all.push_back(first + i);
  return all;
}

}  // namespace gantry::test
