#include "wire/worker_channel.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <functional>
#include <map>
#include <utility>

#include "wire/doorbell.hpp"
#include "wire/frame.hpp"
#include "wire/layout.hpp"
#include "wire/received_blocks.hpp"
#include "wire/sharing.hpp"
#include "wire/spin.hpp"

namespace gantry::wire {
namespace {

constexpr std::uint64_t ring_every_ns = 50'000;
constexpr int longest_sleep_ms = 2'000;  // should a doorbell ever be missed

Header& header_of(const Mapping& memory) {
  return *reinterpret_cast<Header*>(memory.data());
}

std::unexpected<host::Error> host_gone() {
  return host::fail(host::ErrorKind::infrastructure, "the host hung up");
}

}  // namespace

/// A frame that came while a task waited for an answer.
struct Kept {
  Frame frame;  ///< its payload is `bytes`
  signature::Bytes bytes;
};

enum class Woken : std::uint8_t { ready, hung_up, late };

constexpr std::uint64_t never = UINT64_MAX;

/// What is owned comes first: the rest refers to it.
struct WorkerChannel::State {
  State(Mapping shared_memory, Mapping shared_window, Descriptor worker_bell, Descriptor host_bell, Socket socket_end,
        std::uint64_t generation)
      : memory(std::move(shared_memory)),
        window_memory(std::move(shared_window)),
        worker_doorbell(std::move(worker_bell)),
        host_doorbell(std::move(host_bell)),
        socket(std::move(socket_end)),
        header(header_of(memory)),
        receiver(
            {&header.to_worker_tail.word, &header.to_worker_head.word, memory.data() + to_worker_offset, ring_capacity},
            generation),
        sender({&header.to_host_tail.word, &header.to_host_head.word, memory.data() + to_host_offset, ring_capacity,
                Backing(memory.data() + to_host_offset, ring_capacity)},
               generation),
        window(window_memory.data(), header.window_released.word, Backing(window_memory.data(), window_capacity)),
        progress(header.progress),
        sleeper(header.worker_sleeps.word, worker_doorbell.get()),
        ringer(header.host_sleeps.word, host_doorbell.get()) {}

  /// Sleeps until `ready()`; false: the host hung up. Blocks that arrive meanwhile are kept.
  template <class Ready>
  host::Result<bool> wait(Ready ready);
  /// The same, until a time (CLOCK_MONOTONIC ns).
  template <class Ready>
  host::Result<Woken> wait_until(Ready ready, std::uint64_t until);
  host::Result<void> receive_blocks();
  host::Result<TakenBlock> take_block(const BlockName& name);
  host::Result<TakenFiles> take_files(const Frame& frame);
  host::Result<std::optional<Work>> take(const Frame& frame);
  void ring_in_time();

