// Values by type: marked tree -> bytes, bytes -> JSON text, and what can be said of bytes without decoding them.
// The layout is the one of sdk/README.md: little-endian, packed; lengths u64; bool 1 byte; optional 1 byte
// (1 = present) then T; enum u32 index; struct and tuple = fields in order; map = u64 count, then key (u64 length,
// bytes) and value, keys strictly ascending by bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "signature/bytes.hpp"
#include "signature/error.hpp"
#include "signature/node.hpp"
#include "signature/type.hpp"

namespace gantry::signature {

/// Why a node does not fit a type. Text: "args.grid[3].x: 300 does not fit u8".
struct Misfit {
  Mark mark;             ///< of the innermost node
  std::string path;      ///< "args.grid[3].x"
  std::string sentence;  ///< "300 does not fit u8"
};

/// "args.grid[3].x: 300 does not fit u8"; without a path, the sentence alone.
[[nodiscard]] std::string to_text(const Misfit& misfit);

/// Appends the node's value as `type`; `path` is where the node stands, for messages. Nothing is appended on error.
/// Exact: integers in range (decimal, `_` between digits), floats finite and, if written as an integer, exact;
/// `true`/`false` only; a str takes any scalar's text; null only fits T?; bytes from base64 text or a list of u8;
/// enums by enumerator name; structs from maps with exactly their fields (T? fields may be missing); unit from null.
/// Floats also `.inf -.inf .nan`, and "Infinity", "-Infinity", "NaN" quoted or not: what append_json writes, encode
/// reads.
[[nodiscard]] std::expected<void, Misfit> encode(const Node& node, const Type& type, std::string_view path, Bytes& to);

/// Every default of the signature is a literal (parse_literal) that fits its parameter, or the first that does not.
[[nodiscard]] host::Result<void> check_defaults(const Signature& signature);

/// Bytes of the value that `bytes` begins with, after checking all of it (lengths, bool, enum, key order, depth).
[[nodiscard]] host::Result<std::uint64_t> extent(const Type& type, View bytes);
/// `bytes` is exactly one valid value of `type`.
[[nodiscard]] host::Result<void> validate(const Type& type, View bytes);
/// True when validate can only look at the size: fixed size, no bool, no enum.
[[nodiscard]] bool any_bytes_valid(const Type& type);

/// Appends the value as compact JSON; floats shortest round-trip, NaN and infinities as the strings "NaN",
/// "Infinity", "-Infinity"; bytes as base64; invalid UTF-8 in a str becomes U+FFFD; unit is null.
[[nodiscard]] host::Result<void> append_json(const Type& type, View bytes, std::string& to);
/// A JSON string literal with quotes.
void append_json_string(std::string_view text, std::string& to);

/// Can every value of `from` become one of `to` without loss: equal, wider integers, integers that always fit into
/// f32/f64 exactly, f32 -> f64, T -> T?, and so inside lists, arrays, tuples, maps and structs of equal names.
[[nodiscard]] bool converts(const Type& from, const Type& to);
/// Appends the converted value. Precondition: converts(from, to). Equal types are copied.
[[nodiscard]] host::Result<void> convert(const Type& from, const Type& to, View bytes, Bytes& out);

/// One step of a path into a value: a field's name, or a position.
struct Selected {
  Type type;
  View bytes;
};
/// The type that `name` selects in `type` (a struct's field, a tuple's, array's or list's position), or why not.
[[nodiscard]] host::Result<Type> select_type(const Type& type, std::string_view name);
/// The part of a valid value that `name` selects; a position past a list's end is an error.
[[nodiscard]] host::Result<Selected> select(const Type& type, View bytes, std::string_view name);

/// Splits the bytes of a valid list (with its u64 count) into elements: count, and the bytes after the count.
[[nodiscard]] host::Result<std::uint64_t> list_size(View bytes);

}  // namespace gantry::signature
