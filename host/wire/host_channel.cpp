#include "wire/host_channel.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <chrono>

#include "wire/chunk.hpp"
#include "wire/claim.hpp"
#include "wire/doorbell.hpp"
#include "wire/frame.hpp"
#include "wire/layout.hpp"
#include "wire/ledger.hpp"
#include "wire/outcome.hpp"
#include "wire/progress.hpp"
#include "wire/window.hpp"

namespace gantry::wire {
namespace {

constexpr std::chrono::seconds patience{1};  // for a worker that does not read its socket

Header& header_of(const Mapping& memory) {
  return *reinterpret_cast<Header*>(memory.data());
}

RingPlace to_worker(const Mapping& memory) {
  Header& header = header_of(memory);
  return {&header.to_worker_tail.word, &header.to_worker_head.word, memory.data() + to_worker_offset, ring_capacity};
}

RingPlace to_host(const Mapping& memory) {
  Header& header = header_of(memory);
  return {&header.to_host_tail.word, &header.to_host_head.word, memory.data() + to_host_offset, ring_capacity};
}

}  // namespace

/// An assignment that the worker has.
struct Told {
  std::weak_ptr<const schedule::Assignment> assignment;
  std::optional<std::weak_ptr<const void>> memory;  ///< that it maps for it

  [[nodiscard]] bool is(const std::shared_ptr<const schedule::Assignment>& other) const {
    return !assignment.owner_before(other) && !other.owner_before(assignment);
  }
};

/// What is owned comes first: the rest refers to it.
struct HostChannel::State {
  State(Mapping shared_memory, Mapping shared_window, Descriptor worker_bell, Descriptor host_bell, Socket socket_end,
        std::uint64_t generation, Shelves maker)
      : memory(std::move(shared_memory)),
        window_memory(std::move(shared_window)),
        worker_doorbell(std::move(worker_bell)),
        host_doorbell(std::move(host_bell)),
        socket(std::move(socket_end)),
        header(header_of(memory)),
        sender(to_worker(memory), generation),
        receiver(to_host(memory), generation),
        window(window_memory.data(), header.window_released.word),
        sleeper(header.host_sleeps.word, host_doorbell.get()),
        ringer(header.worker_sleeps.word, worker_doorbell.get()),
        shelves(std::move(maker)),
        ledger(shelves) {}

  host::Result<bool> receive_reports(std::vector<schedule::Event>& events);
  host::Result<std::optional<std::uint32_t>> tell(const std::shared_ptr<const schedule::Assignment>& assignment,
                                                  std::uint32_t plugin, Blocks& blocks);
  host::Result<bool> send_chunk(const schedule::Chunk& chunk, std::uint32_t slot, std::uint32_t claims);
  host::Result<void> send_rows(const schedule::Chunk& chunk, const NamedBlock& block, std::shared_ptr<Shelf> shelf);

