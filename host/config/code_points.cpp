#include "config/code_points.hpp"

namespace gantry::config {
namespace {

constexpr char32_t replacement = 0xFFFD;

void append(std::string& to, char32_t value) {
  const auto byte = [&to](char32_t bits) { to.push_back(static_cast<char>(bits)); };
  if (value < 0x80) {
    byte(value);
  } else if (value < 0x800) {
    byte(0xC0 | value >> 6);
    byte(0x80 | (value & 0x3F));
  } else if (value < 0x10000) {
    byte(0xE0 | value >> 12);
    byte(0x80 | (value >> 6 & 0x3F));
    byte(0x80 | (value & 0x3F));
  } else {
    byte(0xF0 | value >> 18);
    byte(0x80 | (value >> 12 & 0x3F));
    byte(0x80 | (value >> 6 & 0x3F));
    byte(0x80 | (value & 0x3F));
  }
}

/// A control's picture (U+2400…), else the replacement character.
char32_t picture(char32_t control) {
  if (control < 0x20) return 0x2400 + control;
  return control == 0x7F ? U'\u2421' : replacement;
}

}  // namespace

CodePoint code_point(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  constexpr CodePoint invalid{replacement, 1, false};
  if (lead < 0xC2 || lead > 0xF4 || text.size() - at < size) return invalid;
  char32_t value = lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    const auto next = static_cast<unsigned char>(text[at + i]);
    if ((next & 0xC0U) != 0x80U) return invalid;
    value = value << 6 | (next & 0x3FU);
  }
  const bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
  if (overlong || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return invalid;
  return {value, size, true};
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); at += code_point(text, at).size) ++count;
  return count;
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
      append(shown, is_control(point.value) ? picture(point.value) : point.value);
    }
    at += point.size;
  }
  return shown;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 40;
  std::size_t end = 0;
  for (std::size_t count = 0; count < longest && end < text.size(); ++count) end += code_point(text, end).size;
  return '"' + visible(text.substr(0, end)) + (end < text.size() ? "…\"" : "\"");
}

}  // namespace gantry::config