  Mapping memory;
  Mapping window_memory;
  Descriptor worker_doorbell;
  Descriptor host_doorbell;
  Socket socket;
  Header& header;
  FrameReceiver receiver;
  FrameSender sender;
  WindowWriter window;
  ProgressWriter progress;
  Sleeper sleeper;
  Ringer ringer;
  Spin spin;
  Assignments assignments;
  std::deque<Kept> kept;  ///< to be taken by next()
  ReceivedBlocks blocks;
  std::map<std::uint64_t, TakenFiles> files;  ///< by the lease that they came ahead of
  std::function<void(signature::Resident)> dropped;
  signature::Bytes payload;  ///< of the frame that is being sent
  std::uint64_t now = 0;     ///< CLOCK_MONOTONIC ns, as last told
  std::uint64_t rung = 0;    ///< when the host was last rung, or found awake
  bool waited = true;        ///< next() did
  bool unrung = false;       ///< reports were put in that the host may sleep over
};

WorkerChannel::WorkerChannel(std::unique_ptr<State> state) : state_(std::move(state)) {}
WorkerChannel::WorkerChannel(WorkerChannel&&) noexcept = default;
WorkerChannel& WorkerChannel::operator=(WorkerChannel&&) noexcept = default;
WorkerChannel::~WorkerChannel() = default;

host::Result<WorkerChannel> WorkerChannel::attach(Setup setup, Socket socket) {
  auto memory = map(setup.memory, shared_size, Access::write);
  if (!memory) return std::unexpected(std::move(memory).error());
  auto window = map(setup.window, window_capacity, Access::write);
  if (!window) return std::unexpected(std::move(window).error());
  return WorkerChannel(std::make_unique<State>(*std::move(memory), *std::move(window), std::move(setup.worker_doorbell),
                                               std::move(setup.host_doorbell), std::move(socket), setup.generation));
}

Socket& WorkerChannel::socket() {
  return state_->socket;
}
WindowWriter& WorkerChannel::window() {
  return state_->window;
}
ProgressWriter& WorkerChannel::progress() {
  return state_->progress;
}

std::span<std::byte> WorkerChannel::shared_memory() {
  return {state_->memory.data(), state_->memory.size()};
}
std::span<std::byte> WorkerChannel::shared_window() {
  return {state_->window_memory.data(), state_->window_memory.size()};
}

Claimed WorkerChannel::claim(const Work& work, std::uint32_t at_most) {
  return wire::claim(state_->header.claims[work.claims], at_most);
}

host::Result<void> WorkerChannel::State::receive_blocks() {
  for (;;) {
    auto received = socket.receive();
    if (!received) return std::unexpected(std::move(received).error());
    std::optional<Parcel>& parcel = *received;
    if (!parcel) return {};
    auto message = decode_host_message(*std::move(parcel));
    if (!message) return std::unexpected(std::move(message).error());
    if (auto* passed = std::get_if<PassedFiles>(&*message)) {
      files[passed->lease] = std::move(passed->files);
      continue;
    }
    auto* block = std::get_if<Block>(&*message);
    if (block == nullptr) return host::fail(host::ErrorKind::infrastructure, "the host sent a second Setup or Load");
    blocks.add(std::move(*block));
  }
}

template <class Ready>
host::Result<bool> WorkerChannel::State::wait(Ready ready) {
  const auto woken = wait_until(ready, never);
  if (!woken) return std::unexpected(woken.error());
  return *woken == Woken::ready;
}

/// For poll: rounded up, so that it is over when poll returns.
int milliseconds_until(std::uint64_t until) {
  if (until == never) return longest_sleep_ms;
  const std::uint64_t now = monotonic_ns();
  return now >= until ? 0 : static_cast<int>(std::min<std::uint64_t>((until - now) / 1'000'000 + 1, longest_sleep_ms));
}

template <class Ready>
host::Result<Woken> WorkerChannel::State::wait_until(Ready ready, std::uint64_t until) {
  if (ready()) return Woken::ready;
  if (unrung) unrung = !ringer.ring_if_asleep();
  if (shared(header.may_spin.word).load(std::memory_order_relaxed) != 0 && spin.until(ready)) return Woken::ready;
  for (;;) {
    sleeper.announce();
    if (ready()) break;
    std::array<pollfd, 2> sources{{{sleeper.bell(), POLLIN, 0}, {socket.descriptor(), POLLIN, 0}}};
    const int count = ::poll(sources.data(), sources.size(), milliseconds_until(until));
    if (count < 0 && errno != EINTR) return host::fail(host::ErrorKind::infrastructure, errno_text("poll"));
    if (count > 0 && sources[0].revents != 0) sleeper.drain();
    if (count > 0 && sources[1].revents != 0) {
      if (auto received = receive_blocks(); !received) return std::unexpected(std::move(received).error());
      if (socket.hung_up()) return Woken::hung_up;
    }
    sleeper.awake();
    if (ready()) return Woken::ready;
    if (until != never && monotonic_ns() >= until) return Woken::late;
  }
  sleeper.awake();
  return Woken::ready;
}

/// The host sends a block before the frame that names it: it is here, or in the socket.
host::Result<TakenBlock> WorkerChannel::State::take_block(const BlockName& name) {
  if (auto received = receive_blocks(); !received) return std::unexpected(std::move(received).error());
  return blocks.take(name);
}

/// The same of open files.
host::Result<TakenFiles> WorkerChannel::State::take_files(const Frame& frame) {
  const auto wanted = files_of_chunk(frame);
  if (!wanted) return std::unexpected(wanted.error());
  if (*wanted == 0) return TakenFiles{};
  if (auto received = receive_blocks(); !received) return std::unexpected(std::move(received).error());
  auto found = files.extract(frame.lease);
  if (found.empty() || found.mapped().size() != *wanted) {
    return host::fail(host::ErrorKind::infrastructure, "a chunk names open files that were not sent");
  }
  return std::move(found.mapped());
}

/// Takes an assignment into its slot or out of it, or a chunk.
host::Result<std::optional<Work>> WorkerChannel::State::take(const Frame& frame) {
  if (frame.kind == FrameKind::forget) {
    const auto slot = decode_forget(frame);
    if (!slot) return std::unexpected(slot.error());
    assignments[*slot].reset();
    return std::nullopt;
  }
  if (frame.kind == FrameKind::drop) {
    const auto value = decode_drop(frame);
    if (!value) return std::unexpected(value.error());
    if (dropped) dropped(*value);
    return std::nullopt;
  }
  const bool is_chunk = frame.kind == FrameKind::chunk;
  const auto named = is_chunk ? block_of_chunk(frame) : block_of_assignment(frame);
  if (!named) return std::unexpected(named.error());
  TakenBlock block;
  if (const std::optional<BlockName>& name = *named) {
    auto mapped = take_block(*name);
    if (!mapped) return std::unexpected(std::move(mapped).error());
    block = *std::move(mapped);
  }
  if (!is_chunk) {
    auto assigned = decode_assignment(frame, std::move(block));
    if (!assigned) return std::unexpected(std::move(assigned).error());
    std::optional<Assigned>& slot = assignments[assigned->slot];
    slot.emplace(*std::move(assigned));
    return std::nullopt;
  }
  auto work = decode_work(frame, assignments, std::move(block));
  if (!work) return std::unexpected(std::move(work).error());
  auto taken = take_files(frame);
  if (!taken) return std::unexpected(std::move(taken).error());
  work->files = *std::move(taken);
  return *std::move(work);
}

void WorkerChannel::on_drop(std::function<void(signature::Resident)> drop) {
  state_->dropped = std::move(drop);
}

// An error: nobody listens any more.
void WorkerChannel::take_drops() {
  State& state = *state_;
  const auto take = [&](const Frame& frame) {
    if (frame.kind != FrameKind::drop) return;
    [[maybe_unused]] const auto taken = state.take(frame);
  };
  for (; !state.kept.empty(); state.kept.pop_front()) {
    state.kept.front().frame.payload = state.kept.front().bytes;
    take(state.kept.front().frame);
  }
  while (state.receiver.ready()) {
    const auto received = state.receiver.receive();
    if (!received || !*received) return;
    take(**received);
  }
}

host::Result<void> WorkerChannel::give_file(std::uint64_t lease, std::uint64_t index, int file) {
  return wire::give_file(state_->socket, lease, index, file);
}

host::Result<std::optional<Work>> WorkerChannel::next() {
  State& state = *state_;
  while (!state.kept.empty()) {
    Kept next = std::move(state.kept.front());
    state.kept.pop_front();
    next.frame.payload = next.bytes;
    state.waited = false;
    auto work = state.take(next.frame);
    if (!work || *work) return work;
  }
  for (;;) {
    state.waited = !state.receiver.ready();
    const auto woken = state.wait([&] { return state.receiver.ready(); });
    if (!woken) return std::unexpected(woken.error());
    if (!*woken) return std::nullopt;
    const auto received = state.receiver.receive();
    if (!received) return std::unexpected(received.error());
    const std::optional<Frame>& frame = *received;
    if (!frame) return host::fail(host::ErrorKind::infrastructure, "a frame was there, and is gone");
    auto work = state.take(*frame);
    if (!work || *work) return work;
  }
}

bool WorkerChannel::waited() const {
  return state_->waited;
}

bool WorkerChannel::has_next() {
  return !state_->kept.empty() || state_->receiver.ready();
}

bool WorkerChannel::is_cancelled(std::uint64_t since) const {
  const std::uint64_t cancelled = shared(state_->header.cancelled.word).load(std::memory_order_relaxed);
  return cancelled == cancel_all || (cancelled != 0 && cancelled == since);
}

void WorkerChannel::tick(std::uint64_t now) {
  state_->now = now;
}

// A ring wakes the host, which costs both sides microseconds: while more short work is at hand, one for many reports.
// Should a long task be among it, the host looks by itself before long (see pool).
void WorkerChannel::State::ring_in_time() {
  unrung = receiver.ready() && now - rung < ring_every_ns;
  if (unrung) return;
  rung = now;
  unrung = !ringer.ring_if_asleep();
}

host::Result<void> WorkerChannel::report(std::uint64_t lease, const Report& report) {
  State& state = *state_;
  state.payload.clear();
  encode(report, state.payload);
  std::optional<host::Error> broken;
  const auto sent = [&] {
    auto put = state.sender.send(kind_of(report), flags_of(report), lease, state.payload);
    if (!put) {
      broken = std::move(put).error();
      return true;
    }
    return *put;
  };
  const auto done = sent() ? host::Result<bool>(true) : state.wait(sent);
  if (broken) return std::unexpected(*std::move(broken));
  if (!done) return std::unexpected(done.error());
  if (!*done) return host_gone();
  state.ring_in_time();
  return {};
}

host::Result<std::optional<schedule::Answer>> WorkerChannel::answer(std::uint64_t lease, std::uint64_t until) {
  State& state = *state_;
  schedule::Answer answer;
  bool begun = false;
  for (;;) {
    const auto woken = state.wait_until([&] { return state.receiver.ready(); }, begun ? never : until);
    if (!woken) return std::unexpected(woken.error());
    if (*woken == Woken::hung_up) return host_gone();
    if (*woken == Woken::late) return std::nullopt;
    const auto received = state.receiver.receive();
    if (!received) return std::unexpected(received.error());
    const std::optional<Frame>& frame = *received;
    if (!frame) return host::fail(host::ErrorKind::infrastructure, "a frame was there, and is gone");
    if (frame->kind != FrameKind::answer) {
      state.kept.push_back({*frame, signature::Bytes(frame->payload.begin(), frame->payload.end())});
      continue;
    }
    if (frame->lease != lease) return host::fail(host::ErrorKind::infrastructure, "an answer came to another lease");
    const auto whole = decode_answer(*frame, answer);
    if (!whole) return std::unexpected(whole.error());
    if (*whole) return answer;
    begun = true;
  }
}

host::Result<void> WorkerChannel::wait_for_window(std::uint64_t wanted) {
  State& state = *state_;
  if (auto backed = state.window.back(wanted); !backed) return backed;
  const auto done = state.wait([&] { return state.window.room().size() >= wanted; });
  if (!done) return std::unexpected(done.error());
  if (!*done) return host_gone();
  return {};
}

}  // namespace gantry::wire
