// Who holds what: the open leases, by ID and by worker.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "schedule/intervals.hpp"
#include "schedule/runner.hpp"

namespace gantry::schedule {

struct OpenLease {
  Lease lease;
  IntervalSet unreported;
  std::uint64_t expected_ns = 0;  ///< of work, as far as is known
  bool blocked = false;           ///< its task waits for others
  bool asked = false;             ///< was offered for recall, and nothing was reported since
  bool alone = false;             ///< of a suspect: no other may be open in its process
  bool tied = false;              ///< no other worker could run it
  OpenLease* older = nullptr;     ///< of the same worker
  OpenLease* newer = nullptr;
};

class Leases {
 public:
  /// A worker runs one; of short work it has many more, so that a wake-up is paid for many, not for each.
  static constexpr std::size_t kMost = leases_most;

  /// `workers` may work at a time; `spare` more may hold a lease while as many others wait (blocked).
  explicit Leases(unsigned workers, unsigned spare = 0) : held_(workers + spare), workers_(workers) {}

  /// Gives the lease its ID: IDs ascend. Precondition: held(worker) < kMost. Pointers last until the lease is closed.
  OpenLease& open(const Lease& lease, std::uint64_t expected_ns);
  /// Nothing if it is not open. O(1).
  [[nodiscard]] OpenLease* find(LeaseId id);
  [[nodiscard]] const OpenLease* find(LeaseId id) const;
  void close(LeaseId id);
  /// The lease is now expected to take this long.
  void expect(OpenLease& open, std::uint64_t expected_ns);

  [[nodiscard]] unsigned workers() const { return workers_; }
  [[nodiscard]] unsigned places() const { return static_cast<unsigned>(held_.size()); }
  /// The worker that holds the lease waits for others, and needs no processor.
  void block(OpenLease& open, bool blocked);
  [[nodiscard]] unsigned blocked() const { return blocked_; }
  [[nodiscard]] unsigned busy() const { return busy_; }  ///< workers with a lease, these among them
  [[nodiscard]] std::size_t held(std::uint32_t worker) const { return held_[worker].count; }
  /// Work that a worker has, as far as is known.
  [[nodiscard]] std::uint64_t expected_ns(std::uint32_t worker) const { return held_[worker].expected_ns; }
  /// Workers that could work besides those that do.
  [[nodiscard]] unsigned idle() const { return workers_ > busy_ - blocked_ ? workers_ - (busy_ - blocked_) : 0; }
  [[nodiscard]] bool empty() const { return busy_ == 0; }
  /// The lease that the worker runs: its oldest. Nothing if it has none.
  [[nodiscard]] OpenLease* running(std::uint32_t worker) { return held_[worker].oldest; }
  [[nodiscard]] const OpenLease* running(std::uint32_t worker) const { return held_[worker].oldest; }
  /// It runs a task that waits for others.
  [[nodiscard]] bool waits(std::uint32_t worker) const {
    const OpenLease* const first = running(worker);
    return first != nullptr && first->blocked;
  }
  /// The one that it would run last.
  [[nodiscard]] OpenLease* newest(std::uint32_t worker) { return held_[worker].newest; }
  /// The newest that may be offered for recall: all that it has got later were, and have not reported since.
  [[nodiscard]] OpenLease* unasked(std::uint32_t worker);
  /// The lease reported something.
  void reported(OpenLease& open);

 private:
  struct Held {
    OpenLease* oldest = nullptr;
    OpenLease* newest = nullptr;
    OpenLease* unasked = nullptr;  ///< see there
    std::size_t count = 0;
    std::uint64_t expected_ns = 0;
  };

  std::deque<OpenLease> places_;     ///< used again, so that a lease allocates nothing
  std::vector<std::uint32_t> free_;  ///< places
  std::vector<Held> held_;           ///< by worker
  std::uint64_t opened_ = 0;
  unsigned workers_;
  unsigned busy_ = 0;     ///< places with a lease
  unsigned blocked_ = 0;  ///< of them
};

}  // namespace gantry::schedule
