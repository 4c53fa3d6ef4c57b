#include "wire/frame.hpp"

#include <fmt/core.h>
#include <xxhash.h>

#include <array>
#include <cstring>

#include "wire/layout.hpp"

namespace gantry::wire {
namespace {

struct RawHeader {
  std::uint32_t magic;
  std::uint16_t kind;
  std::uint16_t flags;
  std::uint32_t sequence;
  std::uint32_t check;
  std::uint64_t lease;
  std::uint64_t length;
};
static_assert(sizeof(RawHeader) == frame_header_size);

/// The checksum of a frame, all but the length of which it needs not be told: that is the payload's.
std::uint32_t check_of(const RawHeader& header, signature::View payload) {
  constexpr std::uint64_t odd = 0x9E3779B97F4A7C15;
  const std::uint64_t head =
      std::uint64_t{header.kind} | std::uint64_t{header.flags} << 16 | std::uint64_t{header.sequence} << 32;
  return static_cast<std::uint32_t>(XXH3_64bits_withSeed(payload.data(), payload.size(), head * odd ^ header.lease));
}

bool is_frame_kind(std::uint16_t kind) {
  switch (static_cast<FrameKind>(kind)) {
    case FrameKind::chunk:
    case FrameKind::assignment:
    case FrameKind::forget:
    case FrameKind::values:
    case FrameKind::part:
    case FrameKind::failed:
    case FrameKind::closed:
    case FrameKind::log:
    case FrameKind::progress:
    case FrameKind::answer:
    case FrameKind::drop:
    case FrameKind::ask:
    case FrameKind::change:
      return true;
  }
  return false;
}

host::Result<void> check(const RawHeader& header, std::uint32_t sequence, std::uint64_t available) {
  const auto offence = [](std::string sentence) {
    return host::fail(host::ErrorKind::infrastructure, std::move(sentence));
  };
  if (header.magic != frame_magic) {
    std::array<unsigned char, frame_header_size> bytes{};
    std::memcpy(bytes.data(), &header, bytes.size());
    std::string hex;
    for (const unsigned char byte : bytes) hex += fmt::format("{:02x}", byte);
    return offence("a frame does not begin with its magic; its first bytes are " + hex);
  }
  if (!is_frame_kind(header.kind)) return offence(fmt::format("a frame has the unknown kind {}", header.kind));
  if (header.sequence != sequence) {
    return offence(fmt::format("a frame has the sequence number {} instead of {}", header.sequence, sequence));
  }
  if (header.length > frame_cap - frame_header_size) {
    return offence(
        fmt::format("a frame claims {} bytes; the most is {}", header.length, frame_cap - frame_header_size));
  }
  if (header.length > available - frame_header_size) {
    return offence(
        fmt::format("a frame claims {} bytes, of which {} are there", header.length, available - frame_header_size));
  }
  return {};
}

}  // namespace

host::Result<bool> FrameSender::send(FrameKind kind, std::uint16_t flags, std::uint64_t lease,
                                     signature::View payload) {
  RawHeader header{frame_magic, static_cast<std::uint16_t>(kind), flags, sequence_, 0, lease, payload.size()};
  header.check = check_of(header, payload);
  auto sent = ring_.put(std::as_bytes(std::span(&header, 1)), payload);
  if (sent && *sent) ++sequence_;
  return sent;
}

bool FrameReceiver::ready() {
  const auto available = ring_.available();
  return !available || *available > 0;
}

host::Result<std::optional<Frame>> FrameReceiver::receive() {
  const auto available = ring_.available();
  if (!available) return std::unexpected(available.error());
  if (*available == 0) return std::nullopt;
  if (*available < frame_header_size) {
    return host::fail(host::ErrorKind::infrastructure, "a ring holds less than a frame");
  }
  RawHeader header{};
  ring_.peek(0, reinterpret_cast<std::byte*>(&header), sizeof header);
  if (auto good = check(header, sequence_, *available); !good) return std::unexpected(std::move(good).error());
  copy_.resize(header.length);
  ring_.peek(frame_header_size, copy_.data(), header.length);
  if (header.check != check_of(header, copy_)) {
    return host::fail(host::ErrorKind::infrastructure, "a frame is not as it was sent: somebody wrote over it");
  }
  ring_.consume(frame_header_size + header.length);
  ++sequence_;
  return Frame{static_cast<FrameKind>(header.kind), header.flags, header.lease, copy_};
}

}  // namespace gantry::wire
