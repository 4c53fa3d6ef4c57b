// Bytes -> compact JSON by type.
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "signature/base64.hpp"
#include "signature/codec.hpp"
#include "signature/utf8.hpp"
#include "signature/value_cursor.hpp"

namespace gantry::signature {

namespace {

class JsonWriter {
 public:
  JsonWriter(View bytes, std::string& to) : from_(bytes), to_(to) {}

  void value(const Type& type);

 private:
  template <class Integer>
  void integer() {
    const fmt::format_int text(from_.take<Integer>());
    to_.append(text.data(), text.size());
  }

  template <class Float>
  void real();
  void elements(const Type& element, std::uint64_t count);
  void fields(const Type& type);
  void map(const Type& type);

  ValueCursor from_;
  std::string& to_;
};

template <class Float>
void JsonWriter::real() {
  const auto value = from_.take<Float>();
  if (std::isnan(value)) {
    to_ += "\"NaN\"";
  } else if (std::isinf(value)) {
    to_ += value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  } else {
    const auto start = to_.size();
    fmt::format_to(std::back_inserter(to_), "{}", value);
    // The shortest digits of a large float may be another integer; the point says that it is rounded.
    constexpr auto exact = static_cast<Float>(std::uint64_t{1} << std::numeric_limits<Float>::digits);
    if (std::abs(value) > exact && to_.find_first_of(".e", start) == std::string::npos) to_ += ".0";
  }
}

void JsonWriter::elements(const Type& element, std::uint64_t count) {
  to_ += '[';
  for (std::uint64_t i = 0; i < count; ++i) {
    if (i > 0) to_ += ',';
    value(element);
  }
  to_ += ']';
}

void JsonWriter::fields(const Type& type) {
  const bool named = type.kind == Kind::structure;
  to_ += named ? '{' : '[';
  for (std::size_t i = 0; i < type.of.size(); ++i) {
    if (i > 0) to_ += ',';
    if (named) {
      append_json_string(type.names[i], to_);
      to_ += ':';
    }
    value(type.of[i]);
  }
  to_ += named ? '}' : ']';
}

/// A key as it is printed: each byte that is no UTF-8 as U+FFFD and its two digits, so that keys stay apart.
std::string shown_key(std::string_view key) {
  std::string shown;
  for (std::size_t at = 0; at < key.size();) {
    const auto size = code_point_size(key, at);
    if (size == 0) {
      fmt::format_to(std::back_inserter(shown), "\uFFFD{:02x}", static_cast<unsigned char>(key[at++]));
    } else {
      shown.append(key, at, size);
      at += size;
    }
  }
  return shown;
}

void JsonWriter::map(const Type& type) {
  to_ += '{';
  const auto count = from_.take<std::uint64_t>();
  for (std::uint64_t i = 0; i < count; ++i) {
    if (i > 0) to_ += ',';
    const std::string_view key = as_text(from_.take_sized());
    const auto begin = to_.size();
    append_json_string(key, to_);
    if (to_.find("\uFFFD", begin) != std::string::npos) {
      to_.resize(begin);
      append_json_string(shown_key(key), to_);
    }
    to_ += ':';
    value(type.of[0]);
  }
  to_ += '}';
}

void JsonWriter::value(const Type& type) {
  switch (type.kind) {
    case Kind::unit:
      to_ += "null";
      return;
    case Kind::boolean:
      to_ += from_.take<std::uint8_t>() == 0 ? "false" : "true";
      return;
    case Kind::u8:
      return integer<std::uint8_t>();
    case Kind::u16:
      return integer<std::uint16_t>();
    case Kind::u32:
      return integer<std::uint32_t>();
    case Kind::u64:
      return integer<std::uint64_t>();
    case Kind::i8:
      return integer<std::int8_t>();
    case Kind::i16:
      return integer<std::int16_t>();
    case Kind::i32:
      return integer<std::int32_t>();
    case Kind::i64:
      return integer<std::int64_t>();
    case Kind::f32:
      return real<float>();
    case Kind::f64:
      return real<double>();
    case Kind::string:
      return append_json_string(as_text(from_.take_sized()), to_);
    case Kind::bytes:
      to_ += '"';
      append_base64(from_.take_sized(), to_);
      to_ += '"';
      return;
    case Kind::list:
      return elements(type.of[0], from_.take<std::uint64_t>());
    case Kind::array:
      return elements(type.of[0], type.length);
    case Kind::tuple:
    case Kind::structure:
      return fields(type);
    case Kind::optional:
      if (from_.take<std::uint8_t>() != 0) return value(type.of[0]);
      to_ += "null";
      return;
    case Kind::map:
      return map(type);
    case Kind::enumeration:
      return append_json_string(type.names[from_.take<std::uint32_t>()], to_);
    case Kind::queue:
    case Kind::counter:
      return integer<std::uint32_t>();  // its number: only arguments hold one
    case Kind::shared_array:
      integer<std::uint32_t>();
      return static_cast<void>(from_.take<std::uint64_t>());
    case Kind::pin:
    case Kind::descriptor:
      to_ += "null";  // it has no bytes; the plan lets nobody print one
      return;
  }
}

}  // namespace

host::Result<void> append_json(const Type& type, View bytes, std::string& to) {
  if (auto valid = validate(type, bytes); !valid) return valid;
  JsonWriter(bytes, to).value(type);
  return {};
}

}  // namespace gantry::signature
