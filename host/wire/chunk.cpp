#include "wire/chunk.hpp"

#include <fmt/core.h>

#include <algorithm>

#include <cstring>

#include "wire/assignment.hpp"
#include "wire/files.hpp"
#include "wire/layout.hpp"
#include "wire/pack.hpp"

namespace gantry::wire {
namespace {

constexpr std::uint64_t step_cap = 4096;    // longest id of a step that a frame carries
constexpr std::uint64_t shared_most = 256;  // shared objects of a step
constexpr std::uint64_t slot_size = 6 * sizeof(std::uint64_t) + 2;
static_assert(inline_cap + step_cap + signature::most_slots * slot_size + shared_most * 16 + 144 + frame_header_size <=
              frame_cap);

std::unexpected<host::Error> wrong(std::string sentence) {
  return host::fail(host::ErrorKind::infrastructure, std::move(sentence));
}

host::Result<void> check(const schedule::Chunk& chunk) {
  if (chunk.lease.count == 0 || chunk.lease.count > chunk_cap) {
    return wrong(fmt::format("a chunk of {} tasks cannot be sent: 1 to {} are possible", chunk.lease.count, chunk_cap));
  }
  if (chunk.files.size() > files_cap) {
    return wrong(fmt::format("a chunk takes {} open files; the most is {}", chunk.files.size(), files_cap));
  }
  if (chunk.assignment->pattern) return {};
  const schedule::Rows& rows = chunk.rows;
  std::uint64_t sum = 0;
  for (const std::uint64_t length : rows.lengths) sum += length;
  if (rows.lengths.size() != chunk.lease.count || sum != rows.bytes.size()) {
    return wrong(fmt::format("a chunk of {} tasks has {} rows of arguments, {} bytes instead of {}", chunk.lease.count,
                             rows.lengths.size(), rows.bytes.size(), sum));
  }
  return {};
}

void pack_slots(const std::vector<signature::Slot>& slots, Packer& packer) {
  packer.number(std::uint64_t{slots.size()});
  for (const signature::Slot& slot : slots) {
    packer.number(slot.offset).number(slot.from).number(slot.step).number(slot.last_value);
    packer.number(slot.divide).number(slot.modulo);
    packer.number(static_cast<std::uint8_t>(slot.kind)).number(static_cast<std::uint8_t>(slot.is_signed));
  }
}

}  // namespace

host::Result<std::uint16_t> encode(const schedule::Assignment& assignment, std::uint32_t slot, std::uint32_t plugin,
                                   std::optional<NamedBlock> block, signature::Bytes& to) {
  if (assignment.step_id.size() > step_cap) {
    return wrong(fmt::format("the id of a step has {} bytes; the most is {}", assignment.step_id.size(), step_cap));
  }
  if (assignment.pattern && assignment.pattern->slots.size() > signature::most_slots) {
    return wrong(fmt::format("step {} has {} arguments that vary with the task; the most is {}", assignment.step_id,
                             assignment.pattern->slots.size(), signature::most_slots));
  }
  if (assignment.shared.size() > shared_most) {
    return wrong(fmt::format("step {} uses {} shared objects; the most is {}", assignment.step_id,
                             assignment.shared.size(), shared_most));
  }
  std::uint16_t flags = 0;
  if (assignment.indexed) flags |= chunk_flag::indexed;
  if (assignment.result_size) flags |= chunk_flag::fixed;
  if (assignment.timeout.count() > 0) flags |= chunk_flag::timed;
  if (!assignment.pattern) flags |= chunk_flag::rows;
  if (block) flags |= chunk_flag::block;
  Packer packer(to);
  packer.number(slot).number(plugin).number(assignment.function).number(host::raw(assignment.step));
  packer.number(static_cast<std::uint32_t>(assignment.residence)).number(assignment.seed);
  packer.number(assignment.result_size.value_or(0));
  packer.number(static_cast<std::uint64_t>(std::max<std::int64_t>(assignment.timeout.count(), 0)));
  packer.text(assignment.step_id);
  static const std::vector<signature::Slot> none;
  pack_slots(assignment.pattern ? assignment.pattern->slots : none, packer);
  packer.number(std::uint64_t{assignment.shared.size()});
  for (const schedule::SharedUse& use : assignment.shared) {
    packer.number(use.object).number(use.parameter).number(use.size);
  }
  if (block) {
    packer.number(block->id).number(block->offset).number(block->size);
  } else if (assignment.pattern) {
    const signature::View row = assignment.pattern->arguments();
    packer.number(std::uint64_t{row.size()}).raw(row);
  }
  return flags;
}

std::uint64_t encoded_size(const schedule::Rows& rows) {
  return rows.lengths.size() * sizeof(std::uint64_t) + rows.bytes.size();
}

host::Result<std::uint16_t> encode(const schedule::Chunk& chunk, std::uint32_t slot, std::uint32_t claims,
                                   std::optional<NamedBlock> block, signature::Bytes& to) {
  if (auto good = check(chunk); !good) return std::unexpected(std::move(good).error());
  Packer packer(to);
  packer.number(slot).number(chunk.lease.attempt).number(claims);
  packer.number(static_cast<std::uint32_t>(chunk.files.size()));
  packer.number(chunk.lease.first).number(chunk.lease.count);
  if (chunk.assignment->pattern) return std::uint16_t{0};
  if (block) {
    packer.number(block->id).number(block->offset).number(block->size);
    return static_cast<std::uint16_t>(chunk_flag::rows | chunk_flag::block);
  }
  packer.raw(std::as_bytes(std::span(chunk.rows.lengths))).raw(chunk.rows.bytes);
  return chunk_flag::rows;
}

}  // namespace gantry::wire
