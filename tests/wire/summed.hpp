// Reports with the checksums that an honest worker gives them.
#pragma once

#include <cstdint>

#include "signature/bytes.hpp"
#include "wire/checksum.hpp"
#include "wire/outcome.hpp"

namespace gantry::tests {

/// `bytes`: of the segment.
[[nodiscard]] inline wire::ValuesReport summed(std::uint64_t lease, wire::ValuesReport report,
                                               signature::View bytes = {}) {
  report.checksum = wire::Checksum(lease, report.first).of(bytes);
  return report;
}

/// `bytes`: of the piece.
[[nodiscard]] inline wire::PartReport summed(std::uint64_t lease, wire::PartReport part, signature::View bytes) {
  if (has_checksum(part)) part.checksum = wire::part_checksum(lease, part.index, bytes);
  return part;
}

}  // namespace gantry::tests
