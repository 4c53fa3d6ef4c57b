#include "pool/worker.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace gantry::pool {
namespace {

using schedule::Death;
using schedule::Event;
using namespace std::chrono_literals;

constexpr auto kHangUpPatience = 100ms;  // a dying process closes its descriptors first: its death says more
constexpr auto kPrintPatience = 20ms;    // the worker reads its prints itself after each batch
constexpr auto kSecondLook = 100ms;
constexpr std::chrono::milliseconds kDoorPatience{1000};  // for a worker that takes in no threads
constexpr auto kCancelPatience = 100ms;  // for a task that is over its time limit, and may ask whether it is

bool same(const std::optional<wire::Running>& left, const std::optional<wire::Running>& right) {
  if (!left || !right) return !left && !right;
  return left->lease == right->lease && left->index == right->index && left->since_ns == right->since_ns;
}

}  // namespace

host::Result<Worker::Made> Worker::make(host::WorkerIndex index, std::uint32_t life,
                                        const std::vector<std::string>& paths, std::vector<std::uint32_t> plugins,
                                        wire::Shelves shelves, host::Mode mode) {
  host::Result<wire::HostChannel::Made> made = wire::HostChannel::make(index, life, std::move(shelves));
  if (!made) return std::unexpected(std::move(made.error()));
  host::Result<Prints::Made> pipe = Prints::make();
  if (!pipe) return std::unexpected(std::move(pipe.error()));
  std::optional<wire::Socket> door;
  if (mode == host::Mode::thread) {
    auto ends = wire::socket_pair();
    if (!ends) return std::unexpected(std::move(ends.error()));
    door.emplace(std::move(ends->first), kDoorPatience);
    if (auto sent = made->channel.open_door(std::move(ends->second)); !sent) return std::unexpected(sent.error());
  }
  std::vector<std::string> wanted;
  wanted.reserve(plugins.size());
  for (const std::uint32_t position : plugins) wanted.push_back(paths[position]);
  if (host::Result<void> sent = made->channel.load(std::move(wanted)); !sent) return std::unexpected(sent.error());
  auto worker = std::make_unique<Worker>(Key{}, index, life, std::move(plugins), std::move(made->channel));
  worker->prints_ = std::make_shared<Prints>(std::move(pipe->prints));
  worker->door_ = std::move(door);
  return Made{std::move(worker),
              Birth{index, life, {}, std::move(made->worker_end), std::move(pipe->in), std::move(pipe->out)}};
}

host::Result<std::unique_ptr<Worker>> Worker::make_thread(host::WorkerIndex index, std::uint32_t life,
                                                          wire::Shelves shelves) {
  host::Result<wire::HostChannel::Made> made = wire::HostChannel::make(index, life, std::move(shelves));
  if (!made) return std::unexpected(std::move(made.error()));
  auto worker = std::make_unique<Worker>(Key{}, index, life, std::vector<std::uint32_t>{}, std::move(made->channel));
  worker->is_thread_ = true;
  worker->thread_end_ = std::move(made->worker_end);
  return worker;
}

Worker::Worker(Key, host::WorkerIndex index, std::uint32_t life, std::vector<std::uint32_t> plugins,
               wire::HostChannel channel)
    : index_(index),
      life_(life),
      plugins_(std::move(plugins)),
      channel_(std::move(channel)),
      loading_(plugins_.size()) {}

host::Result<void> Worker::watch(const Reactor& reactor, int descriptor, Source source, Watch& to) const {
  host::Result<Watch> watched = reactor.watch(descriptor, {source, index_, life_});
  if (!watched) return std::unexpected(std::move(watched.error()));
  to = std::move(*watched);
  return {};
}

host::Result<void> Worker::started(const Reactor& reactor, Process process, Time now) {
  process_ = std::make_shared<Process>(std::move(process));
  process_id_ = process_->pid();
  phase_ = Phase::loading;
  heard_ = now;
  if (process_->pidfd() >= 0) {
    if (auto done = watch(reactor, process_->pidfd(), Source::process, process_watch_); !done) return done;
  }
  if (auto done = watch(reactor, channel_.socket(), Source::socket, socket_watch_); !done) return done;
  if (auto done = watch(reactor, channel_.doorbell(), Source::doorbell, doorbell_watch_); !done) return done;
  return watch(reactor, prints_->descriptor(), Source::prints, prints_watch_);
}

