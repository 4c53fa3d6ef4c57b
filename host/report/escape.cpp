#include "report/escape.hpp"

namespace gantry::report {

void append_line(std::string_view text, std::string& to) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (const char letter : text) {
    const auto code = static_cast<unsigned char>(letter);
    if ((code >= 0x20 && code != 0x7f) || letter == '\t') {
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
