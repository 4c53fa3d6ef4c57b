// The running checksum of a segment of finished values: what tells, after a death, results that are whole from bytes
// that a dying process smeared over them. It grows with the segment, however it was cut into batches, at a word a
// cycle.
#pragma once

#include <cstdint>

#include "signature/bytes.hpp"

namespace gantry::wire {

/// Fletcher's two sums over the little-endian 64-bit words of the bytes (J. G. Fletcher, "An Arithmetic Checksum for
/// Serial Transmissions", IEEE Trans. Comm. 30, 1982; here modulo 2^64, the second sum rotated so that its top bits
/// stay in), closed by XXH3 together with the length, the last bytes, and what the segment is for.
class Checksum {
 public:
  Checksum() = default;
  Checksum(std::uint64_t lease, std::uint64_t first) : lease_(lease), first_(first) {}

  /// The checksum of all bytes of the segment. `segment` begins with what was given before; only the rest is read.
  [[nodiscard]] std::uint64_t of(signature::View segment);

 private:
  std::uint64_t lease_ = 0;
  std::uint64_t first_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t sums_ = 0;
  std::uint64_t summed_ = 0;  ///< bytes, a multiple of 8
};

}  // namespace gantry::wire
