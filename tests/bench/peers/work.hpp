// The work that the peers do: the same arithmetic as the plugins', with nothing around it.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace bench {

using u64 = std::uint64_t;

/// As plugins/numbers does it, with its check; past 32 bits the answer is 0.
inline u64 square(u64 x) {
  u64 result = 0;
  return __builtin_mul_overflow(x, x, &result) ? 0 : result;
}

/// Trial division by 2 and the odd numbers up to the square root, as plugins/primes does it.
inline bool is_prime(u64 n) {
  if (n < 4) return n >= 2;
  if (n % 2 == 0) return false;
  for (u64 divisor = 3;; divisor += 2) {
    const u64 quotient = n / divisor;
    if (quotient < divisor) return true;
    if (quotient * divisor == n) return false;
  }
}

inline u64 count_primes(u64 low, u64 high) {
  u64 found = 0;
  for (u64 n = low; n < high; ++n) found += is_prime(n) ? 1 : 0;
  return found;
}

/// The words of a command line, read one by one; a wrong one ends the program with its usage.
class Words {
 public:
  Words(int count, char** words, const char* usage) : count_(count), words_(words), usage_(usage) {}

  [[nodiscard]] std::string_view text() { return at_ < count_ ? words_[at_++] : fail(); }
  [[nodiscard]] u64 number() {
    char* end = nullptr;
    const std::string word(text());
    const u64 value = std::strtoull(word.c_str(), &end, 10);
    if (word.empty() || *end != '\0') fail();
    return value;
  }
  [[noreturn]] const char* fail() const {
    std::fprintf(stderr, "usage: %s %s\n", words_[0], usage_);
    std::exit(2);
  }

 private:
  int count_;
  char** words_;
  const char* usage_;
  int at_ = 1;
};

inline void print(u64 value) {
  std::printf("%llu\n", static_cast<unsigned long long>(value));
}

}  // namespace bench
