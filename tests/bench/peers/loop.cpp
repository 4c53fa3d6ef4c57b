// Peer: one plain loop in one thread, which is what any machinery around it is measured against.
#include <sys/mman.h>

#include <chrono>
#include <cstring>
#include <vector>

#include "work.hpp"

namespace {

using bench::u64;

/// The last square; the vector is what a caller would want to have.
u64 squares(u64 from, u64 to) {
  std::vector<u64> values;
  values.reserve(to - from);
  for (u64 x = from; x < to; ++x) values.push_back(bench::square(x));
  asm volatile("" : : "r"(values.data()) : "memory");  // all of them are wanted
  return values.empty() ? 0 : values.back();
}

/// memcpy of so many bytes there and back again, into memory that was touched before: seconds a round trip.
double copy(u64 bytes, u64 rounds) {
  const std::vector<char> from(bytes, 'a');
  std::vector<char> there(bytes, 'b');
  std::vector<char> back(bytes, 'c');
  const auto began = std::chrono::steady_clock::now();
  for (u64 round = 0; round < rounds; ++round) {
    std::memcpy(there.data(), from.data(), bytes);
    asm volatile("" : : "r"(there.data()) : "memory");
    std::memcpy(back.data(), there.data(), bytes);
    asm volatile("" : : "r"(back.data()) : "memory");
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  if (back != from) return -1;
  return took.count() / static_cast<double>(rounds);
}

/// Writes to each page of so much memory once, and gives it back: a virtual machine gets its pages from its host at
/// their first use ever, which may cost a hundred times what a page costs later.
bool touch(u64 bytes) {
  void* const memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return false;
  ::madvise(memory, bytes, MADV_HUGEPAGE);
  for (u64 at = 0; at < bytes; at += 4096) static_cast<volatile char*>(memory)[at] = 1;
  return ::munmap(memory, bytes) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  bench::Words words(argc, argv, "squares FROM TO | copy BYTES ROUNDS | touch BYTES TIMES");
  const auto work = words.text();
  const u64 first = words.number();
  const u64 second = words.number();
  if (work == "squares") {
    bench::print(squares(first, second));
  } else if (work == "copy" && second > 0) {
    std::printf("%.9f\n", copy(first, second));
  } else if (work == "touch") {
    for (u64 i = 0; i < second; ++i) {
      if (!touch(first)) return 1;
    }
  } else {
    words.fail();
  }
}
