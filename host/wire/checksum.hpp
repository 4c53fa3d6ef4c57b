// The running checksum of a segment of finished values: what tells results that are whole from bytes that somebody
// smeared over them, while they waited in the window or as their process died. It grows with the segment, however it
// was cut into batches, at a word a cycle. It is not made against forgers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "signature/bytes.hpp"

namespace gantry::wire {

/// Fletcher's two sums over the little-endian 64-bit words of the bytes (J. G. Fletcher, "An Arithmetic Checksum for
/// Serial Transmissions", IEEE Trans. Comm. 30, 1982; here modulo 2^64, with the top bits of the first sum folded into
/// the second so that they count, and in four lanes, which a processor adds side by side), closed by XXH3 together with
/// the length, the last bytes, and what the segment is for.
class Checksum {
 public:
  Checksum() = default;
  Checksum(std::uint64_t lease, std::uint64_t first) : lease_(lease), first_(first) {}

  /// The checksum of all bytes of the segment. `segment` begins with what was given before; only the rest is read.
  [[nodiscard]] std::uint64_t of(signature::View segment);

 private:
  std::uint64_t lease_ = 0;
  std::uint64_t first_ = 0;
  static constexpr std::size_t lanes = 4;
  std::array<std::uint64_t, lanes> sum_{};  ///< word i of the bytes belongs to lane i % lanes
  std::array<std::uint64_t, lanes> sums_{};
  std::uint64_t summed_ = 0;  ///< bytes, a multiple of 8
};

/// Of a piece of a large value, which goes in a report of its own.
[[nodiscard]] std::uint64_t part_checksum(std::uint64_t lease, std::uint64_t index, signature::View piece);

}  // namespace gantry::wire
