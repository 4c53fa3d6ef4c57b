// What the host sends over a channel: assignments, chunks, long rows, answers.
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <span>

#include <fmt/core.h>

#include "wire/claim.hpp"
#include "wire/host_channel_state.hpp"
#include "wire/sharing.hpp"

namespace gantry::wire {

/// The slot in which the worker has the assignment; nothing: no room in the ring now.
host::Result<std::optional<std::uint32_t>> HostChannel::State::tell(
    const std::shared_ptr<const schedule::Assignment>& assignment, std::uint32_t plugin, Blocks& blocks) {
  if (told[newest].is(assignment)) return newest;
  const auto found = std::ranges::find_if(told, [&](const Told& known) { return known.is(assignment); });
  if (found != told.end()) return newest = static_cast<std::uint32_t>(found - told.begin());

  const std::uint32_t slot = next_slot;
  std::optional<NamedBlock> block;
  std::optional<std::weak_ptr<const void>> mapped;
  if (assignment->pattern && assignment->pattern->arguments().size() > inline_cap) {
    // Room is looked for first: a block that was sent cannot be taken back.
    const auto room = sender.has_room(inline_cap);
    if (!room) return std::unexpected(room.error());
    if (!*room) return std::nullopt;
    const auto place = blocks.of(assignment);
    if (!place) return std::unexpected(place.error());
    block = NamedBlock{~told_ever, place->offset, assignment->pattern->arguments().size()};
    mapped = place->memory;
    auto copy = read_only(place->file);
    if (!copy) return std::unexpected(std::move(copy).error());
    const auto sent = try_send(socket, Block{block->id, block->offset + block->size, *std::move(copy)});
    if (!sent) return std::unexpected(sent.error());
    if (!*sent) return std::nullopt;
  }
  payload.clear();
  const auto flags = encode(*assignment, slot, plugin, block, payload);
  if (!flags) return std::unexpected(flags.error());
  const auto sent = sender.send(FrameKind::assignment, *flags, told_ever, payload);
  if (!sent) return std::unexpected(sent.error());
  if (!*sent) return std::nullopt;
  ++told_ever;
  told[slot] = {assignment, std::move(mapped)};
  next_slot = (slot + 1) % assignments_cap;
  return newest = slot;
}

host::Result<bool> HostChannel::start(const schedule::Chunk& chunk, std::uint32_t plugin, Blocks& blocks) {
  State& state = *state_;
  if (state.ledger.size() >= leases_cap) {
    return host::fail(host::ErrorKind::infrastructure, fmt::format("a worker holds {} chunks already", leases_cap));
  }
  if (auto dropped = state.send_drops(); !dropped) return std::unexpected(std::move(dropped).error());
  const auto slot = state.tell(chunk.assignment, plugin, blocks);
  if (!slot) return std::unexpected(slot.error());
  if (!*slot) return false;
  Ledger::Open& open = state.ledger.open(chunk);
  auto sent = state.send_chunk(chunk, **slot, open.claims);
  if (sent && *sent) {
    state.unrung = true;
    return true;
  }
  state.ledger.forget_newest();
  return sent;
}

// In the ring's order, so behind all chunks that name the assignment: it is over, or its memory would not be gone.
void HostChannel::forget_gone() {
  State& state = *state_;
  for (std::uint32_t slot = 0; slot < assignments_cap; ++slot) {
    Told& told = state.told[slot];
    if (!told.memory || !told.memory->expired()) continue;
    const auto payload = std::bit_cast<std::array<std::byte, sizeof slot>>(slot);
    // No room, or a worker that does not keep to the protocol: later, or never.
    if (!state.sender.send(FrameKind::forget, 0, 0, payload).value_or(false)) return;
    told = {};
    state.unrung = true;
  }
}

/// Long rows go ahead of their frame, in a file that later rows are written to once the lease is over. False: no room
/// now.
host::Result<bool> HostChannel::State::send_rows(const schedule::Chunk& chunk, const NamedBlock& block,
                                                 std::shared_ptr<Shelf> shelf) {
  const auto lengths = std::as_bytes(std::span(chunk.rows.lengths));
  auto written = shelf->write(0, lengths);
  if (written) written = shelf->write(lengths.size(), chunk.rows.bytes);
  if (!written) return std::unexpected(std::move(written).error());
  auto copy = read_only(shelf->place().file);
  if (!copy) return std::unexpected(std::move(copy).error());
  auto sent = try_send(socket, Block{block.id, block.offset + block.size, *std::move(copy)});
  if (sent && *sent) ledger.newest().rows = std::move(shelf);
  return sent;
}

host::Result<bool> HostChannel::State::send_chunk(const schedule::Chunk& chunk, std::uint32_t slot,
                                                  std::uint32_t claims) {
  const std::uint64_t lease = host::raw(chunk.lease.id);
  std::optional<NamedBlock> block;
  std::shared_ptr<Shelf> shelf;
  if (!chunk.assignment->pattern && encoded_size(chunk.rows) > inline_cap) {
    auto made = shelves.make(encoded_size(chunk.rows));
    if (!made) return std::unexpected(std::move(made).error());
    shelf = *std::move(made);
    block = NamedBlock{lease, shelf->place().offset, shelf->bytes().size()};
  }
  payload.clear();
  const auto flags = encode(chunk, slot, claims, block, payload);
  if (!flags) return std::unexpected(flags.error());
  // Room is looked for first: a block that was sent cannot be taken back.
  const auto room = sender.has_room(payload.size());
  if (!room || !*room) return room;
  if (const auto sent = send_files(chunk); !sent || !*sent) return sent;
  if (block) {
    if (const auto sent = send_rows(chunk, *block, std::move(shelf)); !sent || !*sent) return sent;
  }
  open_claims(header.claims[claims], static_cast<std::uint32_t>(chunk.lease.count));
  return sender.send(FrameKind::chunk, *flags, lease, payload);
}

/// Ahead of their frame, for which there is room. False: no room now.
host::Result<bool> HostChannel::State::send_files(const schedule::Chunk& chunk) {
  if (chunk.files.empty()) return true;
  return pass_files(socket, host::raw(chunk.lease.id), chunk.files);
}

host::Result<void> HostChannel::State::send_drops() {
  while (!drops.empty()) {
    const signature::Resident value = drops.front();
    std::array<std::byte, sizeof value.step + sizeof value.index> named{};
    std::memcpy(named.data(), &value.step, sizeof value.step);
    std::memcpy(named.data() + sizeof value.step, &value.index, sizeof value.index);
    const auto put = sender.send(FrameKind::drop, 0, 0, named);
    if (!put) return std::unexpected(put.error());
    if (!*put) return {};
    unrung = true;
    drops.pop_front();
  }
  return {};
}

void HostChannel::drop(signature::Resident value) {
  state_->drops.push_back(value);
  // A broken ring shows at the next receive().
  [[maybe_unused]] const auto sent = state_->send_drops();
}

host::Result<void> HostChannel::State::send_answers() {
  while (!answers.empty()) {
    Pending& next = answers.front();
    const std::uint64_t size = std::min<std::uint64_t>(next.answer.bytes.size() - next.sent, piece_cap);
    const bool last = next.sent + size == next.answer.bytes.size();
    payload.clear();
    encode_answer(next.answer.kind, signature::View(next.answer.bytes).subspan(next.sent, size), payload);
    const auto put = sender.send(FrameKind::answer, last ? 0 : more_flag, next.lease, payload);
    if (!put) return std::unexpected(put.error());
    if (!*put) return {};
    unrung = true;
    next.sent += size;
    if (last) answers.pop_front();
  }
  return {};
}

host::Result<void> HostChannel::answer(host::LeaseId lease, schedule::Answer answer) {
  Ledger::Open* open = state_->ledger.find(lease);
  if (open == nullptr || !open->sharing) return {};
  open->sharing->answered();
  state_->answers.push_back({host::raw(lease), std::move(answer), 0});
  return state_->send_answers();
}

bool HostChannel::ring_waits() const {
  return state_->unrung;
}

bool HostChannel::answers_wait() const {
  return !state_->answers.empty() || !state_->drops.empty();
}

}  // namespace gantry::wire
