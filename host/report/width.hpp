// How many columns of a terminal a text takes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gantry::report {

/// The columns of `text`, UTF-8 without control characters: never less than what a terminal gives it. Letters of East
/// Asia and pictures count two; what stands on top of another letter counts one.
[[nodiscard]] std::size_t width_of(std::string_view text);

/// `text`, or as much of its beginning as leaves room for "…" in `columns`.
[[nodiscard]] std::string cut_to_columns(std::string_view text, std::size_t columns);

}  // namespace gantry::report
