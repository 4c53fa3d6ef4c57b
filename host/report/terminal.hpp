// What standard error is: a person's terminal, or something that only wants lines.
#pragma once

#include <optional>
#include <string_view>

namespace gantry::report {

struct Terminal {
  bool interactive = false;  ///< a terminal that can move its cursor: a tty whose TERM is neither unset nor "dumb"
  bool colour = false;       ///< interactive, and NO_COLOR is not set to anything but the empty text
  unsigned columns = 80;
};

/// Looks at a descriptor and at TERM and NO_COLOR.
[[nodiscard]] Terminal look_at_terminal(int descriptor);
/// How wide the terminal is now; nothing if it does not tell.
[[nodiscard]] std::optional<unsigned> columns_of(int descriptor);
/// Both are terminals, and one and the same, by whatever path they were opened.
[[nodiscard]] bool is_same_terminal(int one, int other);

enum class Colour : unsigned char { red, green, yellow, dim };
/// What begins the colour, or nothing on a terminal without colours.
[[nodiscard]] std::string_view begin_colour(const Terminal& terminal, Colour colour);
[[nodiscard]] std::string_view end_colour(const Terminal& terminal);

}  // namespace gantry::report
