#include "wire/work.hpp"

#include "wire/layout.hpp"
#include "wire/pack.hpp"

namespace gantry::wire {
namespace {

std::unexpected<host::Error> malformed() {
  return host::fail(host::ErrorKind::infrastructure, "a chunk frame is malformed");
}

struct Head {
  Work work;
  Unpacker arguments;
};

Head unpack_head(const Frame& frame) {
  Unpacker unpacker(frame.payload);
  Work work;
  work.lease = frame.lease;
  work.plugin = unpacker.number<std::uint32_t>();
  work.function = unpacker.number<std::uint32_t>();
  work.attempt = unpacker.number<std::uint32_t>();
  work.claims = unpacker.number<std::uint32_t>();
  work.first = unpacker.number<std::uint64_t>();
  work.count = unpacker.number<std::uint64_t>();
  work.seed = unpacker.number<std::uint64_t>();
  const auto result_size = unpacker.number<std::uint64_t>();
  if ((frame.flags & chunk_flag::fixed) != 0) work.result_size = result_size;
  work.indexed = (frame.flags & chunk_flag::indexed) != 0;
  work.timed = (frame.flags & chunk_flag::timed) != 0;
  work.step = unpacker.text();
  return {std::move(work), unpacker};
}

bool unpack_slots(Unpacker& unpacker, signature::Template& to) {
  const auto count = unpacker.number<std::uint64_t>();
  if (count > unpacker.left()) return false;
  for (std::uint64_t i = 0; i < count; ++i) {
    signature::Slot slot;
    slot.offset = unpacker.number<std::uint64_t>();
    slot.from = unpacker.number<std::uint64_t>();
    slot.step = unpacker.number<std::uint64_t>();
    slot.last_value = unpacker.number<std::uint64_t>();
    slot.divide = unpacker.number<std::uint64_t>();
    slot.modulo = unpacker.number<std::uint64_t>();
    slot.kind = static_cast<signature::Kind>(unpacker.number<std::uint8_t>());
    slot.is_signed = unpacker.number<std::uint8_t>() != 0;
    if (unpacker.failed() || !signature::is_scalar(slot.kind) || slot.divide == 0 || slot.modulo == 0) return false;
    signature::Type type;
    type.kind = slot.kind;
    const auto width = signature::fixed_size(type);
    if (!width || slot.offset > to.row.size() || *width > to.row.size() - slot.offset) return false;
    to.slots.push_back(slot);
  }
  return unpacker.done();
}

host::Result<signature::Template> unpack_template(Unpacker unpacker) {
  signature::Template found;
  const signature::View row = unpacker.block();
  found.row.assign(row.begin(), row.end());
  if (unpacker.failed() || !unpack_slots(unpacker, found)) return malformed();
  return found;
}

host::Result<RowsView> unpack_rows(Unpacker unpacker, std::uint64_t count) {
  RowsView rows;
  if (count > unpacker.left() / sizeof(std::uint64_t)) return malformed();
  rows.lengths = unpacker.raw(count * sizeof(std::uint64_t));
  rows.bytes = unpacker.rest();
  std::uint64_t left = rows.bytes.size();
  Unpacker lengths(rows.lengths);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto length = lengths.number<std::uint64_t>();
    if (length > left) return malformed();
    left -= length;
  }
  if (left != 0) return malformed();
  return rows;
}

}  // namespace

host::Result<std::optional<BlockName>> block_of(const Frame& frame) {
  if (frame.kind != FrameKind::chunk) return malformed();
  if ((frame.flags & chunk_flag::block) == 0) return std::nullopt;
  Head head = unpack_head(frame);
  const auto id = head.arguments.number<std::uint64_t>();
  const auto size = head.arguments.number<std::uint64_t>();
  if (!head.arguments.done()) return malformed();
  return BlockName{id, size};
}

host::Result<Work> decode_work(const Frame& frame, Mapping block) {
  if (frame.kind != FrameKind::chunk || (frame.flags & ~chunk_flag::all) != 0) return malformed();
  Head head = unpack_head(frame);
  Work& work = head.work;
  const bool counted = work.count > 0 && work.count <= chunk_cap && work.first <= UINT64_MAX - work.count;
  if (head.arguments.failed() || !counted || work.claims >= leases_cap) return malformed();
  if ((frame.flags & chunk_flag::block) != 0) {
    work.block = std::move(block);
    head.arguments = Unpacker(signature::View(work.block.data(), work.block.size()));
  } else if ((frame.flags & chunk_flag::rows) != 0) {
    const signature::View bytes = head.arguments.rest();
    work.owned.assign(bytes.begin(), bytes.end());
    head.arguments = Unpacker(work.owned);
  }
  if ((frame.flags & chunk_flag::rows) != 0) {
    auto rows = unpack_rows(head.arguments, work.count);
    if (!rows) return std::unexpected(rows.error());
    work.arguments = *rows;
  } else {
    auto found = unpack_template(head.arguments);
    if (!found) return std::unexpected(found.error());
    work.arguments = *std::move(found);
  }
  return std::move(head.work);
}

}  // namespace gantry::wire
