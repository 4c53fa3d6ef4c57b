#include "wire/work.hpp"

#include "wire/pack.hpp"

namespace gantry::wire {
namespace {

std::unexpected<host::Error> malformed() {
  return host::fail(host::ErrorKind::infrastructure, "a chunk frame is malformed");
}

struct Head {
  std::uint32_t slot;
  std::uint32_t attempt;
  std::uint32_t claims;
  std::uint32_t files;
  std::uint64_t first;
  std::uint64_t count;
};

// Braced lists are read from left to right, so fields are unpacked in the order in which they are declared.
Head unpack_head(Unpacker& unpacker) {
  const auto number = [&] { return unpacker.number<std::uint32_t>(); };
  const auto index = [&] { return unpacker.number<std::uint64_t>(); };
  return {number(), number(), number(), number(), index(), index()};
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

host::Result<std::optional<BlockName>> block_of_chunk(const Frame& frame) {
  if ((frame.flags & chunk_flag::block) == 0) return std::nullopt;
  Unpacker unpacker(frame.payload);
  static_cast<void>(unpack_head(unpacker));
  const auto id = unpacker.number<std::uint64_t>();
  const auto offset = unpacker.number<std::uint64_t>();
  const auto size = unpacker.number<std::uint64_t>();
  if (!unpacker.done() || offset > UINT64_MAX - size) return malformed();
  return BlockName{id, offset, size};
}

host::Result<std::uint32_t> files_of_chunk(const Frame& frame) {
  Unpacker unpacker(frame.payload);
  const Head head = unpack_head(unpacker);
  if (unpacker.failed() || head.files > files_cap) return malformed();
  return head.files;
}

host::Result<Work> decode_work(const Frame& frame, const Assignments& assignments, TakenBlock block) {
  if (frame.kind != FrameKind::chunk || (frame.flags & ~chunk_flag::of_chunk) != 0) return malformed();
  Unpacker unpacker(frame.payload);
  const Head head = unpack_head(unpacker);
  const bool counted = head.count > 0 && head.count <= chunk_cap && head.first <= UINT64_MAX - head.count;
  const bool known = head.slot < assignments_cap && assignments[head.slot].has_value();
  if (unpacker.failed() || !counted || !known || head.claims >= leases_cap || head.files > files_cap)
    return malformed();
  Work work;
  work.lease = frame.lease;
  work.assigned = &*assignments[head.slot];
  work.attempt = head.attempt;
  work.claims = head.claims;
  work.first = head.first;
  work.count = head.count;
  const bool by_rows = (frame.flags & chunk_flag::rows) != 0;
  if (by_rows != work.assigned->by_rows) return malformed();
  if (!by_rows) {
    if (!unpacker.done() || (frame.flags & chunk_flag::block) != 0) return malformed();
    return work;
  }
  signature::View bytes;
  if ((frame.flags & chunk_flag::block) != 0) {
    work.block = std::move(block);
    bytes = work.block.bytes();
  } else {
    const signature::View inline_rows = unpacker.rest();
    work.owned.assign(inline_rows.begin(), inline_rows.end());
    bytes = work.owned;
  }
  auto rows = unpack_rows(Unpacker(bytes), work.count);
  if (!rows) return std::unexpected(rows.error());
  work.rows = *rows;
  return work;
}

}  // namespace gantry::wire
