// Who holds what: the open leases, by ID and by worker.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "schedule/intervals.hpp"
#include "schedule/runner.hpp"

namespace gantry::schedule {

struct OpenLease {
  Lease lease;
  IntervalSet unreported;
  bool asked = false;  ///< was offered for recall, and nothing was reported since
};

class Leases {
 public:
  /// A worker runs one and may have the next already: more would wait behind a long task and gain nothing.
  static constexpr std::size_t kMost = 2;

  explicit Leases(unsigned workers);

  /// Preconditions: held(worker) < kMost; lease IDs ascend.
  void open(const Lease& lease);
  /// Nothing if it is not open. Pointers last until the lease is closed.
  [[nodiscard]] OpenLease* find(LeaseId id);
  [[nodiscard]] const OpenLease* find(LeaseId id) const;
  void close(LeaseId id);

  [[nodiscard]] unsigned workers() const { return static_cast<unsigned>(held_.size()); }
  [[nodiscard]] std::size_t held(std::uint32_t worker) const { return held_[worker]; }
  /// Workers without a lease.
  [[nodiscard]] unsigned idle() const { return idle_; }
  [[nodiscard]] bool empty() const { return by_id_.empty(); }
  /// The lease that the worker runs: its oldest. Nothing if it has none.
  [[nodiscard]] OpenLease* running(std::uint32_t worker);
  /// All open ones, oldest first.
  [[nodiscard]] std::span<OpenLease* const> all() const { return by_id_; }

 private:
  std::vector<std::array<OpenLease, kMost>> places_;  ///< of a worker; used again, so that a lease allocates nothing
  std::vector<std::uint8_t> held_;
  std::vector<OpenLease*> by_id_;  ///< IDs ascend: found by bisection, at most kMost a worker
  unsigned idle_;
};

}  // namespace gantry::schedule
