// Results on their way to the host: values of consecutive tasks form one segment of the window, which grows until it is
// worth a message. Keeps the account of it where it outlives this process. Every error means that the host is gone.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "signature/bytes.hpp"
#include "signature/error.hpp"
#include "wire/checksum.hpp"
#include "wire/worker_channel.hpp"

namespace gantry::worker {

class Delivery {
 public:
  explicit Delivery(wire::WorkerChannel& channel) : channel_(&channel) {}

  /// Values and errors of this lease follow, in index order.
  void open(std::uint64_t lease) { lease_ = lease; }

  /// At least `wanted` free bytes of the window, right behind the segment; commits and waits as needed.
  /// Precondition: wanted ≤ segment_cap + 8. Valid until the next call of anything here.
  [[nodiscard]] host::Result<std::span<std::byte>> room(std::uint64_t wanted);
  /// `values` of `count` tasks from `index` on, back to back, each of `size` bytes: copied.
  [[nodiscard]] host::Result<void> add_all(std::uint64_t index, std::uint64_t count, signature::View values);
  /// The first `size` bytes of room() are the records of the values of `count` tasks from `index` on: each the value if
  /// its size is fixed, else its u64 length and it.
  void add(std::uint64_t index, std::uint64_t count, std::uint64_t size);
  /// Tells the host the change of the segment by add(), which a death would otherwise lose.
  void note();
  /// A value that is elsewhere: copied, or sent in parts if it is too long for a segment.
  [[nodiscard]] host::Result<void> add_copy(std::uint64_t index, signature::View value, bool fixed);
  /// A value for send_parts that is in several pieces, all but its end: that is kept until close_parts() says that the
  /// task has ended well; fail() forgets it.
  [[nodiscard]] host::Result<void> open_parts(std::uint64_t index, std::span<const signature::View> pieces);
  [[nodiscard]] host::Result<void> close_parts();
  /// `timed_out`: its time limit had passed.
  [[nodiscard]] host::Result<void> fail(std::uint64_t index, std::string kind, std::string message,
                                        bool timed_out = false);
  /// Sends the segment, if there is one; `closes`: and with it the lease ends.
  [[nodiscard]] host::Result<void> commit(bool closes = false);
  /// Sends the segment if it is large, or if its first value came long ago.
  [[nodiscard]] host::Result<void> commit_if_due(std::uint64_t now);
  /// All of the lease below `end` is told.
  [[nodiscard]] host::Result<void> close(std::uint64_t end);

  /// Time that tasks took since the last report: goes with the next.
  void spend(std::uint64_t ns) { busy_ns_ += ns; }

 private:
  void sum();
  [[nodiscard]] host::Result<void> send_parts(std::uint64_t index, signature::View value);
  [[nodiscard]] host::Result<void> send_part(wire::PartReport part, signature::View bytes);

  /// The end of a value whose beginning was sent.
  struct Rest {
    std::uint64_t index = 0;
    std::uint64_t total = 0;
    std::uint64_t offset = 0;
    signature::Bytes bytes;
  };
  [[nodiscard]] std::uint64_t take_busy() { return std::exchange(busy_ns_, 0); }

  wire::WorkerChannel* channel_;
  std::uint64_t lease_ = 0;
  std::optional<Rest> rest_;
  wire::OpenSegment segment_;   ///< as noted in shared memory, once noted
  wire::Checksum checksum_;     ///< of it
  bool noted_ = true;           ///< segment_ and its checksum are up to date
  std::uint64_t began_ns_ = 0;  ///< when commit_if_due() first saw the segment
  std::uint64_t busy_ns_ = 0;
};

}  // namespace gantry::worker
