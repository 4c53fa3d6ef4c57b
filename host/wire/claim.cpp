#include "wire/claim.hpp"

#include <algorithm>

#include "wire/layout.hpp"

namespace gantry::wire {
namespace {

std::uint32_t next_of(std::uint64_t word) {
  return static_cast<std::uint32_t>(word);
}
std::uint32_t end_of(std::uint64_t word) {
  return static_cast<std::uint32_t>(word >> 32);
}
std::uint64_t pack(std::uint32_t next, std::uint32_t end) {
  return std::uint64_t{end} << 32 | next;
}

}  // namespace

void open_claims(std::uint64_t& word, std::uint32_t count) {
  shared(word).store(pack(0, count), std::memory_order_release);
}

Claimed claim(std::uint64_t& word, std::uint32_t at_most) {
  std::uint64_t seen = shared(word).load(std::memory_order_acquire);
  for (;;) {
    const std::uint32_t next = next_of(seen);
    const std::uint32_t end = end_of(seen);
    if (next >= end) return {end, 0, true};
    const std::uint32_t count = std::min(at_most, end - next);
    if (shared(word).compare_exchange_weak(seen, pack(next + count, end), std::memory_order_acq_rel)) {
      return {next, count, next + count == end};
    }
  }
}

std::uint32_t recall_claims(std::uint64_t& word, std::uint32_t end) {
  std::uint64_t seen = shared(word).load(std::memory_order_acquire);
  for (;;) {
    const std::uint32_t next = next_of(seen);
    if (end_of(seen) != end || next >= end) return end;
    if (shared(word).compare_exchange_weak(seen, pack(next, next), std::memory_order_acq_rel)) return next;
  }
}

}  // namespace gantry::wire
