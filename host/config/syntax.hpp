// What the YAML parser says of a broken text, as a sentence for people.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "config/diagnostic.hpp"
#include "config/raw_text.hpp"

namespace gantry::config {

/// Where the parser gave up, and what it had read by then. All offsets are bytes.
struct Broken {
  std::string message;                   ///< the parser's own
  std::size_t offset = 0;                ///< the text's size: it ended too early
  std::optional<std::size_t> open_flow;  ///< the innermost `[` or `{` that is not closed
  std::optional<std::size_t> last;       ///< where the last scalar begins
};

/// The error to report.
[[nodiscard]] Diagnostic explain(const Broken& broken, Places& places);

/// Of a quote that begins a text without end.
[[nodiscard]] Diagnostic never_closed(std::size_t quote, Places& places);

/// The byte after the quoted text that begins at `open` (a quote), or nothing if it is never closed.
[[nodiscard]] std::optional<std::size_t> after_quoted(std::string_view text, std::size_t open);

}  // namespace gantry::config
