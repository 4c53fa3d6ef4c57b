// Text as code points: what columns count, and how text is shown in a message without touching the terminal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gantry::config {

/// One code point of a text. An invalid byte counts as one code point of one byte.
struct CodePoint {
  char32_t value = 0;    ///< U+FFFD if invalid
  std::size_t size = 1;  ///< bytes
  bool valid = true;     ///< shortest form, no surrogate, at most U+10FFFF
};

/// The code point at byte `at`. Precondition: at < text.size().
[[nodiscard]] CodePoint code_point(std::string_view text, std::size_t at);

/// C0 and C1 controls, DEL, and the marks that turn the writing direction: what no message shows as it is.
[[nodiscard]] bool is_control(char32_t value);

/// The text with each control or invalid byte replaced by one visible code point; tabs are kept if asked.
[[nodiscard]] std::string visible(std::string_view text, bool keep_tabs = false);

/// "\"text\"" for a message: at most 40 code points of it, with "…" in place of the rest.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace gantry::config
