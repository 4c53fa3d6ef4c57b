// Numbers in text, exactly and independent of the locale: decimal, `_` between digits, no `+`, no leading zeros.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "signature/type.hpp"

namespace gantry::signature {

/// The integer that `text` writes, as the 64 bits of its two's complement, if it is in the range of `kind`, an integer
/// type. The error is the reason ("not an integer"), or "" where the number is merely out of range.
[[nodiscard]] std::expected<std::uint64_t, std::string> parse_integer(std::string_view text, Kind kind);

/// The Float (float or double) nearest to what `text` writes: a decimal number, with or without fraction and exponent,
/// or one of `.inf -.inf .nan Infinity -Infinity NaN`. A number written as an integer must be exact. The error is the
/// reason, or "" where the number is merely too large.
template <class Float>
[[nodiscard]] std::expected<Float, std::string> parse_float(std::string_view text);

/// `Infinity`, `-Infinity`, `NaN`: how JSON text spells the floats that are no numbers, in quotes.
[[nodiscard]] bool is_float_name(std::string_view text);

}  // namespace gantry::signature
