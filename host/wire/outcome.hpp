// What a worker reports about its tasks, as frames of the ring to the host: encode on one side, decode and check on the
// other. Indices are of the step, as in leases. A frame's header carries the lease.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "signature/bytes.hpp"
#include "signature/error.hpp"
#include "wire/frame.hpp"
#include "wire/layout.hpp"
#include "wire/sharing.hpp"

namespace gantry::wire {

/// A segment of the window was committed: `count` values back to back, each with a u64 length before it unless the
/// result size is fixed.
struct ValuesReport {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::uint64_t at = 0;     ///< window position
  std::uint64_t bytes = 0;  ///< in the window
  std::uint64_t busy_ns = 0;
  bool closes = false;         ///< and with it the lease ends: a flag of the frame
  std::uint64_t checksum = 0;  ///< Checksum of the segment
};

/// A piece of one value that is larger than a segment may be; pieces come in order, the last one completes the task.
struct PartReport {
  std::uint64_t index = 0;
  std::uint64_t total = 0;     ///< length of the value
  std::uint64_t offset = 0;    ///< of this piece in it
  std::uint64_t at = 0;        ///< window position
  std::uint64_t bytes = 0;     ///< in the window, at least 1
  std::uint64_t busy_ns = 0;   ///< in the last piece; else 0
  std::uint64_t checksum = 0;  ///< part_checksum(), if has_checksum(); else 0
};

/// Only pieces that may still lie in the window when a later task runs need a checksum: what lay there before was read
/// while the value's own task was at work, for it waits for room.
[[nodiscard]] inline bool has_checksum(const PartReport& part) {
  return part.total - part.offset <= window_capacity;
}

/// One task ended with an error.
struct FailedReport {
  std::uint64_t index = 0;
  std::string kind;     ///< at most kind_cap
  std::string message;  ///< at most text_cap
  std::uint64_t busy_ns = 0;
  bool timed_out = false;  ///< it failed after its time limit: a flag of the frame
};

/// All tasks below `end` are reported, and nothing of the lease will be claimed any more.
struct ClosedReport {
  std::uint64_t end = 0;
};

/// A task logged, or printed: `level` -1.
struct LogReport {
  std::uint64_t first = 0;  ///< may be of an earlier lease of this worker
  std::uint64_t count = 0;
  std::int32_t level = -1;
  std::string text;      ///< at most log_cap
  bool earlier = false;  ///< of the lease that ended last, or of those before it: a flag of the frame
};

/// How far a task is.
struct ProgressReport {
  std::uint64_t index = 0;
  double fraction = 0;
  std::string text;  ///< at most kind_cap
};

using Report = std::variant<ValuesReport, PartReport, FailedReport, ClosedReport, LogReport, ProgressReport, AskReport,
                            ChangeReport>;

[[nodiscard]] FrameKind kind_of(const Report& report);
[[nodiscard]] std::uint16_t flags_of(const Report& report);
/// Appends the frame's payload.
void encode(const Report& report, signature::Bytes& to);
/// Error: the frame is no report, or a field is out of its bounds.
[[nodiscard]] host::Result<Report> decode_report(const Frame& frame);

/// `text` if it is at most `cap` long, else its beginning and "… (N bytes in all)", together at most `cap`.
[[nodiscard]] std::string cut(std::string_view text, std::uint64_t cap);

}  // namespace gantry::wire
