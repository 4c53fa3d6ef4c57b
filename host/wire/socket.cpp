#include "wire/socket.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "wire/layout.hpp"

namespace gantry::wire {
namespace {

using host::ErrorKind;

struct RawHeader {
  std::uint32_t magic;
  std::uint16_t kind;
  std::uint16_t zero;
  std::uint64_t length;
};
static_assert(sizeof(RawHeader) == 16);

constexpr std::size_t file_name_size = 12;  // {u32 step, u64 index}, behind the u64 lease

/// Open files that a message of such a length names; nothing: none does.
std::optional<std::size_t> files_in(std::uint64_t length) {
  if (length <= sizeof(std::uint64_t)) return std::nullopt;
  const std::uint64_t names = length - sizeof(std::uint64_t);
  if (names % file_name_size != 0 || names / file_name_size > descriptors_cap) return std::nullopt;
  return names / file_name_size;
}

/// Descriptors that a message carries; nothing: there is no such kind, or it cannot be so long.
std::optional<std::size_t> carried(const RawHeader& header) {
  switch (static_cast<MessageKind>(header.kind)) {
    case MessageKind::setup:
      return 4;
    case MessageKind::block:
    case MessageKind::door:
    case MessageKind::attach:
    case MessageKind::plugin_file:
    case MessageKind::given_file:
      return 1;
    case MessageKind::passed_files:
      return files_in(header.length);
    case MessageKind::load:
    case MessageKind::begin:
    case MessageKind::hello:
    case MessageKind::loaded:
    case MessageKind::refused:
    case MessageKind::ready_to_run:
    case MessageKind::begun:
    case MessageKind::not_begun:
    case MessageKind::gave_up:
      return 0;
  }
  return std::nullopt;
}

host::Result<RawHeader> check(signature::View bytes) {
  RawHeader header{};
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.magic != message_magic || header.zero != 0) {
    std::string hex;
    for (const std::byte byte : bytes.first(sizeof header))
      hex += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
    return host::fail(ErrorKind::infrastructure, "a message does not begin with its magic; its first bytes are " + hex);
  }
  if (header.length > message_cap) {
    return host::fail(ErrorKind::infrastructure,
                      fmt::format("a message claims {} bytes; the most is {}", header.length, message_cap));
  }
  if (!carried(header)) {
    return host::fail(ErrorKind::infrastructure,
                      fmt::format("a message has the unknown kind {}, or a length that its kind has not", header.kind));
  }
  return header;
}

void attach(msghdr& message, std::span<const int> descriptors, std::span<char> control) {
  if (descriptors.empty()) return;
  message.msg_control = control.data();
  message.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(descriptors.size_bytes());
  std::memcpy(CMSG_DATA(header), descriptors.data(), descriptors.size_bytes());
}

void take_descriptors(msghdr& message, std::deque<Descriptor>& to) {
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int number = -1;
      std::memcpy(&number, CMSG_DATA(header) + i * sizeof(int), sizeof number);
      to.emplace_back(number);
    }
  }
}

host::Result<signature::Bytes> framed(MessageKind kind, signature::View bytes, std::size_t descriptors) {
  if (bytes.size() > message_cap) {
    return host::fail(ErrorKind::infrastructure,
                      fmt::format("a message of {} bytes is longer than {}", bytes.size(), message_cap));
  }
  if (descriptors > descriptors_cap) {
    return host::fail(ErrorKind::infrastructure, fmt::format("a message cannot carry {} descriptors; the most is {}",
                                                             descriptors, descriptors_cap));
  }
  const RawHeader header{message_magic, static_cast<std::uint16_t>(kind), 0, bytes.size()};
  signature::Bytes whole;
  whole.reserve(sizeof header + bytes.size());
  signature::append(whole, std::as_bytes(std::span(&header, 1)));
  signature::append(whole, bytes);
  return whole;
}

}  // namespace

Socket::Socket(Descriptor end, WhenFull when_full) : end_(std::move(end)), when_full_(when_full) {}

/// Sends as much as there is room for; 0: none.
host::Result<std::size_t> Socket::put(signature::View bytes, std::span<const int> descriptors) {
  for (;;) {
    iovec piece{const_cast<std::byte*>(bytes.data()), bytes.size()};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(descriptors_cap * sizeof(int))> control{};
    attach(message, descriptors, control);
    const ssize_t count = ::sendmsg(end_.get(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    // Too many references: of all that this user sends, more descriptors are on their way than a process may have open.
    stalled_ = count < 0 && (errno == ETOOMANYREFS || errno == ENOBUFS || errno == ENOMEM);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno == EAGAIN || stalled_) return 0;
    if (when_full_ == WhenFull::keep && (errno == EPIPE || errno == ECONNRESET)) return bytes.size();
    if (errno != EINTR) return host::fail(ErrorKind::infrastructure, errno_text("sendmsg"));
  }
}

host::Result<void> Socket::put_all(signature::View bytes, std::span<const int> descriptors) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const auto count = put(bytes.subspan(sent), sent == 0 ? descriptors : std::span<const int>{});
    if (!count) return std::unexpected(count.error());
    sent += *count;
    if (*count > 0) continue;
    pollfd writable{end_.get(), POLLOUT, 0};
    // Where the peer is not the reason, poll would not wait.
    ::poll(&writable, stalled_ ? 0 : 1, stalled_ ? 1 : -1);
  }
  return {};
}

