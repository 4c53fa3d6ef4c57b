#include "pool/mark.hpp"

#include <unistd.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <fstream>
#include <limits>
#include <string>
#include <string_view>

#include "pool/clock.hpp"
#include "wire/mark.hpp"

namespace gantry::pool {
namespace {

constexpr int kBits = 20;     // of a pool's number, with the first and the last
constexpr int kPidBits = 22;  // the most that Linux has
constexpr std::string_view kLine = "Max file locks";

// The next word of a line; what follows stays in it.
std::string_view take_word(std::string_view& line) {
  const std::size_t begin = std::min(line.find_first_not_of(' '), line.size());
  const std::size_t end = std::min(line.find(' ', begin), line.size());
  const std::string_view word = line.substr(begin, end - begin);
  line.remove_prefix(end);
  return word;
}

rlim_t limit_of(std::string_view word) {
  rlim_t value = RLIM_INFINITY;
  if (std::from_chars(word.data(), word.data() + word.size(), value).ec != std::errc()) return RLIM_INFINITY;
  return value;  // "unlimited" is not a number
}

}  // namespace

// The first bit is always set: a hard limit has room for every soft one. The last is not, so that the row of ones that
// is left begins behind it.
Mark::Mark(int number) {
  static_assert(std::numeric_limits<rlim_t>::digits == 64);
  rlimit own{};
  if (::getrlimit(RLIMIT_LOCKS, &own) != 0 || own.rlim_max >> 63 == 0) return;
  const int ones = std::countr_one(own.rlim_max);
  if (ones < kBits || number < 0 || number >= 1 << (kBits - 2)) return;
  const rlim_t bits = (rlim_t{1} << (kBits - 1)) | static_cast<rlim_t>(number) << 1;
  below_ = ones - kBits;
  const rlim_t taken = ((rlim_t{1} << kBits) - 1) << below_;
  hard_ = (own.rlim_max & ~taken) | (bits << below_);
}

// A process starts no two workers in a nanosecond, nor has it the number of another one; the clock comes round after
// half a minute, but not to the nanosecond.
std::optional<rlimit> Mark::next() const {
  if (hard_ == 0) return std::nullopt;
  const auto time = static_cast<std::uint64_t>(Clock::now().time_since_epoch().count());
  return rlimit{wire::mark_of(time << kPidBits | static_cast<std::uint64_t>(::getpid())), hard_};
}

std::optional<Mark::Origin> Mark::origin_of(pid_t process) const {
  if (hard_ == 0) return std::nullopt;
  std::ifstream file("/proc/" + std::to_string(process) + "/limits");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(kLine)) continue;
    std::string_view rest = std::string_view(line).substr(kLine.size());
    const rlim_t soft = limit_of(take_word(rest));
    const rlim_t hard = limit_of(take_word(rest));
    if (hard == hard_) return Origin{soft};
    if (hard >> below_ == hard_ >> below_) return Origin{};
  }
  return std::nullopt;
}

}  // namespace gantry::pool
