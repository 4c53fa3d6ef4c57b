// Defaults of parameters, `"high = 100"`, checked while compiling where their type has one way to be written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <type_traits>

#include <gantry/detail/kind.hpp>
#include <gantry/detail/refusal.hpp>
#include <gantry/detail/text.hpp>
#include <gantry/names.hpp>

namespace gantry {
inline namespace [[gnu::visibility("hidden")]] sdk1 {
namespace detail {

/// Decimal, with `_` between digits, in T's range.
template <class T>
constexpr bool is_integer_text(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty() || !is_digit(text.front()) || !is_digit(text.back())) return false;
  const std::uint64_t limit = negative ? std::uint64_t{0} - static_cast<std::uint64_t>(std::numeric_limits<T>::min())
                                       : static_cast<std::uint64_t>(std::numeric_limits<T>::max());
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c == '_') continue;
    if (!is_digit(c)) return false;
    const std::uint64_t digit = static_cast<std::uint64_t>(c - '0');
    if (value > (limit - digit) / 10 || digit > limit) return false;
    value = 10 * value + digit;
  }
  return true;
}

/// -12, 0.5, .5, 1e-9, 2.5E+3.
constexpr bool is_float_text(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  const auto take_digits = [&text] {
    std::size_t taken = 0;
    for (; !text.empty() && (is_digit(text.front()) || (taken > 0 && text.front() == '_')); ++taken)
      text.remove_prefix(1);
    return taken;
  };
  std::size_t digits = take_digits();
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    digits += take_digits();
  }
  if (digits == 0) return false;
  if (!text.empty() && (text.front() == 'e' || text.front() == 'E')) {
    text.remove_prefix(1);
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
    if (take_digits() == 0) return false;
  }
  return text.empty();
}

/// False for what can be no T; lists, structs, maps and texts are left to the host, which reads them at load.
template <class T>
constexpr bool fits_as_default(std::string_view text) {
  if constexpr (is_shared<T> || is_ref<T> || is_fd<T>) {
    return false;
  } else if constexpr (is_integer<T>) {
    return is_integer_text<T>(text);
  } else if constexpr (std::is_same_v<T, bool>) {
    return text == "true" || text == "false";
  } else if constexpr (is_float<T>) {
    return is_float_text(text);
  } else if constexpr (std::is_enum_v<T> && !std::is_same_v<T, std::byte>) {
    for (const auto& enumerator : Names<T>::all) {
      if (enumerator.name == text) return true;
    }
    return false;
  } else if constexpr (is_optional<T>) {
    return text == "null" || fits_as_default<typename T::value_type>(text);
  } else {
    return std::is_same_v<T, std::string> || !text.empty();
  }
}

/// The innermost type of T?, T otherwise.
template <class T>
inline constexpr bool is_text_parameter =
    std::is_same_v<T, std::string> || std::is_same_v<T, std::optional<std::string>>;

}  // namespace detail
}  // namespace sdk1
}  // namespace gantry
