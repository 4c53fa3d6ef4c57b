// What a worker may still report: the open leases of one channel, oldest first. Reports become events only if they
// are the worker's to make: for the oldest lease, in order, each task once, with values that lie in the window and
// have their size. So a confused or hostile worker cannot double, lose or swap an outcome.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "schedule/runner.hpp"
#include "signature/error.hpp"
#include "wire/files.hpp"
#include "wire/outcome.hpp"
#include "wire/progress.hpp"
#include "wire/shared_ledger.hpp"
#include "wire/shelf.hpp"
#include "wire/window.hpp"

namespace gantry::wire {

class Ledger {
 public:
  /// `files`: of values that are open files; borrowed.
  Ledger(Shelves shelves, GivenFiles& files) : shelves_(std::move(shelves)), files_(&files) {}

  /// A lease with what is known of its reports.
  struct Open {
    schedule::Lease lease;
    std::optional<std::uint64_t> result_size;
    std::uint32_t claims = 0;      ///< which claim word
    std::uint64_t reported = 0;    ///< index of the next task to be reported
    std::uint64_t end = 0;         ///< the lease ends before this index
    std::uint64_t part_total = 0;  ///< length of the value that arrives in parts
    bool in_parts = false;
    bool closed = false;
    bool gives_file = false;                ///< its tasks' values are open files
    std::uint64_t part_size = 0;            ///< of it, so far
    signature::Bytes parts;                 ///< where it is put together,
    std::shared_ptr<Shelf> shelf;           ///< or here, if it is large
    std::shared_ptr<Shelf> rows;            ///< that the worker maps, if they are long
    std::unique_ptr<SharedLedger> sharing;  ///< of tasks that hold shared objects
  };

  /// Notes a lease; it gets a free claim word. Precondition: size() < leases_cap.
  Open& open(const schedule::Chunk& chunk);
  /// The newest lease was not sent after all.
  void forget_newest() {
    open_.pop_back();
    --next_claims_;
  }
  /// Precondition: size() > 0.
  [[nodiscard]] Open& newest() { return open_.back(); }
  [[nodiscard]] Open* find(host::LeaseId lease);
  [[nodiscard]] const Open* oldest() const { return open_.empty() ? nullptr : &open_.front(); }
  [[nodiscard]] unsigned size() const { return static_cast<unsigned>(open_.size()); }
  void clear() { open_.clear(); }
  /// The oldest lease's values are open files: they are to be received before its reports are applied.
  [[nodiscard]] bool takes_files() const { return !open_.empty() && open_.front().gives_file; }

  /// Turns a report into events, copying values out of the window and releasing it. Error: not the worker's to make.
  [[nodiscard]] host::Result<void> apply(std::uint64_t lease, Report report, WindowReader& window,
                                         std::vector<schedule::Event>& events);
  /// A buffer that later values may be copied to.
  void reuse(signature::Bytes buffer);

  /// The values of a dead worker's open segment, if they are what the oldest lease lacks and their checksum fits.
  [[nodiscard]] std::optional<schedule::event::Values> salvage(const OpenSegment& segment, const WindowReader& window);
  /// Whether the batch is one of the oldest lease: if not, somebody wrote over the words that tell of it.
  [[nodiscard]] bool fits(const Batch& batch) const;
  /// The task of the oldest lease that was running, and has no outcome. Of a batch that does not fit: none.
  [[nodiscard]] std::optional<std::uint64_t> blame(const std::optional<Batch>& batch) const;

 private:
  std::deque<Open> open_;
  std::optional<schedule::Lease> last_;  ///< that ended
  std::vector<signature::Bytes> spare_;
  Shelves shelves_;  ///< for large values
  GivenFiles* files_;
  std::uint32_t next_claims_ = 0;  ///< leases end in the order in which they began, so words come free in turn
};

}  // namespace gantry::wire
