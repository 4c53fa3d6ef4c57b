// A text before any parser has seen it: what it may hold, and where a byte of it stands.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "config/diagnostic.hpp"

namespace gantry::config {

inline constexpr std::size_t largest_file = std::size_t{16} << 20;

/// Reports what no parser must see: over 16 MiB, a byte-order mark of UTF-16, invalid UTF-8, control characters (a
/// carriage return only before a line feed), lines indented with tabs, directives. False: something was reported.
[[nodiscard]] bool check_text(std::string_view text, std::uint32_t source, Diagnostics& diagnostics);

/// The part of it that holds for any text: valid UTF-8 without control characters.
[[nodiscard]] bool check_characters(std::string_view text, std::uint32_t source, Diagnostics& diagnostics);

/// Finds the place of a byte. Remembers the last one, so that a walk through a long line is linear. The text is
/// borrowed and must be valid UTF-8.
class Places {
 public:
  Places(std::string_view text, std::uint32_t source);

  /// The byte at a line and a column in bytes, both from 0; at most the text's size.
  [[nodiscard]] std::size_t offset(std::size_t line, std::size_t byte_column) const;
  /// Line from 1, column in code points from 1.
  [[nodiscard]] Mark mark(std::size_t offset);
  /// The line that holds the byte, without its end.
  [[nodiscard]] std::string_view line(std::size_t offset) const;
  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  [[nodiscard]] std::size_t line_of(std::size_t offset) const;

  std::string_view text_;
  std::uint32_t source_;
  std::vector<std::size_t> line_starts_;
  std::size_t last_line_ = 0;    ///< the cursor: its line,
  std::size_t last_offset_ = 0;  ///< its byte,
  std::size_t last_column_ = 0;  ///< and the code points before it in the line
};

}  // namespace gantry::config
