#include "signature/base64.hpp"

#include <cstdint>

#include <fmt/format.h>

#include "signature/utf8.hpp"

namespace gantry::signature {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// 0 to 63, or 64 for a character outside the alphabet.
[[nodiscard]] std::uint32_t digit(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<std::uint32_t>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<std::uint32_t>(c - 'a') + 26;
  if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0') + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : 64;
}

}  // namespace

void append_base64(View bytes, std::string& to) {
  to.reserve(to.size() + (bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto left = bytes.size() - at;
    std::uint32_t group = std::to_integer<std::uint32_t>(bytes[at]) << 16;
    if (left > 1) group |= std::to_integer<std::uint32_t>(bytes[at + 1]) << 8;
    if (left > 2) group |= std::to_integer<std::uint32_t>(bytes[at + 2]);
    to.push_back(alphabet[group >> 18]);
    to.push_back(alphabet[(group >> 12) & 63]);
    to.push_back(left > 1 ? alphabet[(group >> 6) & 63] : '=');
    to.push_back(left > 2 ? alphabet[group & 63] : '=');
  }
}

std::expected<void, std::string> decode_base64(std::string_view text, Bytes& to) {
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  const auto digits = text.size() - padding;
  for (std::size_t i = 0; i < digits; ++i) {
    if (digit(text[i]) == 64) {
      return std::unexpected(fmt::format("not base64: {} at character {}", name_character(text, i),
                                         count_code_points(text.substr(0, i)) + 1));
    }
  }
  if (text.size() % 4 != 0) return std::unexpected("not base64: its length must be a multiple of 4, padded with =");

  const auto start = to.size();
  to.reserve(start + text.size() / 4 * 3);
  for (std::size_t at = 0; at < text.size(); at += 4) {
    std::uint32_t group = 0;
    for (std::size_t i = at; i < at + 4; ++i) group = (group << 6) | (i < digits ? digit(text[i]) : 0);
    const std::size_t size = at + 4 <= digits ? 3 : 3 - padding;
    for (std::size_t i = 0; i < size; ++i) to.push_back(static_cast<std::byte>((group >> (16 - 8 * i)) & 0xFF));
    if (size < 3 && (group & ((1U << (8 * (3 - size))) - 1)) != 0) {
      to.resize(start);
      return std::unexpected("not base64: the bits that its last character leaves over must be 0");
    }
  }
  return {};
}

}  // namespace gantry::signature
