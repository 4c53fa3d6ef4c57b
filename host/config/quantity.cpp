#include "config/quantity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <string>

#include "config/name.hpp"

namespace gantry::config {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr std::uint64_t second = 1'000'000'000;
constexpr std::array durations{
    Unit{"ns", 1},          Unit{"us", 1'000},         Unit{"ms", 1'000'000},     Unit{"s", second},
    Unit{"m", 60 * second}, Unit{"h", 3'600 * second}, Unit{"d", 86'400 * second}};
constexpr std::array sizes{Unit{"B", 1}, Unit{"KiB", 1ULL << 10}, Unit{"MiB", 1ULL << 20}, Unit{"GiB", 1ULL << 30}};

/// Of digits alone; nothing if the number does not fit.
std::optional<std::uint64_t> parse_digits(std::string_view digits) {
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t value = 0;
  for (const char c : digits) {
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (value > (most - digit) / 10) return {};
    value = value * 10 + digit;
  }
  return value;
}

host::Result<std::uint64_t> refuse(std::string sentence) {
  return host::fail(host::ErrorKind::value, std::move(sentence));
}

/// How one kind of quantity is read, and what is said when it cannot be.
struct Kind {
  std::span<const Unit> units;
  std::string_view needs;     // "needs a unit: …"
  std::string_view too_fine;  // the fraction is no whole number of the smallest unit
  std::string_view too_large;
  std::uint64_t most;
};

/// digits[.digits]unit, exactly: with whole + f / 10^k of a unit, f / 10^k is reduced, and its denominator must divide
/// the unit's factor.
host::Result<std::uint64_t> parse_quantity(std::string_view text, const Kind& kind) {
  const auto digits_from = [text](std::size_t at) {
    const auto end = std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_digit);
    return text.substr(at, static_cast<std::size_t>(end - text.begin()) - at);
  };
  const std::string_view whole_digits = digits_from(0);
  if (whole_digits.empty()) return refuse(fmt::format("does not begin with a number, and {}", kind.needs));
  std::size_t at = whole_digits.size();
  std::string_view fraction_digits;
  if (at < text.size() && text[at] == '.') {
    fraction_digits = digits_from(at + 1);
    if (fraction_digits.empty()) return refuse("has no digit after the point");
    at += 1 + fraction_digits.size();
  }
  const auto unit = std::ranges::find(kind.units, text.substr(at), &Unit::name);
  if (unit == kind.units.end()) return refuse(std::string(kind.needs));

  const auto whole = parse_digits(whole_digits);
  if (!whole || *whole > kind.most / unit->factor) return refuse(std::string(kind.too_large));
  fraction_digits = fraction_digits.substr(0, fraction_digits.find_last_not_of('0') + 1);
  if (fraction_digits.empty()) return *whole * unit->factor;
  if (fraction_digits.size() > 18) return refuse(std::string(kind.too_fine));
  std::uint64_t denominator = 1;
  for (std::size_t i = 0; i < fraction_digits.size(); ++i) denominator *= 10;
  std::uint64_t numerator = parse_digits(fraction_digits).value_or(0);  // at most 18 digits
  const std::uint64_t common = std::gcd(numerator, denominator);
  numerator /= common;
  denominator /= common;
  if (unit->factor % denominator != 0) return refuse(std::string(kind.too_fine));
  const std::uint64_t part = numerator * (unit->factor / denominator);  // < factor
  const std::uint64_t rest = kind.most - *whole * unit->factor;
  if (part > rest) return refuse(std::string(kind.too_large));
  return *whole * unit->factor + part;
}

}  // namespace

host::Result<std::uint64_t> parse_whole(std::string_view text, std::uint64_t least, std::uint64_t most) {
  const auto refused = [&] {
    if (most == std::numeric_limits<std::uint64_t>::max()) {
      return refuse(least == 0 ? "is not a whole number from 0 to 2^64 - 1"
                               : fmt::format("is not a whole number of at least {}", least));
    }
    return refuse(fmt::format("is not a whole number from {} to {}", least, most));
  };
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool between = i > 0 && i + 1 < text.size() && is_digit(text[i - 1]) && is_digit(text[i + 1]);
    if (text[i] == '_' && between) continue;
    digits.push_back(text[i]);
  }
  // As in the rest of the file, 010 is no number.
  if (digits.empty() || !std::ranges::all_of(digits, is_digit) || (digits.size() > 1 && digits[0] == '0')) {
    return refused();
  }
  const auto value = parse_digits(digits);
  if (!value || *value < least || *value > most) return refused();
  return *value;
}

host::Result<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  constexpr Kind kind{durations, "needs a unit: ns, us, ms, s, m, h or d", "is finer than a nanosecond",
                      "is longer than 292 years", std::numeric_limits<std::int64_t>::max()};
  const auto value = parse_quantity(text, kind);
  if (!value) return std::unexpected(value.error());
  if (*value == 0) return host::fail(host::ErrorKind::value, "is not above zero");
  return std::chrono::nanoseconds(static_cast<std::int64_t>(*value));
}

host::Result<std::uint64_t> parse_size(std::string_view text) {
  constexpr Kind kind{sizes, "needs a unit: B, KiB, MiB or GiB", "is not a whole number of bytes",
                      "is larger than 2^64 bytes", std::numeric_limits<std::uint64_t>::max()};
  return parse_quantity(text, kind);
}

}  // namespace gantry::config
