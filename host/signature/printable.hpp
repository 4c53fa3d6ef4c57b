// Text of others (plugins, files, tasks, the environment) as it is shown: on one line, in valid UTF-8, and with nothing
// in it that steers a terminal or turns the direction of writing.
#pragma once

#include <string>
#include <string_view>

namespace gantry::signature {

/// What is never shown as it is: the controls C0, DEL and C1, the separators of lines and paragraphs, and the marks
/// that turn the direction of writing (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069).
[[nodiscard]] bool is_control(char32_t point);

/// Appends `text` with each of those written out: "\n", "\r", "\t", "\x1b", "\u009b"; and a byte that is no UTF-8 as
/// "\xff". All else is untouched, backslashes too.
void append_printable(std::string_view text, std::string& to);
[[nodiscard]] std::string printable(std::string_view text);

/// printable() of at most its first `limit` bytes, and then how many are missing: "abc… (60,000 more bytes)".
[[nodiscard]] std::string printable_start(std::string_view text, std::size_t limit);

/// Appends a line that a program wrote: as append_printable(), but that tabs become the blanks that they stand for.
void append_printed_line(std::string_view line, std::string& to);

/// The text with U+FFFD for each byte that is no UTF-8.
[[nodiscard]] std::string valid_utf8(std::string_view text);

/// JSON text, valid or with invalid UTF-8 in its strings, as the same JSON in which no string holds a control as it is:
/// "\u009b", and U+FFFD for a byte that is no UTF-8.
[[nodiscard]] std::string printable_json(std::string_view json);

}  // namespace gantry::signature
