// The types of a signature, and signature text <-> type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signature/error.hpp"

namespace gantry::signature {

enum class Kind : std::uint8_t {
  unit,
  boolean,
  u8,
  u16,
  u32,
  u64,
  i8,
  i16,
  i32,
  i64,
  f32,
  f64,
  string,
  bytes,
  list,
  array,
  tuple,
  optional,
  map,
  enumeration,
  structure,
  queue,  // what tasks share: a parameter's whole type, and nowhere else
  counter,
  shared_array,
  pin,         // what stays where it was made: a whole result, or a parameter's whole type
  descriptor,  // of an open file: the same
};

/// A type: a tree by value. Struct types are structural: they have fields, no name.
struct Type {
  Kind kind = Kind::unit;
  std::vector<Type> of;  ///< list, array, optional, map, queue, shared_array: 1; tuple, structure: one a field
  /// Of fields or enumerators, in order. Of a pin: of what is pinned, "db.session"; then perhaps "mut", "sync".
  std::vector<std::string> names;
  std::uint64_t length = 0;  ///< of an array

  friend bool operator==(const Type&, const Type&) = default;
};

/// A type of this kind, its parts (if it has any) still to come.
[[nodiscard]] inline Type of_kind(Kind kind) {
  Type type;
  type.kind = kind;
  return type;
}

struct Parameter {
  std::string name;
  Type type;
  std::optional<std::string> fallback;  ///< the default's text as written in the signature

  friend bool operator==(const Parameter&, const Parameter&) = default;
};

struct Signature {
  std::vector<Parameter> parameters;
  Type result;

  friend bool operator==(const Signature&, const Signature&) = default;
};

/// "[{x: f64, y: f64}]", "map<str, u64>", "u8?", "(\"red\" | \"green\")", "[f32; 3]", "(u8, str)", "()".
[[nodiscard]] std::string to_text(const Type& type);
/// "(low: u64, high: u64 = 100) -> u64".
[[nodiscard]] std::string to_text(const Signature& signature);

/// Levels of types inside types, and of lists and maps inside each other in text: more are refused everywhere.
constexpr std::uint64_t deepest = 64;

/// Inverse of to_text; the error's sentence names the position ("character 7: …", 1-based, in code points) and what was
/// expected there. Spaces and line breaks between words do not matter. Refused: more than `deepest` levels, a name
/// twice, lists and arrays whose elements have no bytes, arrays of 0, and `T??` and `()?`, whose two kinds of nothing
/// no text can tell apart. An enum of one name is written `("red")`, a tuple of one `(u8,)`; a field whose name is no
/// identifier is written in JSON quotes.
[[nodiscard]] host::Result<Type> parse_type(std::string_view text);
/// The same for what a parameter may be besides: "queue<u64>", "counter", "array<f64>" (of integers or floats),
/// "pin<db.session>", "pin<db.session, mut>" (changed by the task), "fd". A result may be "pin<db.session>",
/// "pin<db.session, sync>" (may be used by several threads at once) or "fd".
[[nodiscard]] host::Result<Type> parse_parameter_type(std::string_view text);
[[nodiscard]] host::Result<Signature> parse_signature(std::string_view text);

/// Bytes of every value of the type if they are all equal, else nothing. Does not overflow: too large is nothing.
[[nodiscard]] std::optional<std::uint64_t> fixed_size(const Type& type);
/// Bytes of the shortest value of the type; too large is the largest number.
[[nodiscard]] std::uint64_t least_size(const Type& type);
/// Levels of types inside the type: 0 for u8, 1 for [u8].
[[nodiscard]] std::uint64_t height(const Type& type);

/// "u8", "str", "()" for types of one word; "list", "enum", … for the rest.
[[nodiscard]] std::string_view word_of(Kind kind);
[[nodiscard]] bool is_integer(Kind kind);
[[nodiscard]] bool is_signed(Kind kind);
[[nodiscard]] bool is_float(Kind kind);
[[nodiscard]] bool is_scalar(Kind kind);  ///< boolean, integers, floats
[[nodiscard]] bool is_shared(
    Kind kind);  ///< queue, counter, shared_array: the argument is {u32 object}, and u64 size of an array

/// pin, descriptor: as a result it has no bytes; the argument is {u64 step, u64 index} of the task that made it.
[[nodiscard]] bool is_resident(Kind kind);
inline constexpr std::uint64_t resident_argument_size = 16;
/// Of a pin: the task may change what is pinned; several threads may use it at once.
[[nodiscard]] bool changes_pin(const Type& pin);
[[nodiscard]] bool is_sync_pin(const Type& pin);
/// The result `from` may be passed to the parameter `to`: both are descriptors, or pins of one name.
[[nodiscard]] bool same_resident(const Type& from, const Type& to);

}  // namespace gantry::signature
