// A chunk of the scheduler as a frame: the host's encoder. The layout is in work.hpp.
#pragma once

#include <cstdint>
#include <optional>

#include "schedule/runner.hpp"
#include "signature/bytes.hpp"
#include "signature/error.hpp"
#include "wire/work.hpp"

namespace gantry::wire {

/// A chunk ready to be sent.
struct EncodedChunk {
  std::uint16_t flags = 0;
  signature::Bytes payload;               ///< of the frame; fits one
  std::optional<signature::Bytes> block;  ///< the arguments, if they are too long for the frame; its id is the lease's
};

/// `claims`: which claim word it was given. Error: the chunk is empty, or has more tasks or a longer step id than a
/// frame carries, or its rows do not match its count.
[[nodiscard]] host::Result<EncodedChunk> encode(const schedule::Chunk& chunk, std::uint32_t claims);

}  // namespace gantry::wire
