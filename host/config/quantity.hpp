// Numbers with a meaning, as text: whole numbers, durations, sizes. Read the same from the file and the command line,
// independent of any locale.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "signature/error.hpp"

namespace gantry::config {

/// Decimal digits, `_` allowed between digits; from `least` to `most`.
/// Error: "is not a whole number from 1 to 1024"; the caller puts before it what the text was.
[[nodiscard]] host::Result<std::uint64_t> parse_whole(std::string_view text, std::uint64_t least, std::uint64_t most);

/// "60s", "1.5h": decimal digits, maybe a fraction, and a unit (ns us ms s m h d) without a space; above zero, exact in
/// nanoseconds, at most 292 years. Error: "needs a unit: ns, us, ms, s, m, h or d" and the like.
[[nodiscard]] host::Result<std::chrono::nanoseconds> parse_duration(std::string_view text);

/// Bytes: "64KiB", "1.5GiB"; units B KiB MiB GiB; whole bytes. Error: "needs a unit: B, KiB, MiB or GiB" and the like.
[[nodiscard]] host::Result<std::uint64_t> parse_size(std::string_view text);

}  // namespace gantry::config
