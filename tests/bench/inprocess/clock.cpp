// Time as this program tells it: each look at a clock is 40 ns later than the last, so that what depends on time
// (batches, commits) goes the same way in each run, however slow a counter of instructions makes it.
#include <ctime>

// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): the C library's names are reserved ones
extern "C" int clock_gettime(clockid_t, timespec* to) noexcept {
  static long nanoseconds = 0;
  static time_t seconds = 1;
  nanoseconds += 40;
  if (nanoseconds >= 1'000'000'000) {
    nanoseconds -= 1'000'000'000;
    ++seconds;
  }
  *to = {seconds, nanoseconds};
  return 0;
}
