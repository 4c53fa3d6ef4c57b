// String literals of JSON (RFC 8259, section 7), read; they are written by append_json_string of codec.hpp.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

namespace gantry::signature {

/// Why a literal is none, and where.
struct StringFault {
  std::size_t at = 0;  ///< offset in bytes
  std::string sentence;
};

/// Appends to `to` the text of the literal whose opening quote is text[at]; returns the offset behind its closing
/// quote. Refused: raw control characters, unknown escapes, lone surrogates, bytes that are not UTF-8, no closing
/// quote.
[[nodiscard]] std::expected<std::size_t, StringFault> read_json_string(std::string_view text, std::size_t at,
                                                                       std::string& to);

}  // namespace gantry::signature
