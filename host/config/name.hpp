// What an id or a name may look like.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "signature/identifier.hpp"

namespace gantry::config {

[[nodiscard]] constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
using signature::is_digit;
using signature::is_identifier;
using signature::is_word;

/// [a-z_][a-z0-9_]*: a bound name may begin with `_`, which says that nothing need reference it.
[[nodiscard]] constexpr bool is_bound_name(std::string_view text) {
  return !text.empty() && !is_digit(text[0]) &&
         std::ranges::all_of(text, [](char c) { return is_lower(c) || is_digit(c) || c == '_'; });
}

/// [a-z][a-z0-9_]*: step ids, plugins, functions, params.
[[nodiscard]] constexpr bool is_name(std::string_view text) {
  return is_bound_name(text) && text[0] != '_';
}

inline constexpr std::array<std::string_view, 4> reserved_names{"params", "env", "index", "shared"};

[[nodiscard]] constexpr bool is_reserved(std::string_view text) {
  return std::ranges::find(reserved_names, text) != reserved_names.end();
}

}  // namespace gantry::config
