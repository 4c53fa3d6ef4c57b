#include "wire/chunk.hpp"

#include <fmt/core.h>

#include "wire/layout.hpp"
#include "wire/pack.hpp"

namespace gantry::wire {
namespace {

constexpr std::uint64_t step_cap = 4096;  // longest id of a step that a frame carries
static_assert(inline_cap + step_cap + 128 + frame_header_size <= frame_cap);

signature::Bytes encode_arguments(const signature::Template& arguments) {
  signature::Bytes bytes;
  Packer packer(bytes);
  packer.number(std::uint64_t{arguments.row.size()}).raw(arguments.row);
  packer.number(std::uint64_t{arguments.slots.size()});
  for (const signature::Slot& slot : arguments.slots) {
    packer.number(slot.offset).number(slot.from).number(slot.step).number(slot.last_value);
    packer.number(slot.divide).number(slot.modulo);
    packer.number(static_cast<std::uint8_t>(slot.kind)).number(static_cast<std::uint8_t>(slot.is_signed));
  }
  return bytes;
}

signature::Bytes encode_arguments(const schedule::Rows& rows) {
  signature::Bytes bytes;
  bytes.reserve(rows.lengths.size() * sizeof(std::uint64_t) + rows.bytes.size());
  Packer(bytes).raw(std::as_bytes(std::span(rows.lengths))).raw(rows.bytes);
  return bytes;
}

host::Result<void> check(const schedule::Chunk& chunk) {
  const auto wrong = [](std::string sentence) {
    return host::fail(host::ErrorKind::infrastructure, std::move(sentence));
  };
  if (chunk.lease.count == 0 || chunk.lease.count > chunk_cap) {
    return wrong(fmt::format("a chunk of {} tasks cannot be sent: 1 to {} are possible", chunk.lease.count, chunk_cap));
  }
  if (chunk.step_id.size() > step_cap) {
    return wrong(fmt::format("the id of a step has {} bytes; the most is {}", chunk.step_id.size(), step_cap));
  }
  const auto* rows = std::get_if<schedule::Rows>(&chunk.arguments);
  if (rows == nullptr) return {};
  std::uint64_t sum = 0;
  for (const std::uint64_t length : rows->lengths) sum += length;
  if (rows->lengths.size() != chunk.lease.count || sum != rows->bytes.size()) {
    return wrong(fmt::format("a chunk of {} tasks has {} rows of arguments, {} bytes instead of {}", chunk.lease.count,
                             rows->lengths.size(), rows->bytes.size(), sum));
  }
  return {};
}

}  // namespace

host::Result<EncodedChunk> encode(const schedule::Chunk& chunk, std::uint32_t claims) {
  if (auto good = check(chunk); !good) return std::unexpected(std::move(good).error());
  EncodedChunk encoded;
  if (chunk.indexed) encoded.flags |= chunk_flag::indexed;
  if (chunk.result_size) encoded.flags |= chunk_flag::fixed;
  if (chunk.timeout.count() > 0) encoded.flags |= chunk_flag::timed;
  if (std::holds_alternative<schedule::Rows>(chunk.arguments)) encoded.flags |= chunk_flag::rows;
  Packer packer(encoded.payload);
  packer.number(chunk.plugin).number(chunk.function).number(chunk.lease.attempt).number(claims);
  packer.number(chunk.lease.first).number(chunk.lease.count).number(chunk.seed);
  packer.number(chunk.result_size.value_or(0)).text(chunk.step_id);
  signature::Bytes arguments =
      std::visit([](const auto& alternative) { return encode_arguments(alternative); }, chunk.arguments);
  if (arguments.size() <= inline_cap) {
    packer.raw(arguments);
  } else {
    encoded.flags |= chunk_flag::block;
    packer.number(host::raw(chunk.lease.id)).number(std::uint64_t{arguments.size()});
    encoded.block = std::move(arguments);
  }
  return encoded;
}

}  // namespace gantry::wire
