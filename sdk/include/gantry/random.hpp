// Random numbers that depend on the seed alone: equal on every machine, worker and standard library.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <limits>

namespace gantry {
inline namespace [[gnu::visibility("hidden")]] sdk1 {

/// A UniformRandomBitGenerator: xoshiro256++ (Blackman and Vigna, "Scrambled linear pseudorandom number
/// generators", 2021), its state filled by SplitMix64 (Steele, Lea and Flood, 2014) as its authors advise.
/// The distributions of <random> may differ between standard libraries; uniform() and below() do not.
class Random {
 public:
  using result_type = std::uint64_t;

  explicit constexpr Random(std::uint64_t seed) {
    for (std::uint64_t& word : state_) {
      seed += 0x9E3779B97F4A7C15u;
      std::uint64_t mixed = seed;
      mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
      mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
      word = mixed ^ (mixed >> 31);
    }
  }

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

  /// The next 64 random bits.
  constexpr result_type operator()() {
    const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t carried = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= carried;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  /// A number in [0, 1): one of the 2^53 multiples of 2^-53, all equally likely.
  constexpr double uniform() { return static_cast<double>((*this)() >> 11) * 0x1.0p-53; }

  /// A number in [0, limit), all equally likely; 0 for a limit of 0.
  constexpr std::uint64_t below(std::uint64_t limit) {
    if (limit == 0) return 0;
    const std::uint64_t unfair = (std::uint64_t{0} - limit) % limit;  // 2^64 mod limit: this many values are refused
    std::uint64_t drawn = (*this)();
    while (drawn < unfair) drawn = (*this)();
    return drawn % limit;
  }

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace sdk1
}  // namespace gantry
