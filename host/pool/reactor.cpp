#include "pool/reactor.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <utility>

namespace gantry::pool {
namespace {

// source: 8 bits, worker: 24, life: 32.
std::uint64_t packed(Readable what) {
  return (static_cast<std::uint64_t>(what.source) << 56) |
         ((static_cast<std::uint64_t>(host::raw(what.worker)) & 0xFF'FFFF) << 32) | what.life;
}

Readable unpacked(std::uint64_t word) {
  return {static_cast<Source>(word >> 56), host::WorkerIndex{static_cast<std::uint32_t>((word >> 32) & 0xFF'FFFF)},
          static_cast<std::uint32_t>(word)};
}

}  // namespace

Watch::Watch(Watch&& other) noexcept
    : set_(other.set_),
      descriptor_(std::exchange(other.descriptor_, -1)),
      mark_(other.mark_),
      room_(std::exchange(other.room_, false)) {}

Watch& Watch::operator=(Watch&& other) noexcept {
  if (this != &other) {
    end();
    set_ = other.set_;
    descriptor_ = std::exchange(other.descriptor_, -1);
    mark_ = other.mark_;
    room_ = std::exchange(other.room_, false);
  }
  return *this;
}

Watch::~Watch() {
  end();
}

void Watch::end() {
  if (descriptor_ >= 0) ::epoll_ctl(set_, EPOLL_CTL_DEL, descriptor_, nullptr);
  descriptor_ = -1;
  room_ = false;
}

void Watch::for_room(bool wanted) {
  if (descriptor_ < 0 || room_ == wanted) return;
  epoll_event entry{};
  entry.events = EPOLLIN | EPOLLRDHUP | (wanted ? EPOLLOUT : 0U);
  entry.data.u64 = mark_;
  if (::epoll_ctl(set_, EPOLL_CTL_MOD, descriptor_, &entry) == 0) room_ = wanted;
}

host::Result<Reactor> Reactor::make() {
  wire::Descriptor set(::epoll_create1(EPOLL_CLOEXEC));
  if (!set) return host::fail(host::ErrorKind::infrastructure, wire::errno_text("epoll_create1"));
  return Reactor(std::move(set));
}

host::Result<Watch> Reactor::watch(int descriptor, Readable what) const {
  epoll_event entry{};
  entry.events = EPOLLIN | EPOLLRDHUP;
  entry.data.u64 = packed(what);
  if (::epoll_ctl(set_.get(), EPOLL_CTL_ADD, descriptor, &entry) != 0) {
    return host::fail(host::ErrorKind::infrastructure, wire::errno_text("epoll_ctl"));
  }
  return Watch(set_.get(), descriptor, entry.data.u64);
}

std::vector<Readable> Reactor::wait(std::chrono::nanoseconds at_most) const {
  std::array<epoll_event, 64> entries{};
  const auto whole = std::chrono::ceil<std::chrono::milliseconds>(std::max(at_most, std::chrono::nanoseconds{0}));
  const int timeout = static_cast<int>(std::min<std::int64_t>(whole.count(), 60'000));
  // Interrupted by a signal: the caller looks around and comes back.
  const int count = ::epoll_wait(set_.get(), entries.data(), static_cast<int>(entries.size()), timeout);
  std::vector<Readable> readable;
  readable.reserve(entries.size());
  for (int i = 0; i < count; ++i) readable.push_back(unpacked(entries[static_cast<std::size_t>(i)].data.u64));
  return readable;
}

}  // namespace gantry::pool
