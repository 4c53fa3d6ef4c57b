#include "report/escape.hpp"

#include <algorithm>

namespace gantry::report {

namespace {

bool is_control(char letter) {
  const auto code = static_cast<unsigned char>(letter);
  return (code < 0x20 && letter != '\t') || code == 0x7f;
}

}  // namespace

void append_line(std::string_view text, std::string& to) {
  if (std::none_of(text.begin(), text.end(), is_control)) {
    to += text;
    return;
  }
  constexpr std::string_view digits = "0123456789abcdef";
  for (const char letter : text) {
    const auto code = static_cast<unsigned char>(letter);
    if (!is_control(letter)) {
      to += letter;
    } else if (letter == '\n') {
      to += "\\n";
    } else if (letter == '\r') {
      to += "\\r";
    } else {
      to += "\\x";
      to += digits[code >> 4U];
      to += digits[code & 0xfU];
    }
  }
}

}  // namespace gantry::report
