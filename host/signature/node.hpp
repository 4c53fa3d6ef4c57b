// The marked tree: YAML or JSON as written, each node with its place, before any type has read it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "signature/error.hpp"

namespace gantry::signature {

/// A place in a text: 1-based, columns in code points. line 0: no place. `source` counts the texts of one run:
/// 0 is the pipeline file, others are named by config::Sources ("--set low").
struct Mark {
  std::uint32_t source = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  friend bool operator==(const Mark&, const Mark&) = default;
};

struct Node {
  enum class Kind : std::uint8_t { null, plain, quoted, list, map };
  struct Entry;

  Kind kind = Kind::null;
  Mark mark;
  std::string text;            ///< of a scalar, as written (quotes and escapes resolved)
  std::vector<Node> items;     ///< of a list
  std::vector<Entry> entries;  ///< of a map, in order as written, keys unique

  [[nodiscard]] bool is_scalar() const { return kind == Kind::plain || kind == Kind::quoted; }
  [[nodiscard]] const Node* find(std::string_view key) const;  ///< of a map; linear
};

struct Node::Entry {
  std::string key;
  Mark mark;  ///< of the key
  Node value;
};

/// JSON text as a tree, marks with `source` and best-effort places; numbers keep their text as plain scalars,
/// strings are quoted, null is null, true/false are plain.
[[nodiscard]] host::Result<Node> parse_json(std::string_view text, std::uint32_t source = 0);

/// "a list of 3", "a map", "the text \"abc\"", "null": for messages.
[[nodiscard]] std::string describe(const Node& node);

}  // namespace gantry::signature
