#include "config/code_points.hpp"

#include "signature/utf8.hpp"

namespace gantry::config {
namespace {

constexpr char32_t replacement = 0xFFFD;

/// A control's picture (U+2400…), else the replacement character.
char32_t picture(char32_t control) {
  if (control < 0x20) return 0x2400 + control;
  return control == 0x7F ? U'\u2421' : replacement;
}

}  // namespace

CodePoint code_point(std::string_view text, std::size_t at) {
  const std::size_t size = signature::code_point_size(text, at);
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  if (size == 0) return {replacement, 1, false};
  if (size == 1) return {byte(0), 1, true};
  char32_t value = byte(0) & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) value = value << 6 | (byte(i) & 0x3FU);
  return {value, size, true};
}

bool is_control(char32_t value) {
  return value < 0x20 || (value >= 0x7F && value < 0xA0) || value == 0x200E || value == 0x200F ||
         (value >= 0x2028 && value <= 0x202E) || (value >= 0x2066 && value <= 0x2069);
}

std::string visible(std::string_view text, bool keep_tabs) {
  std::string shown;
  shown.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point(text, at);
    if (keep_tabs && point.value == U'\t') {
      shown.push_back('\t');
    } else {
      signature::append_code_point(is_control(point.value) ? picture(point.value) : point.value, shown);
    }
    at += point.size;
  }
  return shown;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t longest = 40;
  std::size_t end = 0;
  for (std::size_t count = 0; count < longest && end < text.size(); ++count) end += code_point(text, end).size;
  return '"' + visible(text.substr(0, end)) + (end < text.size() ? "…\"" : "\"");
}

}  // namespace gantry::config
