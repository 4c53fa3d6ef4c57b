// Short names for the types that a signature spells: what an author may write instead of std::uint64_t.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

static_assert(std::endian::native == std::endian::little,
              "gantry's bytes are little-endian, as is every machine it runs on");
static_assert(sizeof(float) == 4 && sizeof(double) == 8, "f32 and f64 are IEEE 754");

namespace gantry {
inline namespace [[gnu::visibility("hidden")]] sdk1 {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using i8 = std::int8_t;
using i16 = std::int16_t;
using i32 = std::int32_t;
using i64 = std::int64_t;
using f32 = float;
using f64 = double;
using str = std::string;
using bytes = std::vector<std::byte>;

}  // namespace sdk1
}  // namespace gantry
