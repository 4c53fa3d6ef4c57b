#include "signature/type.hpp"

#include <algorithm>
#include <limits>

namespace gantry::signature {

namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

[[nodiscard]] std::uint64_t add(std::uint64_t a, std::uint64_t b) {
  return a > most - b ? most : a + b;
}

[[nodiscard]] std::uint64_t multiply(std::uint64_t a, std::uint64_t b) {
  return b != 0 && a > most / b ? most : a * b;
}

/// Of scalars and enums; nothing for the rest.
[[nodiscard]] std::optional<std::uint64_t> scalar_size(Kind kind) {
  switch (kind) {
    case Kind::boolean:
    case Kind::u8:
    case Kind::i8:
      return 1;
    case Kind::u16:
    case Kind::i16:
      return 2;
    case Kind::u32:
    case Kind::i32:
    case Kind::f32:
    case Kind::enumeration:
      return 4;
    case Kind::u64:
    case Kind::i64:
    case Kind::f64:
      return 8;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<std::uint64_t> fixed_size(const Type& type) {
  if (const auto size = scalar_size(type.kind)) return size;
  switch (type.kind) {
    case Kind::unit:
    case Kind::pin:
    case Kind::descriptor:
      return 0;
    case Kind::queue:
    case Kind::counter:
      return 4;
    case Kind::shared_array:
      return 12;
    case Kind::array: {
      const auto one = fixed_size(type.of[0]);
      if (!one || (type.length != 0 && *one > most / type.length)) return std::nullopt;
      return *one * type.length;
    }
    case Kind::tuple:
    case Kind::structure: {
      std::uint64_t sum = 0;
      for (const auto& field : type.of) {
        const auto one = fixed_size(field);
        if (!one || *one > most - sum) return std::nullopt;
        sum += *one;
      }
      return sum;
    }
    default:
      return std::nullopt;
  }
}

std::uint64_t least_size(const Type& type) {
  if (const auto size = scalar_size(type.kind)) return *size;
  switch (type.kind) {
    case Kind::queue:
    case Kind::counter:
      return 4;
    case Kind::shared_array:
      return 12;
    case Kind::optional:
      return 1;
    case Kind::string:
    case Kind::bytes:
    case Kind::list:
    case Kind::map:
      return 8;
    case Kind::array:
      return multiply(least_size(type.of[0]), type.length);
    case Kind::tuple:
    case Kind::structure: {
      std::uint64_t sum = 0;
      for (const auto& field : type.of) sum = add(sum, least_size(field));
      return sum;
    }
    default:
      return 0;
  }
}

std::uint64_t height(const Type& type) {
  std::uint64_t tallest = 0;
  for (const auto& inner : type.of) tallest = std::max(tallest, height(inner) + 1);
  return tallest;
}

bool is_integer(Kind kind) {
  return kind >= Kind::u8 && kind <= Kind::i64;
}
bool is_signed(Kind kind) {
  return kind >= Kind::i8 && kind <= Kind::i64;
}
bool is_float(Kind kind) {
  return kind == Kind::f32 || kind == Kind::f64;
}
bool is_scalar(Kind kind) {
  return kind >= Kind::boolean && kind <= Kind::f64;
}

bool is_shared(Kind kind) {
  return kind >= Kind::queue && kind <= Kind::shared_array;
}

bool is_resident(Kind kind) {
  return kind == Kind::pin || kind == Kind::descriptor;
}

bool changes_pin(const Type& pin) {
  return pin.kind == Kind::pin && std::ranges::find(pin.names, "mut") != pin.names.end();
}

bool is_sync_pin(const Type& pin) {
  return pin.kind == Kind::pin && std::ranges::find(pin.names, "sync") != pin.names.end();
}

bool same_resident(const Type& from, const Type& to) {
  return is_resident(from.kind) && from.kind == to.kind && (from.kind != Kind::pin || from.names[0] == to.names[0]);
}

}  // namespace gantry::signature
