// What the chunks of a step have in common, as a worker reads it. It is told once and kept in a slot that chunks then
// name. The host's encoder is in chunk.hpp. The header's lease field is a serial number; the payload:
//   u32 slot, plugin, function, step; u32 residence of its results; u64 seed, result_size, timeout in ns (0: none); u64
//   length and step id; u64 count and argument slots; u64 count and shared objects: u32 object, parameter; u64 size;
//   then u64 length and row of the template, or, with the flag `block`, {u64 id, offset, size} of the block that is the
//   row. With the flag `rows` there is neither. An argument slot: u64 offset, from, step, last_value, divide, modulo;
//   u8 kind, signed.
// A frame `forget` has u32 slot: its assignment is over, and what it maps is not used again. A frame `drop` has u32
// step and u64 index: the pinned value of that task is not used again.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "signature/bytes.hpp"
#include "signature/error.hpp"
#include "signature/residence.hpp"
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
inline constexpr std::uint16_t of_assignment = 31;
inline constexpr std::uint16_t of_chunk = block | rows;
}  // namespace chunk_flag

/// Where the arguments of a frame are, if not in it.
struct BlockName {
  std::uint64_t id = 0;
  std::uint64_t offset = 0;  ///< in its file
  std::uint64_t size = 0;
};

/// A block that was taken: its mapped file, and where in it the block is.
struct TakenBlock {
  std::shared_ptr<const Mapping> mapping;  ///< of the file, or a part of it that holds the block
  std::uint64_t offset = 0;
  std::uint64_t size = 0;

  [[nodiscard]] signature::View bytes() const {
    return mapping ? signature::View(mapping->data(), mapping->size()).subspan(offset, size) : signature::View{};
  }
};

/// A shared object that tasks hold, as a worker knows it.
struct SharedName {
  std::uint32_t object = 0;
  std::uint32_t parameter = 0;  ///< its type is this one's
  std::uint64_t size = 0;       ///< of an array
};

/// A decoded assignment; owns what `row` refers to.
struct Assigned {
  std::uint64_t serial = 0;  ///< never the same twice on one channel
  std::uint32_t slot = 0;
  std::uint32_t plugin = 0;
  std::uint32_t function = 0;
  std::uint32_t step_number = 0;
  signature::Residence residence = signature::Residence::nowhere;  ///< of its results
  std::uint64_t seed = 0;
  std::optional<std::uint64_t> result_size;
  bool indexed = true;
  bool timed = false;
  std::uint64_t timeout_ns = 0;  ///< of one task, if timed
  bool by_rows = false;          ///< each chunk brings its rows; else the template holds
  std::string step;
  signature::View row;  ///< of the template
  std::vector<signature::Slot> slots;
  std::vector<SharedName> shared;

  signature::Bytes owned;  ///< what row refers to: these bytes,
  TakenBlock block;        ///< or this
};

/// The block that an assignment names, if it does.
[[nodiscard]] host::Result<std::optional<BlockName>> block_of_assignment(const Frame& frame);
/// The slot that a `forget` frame names.
[[nodiscard]] host::Result<std::uint32_t> decode_forget(const Frame& frame);
/// The value that a `drop` frame names.
[[nodiscard]] host::Result<signature::Resident> decode_drop(const Frame& frame);
/// Decodes an assignment; `block` is the block that it names, or empty. Every slot lies in the row.
[[nodiscard]] host::Result<Assigned> decode_assignment(const Frame& frame, TakenBlock block);

}  // namespace gantry::wire
