#include "one_thread.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "wire/message.hpp"
#include "wire/socket.hpp"

namespace bench {

using namespace gantry;

namespace {

constexpr int kNoPrints = -1;
constexpr std::uint64_t kReceived = 8192;  // tasks; the host listens after so many

/// The worker's half of a channel that was just made: its Setup is in the socket.
host::Result<wire::WorkerChannel> attach(wire::Descriptor end) {
  wire::Socket socket(std::move(end));
  auto parcel = socket.receive();
  if (!parcel) return std::unexpected(std::move(parcel.error()));
  if (!*parcel) return host::fail(host::ErrorKind::infrastructure, "the channel was made without its Setup");
  auto message = wire::decode_host_message(std::move(**parcel));
  if (!message) return std::unexpected(std::move(message.error()));
  auto* setup = std::get_if<wire::Setup>(&*message);
  if (setup == nullptr) return host::fail(host::ErrorKind::infrastructure, "the first message is not Setup");
  return wire::WorkerChannel::attach(std::move(*setup), std::move(socket));
}

}  // namespace

host::Result<std::unique_ptr<OneThread>> OneThread::make(std::vector<worker::Module>& modules) {
  auto made = wire::HostChannel::make(host::WorkerIndex{0}, 1);
  if (!made) return std::unexpected(std::move(made.error()));
  auto worker = attach(std::move(made->worker_end));
  if (!worker) return std::unexpected(std::move(worker.error()));
  return std::make_unique<OneThread>(Key{}, std::move(made->channel), *std::move(worker), modules);
}

OneThread::OneThread(Key, wire::HostChannel host, wire::WorkerChannel worker, std::vector<worker::Module>& modules)
    : host_(std::move(host)),
      worker_(std::move(worker)),
      runner_(worker_, modules, residents_, worker::Prints(kNoPrints), worker::StateWatch({})) {}

// A full ring is emptied by the worker, and then there is room.
host::Result<void> OneThread::start(schedule::Chunk chunk) {
  auto sent = host_.start(chunk, chunk.assignment->plugin, blocks_);
  if (sent && !*sent) {
    if (auto done = work(); !done) return done;
    sent = host_.start(chunk, chunk.assignment->plugin, blocks_);
  }
  if (!sent) return std::unexpected(std::move(sent.error()));
  if (!*sent) return host::fail(host::ErrorKind::infrastructure, "an empty ring has no room for a chunk");
  sent_.push_back(chunk.lease.count);
  return {};
}

std::uint64_t OneThread::recall(const schedule::Lease& lease) {
  return std::min(host_.recall(lease.id), lease.first + lease.count);
}

host::Result<void> OneThread::receive() {
  unheard_ = 0;
  auto received = host_.receive(events_);
  if (!received) return std::unexpected(std::move(received.error()));
  return {};
}

/// The worker's loop, until it has run all that was sent.
host::Result<void> OneThread::work() {
  for (; !sent_.empty(); sent_.pop_front()) {
    const auto next = worker_.next();
    if (!next) return std::unexpected(next.error());
    if (!*next) return host::fail(host::ErrorKind::infrastructure, "the channel hung up");
    if (auto ran = runner_.run(**next); !ran) return ran;
    unheard_ += sent_.front();
    if (unheard_ < kReceived) continue;
    if (auto received = receive(); !received) return received;
  }
  return receive();
}

std::chrono::nanoseconds OneThread::wait(std::chrono::nanoseconds, std::vector<schedule::Event>& events) {
  if (auto done = work(); !done) events_.emplace_back(schedule::event::Broken{std::move(done.error())});
  std::ranges::move(events_, std::back_inserter(events));
  events_.clear();
  return {};
}

}  // namespace bench
