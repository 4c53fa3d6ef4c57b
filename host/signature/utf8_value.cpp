#include "signature/utf8_value.hpp"

#include "signature/codec.hpp"
#include "signature/utf8.hpp"
#include "signature/value_cursor.hpp"

namespace gantry::signature {

namespace {

[[nodiscard]] bool is_text(View bytes) {
  const std::string_view text = as_text(bytes);
  for (std::size_t at = 0; at < text.size();) {
    const auto size = code_point_size(text, at);
    if (size == 0) return false;
    at += size;
  }
  return true;
}

[[nodiscard]] bool is_utf8(const Type& type, ValueCursor& from) {
  switch (type.kind) {
    case Kind::string:
      return is_text(from.take_sized());
    case Kind::bytes:
      static_cast<void>(from.take_sized());
      return true;
    case Kind::list:
    case Kind::array: {
      const std::uint64_t count = type.kind == Kind::list ? from.take<std::uint64_t>() : type.length;
      for (std::uint64_t i = 0; i < count; ++i) {
        if (!is_utf8(type.of[0], from)) return false;
      }
      return true;
    }
    case Kind::tuple:
    case Kind::structure:
      for (const Type& field : type.of) {
        if (!is_utf8(field, from)) return false;
      }
      return true;
    case Kind::optional:
      return from.take<std::uint8_t>() == 0 || is_utf8(type.of[0], from);
    case Kind::map:
      for (std::uint64_t left = from.take<std::uint64_t>(); left > 0; --left) {
        if (!is_text(from.take_sized()) || !is_utf8(type.of[0], from)) return false;
      }
      return true;
    default:
      static_cast<void>(from.take_bytes(least_size(type)));  // of a fixed size
      return true;
  }
}

}  // namespace

bool is_utf8(const Type& type, View bytes) {
  ValueCursor from(bytes);
  return is_utf8(type, from);
}

}  // namespace gantry::signature
