#include "wire/host_channel_state.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <deque>

#include "wire/chunk.hpp"
#include "wire/claim.hpp"
#include "wire/doorbell.hpp"
#include "wire/frame.hpp"
#include "wire/layout.hpp"
#include "wire/ledger.hpp"
#include "wire/outcome.hpp"
#include "wire/progress.hpp"
#include "wire/sharing.hpp"
#include "wire/window.hpp"

namespace gantry::wire {

HostChannel::HostChannel(std::unique_ptr<State> state) : state_(std::move(state)) {}
HostChannel::HostChannel(HostChannel&&) noexcept = default;
HostChannel& HostChannel::operator=(HostChannel&&) noexcept = default;
HostChannel::~HostChannel() = default;

host::Result<HostChannel::Made> HostChannel::make(host::WorkerIndex worker, std::uint64_t generation, Shelves shelves) {
  auto ends = socket_pair();
  if (!ends) return std::unexpected(std::move(ends).error());
  auto memory = lazy_memory("gantry-channel", shared_size);
  auto window = lazy_memory("gantry-window", window_capacity);
  auto worker_bell = event_descriptor();
  auto host_bell = event_descriptor();
  for (auto* each : {&memory, &window, &worker_bell, &host_bell}) {
    if (!*each) return std::unexpected(std::move(*each).error());
  }
  auto mapped = map(*memory, shared_size, Access::write);
  if (!mapped) return std::unexpected(std::move(mapped).error());
  if (auto backed = Backing(mapped->data(), header_size).cover(header_size); !backed) {
    return std::unexpected(std::move(backed).error());
  }
  header_of(*mapped).untouched.word = untouched_mark;
  auto mapped_window = map(*window, window_capacity, Access::read);
  if (!mapped_window) return std::unexpected(std::move(mapped_window).error());

  Socket socket(std::move(ends->first), WhenFull::keep);
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

host::Result<void> HostChannel::pass_plugin(std::uint32_t position, Descriptor file) {
  return send(state_->socket, PluginFile{position, std::move(file)});
}

host::Result<void> HostChannel::load(std::vector<std::string> paths) {
  return send(state_->socket, Load{std::move(paths)});
}

host::Result<void> HostChannel::begin(std::uint32_t position, signature::Bytes arguments) {
  return send(state_->socket, Begin{position, std::move(arguments)});
}

host::Result<std::optional<WorkerMessage>> HostChannel::State::next_message() {
  auto received = socket.receive();
  if (!received) return std::unexpected(std::move(received).error());
  std::optional<Parcel>& parcel = *received;
  if (!parcel) return std::nullopt;
  auto message = decode_worker_message(*std::move(parcel));
  if (!message) return std::unexpected(std::move(message).error());
  return *std::move(message);
}

/// Files are kept for the values that they belong to; everything else is the caller's.
host::Result<std::optional<WorkerMessage>> HostChannel::receive_message() {
  for (;;) {
    auto message = state_->next_message();
    if (!message || !*message) return message;
    auto* given = std::get_if<GivenFile>(&**message);
    if (const auto* gave_up = std::get_if<GaveUp>(&**message)) state_->gave_up = *gave_up;
    if (given == nullptr) return message;
    if (auto kept = state_->keep_file(std::move(*given)); !kept) return std::unexpected(std::move(kept).error());
  }
}

/// Only a task that has no outcome yet may give one: so they are never more than the tasks of the open leases.
host::Result<void> HostChannel::State::keep_file(GivenFile given) {
  const Ledger::Open* open = ledger.find(host::LeaseId{given.lease});
  const bool may = open != nullptr && open->gives_file && given.index >= open->reported && given.index < open->end;
  if (!may || !files.add(given.lease, given.index, std::move(given.file))) {
    return host::fail(host::ErrorKind::infrastructure,
                      fmt::format("a worker gives an open file for task {} of lease {}, whose value it cannot be",
                                  given.index, given.lease));
  }
  return {};
}

/// A file comes before the report of its value: it is here, or in the socket.
host::Result<void> HostChannel::State::receive_files() {
  for (;;) {
    auto message = next_message();
    if (!message) return std::unexpected(std::move(message).error());
    if (!*message) return {};
    auto* given = std::get_if<GivenFile>(&**message);
    if (const auto* last = std::get_if<GaveUp>(&**message)) {
      gave_up = *last;
      return host::fail(host::ErrorKind::infrastructure, last->sentence);
    }
    if (given == nullptr) return host::fail(host::ErrorKind::infrastructure, "it sent a message after it was ready");
    if (auto kept = keep_file(std::move(*given)); !kept) return kept;
  }
}

host::Result<void> HostChannel::flush() {
  return state_->socket.flush();
}
bool HostChannel::wants_room() const {
  return state_->socket.wants_room();
}
bool HostChannel::is_stalled() const {
  return state_->socket.is_stalled();
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

void HostChannel::ring() {
  // A broken ring shows at the next receive().
  if (!state_->answers.empty()) [[maybe_unused]]
    const auto sent = state_->send_answers();
  if (!state_->drops.empty()) [[maybe_unused]]
    const auto sent = state_->send_drops();
  if (state_->unrung) state_->unrung = !state_->ringer.ring_if_asleep();
}

void HostChannel::ring_again() {
  state_->unrung = !state_->ringer.ring();
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
    if (ledger.takes_files()) {
      if (auto taken = receive_files(); !taken) return std::unexpected(std::move(taken).error());
    }
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
void HostChannel::drain_doorbell() {
  state_->sleeper.drain();
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
  const bool whole = shared(state.header.untouched.word).load(std::memory_order_relaxed) == untouched_mark;
  remains.spoilt = state.broken || state.gave_up || (batch ? !state.ledger.fits(*batch) : !whole);
  // An error: then its last value has no file, and is none.
  if (!state.broken && state.ledger.takes_files()) [[maybe_unused]]
    const auto taken = state.receive_files();
  if (!remains.spoilt) remains.values = state.ledger.salvage(read_segment(state.header.progress), state.window);
  if (const Ledger::Open* open = state.ledger.oldest()) {
    remains.lease = open->lease.id;
    remains.running = state.ledger.blame(batch);
    // Who gave up knows better than the words that were written over.
    const auto& last = state.gave_up;
    if (last && last->lease == host::raw(open->lease.id) && last->started > open->reported) {
      remains.running = std::min(last->started, open->end) - 1;
    }
  }
  state.ledger.clear();
  return remains;
}

}  // namespace gantry::wire
