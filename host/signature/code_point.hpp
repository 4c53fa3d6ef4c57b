// One code point of a text that may hold anything.
#pragma once

#include <cstddef>
#include <string_view>

namespace gantry::signature {

/// An invalid byte counts as one code point of one byte.
struct CodePoint {
  char32_t value = 0;    ///< U+FFFD if invalid
  std::size_t size = 1;  ///< bytes
  bool valid = true;     ///< shortest form, no surrogate, at most U+10FFFF
};

/// The code point at byte `at`. Precondition: at < text.size().
[[nodiscard]] CodePoint code_point(std::string_view text, std::size_t at);

}  // namespace gantry::signature
