// Peer: two std::threads without any machinery: halves of a vector, or spans taken from an atomic counter.
#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "work.hpp"

namespace {

using bench::u64;
constexpr unsigned threads = 2;

template <class Body>
void on_each(const Body& body) {
  std::vector<std::jthread> all;
  all.reserve(threads);
  for (unsigned thread = 0; thread < threads; ++thread) all.emplace_back([&body, thread] { body(thread); });
}

u64 squares(u64 from, u64 to) {
  std::vector<u64> values(to - from);
  const u64 size = values.size();
  on_each([&](unsigned thread) {
    for (u64 i = size * thread / threads; i < size * (thread + 1) / threads; ++i) values[i] = bench::square(from + i);
  });
  return values.empty() ? 0 : values.back();
}

/// In spans of 5000 numbers, as configs/primes.yaml has them, so that no thread waits for the other's half.
u64 primes(u64 low, u64 high) {
  constexpr u64 span = 5000;
  std::atomic<u64> next{low};
  std::atomic<u64> found{0};
  on_each([&](unsigned) {
    u64 mine = 0;
    for (u64 begin = next.fetch_add(span); begin < high; begin = next.fetch_add(span)) {
      mine += bench::count_primes(begin, std::min(begin + span, high));
    }
    found += mine;
  });
  return found;
}

}  // namespace

int main(int argc, char** argv) {
  bench::Words words(argc, argv, "squares|primes FROM TO");
  const auto work = words.text();
  const u64 from = words.number();
  const u64 to = words.number();
  if (work == "squares") {
    bench::print(squares(from, to));
  } else if (work == "primes") {
    bench::print(primes(from, to));
  } else {
    words.fail();
  }
}
