#include "signature/add.hpp"

#include <concepts>
#include <cstdint>
#include <cstring>

namespace gantry::signature {
namespace {

template <class Number>
bool add_as(const std::byte* change, std::byte* to) {
  Number more{};
  Number sum{};
  std::memcpy(&more, change, sizeof more);
  std::memcpy(&sum, to, sizeof sum);
  if constexpr (std::integral<Number>) {
    if (__builtin_add_overflow(sum, more, &sum)) return false;
  } else {
    sum += more;
  }
  std::memcpy(to, &sum, sizeof sum);
  return true;
}

}  // namespace

bool add(Kind kind, const std::byte* change, std::byte* to) {
  switch (kind) {
    case Kind::u8:
      return add_as<std::uint8_t>(change, to);
    case Kind::u16:
      return add_as<std::uint16_t>(change, to);
    case Kind::u32:
      return add_as<std::uint32_t>(change, to);
    case Kind::u64:
      return add_as<std::uint64_t>(change, to);
    case Kind::i8:
      return add_as<std::int8_t>(change, to);
    case Kind::i16:
      return add_as<std::int16_t>(change, to);
    case Kind::i32:
      return add_as<std::int32_t>(change, to);
    case Kind::i64:
      return add_as<std::int64_t>(change, to);
    case Kind::f32:
      return add_as<float>(change, to);
    case Kind::f64:
      return add_as<double>(change, to);
    default:
      return false;
  }
}

}  // namespace gantry::signature
