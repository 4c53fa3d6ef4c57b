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

/// JSON text (RFC 8259) as a tree, each node with its place in the text and `source`; numbers keep their text as plain
/// scalars, strings are quoted, null is null, true/false are plain. Refused beyond the RFC: a key twice in one map,
/// more than `deepest` lists and maps inside each other. The error's sentence begins with "line:column: ".
[[nodiscard]] host::Result<Node> parse_json(std::string_view text, std::uint32_t source = 0);

/// The text of a default in a signature, or of a value on the command line: JSON, in which text that needs no quotes
/// may go without (`red`, `[1_000, .5]`, `{name: hello world}`). A scalar that is the whole text may hold any
/// character; inside lists and maps it ends at `,`, `]`, `}` and, as a key, `:`. Same errors as parse_json; empty text
/// is refused.
[[nodiscard]] host::Result<Node> parse_literal(std::string_view text, std::uint32_t source = 0);

/// "a list of 3", "a map", "the text \"abc\"", "null", a plain scalar as written: for messages.
[[nodiscard]] std::string describe(const Node& node);

}  // namespace gantry::signature
