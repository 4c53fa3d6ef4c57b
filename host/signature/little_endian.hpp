// Scalars in encoded values: little-endian, packed, at any alignment. The only place that knows the byte order.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "signature/bytes.hpp"

namespace gantry::signature {

static_assert(std::endian::native == std::endian::little, "encoded values are read in place: little-endian only");

/// The T that begins at `from`. Precondition: sizeof(T) bytes are there.
template <class T>
[[nodiscard]] T load(const std::byte* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

/// Writes `value` at `to`. Precondition: sizeof(T) bytes are there.
template <class T>
void store(std::byte* to, T value) {
  std::memcpy(to, &value, sizeof value);
}

/// Appends the bytes of `value`.
template <class T>
void append_scalar(Bytes& to, T value) {
  const auto* bytes = reinterpret_cast<const std::byte*>(&value);
  to.insert(to.end(), bytes, bytes + sizeof value);
}

}  // namespace gantry::signature
