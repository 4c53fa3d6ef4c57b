// Messages with descriptors over one end of a stream socket: framing alone, what is inside is message.hpp.
// A message is {u32 magic, u16 kind, u16 zero, u64 length} and `length` bytes; lengths are checked before anything is
// allocated, and memory grows with the bytes that came, not with the bytes that were promised.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "signature/bytes.hpp"
#include "signature/error.hpp"
#include "wire/descriptor.hpp"

namespace gantry::wire {

inline constexpr std::uint32_t message_magic = 0x4D544E47;  ///< "GNTM"
/// Most descriptors of one message: the kernel passes 253.
inline constexpr std::size_t descriptors_cap = 250;

enum class MessageKind : std::uint16_t {
  setup = 1,
  load = 2,
  block = 3,
  begin = 4,
  door = 5,
  attach = 6,
  passed_files = 7,
  plugin_file = 8,  // host to worker
  hello = 16,
  loaded = 17,
  refused = 18,
  ready_to_run = 19,
  begun = 20,
  not_begun = 21,
  given_file = 22,
  gave_up = 23,  // worker to host
};

/// A message as it came.
struct Parcel {
  MessageKind kind{};
  signature::Bytes bytes;
  /// Exactly as many as its kind carries. Those of open files (passed_files, given_file) are none where this process
  /// has as many open as it may have.
  std::vector<Descriptor> descriptors;
};

/// What send() does about a peer that does not read.
enum class WhenFull : std::uint8_t {
  wait,  ///< until it does
  keep   ///< keeps what found no room, for flush(); to a peer that is gone, which receive() tells, nothing is sent
};

/// One end. Used by one thread.
class Socket {
 public:
  explicit Socket(Descriptor end, WhenFull when_full = WhenFull::wait);

  /// Sends a whole message; `descriptors` stay the caller's.
  [[nodiscard]] host::Result<void> send(MessageKind kind, signature::View bytes, std::span<const int> descriptors = {});
  /// The same, of a short message, if it can go at once. False: there is no room for it now, and nothing of it was sent
  /// or kept.
  [[nodiscard]] host::Result<bool> try_send(MessageKind kind, signature::View bytes, std::span<const int> descriptors);
  /// Sends more of what was kept.
  [[nodiscard]] host::Result<void> flush();
  /// Something was kept, or refused by try_send() since the last flush(): call that once the socket can be written to.
  [[nodiscard]] bool wants_room() const { return !kept_.empty() || refused_; }
  /// The same, but nothing tells when: the system has no memory now, or too many descriptors are on their way.
  [[nodiscard]] bool is_stalled() const { return wants_room() && stalled_; }
  /// The next whole message, or nothing if it is not all here. Never blocks. An error means that the peer does not
  /// speak the protocol (or sent descriptors where none belong, which are closed): give it up.
  [[nodiscard]] host::Result<std::optional<Parcel>> receive();
  /// Waits until something can be received, or the peer hung up; false: the time passed (nothing: wait for ever).
  [[nodiscard]] bool wait(std::optional<std::chrono::milliseconds> at_most) const;

  /// The peer closed its end; what it sent before is complete once receive() gives nothing.
  [[nodiscard]] bool hung_up() const { return hung_up_; }
  /// Part of a message is here: the rest should come soon.
  [[nodiscard]] bool partial() const { return !pending_.empty(); }
  [[nodiscard]] int descriptor() const { return end_.get(); }  ///< to poll for POLLIN | POLLHUP

 private:
  /// A message, or the rest of one, that waits for room.
  struct Kept {
    signature::Bytes bytes;
    std::size_t sent = 0;
    std::vector<Descriptor> descriptors;  ///< that go with its first byte
  };

  host::Result<std::size_t> put(signature::View bytes, std::span<const int> descriptors);
  host::Result<void> put_all(signature::View bytes, std::span<const int> descriptors);
  host::Result<void> keep(signature::Bytes message, std::size_t sent, std::span<const int> descriptors);
  host::Result<void> fill();
  host::Result<std::optional<Parcel>> next();

  Descriptor end_;
  WhenFull when_full_;
  std::deque<Kept> kept_;
  bool refused_ = false;
  bool stalled_ = false;  ///< the last put() found no room for another reason than the peer
  signature::Bytes pending_;
  std::deque<Descriptor> descriptors_;
  bool starved_ = false;  ///< some that were sent could not be taken in: too many are open here
  bool hung_up_ = false;
};

}  // namespace gantry::wire
