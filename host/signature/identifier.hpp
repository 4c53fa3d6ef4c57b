// The characters of our texts: names of parameters and fields: [A-Za-z_][A-Za-z0-9_]*, independent of the locale.
#pragma once

#include <string_view>

namespace gantry::signature {

[[nodiscard]] constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// May stand between words of a text.
[[nodiscard]] constexpr bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// May stand inside a name.
[[nodiscard]] constexpr bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c);
}

[[nodiscard]] constexpr bool is_identifier(std::string_view name) {
  if (name.empty() || is_digit(name[0])) return false;
  for (const char c : name) {
    if (!is_word(c)) return false;
  }
  return true;
}

}  // namespace gantry::signature
