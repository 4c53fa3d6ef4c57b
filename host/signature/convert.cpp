// Conversions that lose nothing.
#include <fmt/format.h>

#include "signature/codec.hpp"
#include "signature/little_endian.hpp"
#include "signature/value_cursor.hpp"

namespace gantry::signature {

namespace {

/// Bits that hold every value of the integer kind without its sign.
[[nodiscard]] std::uint64_t magnitude_bits(Kind kind) {
  return 8 * least_size(of_kind(kind)) - (is_signed(kind) ? 1 : 0);
}

[[nodiscard]] bool scalar_converts(Kind from, Kind to) {
  if (from == to || (from == Kind::f32 && to == Kind::f64)) return true;
  if (!is_integer(from)) return false;
  // The least of a signed type, -2^n, is a power of two: floats hold it too.
  if (is_float(to)) return magnitude_bits(from) <= (to == Kind::f32 ? 24 : 53);
  return is_integer(to) && magnitude_bits(from) <= magnitude_bits(to) && (is_signed(to) || !is_signed(from));
}

class Converter {
 public:
  Converter(View bytes, Bytes& to) : from_(bytes), to_(to) {}

  void value(const Type& from, const Type& to);

 private:
  /// Copies `count` values of one type.
  void copy(const Type& type, std::uint64_t count);
  void elements(const Type& from, const Type& to, std::uint64_t count);
  void map(const Type& from, const Type& to);
  void scalar(Kind from, Kind to);
  template <class From>
  void scalar_from(Kind to);

  ValueCursor from_;
  Bytes& to_;
};

void Converter::copy(const Type& type, std::uint64_t count) {
  if (const auto size = fixed_size(type)) return append(to_, from_.take_bytes(*size * count));
  for (std::uint64_t i = 0; i < count; ++i) append(to_, from_.take_bytes(*extent(type, from_.rest())));
}

template <class From>
void Converter::scalar_from(Kind to) {
  const auto value = from_.take<From>();
  switch (to) {
    case Kind::f32:
      return append_scalar(to_, static_cast<float>(value));
    case Kind::f64:
      return append_scalar(to_, static_cast<double>(value));
    default:
      break;
  }
  // To a wider integer: extended as From is signed or not, then cut to the width of `to`.
  if constexpr (std::is_integral_v<From>) {
    switch (to) {
      case Kind::u8:
      case Kind::i8:
        return append_scalar(to_, static_cast<std::uint8_t>(value));
      case Kind::u16:
      case Kind::i16:
        return append_scalar(to_, static_cast<std::uint16_t>(value));
      case Kind::u32:
      case Kind::i32:
        return append_scalar(to_, static_cast<std::uint32_t>(value));
      default:
        return append_scalar(to_, static_cast<std::uint64_t>(value));
    }
  }
}

void Converter::scalar(Kind from, Kind to) {
  switch (from) {
    case Kind::u8:
      return scalar_from<std::uint8_t>(to);
    case Kind::u16:
      return scalar_from<std::uint16_t>(to);
    case Kind::u32:
      return scalar_from<std::uint32_t>(to);
    case Kind::u64:
      return scalar_from<std::uint64_t>(to);
    case Kind::i8:
      return scalar_from<std::int8_t>(to);
    case Kind::i16:
      return scalar_from<std::int16_t>(to);
    case Kind::i32:
      return scalar_from<std::int32_t>(to);
    case Kind::i64:
      return scalar_from<std::int64_t>(to);
    case Kind::f32:
      return scalar_from<float>(to);
    default:
      return scalar_from<double>(to);
  }
}

void Converter::elements(const Type& from, const Type& to, std::uint64_t count) {
  if (from == to) return copy(from, count);
  for (std::uint64_t i = 0; i < count; ++i) value(from, to);
}

void Converter::map(const Type& from, const Type& to) {
  const auto count = from_.take<std::uint64_t>();
  append_scalar(to_, count);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto key = from_.take_sized();
    append_scalar(to_, std::uint64_t{key.size()});
    append(to_, key);
    value(from.of[0], to.of[0]);
  }
}

void Converter::value(const Type& from, const Type& to) {
  if (to.kind == Kind::optional && from.kind != Kind::optional) {
    append_scalar(to_, std::uint8_t{1});
    return value(from, to.of[0]);
  }
  if (is_integer(from.kind) || is_float(from.kind)) return scalar(from.kind, to.kind);
  switch (from.kind) {
    case Kind::list: {
      const auto count = from_.take<std::uint64_t>();
      append_scalar(to_, count);
      return elements(from.of[0], to.of[0], count);
    }
    case Kind::array:
      return elements(from.of[0], to.of[0], from.length);
    case Kind::tuple:
    case Kind::structure:
      for (std::size_t i = 0; i < from.of.size(); ++i) value(from.of[i], to.of[i]);
      return;
    case Kind::optional: {
      const auto present = from_.take<std::uint8_t>();
      append_scalar(to_, present);
      if (present != 0) value(from.of[0], to.of[0]);
      return;
    }
    case Kind::map:
      return map(from, to);
    default:
      return copy(from, 1);  // only converts to itself
  }
}

[[nodiscard]] bool all_convert(const Type& from, const Type& to) {
  if (from.of.size() != to.of.size() || from.names != to.names) return false;
  for (std::size_t i = 0; i < from.of.size(); ++i) {
    if (!converts(from.of[i], to.of[i])) return false;
  }
  return true;
}

}  // namespace

bool converts(const Type& from, const Type& to) {
  if (to.kind == Kind::optional && from.kind != Kind::optional) return converts(from, to.of[0]);
  if (is_scalar(from.kind) && is_scalar(to.kind)) return scalar_converts(from.kind, to.kind);
  return from.kind == to.kind && from.length == to.length && all_convert(from, to);
}

host::Result<void> convert(const Type& from, const Type& to, View bytes, Bytes& out) {
  if (!converts(from, to)) {
    return host::fail(host::ErrorKind::value,
                      fmt::format("{} does not convert to {} without loss", to_text(from), to_text(to)));
  }
  if (auto valid = validate(from, bytes); !valid) return valid;
  if (from == to) {
    append(out, bytes);
  } else {
    Converter(bytes, out).value(from, to);
  }
  return {};
}

}  // namespace gantry::signature
