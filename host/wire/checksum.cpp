#include "wire/checksum.hpp"

#include <xxhash.h>

#include <array>
#include <bit>
#include <cstring>

namespace gantry::wire {

std::uint64_t Checksum::of(signature::View segment) {
  const std::byte* const bytes = segment.data();
  std::uint64_t sum = sum_;
  std::uint64_t sums = sums_;
  std::uint64_t at = summed_;
  for (; segment.size() - at >= sizeof(std::uint64_t); at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes + at, sizeof word);
    sum += word;
    sums = std::rotl(sums, 1) + sum;
  }
  sum_ = sum;
  sums_ = sums;
  summed_ = at;
  std::uint64_t rest = 0;
  if (segment.size() > at) std::memcpy(&rest, bytes + at, segment.size() - at);
  const std::array<std::uint64_t, 6> words{sum, sums, rest, segment.size(), lease_, first_};
  return XXH3_64bits(words.data(), sizeof words);
}

}  // namespace gantry::wire