host::Result<void> Worker::admit(Worker& thread, const Reactor& reactor, Time now) {
  if (auto done = thread.watch(reactor, thread.channel_.socket(), Source::socket, thread.socket_watch_); !done)
    return done;
  if (auto done = thread.watch(reactor, thread.channel_.doorbell(), Source::doorbell, thread.doorbell_watch_); !done)
    return done;
  if (auto sent = send(*door_, wire::Attach{std::move(thread.thread_end_)}); !sent) return sent;
  thread.process_ = process_;
  thread.process_id_ = process_id_;
  thread.prints_ = prints_;
  thread.plugins_ = plugins_;
  thread.phase_ = Phase::loading;
  thread.heard_ = now;
  return {};
}

void Worker::condemn(Condemned reason) {
  if (condemned_) return;
  condemned_ = std::move(reason);
  if (process_) process_->kill();
}

bool Worker::was_overdue(const wire::Remains& remains) const {
  if (!condemned_ || !condemned_->overdue || !remains.running) return false;
  return condemned_->overdue->lease == remains.lease && condemned_->overdue->index == *remains.running;
}

host::Result<void> Worker::begin(std::uint32_t position, const signature::Bytes& arguments, Time now) {
  heard_ = now;  // its time begins now, however long the plan took
  told_to_begin_ = true;
  return channel_.begin(position, arguments);
}

void Worker::dismiss() {
  channel_.cancel_all();
  socket_watch_ = {};
  ::shutdown(channel_.socket(), SHUT_RDWR);
}

void Worker::hear(Time now) {
  while (!condemned_) {
    host::Result<std::optional<wire::WorkerMessage>> message = channel_.receive_message();
    if (!message) {
      condemn({Death::How::protocol, "killed: it broke the protocol: " + message.error().sentence, {}});
    } else if (*message) {
      heard_ = now;
      if (host::Result<void> accepted = loading_.accept(std::move(**message)); !accepted) {
        condemn({Death::How::protocol, "killed: it broke the protocol: " + accepted.error().sentence, {}});
      } else if (loading_.ready()) {
        phase_ = Phase::ready;
      }
    } else {
      break;
    }
  }
  if (channel_.hung_up() && !hung_up_) {
    hung_up_ = now;
    socket_watch_ = {};  // it would say so for ever
  }
}

host::Result<bool> Worker::start(const schedule::Chunk& chunk, std::uint32_t plugin, wire::Blocks& blocks) {
  host::Result<bool> sent = channel_.start(chunk, plugin, blocks);
  if (!sent || !*sent) return sent;
  open_.push_back({chunk.lease.id, chunk.lease.step, chunk.assignment->timeout});
  timed_ += open_.back().timeout > 0ns;
  return sent;
}

bool Worker::collect(std::vector<Event>& events) {
  if (condemned_ && condemned_->how == Death::How::protocol) return false;
  const std::size_t before = events.size();
  if (host::Result<bool> received = channel_.receive(events); !received) {
    condemn({Death::How::protocol, "killed: it broke the protocol: " + received.error().sentence, {}});
  }
  for (std::size_t i = before; i < events.size(); ++i) {
    if (std::holds_alternative<schedule::event::Closed>(events[i])) {
      // The channel's ledger has seen to it: leases end in the order in which they began.
      timed_ -= open_.front().timeout > 0ns;
      open_.pop_front();
    } else if (const auto* print = std::get_if<schedule::event::Printed>(&events[i])) {
      prints_->note(print->text);
      if (print->level >= 0 && !print->text.ends_with('\n')) prints_->note("\n");
    }
  }
  return events.size() > before;
}

const Worker::Open* Worker::find(host::LeaseId lease) const {
  const auto open = std::ranges::find(open_, lease, &Open::lease);
  return open == open_.end() ? nullptr : &*open;
}

void Worker::drain(std::optional<wire::Running> running, std::vector<Event>& events) {
  std::string text = prints_->drain();
  if (text.empty()) return;
  const Open* open = running ? find(running->lease) : nullptr;
  schedule::event::Printed event{index_, {}, 0, 0, -1, std::move(text)};  // count 0: of no task
  if (open != nullptr) {
    event.step = open->step;
    event.first = running->index;
    event.count = 1;
  }
  events.emplace_back(std::move(event));
}

