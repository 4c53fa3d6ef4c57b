// primes: found by trial division, so that there is work to share.
#include <cstdint>
#include <vector>

#include <gantry/plugin.hpp>

namespace {

using gantry::u64;

/// Trial division by 2 and the odd numbers up to the square root.
bool is_prime(u64 n) {
  if (n < 4) return n >= 2;
  if (n % 2 == 0) return false;
  for (u64 divisor = 3;; divisor += 2) {
    const u64 quotient = n / divisor;
    if (quotient < divisor) return true;
    if (quotient * divisor == n) return false;
  }
}

std::vector<u64> find(u64 low, u64 high) {
  std::vector<u64> primes;
  for (u64 n = low; n < high; ++n) {
    if (is_prime(n)) primes.push_back(n);
  }
  return primes;
}

u64 count(u64 low, u64 high) {
  u64 found = 0;
  for (u64 n = low; n < high; ++n) found += is_prime(n) ? 1 : 0;
  return found;
}

/// 1 counts as the first one here, as it long did: nth(1) = 1, nth(2) = 2, nth(3) = 3, nth(4) = 5.
gantry::Result<u64> nth(u64 n) {
  if (n == 0) return gantry::fail("argument", "n counts from 1");
  u64 candidate = 1;
  for (u64 found = 1; found < n; found += is_prime(candidate) ? 1 : 0) ++candidate;
  return candidate;
}

}  // namespace

GANTRY_PLUGIN(
    "primes", "1.0.0",
    gantry::thread_safe(gantry::function<find>("find", {"low", "high"}, "The primes in [low, high), ascending.")),
    gantry::thread_safe(gantry::function<count>("count", {"low", "high"}, "How many primes are in [low, high).")),
    gantry::thread_safe(gantry::function<nth>("nth", {"n"}, "The n-th prime, where 1 counts as the first.")));
