// UTF-8 by hand: what is valid, how long it is, and how to cut it for a message.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gantry::signature {

/// Bytes of the code point that begins at text[at] (1 to 4), or 0 if none does: overlong forms, surrogates and values
/// past U+10FFFF are no code points (Unicode 15, table 3-7). Precondition: at < text.size().
[[nodiscard]] std::size_t code_point_size(std::string_view text, std::size_t at);

/// Appends `point` as UTF-8. Precondition: a code point that is no surrogate.
void append_code_point(char32_t point, std::string& to);

/// Code points in `text`; a byte that belongs to none counts as one.
[[nodiscard]] std::size_t count_code_points(std::string_view text);

/// `text`, or its first `limit` code points and "…".
[[nodiscard]] std::string excerpt(std::string_view text, std::size_t limit);

/// "'x'" for the code point at text[at], "the byte 0xff" where there is none that can be shown: for messages.
[[nodiscard]] std::string name_character(std::string_view text, std::size_t at);

}  // namespace gantry::signature
