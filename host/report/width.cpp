#include "report/width.hpp"

#include <algorithm>

#include "signature/utf8.hpp"

namespace gantry::report {
namespace {

/// Of a valid code point, by its bytes: below U+1100 nothing is wide, and above it only general punctuation, arrows,
/// signs of mathematics, boxes and Braille are known to be narrow.
std::size_t width_of_point(std::string_view point) {
  if (point < "\u1100") return 1;
  if (point >= "\u1e00" && point < "\u2300") return 1;
  if (point >= "\u2500" && point < "\u2600") return 1;
  return point >= "\u2800" && point < "\u2900" ? 1 : 2;
}

}  // namespace

std::size_t width_of(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = std::max<std::size_t>(signature::code_point_size(text, at), 1);
    columns += width_of_point(text.substr(at, size));
    at += size;
  }
  return columns;
}

std::string cut_to_columns(std::string_view text, std::size_t columns) {
  std::size_t taken = 0;
  std::size_t kept = 0;  // bytes that leave room for the "…"
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = std::max<std::size_t>(signature::code_point_size(text, at), 1);
    taken += width_of_point(text.substr(at, size));
    if (taken > columns) return std::string(text.substr(0, kept)) + (columns > 0 ? "…" : "");
    at += size;
    if (taken + 1 <= columns) kept = at;
  }
  return std::string(text);
}

}  // namespace gantry::report
