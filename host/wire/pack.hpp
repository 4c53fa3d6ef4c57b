// Little-endian packing of the fields of frames and messages. Unpacker never reads past its bytes: after the first
// field that is not there, everything reads as zero or empty and done() is false.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "signature/bytes.hpp"

namespace gantry::wire {

static_assert(std::endian::native == std::endian::little, "the byte order of the layout is the machine's own");

class Packer {
 public:
  explicit Packer(signature::Bytes& to) : to_(to) {}

  template <std::unsigned_integral Number>
  Packer& number(Number value) {
    return raw(&value, sizeof value);
  }
  Packer& text(std::string_view text) { return number(std::uint64_t{text.size()}).raw(text.data(), text.size()); }
  Packer& raw(const void* from, std::size_t size) {
    const auto* bytes = static_cast<const std::byte*>(from);
    to_.insert(to_.end(), bytes, bytes + size);
    return *this;
  }
  Packer& raw(signature::View bytes) { return raw(bytes.data(), bytes.size()); }

 private:
  signature::Bytes& to_;
};

class Unpacker {
 public:
  explicit Unpacker(signature::View bytes) : left_(bytes) {}

  template <std::unsigned_integral Number>
  Number number() {
    Number value{};
    const signature::View bytes = raw(sizeof value);
    if (!bytes.empty()) std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
  /// A length and so many bytes, borrowed; the length is checked against what is left.
  signature::View block() { return raw(number<std::uint64_t>()); }
  std::string_view text() {
    const signature::View bytes = block();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  signature::View raw(std::uint64_t size) {
    if (failed_ || size > left_.size()) {
      failed_ = true;
      return {};
    }
    const signature::View taken = left_.first(size);
    left_ = left_.subspan(size);
    return taken;
  }
  /// All that is left.
  signature::View rest() { return raw(left_.size()); }

  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] std::uint64_t left() const { return failed_ ? 0 : left_.size(); }
  /// Every field was there, and nothing is left over.
  [[nodiscard]] bool done() const { return !failed_ && left_.empty(); }

 private:
  signature::View left_;
  bool failed_ = false;
};

}  // namespace gantry::wire
