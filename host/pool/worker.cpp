#include "pool/worker.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "wire/drift.hpp"

namespace gantry::pool {
namespace {

using schedule::Death;
using schedule::Event;
using namespace std::chrono_literals;

}  // namespace

host::Result<Worker::Made> Worker::make(host::WorkerIndex index, std::uint32_t life,
                                        const std::vector<std::string>& paths, std::vector<std::uint32_t> plugins,
                                        const PluginFiles& files, wire::Shelves shelves, host::Mode mode) {
  host::Result<wire::HostChannel::Made> made = wire::HostChannel::make(index, life, std::move(shelves));
  if (!made) return std::unexpected(std::move(made.error()));
  host::Result<Prints::Made> pipe = Prints::make();
  if (!pipe) return std::unexpected(std::move(pipe.error()));
  std::optional<wire::Socket> door;
  if (mode == host::Mode::thread) {
    auto ends = wire::socket_pair();
    if (!ends) return std::unexpected(std::move(ends.error()));
    door.emplace(std::move(ends->first), wire::WhenFull::keep);
    if (auto sent = made->channel.open_door(std::move(ends->second)); !sent) return std::unexpected(sent.error());
  }
  std::vector<std::string> wanted;
  std::ptrdiff_t passed = 0;
  wanted.reserve(plugins.size());
  for (const std::uint32_t position : plugins) {
    auto moved = files.moved(position);
    if (!moved) return std::unexpected(std::move(moved.error()));
    if (*moved) {
      const auto at = static_cast<std::uint32_t>(wanted.size());
      if (auto sent = made->channel.pass_plugin(at, **std::move(moved)); !sent) return std::unexpected(sent.error());
      ++passed;
    }
    wanted.push_back(paths[position]);
  }
  if (host::Result<void> sent = made->channel.load(std::move(wanted)); !sent) return std::unexpected(sent.error());
  auto worker = std::make_unique<Worker>(Key{}, index, life, std::move(plugins), std::move(made->channel));
  worker->prints_ = std::make_shared<Prints>(std::move(pipe->prints));
  worker->door_ = std::move(door);
  worker->files_passed_ = passed;
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

host::Result<void> Worker::flush() {
  if (door_) {
    if (auto sent = door_->flush(); !sent) return sent;
  }
  return channel_.flush();
}

bool Worker::watch_room() {
  const bool stalled = channel_.is_stalled() || (door_ && door_->wants_room());
  socket_watch_.for_room(channel_.wants_room() && !channel_.is_stalled());
  return !stalled;
}

void Worker::retire(Time now) {
  retired_ = now;
  dismiss();
}

void Worker::hear(Time now) {
  while (!condemned_) {
    host::Result<std::optional<wire::WorkerMessage>> message = channel_.receive_message();
    if (!message) {
      condemn({Death::How::protocol, "killed: it broke the protocol: " + message.error().sentence, {}});
    } else if (*message) {
      heard_ = now;
      if (const auto* gave_up = std::get_if<wire::GaveUp>(&**message); gave_up != nullptr && phase_ == Phase::ready) {
        condemn({Death::How::protocol, "its worker gave up: " + gave_up->sentence, {}, {}});
      } else if (host::Result<void> accepted = loading_.accept(std::move(**message)); !accepted) {
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
    condemn({Death::How::protocol,
             "killed: it broke the protocol: " + received.error().sentence + " (a task may write where it must not)",
             {}});
  }
  for (std::size_t i = before; i < events.size(); ++i) {
    if (std::holds_alternative<schedule::event::Closed>(events[i])) {
      // The channel's ledger has seen to it: leases end in the order in which they began.
      timed_ -= open_.front().timeout > 0ns;
      open_.pop_front();
    } else if (const auto* print = std::get_if<schedule::event::Printed>(&events[i]);
               print != nullptr && print->level > wire::drifted_level) {
      prints_->note(print->text);
      if (print->level < 0) prints_->begin();  // reported by tasks that ended
      if (print->level >= 0 && !print->text.ends_with('\n')) prints_->note("\n");
    }
  }
  const bool any = events.size() > before;
  reported_ = reported_ || any;
  return any;
}

const Worker::Open* Worker::find(host::LeaseId lease) const {
  const auto open = std::ranges::find(open_, lease, &Open::lease);
  return open == open_.end() ? nullptr : &*open;
}

schedule::event::Printed Worker::blamed_on(const std::optional<wire::Running>& running, int level,
                                           std::string text) const {
  schedule::event::Printed event{index_, {}, 0, 0, level, std::move(text)};  // count 0: of no task
  if (const Open* open = running ? find(running->lease) : nullptr) {
    event.step = open->step;
    event.first = running->index;
    event.count = 1;
  }
  return event;
}

std::optional<host::StepIndex> Worker::step_of(host::LeaseId lease) const {
  const Open* open = find(lease);
  return open == nullptr ? std::nullopt : std::optional(open->step);
}

void Worker::drain(std::optional<wire::Running> running, std::vector<Event>& events) {
  std::string text = prints_->drain();
  if (!text.empty()) events.emplace_back(blamed_on(running, -1, std::move(text)));
}

}  // namespace gantry::pool
