// A chunk as it travels, and as its worker reads it. The host's encoder is chunk.hpp. Payload of a chunk frame:
//   u32 plugin, function, attempt, claims; u64 first, count, seed, result_size; u64 length and step id;
//   then the arguments, or, if the flag `block` is set, {u64 id, u64 size} of the block that holds them.
// Arguments: a template {u64 length and row, u64 count and slots}, or, with the flag `rows`, `count` u64 lengths and
// the rows back to back. A slot: u64 offset, from, step, last_value, divide, modulo; u8 kind, signed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "signature/bytes.hpp"
#include "signature/error.hpp"
#include "signature/slots.hpp"
#include "wire/descriptor.hpp"
#include "wire/frame.hpp"

namespace gantry::wire {

namespace chunk_flag {
inline constexpr std::uint16_t indexed = 1;  ///< tasks know their index
inline constexpr std::uint16_t fixed = 2;    ///< result_size holds
inline constexpr std::uint16_t timed = 4;    ///< a time limit: tasks are claimed one at a time
inline constexpr std::uint16_t block = 8;    ///< the arguments are in a block
inline constexpr std::uint16_t rows = 16;    ///< a row of arguments a task, no template
inline constexpr std::uint16_t all = 31;
}  // namespace chunk_flag

/// One row of arguments for each task.
struct RowsView {
  signature::View lengths;  ///< u64 each, unaligned
  signature::View bytes;
};

/// A decoded chunk; owns what its views refer to.
struct Work {
  std::uint64_t lease = 0;
  std::uint32_t plugin = 0;
  std::uint32_t function = 0;
  std::uint32_t attempt = 1;
  std::uint32_t claims = 0;  ///< which claim word
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::uint64_t seed = 0;
  std::optional<std::uint64_t> result_size;
  bool indexed = true;
  bool timed = false;
  std::string step;
  std::variant<signature::Template, RowsView> arguments;

  signature::Bytes owned;  ///< what RowsView refers to: these bytes,
  Mapping block;           ///< or this
};

/// Where the arguments of a chunk are, if not in its frame.
struct BlockName {
  std::uint64_t id = 0;
  std::uint64_t size = 0;
};

/// The block that a chunk frame names.
[[nodiscard]] host::Result<std::optional<BlockName>> block_of(const Frame& frame);
/// Decodes a chunk frame; `block` is the mapped block that it names, or empty. Everything is checked: each row lies in
/// the bytes, each slot in the row.
[[nodiscard]] host::Result<Work> decode_work(const Frame& frame, Mapping block);

}  // namespace gantry::wire
