#include "signature/slots.hpp"

#include "signature/little_endian.hpp"

namespace gantry::signature {

namespace {

/// C++20: the conversion is modulo 2^64, that is, the same bits.
[[nodiscard]] std::int64_t as_signed(std::uint64_t bits) {
  return static_cast<std::int64_t>(bits);
}

template <class Float>
[[nodiscard]] Float as_float(std::uint64_t bits, bool is_signed) {
  return is_signed ? static_cast<Float>(as_signed(bits)) : static_cast<Float>(bits);
}

}  // namespace

std::uint64_t slot_value(const Slot& slot, std::uint64_t index) {
  // Divisions cost more than the rest together; the common slot (one `each`) needs none.
  std::uint64_t k = slot.divide == 1 ? index : index / slot.divide;
  if (k >= slot.modulo) k %= slot.modulo;
  return k + 1 == slot.modulo ? slot.last_value : slot.from + k * slot.step;
}

void fill(const Slot& slot, std::uint64_t index, std::byte* row) {
  const auto bits = slot_value(slot, index);
  auto* to = row + slot.offset;
  switch (slot.kind) {
    case Kind::boolean:
    case Kind::u8:
    case Kind::i8:
      return store(to, static_cast<std::uint8_t>(bits));
    case Kind::u16:
    case Kind::i16:
      return store(to, static_cast<std::uint16_t>(bits));
    case Kind::u32:
    case Kind::i32:
      return store(to, static_cast<std::uint32_t>(bits));
    case Kind::u64:
    case Kind::i64:
      return store(to, bits);
    case Kind::f32:
      return store(to, as_float<float>(bits, slot.is_signed));
    case Kind::f64:
      return store(to, as_float<double>(bits, slot.is_signed));
    default:
      return;  // no scalar: a slot of such a kind is never made (is_scalar)
  }
}

}  // namespace gantry::signature
