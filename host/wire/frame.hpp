// Frames: the messages inside a ring. A frame is 32 bytes {u32 magic, u16 kind, u16 flags, u32 sequence, u32 check,
// u64 lease, u64 length} and `length` bytes. The receiver copies it once into private memory, checks the copy, and
// hands out only the copy. The sequence starts with the generation of the worker's life: a frame that is replayed,
// lost or left over from an earlier life is noticed; so is one that somebody else wrote over, by its checksum.
#pragma once

#include <cstdint>
#include <optional>

#include "signature/bytes.hpp"
#include "signature/error.hpp"
#include "wire/ring.hpp"

namespace gantry::wire {

inline constexpr std::uint32_t frame_magic = 0x46544E47;  ///< "GNTF"
inline constexpr std::uint64_t frame_header_size = 32;

enum class FrameKind : std::uint16_t {
  chunk = 1,
  assignment = 2,
  forget = 3,
  answer = 4,
  drop = 5,  // host to worker
  values = 16,
  part = 17,
  failed = 18,
  closed = 19,
  log = 20,
  progress = 21,
  ask = 22,
  change = 23  // worker to host
};

/// A checked private copy: kind is one of the enum, payload is at most frame_cap - frame_header_size long.
struct Frame {
  FrameKind kind{};
  std::uint16_t flags = 0;
  std::uint64_t lease = 0;
  signature::View payload;  ///< valid until the next receive()
};

class FrameSender {
 public:
  FrameSender(RingPlace place, std::uint64_t generation)
      : ring_(place), sequence_(static_cast<std::uint32_t>(generation)) {}

  /// False: no room now. Precondition: the frame is no longer than frame_cap.
  [[nodiscard]] host::Result<bool> send(FrameKind kind, std::uint16_t flags, std::uint64_t lease,
                                        signature::View payload);
  /// Would a frame with such a payload be sent?
  [[nodiscard]] host::Result<bool> has_room(std::uint64_t payload_size) {
    return ring_.has_room(frame_header_size + payload_size);
  }

 private:
  RingWriter ring_;
  std::uint32_t sequence_;
};

class FrameReceiver {
 public:
  FrameReceiver(RingPlace place, std::uint64_t generation)
      : ring_(place), sequence_(static_cast<std::uint32_t>(generation)) {}

  /// The next frame, or nothing. Error: the peer does not keep to the protocol; do not go on.
  [[nodiscard]] host::Result<std::optional<Frame>> receive();
  /// Something is there (or the peer is at fault, which receive() will say).
  [[nodiscard]] bool ready();

 private:
  RingReader ring_;
  std::uint32_t sequence_;
  signature::Bytes copy_;
};

}  // namespace gantry::wire
