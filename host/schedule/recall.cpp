// What is taken back: work that a worker has not begun, for one that has none.
#include <algorithm>
#include <array>

#include "schedule/state.hpp"

namespace gantry::schedule {

/// Of the lease that a worker runs, one unreported task is claimed at least.
std::uint64_t Schedule::State::unclaimed(const OpenLease& open) const {
  const bool begun = leases_.running(host::raw(open.lease.worker)) == &open;
  return open.unreported.count() - (begun && !open.unreported.empty() ? 1 : 0);
}

std::optional<Lease> Schedule::State::wants_recall() {
  OpenLease* const open = draining_ ? any_to_recall() : best_to_recall();
  if (open == nullptr) return std::nullopt;
  open->asked = true;
  return open->lease;
}

OpenLease* Schedule::State::best_to_recall() {
  if (leases_.idle() == 0 || has_ready()) return nullptr;
  std::array<std::optional<bool>, placings> known;
  const auto is_wanted = [&](const OpenLease& open) {
    const Placing placing = steps_[host::raw(open.lease.step)].placing;
    auto& wanted = known[static_cast<std::size_t>(placing)];
    if (!wanted) wanted = has_taker(placing);
    return *wanted;
  };
  OpenLease* best = nullptr;
  std::uint64_t most = 0;
  bool best_begun = true;
  for (std::uint32_t worker = 0; worker < places(); ++worker) {
    // What a worker has last waits longest.
    for (OpenLease* open = leases_.unasked(worker); open; open = open->older) {
      if (open->asked || open->tied || unclaimed(*open) == 0 || !is_wanted(*open)) continue;
      const bool begun = leases_.running(worker) == open;
      if (!best || (begun == best_begun ? unclaimed(*open) > most : best_begun)) {
        best = open;
        most = unclaimed(*open);
        best_begun = begun;
      }
      break;
    }
  }
  return best;
}

/// All are to come back, one worker's after the other's.
OpenLease* Schedule::State::any_to_recall() {
  for (std::uint32_t i = 0; i < leases_.places(); ++i) {
    const std::uint32_t worker = (recalls_from_ + i) % leases_.places();
    for (OpenLease* open = leases_.unasked(worker); open; open = open->older) {
      if (open->asked || unclaimed(*open) == 0) continue;
      recalls_from_ = worker;
      return open;
    }
  }
  return nullptr;
}

/// A worker without a lease could have such a task at once.
bool Schedule::State::has_taker(Placing placing) {
  for (std::uint32_t worker = 0; worker < places(); ++worker) {
    if (leases_.held(worker) == 0 && may_hold(worker, placing)) return true;
  }
  return false;
}

}  // namespace gantry::schedule
