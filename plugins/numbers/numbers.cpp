// numbers: arithmetic of known cost, from a multiplication to a long loop.
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include <gantry/plugin.hpp>

namespace {

using gantry::f64;
using gantry::u64;

gantry::Result<u64> square(u64 x) {
  u64 result = 0;
  if (__builtin_mul_overflow(x, x, &result))
    return gantry::fail("overflow", "the square of " + std::to_string(x) + " does not fit u64");
  return result;
}

gantry::Result<u64> square_sum(const std::vector<u64>& values) {
  u64 sum = 0;
  for (const u64 value : values) {
    const gantry::Result<u64> squared = square(value);
    if (!squared) return squared;
    if (__builtin_add_overflow(sum, *squared, &sum))
      return gantry::fail("overflow", "the sum of squares does not fit u64");
  }
  return sum;
}

/// Divisors come in pairs around the square root, so only the smaller ones are tried.
bool is_perfect(u64 n) {
  if (n < 2) return false;
  u64 sum = 1;
  for (u64 divisor = 2; divisor <= n / divisor; ++divisor) {
    if (n % divisor != 0) continue;
    const u64 partner = n / divisor;
    const u64 pair = divisor == partner ? divisor : divisor + partner;
    if (__builtin_add_overflow(sum, pair, &sum)) return false;  // larger than any n
  }
  return sum == n;
}

/// 0 + 1 + … + (n - 1), one addition at a time: the point is its cost, so the compiler may not know the formula.
gantry::Result<u64> sum_below(u64 n) {
  constexpr u64 largest = 6'074'001'000;  // its sum is the last that fits 64 bits
  if (n > largest)
    return gantry::fail("overflow", "the sum of the numbers below " + std::to_string(n) + " does not fit u64");
  u64 sum = 0;
  for (u64 i = 0; i < n; ++i) {
    sum += i;
    asm volatile("" : "+r"(sum));  // NOLINT(hicpp-no-assembler): empty; keeps each step
  }
  return sum;
}

/// Takes a limit from the queue, counts to it one by one, and gives it back: the point is who counts, and when.
gantry::Result<u64> count_to(gantry::Context& context, u64 task, gantry::Queue<u64>& queue) {
  const auto limit = queue.get();
  if (!limit) return gantry::fail("empty", "task " + std::to_string(task) + " found no limit in the queue");
  u64 counted = 0;
  while (counted < *limit) {
    ++counted;
    asm volatile("" : "+r"(counted));  // NOLINT(hicpp-no-assembler): empty; keeps each step
  }
  context.log(gantry::Level::info, "task " + std::to_string(task) + " counted to " + std::to_string(counted));
  return counted;
}

enum class Integrand : std::uint8_t { sin, cos, exp, square, root, bell };

f64 at(Integrand f, f64 x) {
  switch (f) {
    case Integrand::sin:
      return std::sin(x);
    case Integrand::cos:
      return std::cos(x);
    case Integrand::exp:
      return std::exp(x);
    case Integrand::square:
      return x * x;
    case Integrand::root:
      return std::sqrt(x);
    case Integrand::bell:
      return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi);
  }
  return std::nan("");
}

/// Composite Simpson's rule over n panels of width h: h/6 (f(left) + 4 f(middle) + f(right)) each, the inner ends
/// shared; the sum is compensated (Kahan, "Further remarks on reducing truncation errors", 1965).
gantry::Result<f64> integrate(Integrand f, f64 a, f64 b, u64 n) {
  if (n == 0) return gantry::fail("argument", "n is the number of panels, and must be at least 1");
  if (!std::isfinite(a) || !std::isfinite(b)) return gantry::fail("argument", "a and b must be finite");
  const f64 width = (b - a) / static_cast<f64>(n);
  f64 sum = 0;
  f64 lost = 0;
  const auto add = [&](f64 term) {
    const f64 corrected = term - lost;
    const f64 next = sum + corrected;
    lost = (next - sum) - corrected;
    sum = next;
  };
  add(at(f, a));
  for (u64 panel = 0; panel < n; ++panel) {
    const f64 left = a + width * static_cast<f64>(panel);
    add(4 * at(f, left + width / 2));
    add((panel + 1 == n ? 1 : 2) * at(f, panel + 1 == n ? b : a + width * static_cast<f64>(panel + 1)));
  }
  return sum * width / 6;
}

}  // namespace

GANTRY_PLUGIN(
    "numbers", "1.0.0", gantry::thread_safe(gantry::function<square>("square", {"x"}, "x times x.")),
    gantry::thread_safe(gantry::function<square_sum>("square_sum", {"values"}, "The sum of the squares of a list.")),
    gantry::thread_safe(gantry::function<is_perfect>("is_perfect", {"n"}, "Is n the sum of its proper divisors?")),
    gantry::thread_safe(gantry::function<sum_below>("sum_below", {"n"}, "0 + 1 + … + (n - 1), added one by one.")),
    gantry::thread_safe(gantry::function<count_to>("count_to", {"task", "queue"},
                                                   "Takes a limit from a shared queue and counts to it.")),
    gantry::thread_safe(gantry::function<integrate>(
        "integrate", {"f", "a", "b", "n = 1000"}, "The integral of f from a to b, by Simpson's rule over n panels.")));
