// A chunk as its worker reads it. The host's encoder is chunk.hpp. Payload of a chunk frame:
//   u32 assignment's slot, attempt, claims, number of open files that came ahead of it; u64 first, count;
//   then, with the flag `rows`, `count` u64 lengths and the rows back to back; or, with the flag `block` too, {u64 id,
//   offset, size} of the block that holds both.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "signature/bytes.hpp"
#include "signature/error.hpp"
#include "wire/assignment.hpp"
#include "wire/descriptor.hpp"
#include "wire/files.hpp"
#include "wire/frame.hpp"
#include "wire/layout.hpp"

namespace gantry::wire {

/// One row of arguments for each task.
struct RowsView {
  signature::View lengths;  ///< u64 each, unaligned
  signature::View bytes;
};

/// Assignments by slot, as a worker has them.
using Assignments = std::array<std::optional<Assigned>, assignments_cap>;

/// A decoded chunk; owns what its rows refer to.
struct Work {
  std::uint64_t lease = 0;
  const Assigned* assigned = nullptr;  ///< the channel's, until the next chunk is taken
  std::uint32_t attempt = 1;
  std::uint32_t claims = 0;  ///< which claim word
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  RowsView rows;  ///< if assigned->by_rows

  TakenFiles files;        ///< that its tasks take
  signature::Bytes owned;  ///< what rows refers to: these bytes,
  TakenBlock block;        ///< or this
};

/// The block that a chunk frame names.
[[nodiscard]] host::Result<std::optional<BlockName>> block_of_chunk(const Frame& frame);
/// Open files that came ahead of a chunk frame.
[[nodiscard]] host::Result<std::uint32_t> files_of_chunk(const Frame& frame);
/// Decodes a chunk frame; `block` is the mapped block that it names, or empty. Everything is checked: the assignment is
/// there, each row lies in the bytes.
[[nodiscard]] host::Result<Work> decode_work(const Frame& frame, const Assignments& assignments, TakenBlock block);

}  // namespace gantry::wire
