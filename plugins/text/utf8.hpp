// Is it UTF-8? A `str` that is not cannot be shown.
#pragma once

#include <cstddef>
#include <string_view>

namespace text {

/// By table 3-7 of the Unicode standard: no surrogates, no overlong forms, nothing above U+10FFFF.
[[nodiscard]] constexpr bool is_utf8(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  for (std::size_t at = 0; at < text.size();) {
    const unsigned first = byte(at);
    if (first < 0x80) {
      ++at;
      continue;
    }
    const std::size_t size = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    if (size == 0 || size > text.size() - at) return false;
    const unsigned least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const unsigned most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (byte(at + 1) < least || byte(at + 1) > most) return false;
    for (std::size_t next = 2; next < size; ++next) {
      if ((byte(at + next) & 0xC0U) != 0x80) return false;
    }
    at += size;
  }
  return true;
}

}  // namespace text
