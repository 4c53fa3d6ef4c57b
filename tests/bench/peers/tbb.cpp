// Peer: oneTBB with two threads: each task submitted alone, or ranges that it splits itself.
#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/parallel_reduce.h>
#include <oneapi/tbb/task_group.h>

#include <functional>
#include <vector>

#include "work.hpp"

namespace {

using bench::u64;
using Range = oneapi::tbb::blocked_range<u64>;

/// x + 1 for each x, one task each; the sum of the results.
u64 tasks(u64 from, u64 to) {
  std::vector<u64> results(to - from);
  oneapi::tbb::task_group group;
  for (u64 x = from; x < to; ++x) group.run([&results, from, x] { results[x - from] = x + 1; });
  group.wait();
  u64 sum = 0;
  for (const u64 result : results) sum += result;
  return sum;
}

u64 squares(u64 from, u64 to) {
  std::vector<u64> values(to - from);
  oneapi::tbb::parallel_for(Range(from, to), [&](const Range& range) {
    for (u64 x = range.begin(); x < range.end(); ++x) values[x - from] = bench::square(x);
  });
  return values.empty() ? 0 : values.back();
}

u64 primes(u64 low, u64 high) {
  return oneapi::tbb::parallel_reduce(
      Range(low, high, 5000), u64{0},
      [](const Range& range, u64 found) { return found + bench::count_primes(range.begin(), range.end()); },
      std::plus<>());
}

}  // namespace

int main(int argc, char** argv) {
  const oneapi::tbb::global_control two(oneapi::tbb::global_control::max_allowed_parallelism, 2);
  bench::Words words(argc, argv, "tasks|squares|primes FROM TO");
  const auto work = words.text();
  const u64 from = words.number();
  const u64 to = words.number();
  if (work == "tasks") {
    bench::print(tasks(from, to));
  } else if (work == "squares") {
    bench::print(squares(from, to));
  } else if (work == "primes") {
    bench::print(primes(from, to));
  } else {
    words.fail();
  }
}
