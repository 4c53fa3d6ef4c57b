#include "signature/utf8.hpp"

#include <fmt/format.h>

namespace gantry::signature {

namespace {

[[nodiscard]] unsigned char byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

[[nodiscard]] bool within(unsigned char byte, unsigned char low, unsigned char high) {
  return byte >= low && byte <= high;
}

}  // namespace

std::size_t code_point_size(std::string_view text, std::size_t at) {
  const auto first = byte_at(text, at);
  if (first < 0x80) return 1;
  // The second byte carries all restrictions: overlong forms, surrogates, the end of Unicode.
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
  std::size_t size = 0;
  if (within(first, 0xC2, 0xDF)) {
    size = 2;
  } else if (within(first, 0xE0, 0xEF)) {
    size = 3;
    if (first == 0xE0) low = 0xA0;
    if (first == 0xED) high = 0x9F;
  } else if (within(first, 0xF0, 0xF4)) {
    size = 4;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
  } else {
    return 0;
  }
  if (!within(byte_at(text, at + 1), low, high)) return 0;
  for (std::size_t i = 2; i < size; ++i) {
    if (!within(byte_at(text, at + i), 0x80, 0xBF)) return 0;
  }
  return size;
}

void append_code_point(char32_t point, std::string& to) {
  const auto put = [&to](char32_t byte) { to.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | (point >> 6));
    put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | (point >> 12));
    put(0x80 | ((point >> 6) & 0x3F));
    put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | (point >> 18));
    put(0x80 | ((point >> 12) & 0x3F));
    put(0x80 | ((point >> 6) & 0x3F));
    put(0x80 | (point & 0x3F));
  }
}

namespace {

[[nodiscard]] std::size_t next(std::string_view text, std::size_t at) {
  const auto size = code_point_size(text, at);
  return at + (size == 0 ? 1 : size);
}

}  // namespace

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); at = next(text, at)) ++count;
  return count;
}

std::string excerpt(std::string_view text, std::size_t limit) {
  std::size_t at = 0;
  for (std::size_t count = 0; at < text.size(); ++count) {
    if (count == limit) return std::string(text.substr(0, at)) + "…";
    at = next(text, at);
  }
  return std::string(text);
}

std::string name_character(std::string_view text, std::size_t at) {
  const auto size = code_point_size(text, at);
  if (size == 0 || byte_at(text, at) < 0x20) return fmt::format("the byte 0x{:02x}", byte_at(text, at));
  return fmt::format("'{}'", text.substr(at, size));
}

}  // namespace gantry::signature
