// A chunk of the scheduler, and the assignment that it belongs to, as frames: the host's encoder. The layouts are in
// assignment.hpp and work.hpp.
#pragma once

#include <cstdint>
#include <optional>

#include "schedule/runner.hpp"
#include "signature/bytes.hpp"
#include "signature/error.hpp"

namespace gantry::wire {

/// What is said of a block before its frame: where its descriptor goes is the channel's affair.
struct NamedBlock {
  std::uint64_t id = 0;
  std::uint64_t offset = 0;  ///< in its file
  std::uint64_t size = 0;
};

/// Appends the payload of an assignment; returns its flags. `plugin`: its position in the worker's list. `block`: of
/// the row, if it is too long for the frame (longer than inline_cap). Error: the step's id is too long, or there are
/// more argument slots than a frame holds.
[[nodiscard]] host::Result<std::uint16_t> encode(const schedule::Assignment& assignment, std::uint32_t slot,
                                                 std::uint32_t plugin, std::optional<NamedBlock> block,
                                                 signature::Bytes& to);

/// Rows as they travel: lengths, then bytes.
[[nodiscard]] std::uint64_t encoded_size(const schedule::Rows& rows);

/// Appends the payload of a chunk; returns its flags. `slot`: the assignment's; `claims`: which claim word it was
/// given; `block`: of the rows, if they are too long for the frame. Error: the chunk is empty, or has more tasks than a
/// frame carries, or its rows do not match its count.
[[nodiscard]] host::Result<std::uint16_t> encode(const schedule::Chunk& chunk, std::uint32_t slot, std::uint32_t claims,
                                                 std::optional<NamedBlock> block, signature::Bytes& to);

}  // namespace gantry::wire