/// The descriptors are copied: the caller's may be closed by the time that they go.
host::Result<void> Socket::keep(signature::Bytes message, std::size_t sent, std::span<const int> descriptors) {
  Kept kept{std::move(message), sent, {}};
  for (const int descriptor : descriptors) {
    kept.descriptors.emplace_back(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
    if (!kept.descriptors.back()) return host::fail(ErrorKind::infrastructure, errno_text("fcntl F_DUPFD_CLOEXEC"));
  }
  kept_.push_back(std::move(kept));
  return {};
}

host::Result<void> Socket::send(MessageKind kind, signature::View bytes, std::span<const int> descriptors) {
  auto whole = framed(kind, bytes, descriptors.size());
  if (!whole) return std::unexpected(whole.error());
  if (when_full_ == WhenFull::wait) return put_all(*whole, descriptors);
  if (!kept_.empty()) return keep(*std::move(whole), 0, descriptors);
  const auto count = put(*whole, descriptors);
  if (!count) return std::unexpected(count.error());
  if (*count == whole->size()) return {};
  return keep(*std::move(whole), *count, *count == 0 ? descriptors : std::span<const int>{});
}

host::Result<bool> Socket::try_send(MessageKind kind, signature::View bytes, std::span<const int> descriptors) {
  auto whole = framed(kind, bytes, descriptors.size());
  if (!whole) return std::unexpected(whole.error());
  const auto count = kept_.empty() ? put(*whole, descriptors) : host::Result<std::size_t>(0);
  if (!count) return std::unexpected(count.error());
  refused_ = *count == 0;
  if (refused_) return false;
  if (*count == whole->size()) return true;
  const signature::View rest = signature::View(*whole).subspan(*count);
  auto done = when_full_ == WhenFull::wait ? put_all(rest, {}) : keep(*std::move(whole), *count, {});
  if (!done) return std::unexpected(std::move(done).error());
  return true;
}

host::Result<void> Socket::flush() {
  refused_ = false;
  while (!kept_.empty()) {
    Kept& next = kept_.front();
    std::vector<int> descriptors;
    if (next.sent == 0) {
      for (const Descriptor& descriptor : next.descriptors) descriptors.push_back(descriptor.get());
    }
    const auto count = put(signature::View(next.bytes).subspan(next.sent), descriptors);
    if (!count) return std::unexpected(count.error());
    if (*count == 0) return {};
    next.sent += *count;
    if (next.sent == next.bytes.size()) kept_.pop_front();
  }
  return {};
}

/// Reads what is there now, up to the end of a message: descriptors of many would be more than are believed.
host::Result<void> Socket::fill() {
  std::array<std::byte, 16384> buffer;
  while (!hung_up_) {
    iovec piece{buffer.data(), buffer.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(descriptors_cap * sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t count = ::recvmsg(end_.get(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return {};
    if (count < 0 && errno != ECONNRESET) return host::fail(ErrorKind::infrastructure, errno_text("recvmsg"));
    if (count <= 0) {
      hung_up_ = true;
      break;
    }
    take_descriptors(message, descriptors_);
    starved_ = starved_ || (message.msg_flags & MSG_CTRUNC) != 0;
    signature::append(pending_, signature::View(buffer).first(static_cast<std::size_t>(count)));
    if (descriptors_.size() > descriptors_cap) {
      descriptors_.clear();
      return host::fail(ErrorKind::infrastructure, "a peer sends more descriptors than any message carries");
    }
    if (pending_.size() >= sizeof(RawHeader)) {  // do not collect more than a bad message
      const auto header = check(pending_);
      if (!header) return std::unexpected(header.error());
      if (pending_.size() - sizeof(RawHeader) >= header->length) return {};
    }
  }
  return {};
}

host::Result<std::optional<Parcel>> Socket::next() {
  if (pending_.size() < sizeof(RawHeader)) return std::nullopt;
  const auto header = check(pending_);
  if (!header) return std::unexpected(header.error());
  const std::size_t whole = sizeof(RawHeader) + header->length;
  if (pending_.size() < whole) return std::nullopt;
  Parcel parcel;
  parcel.kind = static_cast<MessageKind>(header->kind);
  parcel.bytes.assign(pending_.begin() + sizeof(RawHeader), pending_.begin() + static_cast<std::ptrdiff_t>(whole));
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(whole));
  const std::size_t wanted = *carried(*header);
  if (descriptors_.size() < wanted && starved_) {
    // Of files that tasks give and take, the task can tell; without others nothing goes on.
    if (parcel.kind != MessageKind::passed_files && parcel.kind != MessageKind::given_file) {
      return host::fail(
          ErrorKind::infrastructure,
          "a descriptor that was sent did not arrive: this process has as many open files as it may have");
    }
    descriptors_.resize(wanted);
    starved_ = false;
  }
  if (descriptors_.size() < wanted) {
    return host::fail(ErrorKind::infrastructure, "a message came without the descriptors that belong to it");
  }
  for (std::size_t i = 0; i < wanted; ++i) {
    parcel.descriptors.push_back(std::move(descriptors_.front()));
    descriptors_.pop_front();
  }
  return parcel;
}

host::Result<std::optional<Parcel>> Socket::receive() {
  auto parcel = next();
  if (!parcel || *parcel) return parcel;
  if (auto filled = fill(); !filled) return std::unexpected(filled.error());
  parcel = next();
  // Descriptors without a message that wants them: the next message, if half of it is here, may still be theirs.
  if (parcel && !*parcel && pending_.empty() && !descriptors_.empty()) {
    descriptors_.clear();
    return host::fail(ErrorKind::infrastructure, "a peer sent descriptors where none belong");
  }
  return parcel;
}

bool Socket::wait(std::optional<std::chrono::milliseconds> at_most) const {
  if (hung_up_) return true;
  pollfd readable{end_.get(), POLLIN, 0};
  for (;;) {
    const int ready = ::poll(&readable, 1, at_most ? static_cast<int>(at_most->count()) : -1);
    if (ready >= 0 || errno != EINTR) return ready != 0;
  }
}

}  // namespace gantry::wire
