// What a worker is doing, in words that outlive it. The worker writes them as it goes; the host reads them while it
// runs (time limits) and after it died (whom to blame, what to keep). A dead worker may have written anything here:
// the host only believes what fits its ledger, and values only if their checksum fits.
#pragma once

#include <cstdint>
#include <optional>

#include "signature/bytes.hpp"
#include "wire/layout.hpp"

namespace gantry::wire {

/// A segment of finished values that is not committed yet.
struct OpenSegment {
  std::uint64_t lease = 0;
  std::uint64_t first = 0;  ///< index of the first value
  std::uint64_t count = 0;  ///< 0: there is none
  std::uint64_t at = 0;
  std::uint64_t bytes = 0;
  std::uint64_t checksum = 0;  ///< checksum.hpp, of the bytes as they lie in the window
};

/// The worker's side.
class ProgressWriter {
 public:
  explicit ProgressWriter(ProgressWords& words) : words_(&words) {}

  /// A batch of claimed tasks starts to run at `now` (CLOCK_MONOTONIC ns, not 0).
  void begin(std::uint64_t lease, std::uint64_t first, std::uint64_t count, std::uint64_t now);
  /// So many tasks of the batch are finished.
  void finished(std::uint64_t tasks) { shared(words_->done).store(tasks, std::memory_order_release); }
  /// For run_many to write instead.
  [[nodiscard]] volatile std::uint64_t* done() { return &words_->done; }
  [[nodiscard]] std::uint64_t done_now() { return shared(words_->done).load(std::memory_order_acquire); }
  /// No batch runs any more; `tasks` of it count as finished.
  void end(std::uint64_t tasks);
  /// The words are still what begin() made of them. If not, a task wrote where it must not: nothing that lies in the
  /// memory around them can be trusted.
  [[nodiscard]] bool intact() const;
  /// Replaces what is known of the open segment, at once: a death never leaves half of it.
  void segment(const OpenSegment& open);

 private:
  ProgressWords* words_;
  std::uint64_t since_ = 0;  ///< as begin() was told
  std::uint64_t lease_ = 0;
  std::uint64_t first_ = 0;
  std::uint64_t count_ = 0;
};

/// The host's side: what the words say of the running batch.
struct Batch {
  std::uint64_t since = 0;
  std::uint64_t lease = 0;
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::uint64_t done = 0;
};

/// The running batch, if one runs and the words did not change while they were read. Unchecked.
[[nodiscard]] std::optional<Batch> read_batch(ProgressWords& words);
/// Unchecked.
[[nodiscard]] OpenSegment read_segment(ProgressWords& words);
/// Tasks that the process has finished. Unchecked.
[[nodiscard]] std::uint64_t read_finished(ProgressWords& words);

/// CLOCK_MONOTONIC in ns.
[[nodiscard]] std::uint64_t monotonic_ns();

}  // namespace gantry::wire
