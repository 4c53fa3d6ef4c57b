// Short ways for tests: types and trees from text, bytes as hexadecimal.
#pragma once

#include <fmt/format.h>
#include <catch2/catch.hpp>
#include <string>

#include "signature/codec.hpp"

namespace gantry::signature {

/// The type that `text` spells; the test ends if it spells none.
[[nodiscard]] inline Type type_of(const std::string& text) {
  auto type = parse_type(text);
  if (!type) FAIL(text << ": " << type.error().sentence);
  return std::move(*type);
}

/// The tree that the literal `text` writes.
[[nodiscard]] inline Node node_of(const std::string& text) {
  auto node = parse_literal(text);
  if (!node) FAIL(text << ": " << node.error().sentence);
  return std::move(*node);
}

/// "0500 ff": two digits a byte, spaces anywhere.
[[nodiscard]] inline Bytes bytes_of(const std::string& hexadecimal) {
  Bytes bytes;
  std::string digits;
  for (const char c : hexadecimal) {
    if (c != ' ') digits += c;
  }
  for (std::size_t at = 0; at + 1 < digits.size(); at += 2) {
    bytes.push_back(static_cast<std::byte>(std::stoul(digits.substr(at, 2), nullptr, 16)));
  }
  return bytes;
}

[[nodiscard]] inline std::string hexadecimal(View bytes) {
  std::string text;
  for (const auto byte : bytes) text += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
  return text;
}

/// The bytes of the literal as the type, in hexadecimal, or why it does not fit.
[[nodiscard]] inline std::string encoded(const std::string& literal, const std::string& type,
                                         const std::string& path = "") {
  Bytes bytes{std::byte{0xEE}};
  const auto done = encode(node_of(literal), type_of(type), path, bytes);
  if (!done) {
    CHECK(bytes.size() == 1);  // nothing is appended
    return to_text(done.error());
  }
  CHECK(bytes.at(0) == std::byte{0xEE});
  return hexadecimal(View(bytes).subspan(1));
}

/// The value as JSON, or why it is none.
[[nodiscard]] inline std::string json_of(const Type& type, View bytes) {
  std::string text = "|";
  const auto done = append_json(type, bytes, text);
  if (!done) {
    CHECK(text == "|");
    return done.error().sentence;
  }
  return text.substr(1);
}

}  // namespace gantry::signature
