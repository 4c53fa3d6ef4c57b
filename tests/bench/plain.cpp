// The right answers, in plain C++ that shares no code with gantry: what `gantry run -o digest` must print for a step
// (DESIGN: XXH3-128 over the XXH3-128s of status bytes, lengths and value bytes), sums, and primes by a sieve.
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "peers/work.hpp"

namespace {

using bench::u64;

u64 stir(u64 x, u64 rounds) {
  while (rounds-- > 0) x = x * 6364136223846793005U + 1442695040888963407U;
  return x;
}

/// The functions of one number that the benchmarks call; `extra` is added to x, or the rounds of a stir.
u64 value(std::string_view function, u64 x, u64 extra) {
  if (function == "add") return x + extra;
  if (function == "square") return x * x;
  return stir(x, extra);
}

/// XXH3-128 of `size` bytes made block by block, as 16 big-endian bytes.
class Hash {
 public:
  Hash() { XXH3_128bits_reset(state_); }
  Hash(const Hash&) = delete;
  Hash& operator=(const Hash&) = delete;
  ~Hash() { XXH3_freeState(state_); }
  void add(const void* bytes, std::size_t size) { XXH3_128bits_update(state_, bytes, size); }
  [[nodiscard]] XXH128_canonical_t end() const {
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state_));
    return canonical;
  }

 private:
  XXH3_state_t* state_ = XXH3_createState();
};

/// The digest line of a step whose task i returned f(from + i) as u64, for all x in [from, to).
void digest(const std::string& step, std::string_view function, u64 from, u64 to, u64 extra) {
  constexpr u64 block = 4096;
  const std::array<char, block> statuses{};  // 0: a value
  std::array<u64, block> lengths{};
  lengths.fill(sizeof(u64));
  std::array<u64, block> values{};
  std::array<Hash, 3> streams;
  for (u64 x = from; x < to;) {
    const u64 size = std::min(block, to - x);
    for (u64 i = 0; i < size; ++i) values[i] = value(function, x + i, extra);
    streams[0].add(statuses.data(), size);
    streams[1].add(lengths.data(), size * sizeof(u64));
    streams[2].add(values.data(), size * sizeof(u64));
    x += size;
  }
  Hash whole;
  for (const Hash& stream : streams) {
    const XXH128_canonical_t part = stream.end();
    whole.add(&part, sizeof part);
  }
  const XXH128_canonical_t all = whole.end();
  std::printf("%s %llu ok 0 error 0 skipped 0 not-run xxh3:", step.c_str(), static_cast<unsigned long long>(to - from));
  for (const unsigned char byte : all.digest) std::printf("%02x", byte);
  std::printf("\n");
}

/// Modulo 2^64.
u64 sum(std::string_view function, u64 from, u64 to, u64 extra) {
  u64 total = 0;
  for (u64 x = from; x < to; ++x) total += value(function, x, extra);
  return total;
}

/// The sieve of Eratosthenes: not the trial division that is measured.
u64 primes(u64 low, u64 high) {
  std::vector<bool> composite(high);
  u64 found = 0;
  for (u64 n = 2; n < high; ++n) {
    if (composite[n]) continue;
    found += n >= low ? 1 : 0;
    for (u64 multiple = n * n; n <= high / n && multiple < high; multiple += n) composite[multiple] = true;
  }
  return found;
}

/// The sum of 0, 1, … 1023, 0, 1, … times the factor: exact in 64-bit integers.
u64 ramp(u64 size, u64 factor) {
  u64 total = 0;
  for (u64 i = 0; i < size; ++i) total += i % 1024;
  return total * factor;
}

}  // namespace

int main(int argc, char** argv) {
  bench::Words words(argc, argv,
                     "digest STEP add|square|stir FROM TO EXTRA | sum add|square|stir FROM TO EXTRA | "
                     "primes LOW HIGH | ramp SIZE FACTOR");
  const auto work = words.text();
  if (work == "digest" || work == "sum") {
    const std::string step(work == "digest" ? words.text() : "");
    const auto function = words.text();
    if (function != "add" && function != "square" && function != "stir") words.fail();
    const u64 from = words.number();
    const u64 to = words.number();
    const u64 extra = words.number();
    if (work == "sum") {
      bench::print(sum(function, from, to, extra));
    } else {
      digest(step, function, from, to, extra);
    }
    return 0;
  }
  const u64 first = words.number();
  const u64 second = words.number();
  if (work == "primes") {
    bench::print(primes(first, second));
  } else if (work == "ramp") {
    bench::print(ramp(first, second));
  } else {
    words.fail();
  }
}