void Worker::printed(const Reactor& reactor, Time now, std::vector<Event>& events) {
  if (printing_) return;
  prints_watch_ = {};
  printing_ = now;
  printer_ = channel_.running();
  if (prints_->crowded()) check_prints(reactor, now + kPrintPatience, events);
}

void Worker::check_prints(const Reactor& reactor, Time now, std::vector<Event>& events) {
  if (!printing_ || now < *printing_ + kPrintPatience) return;
  // If another task runs by now, the worker is at work on its prints itself.
  const std::optional<wire::Running> running = channel_.running();
  if (door_) {
    drain({}, events);  // it may be any thread's; the process leaves all of it to be read here
  } else if (prints_->crowded() || same(running, printer_)) {
    drain(running, events);
  }
  printing_.reset();
  // An error: nothing tells of prints any more but the look at the end of the worker.
  if (host::Result<Watch> again = reactor.watch(prints_->descriptor(), {Source::prints, index_, life_}); again) {
    prints_watch_ = std::move(*again);
  }
}

std::optional<Time> Worker::deadline(Time now) const {
  if (timed_ == 0) return std::nullopt;
  const std::optional<wire::Running> running = channel_.running();
  const Open* open = running ? find(running->lease) : nullptr;
  if (open != nullptr && open->timeout > 0ns) {
    if (same(running, cancelled_)) return cancelled_at_ + kCancelPatience;
    return same(running, spared_) ? second_look_ : time_of(running->since_ns) + open->timeout;
  }
  // What starts after now cannot be late before this.
  std::chrono::nanoseconds least = std::chrono::nanoseconds::max();
  for (const Open& each : open_) {
    if (each.timeout > 0ns) least = std::min(least, each.timeout);
  }
  return now + std::min<std::chrono::nanoseconds>(least, 24h);
}

void Worker::check_deadline(Time now, bool stalled) {
  const std::optional<wire::Running> running = channel_.running();
  const Open* open = running ? find(running->lease) : nullptr;
  if (open == nullptr || open->timeout <= 0ns || now < time_of(running->since_ns) + open->timeout) return;
  if (same(running, spared_)) {
    if (now < second_look_) return;
  } else if (stalled) {
    spared_ = running;
    second_look_ = now + kSecondLook;
    return;
  }
  if (!same(running, cancelled_)) {  // it may ask, and then end by itself
    channel_.cancel(*running);
    cancelled_ = running;
    cancelled_at_ = now;
    return;
  }
  if (now < cancelled_at_ + kCancelPatience) return;
  condemn_late(*running, *open);
}

void Worker::condemn_late(const wire::Running& running, const Open& open) {
  condemn({Death::How::timed_out, "killed: it ran longer than its time limit of " + duration_text(open.timeout),
           running, open.step});
}

void Worker::condemn_if_late(Time now) {
  const std::optional<wire::Running> running = channel_.running();
  const Open* open = running ? find(running->lease) : nullptr;
  if (open == nullptr || open->timeout <= 0ns || now < time_of(running->since_ns) + open->timeout) return;
  condemn_late(*running, *open);
}

Time Worker::due(Time now, std::chrono::nanoseconds load_limit) const {
  Time next = Time::max();
  if (condemned_) return next;
  if (phase_ == Phase::loading) next = heard_ + load_limit;
  if (hung_up_) next = std::min(next, *hung_up_ + kHangUpPatience);
  if (printing_) next = std::min(next, *printing_ + kPrintPatience);
  if (const std::optional<Time> late = deadline(now)) next = std::min(next, *late);
  return next;
}

void Worker::time_passed(const Reactor& reactor, Time now, bool stalled, std::chrono::nanoseconds load_limit,
                         std::vector<Event>& events) {
  check_prints(reactor, now, events);
  if (condemned_) return;
  if (hung_up_ && now >= *hung_up_ + kHangUpPatience) {
    condemn({Death::How::protocol, "killed: it closed its channel", {}});
  } else if (phase_ == Phase::loading && now >= heard_ + load_limit) {
    if (stalled && !load_spared_) {
      load_spared_ = true;
      heard_ = now - load_limit + kSecondLook;
    } else {
      condemn({Death::How::not_started, "killed: it was not ready after " + duration_text(load_limit), {}});
    }
  } else if (phase_ == Phase::ready) {
    check_deadline(now, stalled);
  }
}

}  // namespace gantry::pool
