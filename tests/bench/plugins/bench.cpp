// bench: functions so small, or so plain, that what is measured is gantry.
#include <unistd.h>
#include <gantry/plugin.hpp>

#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

namespace {

using gantry::f64;
using gantry::u64;

u64 increment(u64 x) {
  return x + 1;
}

/// `rounds` steps of a linear congruential generator (the multiplier is Knuth's MMIX): each needs the one before.
u64 stir(u64 x, u64 rounds) {
  for (u64 i = 0; i < rounds; ++i) x = x * 6364136223846793005U + 1442695040888963407U;
  return x;
}

/// The process that ran the task: who worked at all, and who starved. It sleeps, so that slow starters get their share.
u64 whoami(u64 microseconds) {
  std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
  return static_cast<u64>(getpid());
}

/// Modulo 2^64.
u64 sum(const std::vector<u64>& values) {
  u64 total = 0;
  for (const u64 value : values) total += value;
  return total;
}

/// 0, 1, …, 1023, 0, 1, …: sums of it are exact, in any order.
std::vector<f64> ramp(u64 size) {
  std::vector<f64> values(size);
  for (u64 i = 0; i < size; ++i) values[i] = static_cast<f64>(i % 1024);
  return values;
}

std::vector<f64> scale(std::vector<f64> values, f64 factor) {
  for (f64& value : values) value *= factor;
  return values;
}

f64 total(const std::vector<f64>& values) {
  f64 sum = 0;
  for (const f64 value : values) sum += value;
  return sum;
}

}  // namespace

GANTRY_PLUGIN("bench", "1.0.0", gantry::thread_safe(gantry::function<increment>("increment", {"x"}, "x + 1.")),
              gantry::thread_safe(gantry::function<stir>("stir", {"x", "rounds"}, "x after so many stirs.")),
              gantry::thread_safe(gantry::function<whoami>("whoami", {"microseconds"},
                                                           "The worker's process ID, after a sleep.")),
              gantry::thread_safe(gantry::function<sum>("sum", {"values"}, "The sum modulo 2^64.")),
              gantry::thread_safe(gantry::function<ramp>("ramp", {"size"}, "0, 1, … 1023, 0, 1, …")),
              gantry::thread_safe(gantry::function<scale>("scale", {"values", "factor"},
                                                          "Each value times the factor.")),
              gantry::thread_safe(gantry::function<total>("total", {"values"}, "The sum, left to right.")));
