#include "wire/checksum.hpp"

#include <xxhash.h>

#include <array>
#include <bit>
#include <cstring>

namespace gantry::wire {
namespace {

constexpr std::uint64_t word_size = sizeof(std::uint64_t);

std::uint64_t word_at(const std::byte* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

/// One number of the lanes' four, in which each counts.
std::uint64_t folded(const std::array<std::uint64_t, 4>& lanes) {
  constexpr std::uint64_t odd = 0x9E3779B97F4A7C15;
  return ((lanes[0] * odd + lanes[1]) * odd + lanes[2]) * odd + lanes[3];
}

}  // namespace

std::uint64_t Checksum::of(signature::View segment) {
  const std::byte* const bytes = segment.data();
  auto sum = sum_;  // copies: bytes might be anywhere, as far as the compiler knows
  auto sums = sums_;
  const auto add = [&](std::size_t lane, std::uint64_t word) {
    sum[lane] += word;
    sums[lane] += sum[lane] ^ (sum[lane] >> 29);
  };
  std::uint64_t at = summed_;
  const auto lane_of = [](std::uint64_t place) { return place / word_size % lanes; };
  for (; segment.size() - at >= word_size && lane_of(at) != 0; at += word_size) add(lane_of(at), word_at(bytes + at));
  for (; segment.size() - at >= lanes * word_size; at += lanes * word_size) {
    for (std::size_t lane = 0; lane < lanes; ++lane) add(lane, word_at(bytes + at + lane * word_size));
  }
  for (; segment.size() - at >= word_size; at += word_size) add(lane_of(at), word_at(bytes + at));
  sum_ = sum;
  sums_ = sums;
  summed_ = at;
  std::uint64_t rest = 0;
  if (segment.size() > at) std::memcpy(&rest, bytes + at, segment.size() - at);
  const std::array<std::uint64_t, 6> words{folded(sum), folded(sums), rest, segment.size(), lease_, first_};
  return XXH3_64bits(words.data(), sizeof words);
}

std::uint64_t part_checksum(std::uint64_t lease, std::uint64_t index, signature::View piece) {
  return XXH3_64bits_withSeed(piece.data(), piece.size(), std::rotl(lease, 32) ^ index);
}

}  // namespace gantry::wire