  Mapping memory;
  Mapping window_memory;
  Descriptor worker_doorbell;
  Descriptor host_doorbell;
  Socket socket;
  Header& header;
  FrameSender sender;
  FrameReceiver receiver;
  WindowReader window;
  Sleeper sleeper;
  Ringer ringer;
  Shelves shelves;
  Ledger ledger;
  std::array<Told, assignments_cap> told;  ///< what the worker has, by slot
  std::uint32_t newest = 0;                ///< slot that was used last
  std::uint32_t next_slot = 0;             ///< to be written over next
  std::uint64_t told_ever = 1;             ///< serial number of the next assignment
  signature::Bytes payload;                ///< of the frame that is being sent
  bool lets_spin = false;
  bool unrung = false;                ///< chunks were put in that the worker may sleep over
  std::optional<host::Error> broken;  ///< the worker's first offence: nothing it says is believed after it
};

HostChannel::HostChannel(std::unique_ptr<State> state) : state_(std::move(state)) {}
HostChannel::HostChannel(HostChannel&&) noexcept = default;
HostChannel& HostChannel::operator=(HostChannel&&) noexcept = default;
HostChannel::~HostChannel() = default;

host::Result<HostChannel::Made> HostChannel::make(host::WorkerIndex worker, std::uint64_t generation, Shelves shelves) {
  auto ends = socket_pair();
  if (!ends) return std::unexpected(std::move(ends).error());
  auto memory = sealed_memory("gantry-channel", shared_size);
  auto window = sealed_memory("gantry-window", window_capacity);
  auto worker_bell = event_descriptor();
  auto host_bell = event_descriptor();
  for (auto* each : {&memory, &window, &worker_bell, &host_bell}) {
    if (!*each) return std::unexpected(std::move(*each).error());
  }
  auto mapped = map(*memory, shared_size, Access::write);
  if (!mapped) return std::unexpected(std::move(mapped).error());
  auto mapped_window = map(*window, window_capacity, Access::read);
  if (!mapped_window) return std::unexpected(std::move(mapped_window).error());

  Socket socket(std::move(ends->first), patience);
  Setup setup{host::raw(worker),     generation,        *std::move(memory), *std::move(worker_bell),
              *std::move(host_bell), *std::move(window)};
  if (auto sent = send(socket, setup); !sent) return std::unexpected(std::move(sent).error());
  auto state =
      std::make_unique<State>(*std::move(mapped), *std::move(mapped_window), std::move(setup.worker_doorbell),
                              std::move(setup.host_doorbell), std::move(socket), generation, std::move(shelves));
  return Made{HostChannel(std::move(state)), std::move(ends->second)};
}

host::Result<void> HostChannel::open_door(Descriptor worker_end) {
  return send(state_->socket, Door{std::move(worker_end)});
}

host::Result<void> HostChannel::load(std::vector<std::string> paths) {
  return send(state_->socket, Load{std::move(paths)});
}

host::Result<void> HostChannel::begin(std::uint32_t position, signature::Bytes arguments) {
  return send(state_->socket, Begin{position, std::move(arguments)});
}

host::Result<std::optional<WorkerMessage>> HostChannel::receive_message() {
  auto received = state_->socket.receive();
  if (!received) return std::unexpected(std::move(received).error());
  std::optional<Parcel>& parcel = *received;
  if (!parcel) return std::nullopt;
  auto message = decode_worker_message(*std::move(parcel));
  if (!message) return std::unexpected(std::move(message).error());
  return *std::move(message);
}

int HostChannel::socket() const {
  return state_->socket.descriptor();
}
bool HostChannel::hung_up() const {
  return state_->socket.hung_up();
}
bool HostChannel::partial() const {
  return state_->socket.partial();
}

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
    if (auto sent = send(socket, Block{block->id, block->offset + block->size, *std::move(copy)}); !sent) {
      return std::unexpected(std::move(sent).error());
    }
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

/// Long rows go ahead of their frame, in a file that later rows are written to once the lease is over.
host::Result<void> HostChannel::State::send_rows(const schedule::Chunk& chunk, const NamedBlock& block,
                                                 std::shared_ptr<Shelf> shelf) {
  shelf->write(0, std::as_bytes(std::span(chunk.rows.lengths)));
  shelf->write(chunk.rows.lengths.size() * sizeof(std::uint64_t), chunk.rows.bytes);
  auto copy = read_only(shelf->place().file);
  if (!copy) return std::unexpected(std::move(copy).error());
  if (auto sent = send(socket, Block{block.id, block.offset + block.size, *std::move(copy)}); !sent) return sent;
  ledger.newest().rows = std::move(shelf);
  return {};
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
  if (block) {
    if (auto sent = send_rows(chunk, *block, std::move(shelf)); !sent) return std::unexpected(sent.error());
  }
  open_claims(header.claims[claims], static_cast<std::uint32_t>(chunk.lease.count));
  return sender.send(FrameKind::chunk, *flags, lease, payload);
}

void HostChannel::ring() {
  if (!std::exchange(state_->unrung, false)) return;
  state_->ringer.ring_if_asleep();
}

std::uint64_t HostChannel::recall(host::LeaseId lease) {
  Ledger::Open* open = state_->ledger.find(lease);
  if (open == nullptr) return UINT64_MAX;
  const std::uint64_t first = open->lease.first;
  const auto end = static_cast<std::uint32_t>(open->end - first);
  const std::uint64_t now = first + recall_claims(state_->header.claims[open->claims], end);
  open->end = std::max(now, open->reported);  // less only if the worker wrote over the word; its Closed will not fit
  return now;
}

host::Result<bool> HostChannel::State::receive_reports(std::vector<schedule::Event>& events) {
  bool any = false;
  for (;;) {
    const auto received = receiver.receive();
    if (!received) return std::unexpected(received.error());
    const std::optional<Frame>& frame = *received;
    if (!frame) return any;
    any = true;
    auto report = decode_report(*frame);
    if (!report) return std::unexpected(std::move(report).error());
    if (auto applied = ledger.apply(frame->lease, *std::move(report), window, events); !applied) {
      return std::unexpected(std::move(applied).error());
    }
  }
}

host::Result<bool> HostChannel::receive(std::vector<schedule::Event>& events) {
  State& state = *state_;
  if (state.broken) return std::unexpected(*state.broken);
  auto any = state.receive_reports(events);
  if (!any) {
    state.broken = any.error();
    return any;
  }
  if (*any) state.unrung = true;  // room in its ring, room in its window
  return any;
}

void HostChannel::reuse(signature::Bytes buffer) {
  state_->ledger.reuse(std::move(buffer));
}

unsigned HostChannel::open_leases() const {
  return state_->ledger.size();
}

std::optional<schedule::Lease> HostChannel::oldest() const {
  const Ledger::Open* open = state_->ledger.oldest();
  if (open == nullptr) return std::nullopt;
  return open->lease;
}

void HostChannel::cancel(const Running& running) {
  shared(state_->header.cancelled.word).store(running.since_ns, std::memory_order_relaxed);
}

void HostChannel::cancel_all() {
  shared(state_->header.cancelled.word).store(wire::cancel_all, std::memory_order_relaxed);
}

bool HostChannel::has_reports() const {
  return state_->receiver.ready();
}

void HostChannel::let_spin(bool may) {
  if (std::exchange(state_->lets_spin, may) == may) return;
  shared(state_->header.may_spin.word).store(may ? 1 : 0, std::memory_order_relaxed);
}

bool HostChannel::prepare_sleep() {
  state_->sleeper.announce();
  if (!state_->receiver.ready()) return true;
  state_->sleeper.awake();
  return false;
}

void HostChannel::awake() {
  state_->sleeper.awake();
}
int HostChannel::doorbell() const {
  return state_->host_doorbell.get();
}

std::optional<Running> HostChannel::running() const {
  const auto batch = read_batch(state_->header.progress);
  const Ledger::Open* open = state_->ledger.oldest();
  if (!batch || open == nullptr || batch->lease != host::raw(open->lease.id)) return std::nullopt;
  const std::uint64_t index = batch->first + batch->done;
  if (batch->done >= batch->count || index < open->lease.first || index >= open->end) return std::nullopt;
  return Running{open->lease.id, index, batch->since};
}

std::uint64_t HostChannel::tasks_run() const {
  return read_finished(state_->header.progress);
}

Remains HostChannel::remains() {
  State& state = *state_;
  Remains remains;
  remains.tasks_run = tasks_run();
  const auto batch = read_batch(state.header.progress);
  if (!state.broken) remains.values = state.ledger.salvage(read_segment(state.header.progress), state.window);
  if (const Ledger::Open* open = state.ledger.oldest()) {
    remains.lease = open->lease.id;
    remains.running = state.ledger.blame(batch);
  }
  state.ledger.clear();
  return remains;
}

}  // namespace gantry::wire
