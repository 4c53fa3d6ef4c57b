#include <array>
#include <catch2/catch.hpp>
#include <random>

#include "signature/little_endian.hpp"
#include "signature/slots.hpp"

namespace gantry::signature {

namespace {

/// What fill writes, at an odd offset between two guards.
template <class T>
[[nodiscard]] T filled(Slot slot, std::uint64_t index) {
  constexpr auto guard = std::byte{0xA5};
  std::array<std::byte, 3 + sizeof(T) + 3> row{};
  row.fill(guard);
  slot.offset = 3;
  fill(slot, index, row.data());
  CHECK((row[2] == guard && row[3 + sizeof(T)] == guard));
  return load<T>(row.data() + 3);
}

template <class T>
void check_kind(Kind kind, bool is_signed, std::mt19937_64& random) {
  // A range of the type's own numbers, written by plain arithmetic: from, from + step, …, and an odd last value.
  for (int round = 0; round < 2000; ++round) {
    const auto count = random() % 100 + 1;
    const auto inner = random() % 7 + 1;
    const std::int64_t from =
        is_signed ? static_cast<std::int64_t>(random() % 20) - 10 : static_cast<std::int64_t>(random() % 20);
    const std::int64_t step = is_signed && from > 0 ? -1 : 1;
    const Slot slot{.offset = 0,
                    .from = static_cast<std::uint64_t>(from),
                    .step = static_cast<std::uint64_t>(step),
                    .last_value = 117,
                    .divide = inner,
                    .modulo = count,
                    .kind = kind,
                    .is_signed = is_signed};
    const auto index = random() % (2 * count * inner);
    const auto k = static_cast<std::int64_t>((index / inner) % count);
    const auto expected = k + 1 == static_cast<std::int64_t>(count) ? 117 : from + k * step;
    CHECK(filled<T>(slot, index) == static_cast<T>(expected));
  }
}

}  // namespace

TEST_CASE("slots are plain arithmetic, for every kind of scalar") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  check_kind<std::uint8_t>(Kind::u8, false, random);
  check_kind<std::uint16_t>(Kind::u16, false, random);
  check_kind<std::uint32_t>(Kind::u32, false, random);
  check_kind<std::uint64_t>(Kind::u64, false, random);
  check_kind<std::int8_t>(Kind::i8, true, random);
  check_kind<std::int16_t>(Kind::i16, true, random);
  check_kind<std::int32_t>(Kind::i32, true, random);
  check_kind<std::int64_t>(Kind::i64, true, random);
  check_kind<float>(Kind::f32, true, random);
  check_kind<float>(Kind::f32, false, random);
  check_kind<double>(Kind::f64, true, random);
  check_kind<double>(Kind::f64, false, random);
}

TEST_CASE("slots at the ends of 64 bits") {
  Slot slot{.from = 0, .step = UINT64_MAX, .last_value = 7, .modulo = UINT64_MAX};
  CHECK(slot_value(slot, 1) == UINT64_MAX);
  CHECK(slot_value(slot, 2) == UINT64_MAX - 1);
  CHECK(slot_value(slot, UINT64_MAX - 1) == 7);
  CHECK(slot_value(slot, UINT64_MAX) == 0);
  slot.kind = Kind::f64;
  CHECK(filled<double>(slot, 1) == 18446744073709551616.0);
  slot.is_signed = true;
  CHECK(filled<double>(slot, 1) == -1.0);
}

TEST_CASE("a step size of a product: the last name is the fastest") {
  // each: {a: [10, 13), b: [0, 4)}: index 7 is a = 11, b = 3.
  const Slot a{.from = 10, .step = 1, .last_value = 12, .divide = 4, .modulo = 3};
  const Slot b{.from = 0, .step = 1, .last_value = 3, .divide = 1, .modulo = 4};
  for (std::uint64_t index = 0; index < 12; ++index) {
    CHECK(slot_value(a, index) == 10 + index / 4);
    CHECK(slot_value(b, index) == index % 4);
  }
}

TEST_CASE("a slot of one value is always its last value") {
  const Slot slot{.from = 3, .step = 5, .last_value = 9};
  CHECK(slot_value(slot, 0) == 9);
  CHECK(slot_value(slot, 1000) == 9);
}

}  // namespace gantry::signature
