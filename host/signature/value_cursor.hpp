// Reading values whose bytes were validated before: no check, no error.
#pragma once

#include <cstdint>
#include <string_view>

#include "signature/bytes.hpp"
#include "signature/codec.hpp"
#include "signature/little_endian.hpp"

namespace gantry::signature {

/// Borrows the bytes; each take steps over what it returns. Precondition: `bytes` passed validate for the type that is
/// read.
class ValueCursor {
 public:
  explicit ValueCursor(View bytes) : bytes_(bytes) {}

  template <class T>
  [[nodiscard]] T take() {
    const auto value = load<T>(bytes_.data());
    bytes_ = bytes_.subspan(sizeof(T));
    return value;
  }

  [[nodiscard]] View take_bytes(std::uint64_t size) {
    const auto taken = bytes_.first(size);
    bytes_ = bytes_.subspan(size);
    return taken;
  }

  /// The payload of a str, of bytes, or a map's key.
  [[nodiscard]] View take_sized() { return take_bytes(take<std::uint64_t>()); }

  /// What was not taken yet.
  [[nodiscard]] View rest() const { return bytes_; }

 private:
  View bytes_;
};

[[nodiscard]] inline std::string_view as_text(View bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace gantry::signature
