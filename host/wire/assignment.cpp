#include "wire/assignment.hpp"

#include "wire/layout.hpp"
#include "wire/pack.hpp"

namespace gantry::wire {
namespace {

std::unexpected<host::Error> malformed() {
  return host::fail(host::ErrorKind::infrastructure, "an assignment frame is malformed");
}

signature::Slot unpack_slot(Unpacker& unpacker) {
  signature::Slot slot;
  slot.offset = unpacker.number<std::uint64_t>();
  slot.from = unpacker.number<std::uint64_t>();
  slot.step = unpacker.number<std::uint64_t>();
  slot.last_value = unpacker.number<std::uint64_t>();
  slot.divide = unpacker.number<std::uint64_t>();
  slot.modulo = unpacker.number<std::uint64_t>();
  slot.kind = static_cast<signature::Kind>(unpacker.number<std::uint8_t>());
  slot.is_signed = unpacker.number<std::uint8_t>() != 0;
  return slot;
}

bool unpack_slots(Unpacker& unpacker, std::vector<signature::Slot>& to) {
  const auto count = unpacker.number<std::uint64_t>();
  if (count > unpacker.left()) return false;
  for (std::uint64_t i = 0; i < count; ++i) {
    const signature::Slot slot = unpack_slot(unpacker);
    if (unpacker.failed() || !signature::is_scalar(slot.kind) || slot.divide == 0 || slot.modulo == 0) return false;
    to.push_back(slot);
  }
  return !unpacker.failed();
}

bool unpack_shared(Unpacker& unpacker, std::vector<SharedName>& to) {
  const auto count = unpacker.number<std::uint64_t>();
  if (count > unpacker.left()) return false;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto object = unpacker.number<std::uint32_t>();
    const auto parameter = unpacker.number<std::uint32_t>();
    to.push_back({object, parameter, unpacker.number<std::uint64_t>()});
    if (unpacker.failed()) return false;
  }
  return !unpacker.failed();
}

bool fits(const signature::Slot& slot, std::uint64_t row_size) {
  signature::Type type;
  type.kind = slot.kind;
  const auto width = signature::fixed_size(type);
  return width && slot.offset <= row_size && *width <= row_size - slot.offset;
}

struct Head {
  Assigned assigned;
  Unpacker rest;
  bool good;
};

Head unpack_head(const Frame& frame) {
  Unpacker unpacker(frame.payload);
  Assigned assigned;
  assigned.serial = frame.lease;
  assigned.slot = unpacker.number<std::uint32_t>();
  assigned.plugin = unpacker.number<std::uint32_t>();
  assigned.function = unpacker.number<std::uint32_t>();
  assigned.step_number = unpacker.number<std::uint32_t>();
  const auto residence = unpacker.number<std::uint32_t>();
  assigned.residence = static_cast<signature::Residence>(residence);
  assigned.seed = unpacker.number<std::uint64_t>();
  const auto result_size = unpacker.number<std::uint64_t>();
  if ((frame.flags & chunk_flag::fixed) != 0) assigned.result_size = result_size;
  assigned.timeout_ns = unpacker.number<std::uint64_t>();
  assigned.indexed = (frame.flags & chunk_flag::indexed) != 0;
  assigned.timed = (frame.flags & chunk_flag::timed) != 0;
  assigned.by_rows = (frame.flags & chunk_flag::rows) != 0;
  assigned.step = unpacker.text();
  const bool good = frame.kind == FrameKind::assignment && (frame.flags & ~chunk_flag::of_assignment) == 0 &&
                    unpack_slots(unpacker, assigned.slots) && unpack_shared(unpacker, assigned.shared) &&
                    assigned.slot < assignments_cap &&
                    residence <= static_cast<std::uint32_t>(signature::Residence::host);
  return {std::move(assigned), unpacker, good};
}

}  // namespace

host::Result<std::optional<BlockName>> block_of_assignment(const Frame& frame) {
  if ((frame.flags & chunk_flag::block) == 0) return std::nullopt;
  Head head = unpack_head(frame);
  const auto id = head.rest.number<std::uint64_t>();
  const auto offset = head.rest.number<std::uint64_t>();
  const auto size = head.rest.number<std::uint64_t>();
  if (!head.good || !head.rest.done() || offset > UINT64_MAX - size) return malformed();
  return BlockName{id, offset, size};
}

host::Result<std::uint32_t> decode_forget(const Frame& frame) {
  Unpacker unpacker(frame.payload);
  const auto slot = unpacker.number<std::uint32_t>();
  if (frame.kind != FrameKind::forget || frame.flags != 0 || !unpacker.done() || slot >= assignments_cap) {
    return malformed();
  }
  return slot;
}

host::Result<signature::Resident> decode_drop(const Frame& frame) {
  Unpacker unpacker(frame.payload);
  signature::Resident value;
  value.step = unpacker.number<std::uint32_t>();
  value.index = unpacker.number<std::uint64_t>();
  if (frame.kind != FrameKind::drop || frame.flags != 0 || !unpacker.done()) {
    return host::fail(host::ErrorKind::infrastructure, "a drop frame is malformed");
  }
  return value;
}

host::Result<Assigned> decode_assignment(const Frame& frame, TakenBlock block) {
  Head head = unpack_head(frame);
  Assigned& assigned = head.assigned;
  if (!head.good) return malformed();
  if (assigned.by_rows) {
    if (!head.rest.done() || !assigned.slots.empty()) return malformed();
    return std::move(assigned);
  }
  if ((frame.flags & chunk_flag::block) != 0) {
    assigned.block = std::move(block);
    assigned.row = assigned.block.bytes();
  } else {
    const signature::View row = head.rest.block();
    if (!head.rest.done()) return malformed();
    assigned.owned.assign(row.begin(), row.end());
    assigned.row = assigned.owned;
  }
  for (const signature::Slot& slot : assigned.slots) {
    if (!fits(slot, assigned.row.size())) return malformed();
  }
  return std::move(assigned);
}

}  // namespace gantry::wire
