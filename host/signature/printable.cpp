#include "signature/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "signature/code_point.hpp"

namespace gantry::signature {
namespace {

constexpr std::size_t kTab = 8;

bool is_plain(char letter) {
  return letter >= 0x20 && letter < 0x7F;
}

void append_written_out(CodePoint point, char byte, std::string& to) {
  if (point.value == U'\n') {
    to += "\\n";
  } else if (point.value == U'\r') {
    to += "\\r";
  } else if (point.value == U'\t') {
    to += "\\t";
  } else if (!point.valid || point.value < 0x80) {
    fmt::format_to(std::back_inserter(to), "\\x{:02x}", static_cast<unsigned char>(byte));
  } else {
    fmt::format_to(std::back_inserter(to), "\\u{:04x}", static_cast<unsigned>(point.value));
  }
}

}  // namespace

bool is_control(char32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x061C || point == 0x200E || point == 0x200F ||
         (point >= 0x2028 && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

void append_printable(std::string_view text, std::string& to) {
  while (!text.empty()) {
    const auto plain = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_plain) - text.begin());
    to += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) return;
    const CodePoint point = code_point(text, 0);
    if (point.valid && !is_control(point.value)) {
      to += text.substr(0, point.size);
    } else {
      append_written_out(point, text[0], to);
    }
    text.remove_prefix(point.size);
  }
}

std::string printable(std::string_view text) {
  std::string shown;
  append_printable(text, shown);
  return shown;
}

std::string printable_start(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return printable(text);
  std::size_t end = 0;
  for (std::size_t next = 0; next <= limit; next += code_point(text, next).size) end = next;
  return fmt::format("{}… ({} more bytes)", printable(text.substr(0, end)), text.size() - end);
}

void append_printed_line(std::string_view line, std::string& to) {
  std::size_t column = 0;
  for (;;) {
    const std::size_t tab = std::min(line.find('\t'), line.size());
    for (std::size_t at = 0; at < tab; at += code_point(line, at).size) ++column;
    append_printable(line.substr(0, tab), to);
    if (tab == line.size()) return;
    to.append(kTab - column % kTab, ' ');
    column += kTab - column % kTab;
    line.remove_prefix(tab + 1);
  }
}

std::string valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point(text, at);
    valid += point.valid ? text.substr(at, point.size) : "\uFFFD";
    at += point.size;
  }
  return valid;
}

// Outside of its strings JSON has ASCII alone, whose only controls are blanks.
std::string printable_json(std::string_view json) {
  std::string shown;
  shown.reserve(json.size());
  for (std::size_t at = 0; at < json.size();) {
    const CodePoint point = code_point(json, at);
    if (!point.valid) {
      shown += "\uFFFD";
    } else if (point.value >= 0x7F && is_control(point.value)) {
      fmt::format_to(std::back_inserter(shown), "\\u{:04x}", static_cast<unsigned>(point.value));
    } else {
      shown += json.substr(at, point.size);
    }
    at += point.size;
  }
  return shown;
}

}  // namespace gantry::signature
