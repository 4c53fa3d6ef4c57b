// Strict YAML: a text as a marked tree, straight from the parser's events. What a pipeline does not need (anchors,
// aliases, merge keys, tags, directives, several documents) is an error, as are duplicate keys.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "config/diagnostic.hpp"
#include "signature/node.hpp"

namespace gantry::config {

enum class Root : std::uint8_t { map, any };

/// The deepest that lists and maps may be nested.
inline constexpr std::size_t deepest = 64;

/// The tree of a text without byte-order mark. Everything wrong is in `diagnostics`; nothing is returned only if there
/// is no tree to go on with. A scalar is quoted if written in quotes or as a block (`|`, `>`). A null value's mark is
/// that of its key.
[[nodiscard]] std::optional<signature::Node> parse_yaml(std::string_view text, std::uint32_t source, Root root,
                                                        Diagnostics& diagnostics);

}  // namespace gantry::config
