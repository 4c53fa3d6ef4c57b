// What may be leased, to whom, and what is taken back.
#include <algorithm>

#include "schedule/state.hpp"

namespace gantry::schedule {

std::optional<Lease> Schedule::State::next(std::uint32_t worker) {
  if (draining_ || worker >= leases_.workers() || leases_.held(worker) == Leases::kMost) return std::nullopt;
  const auto step = ready_.highest();
  if (!step) return std::nullopt;
  StepState& state = steps_[*step];
  if (const OpenLease* first = leases_.running(worker)) {
    const bool brief = state.chunk.brief() && steps_[host::raw(first->lease.step)].chunk.brief();
    if (leases_.idle() > 0 || !brief || state.retry_waits()) return std::nullopt;
  }

  Lease lease{LeaseId{++last_lease_}, WorkerIndex{worker}, StepIndex{*step}, 0, 1, 1};
  if (state.retry_waits()) {
    lease.first = *state.retries->waiting.begin();
    lease.attempt = state.starts(lease.first) + 1;
    state.retries->waiting.erase(state.retries->waiting.begin());
  } else {
    const std::uint64_t remaining = state.tasks - state.ended.count() - state.leased;
    const std::uint64_t window = state.kept ? kNoEnd : state.step.window;
    const std::uint64_t most = state.chunk.next(remaining, window, leases_.workers());
    const Range range = state.ready.pop(std::min(most, state.limit() - state.ready.front().first));
    lease.first = range.first;
    lease.count = range.count();
  }
  state.leased += lease.count;
  leases_.open(lease);
  refresh(*step);
  return lease;
}

std::optional<Lease> Schedule::State::wants_recall() {
  if (!draining_ && (leases_.idle() == 0 || !ready_.empty())) return std::nullopt;
  OpenLease* best = nullptr;
  std::uint64_t most = 0;
  bool best_begun = true;
  for (OpenLease* open : leases_.all()) {
    if (open->asked) continue;
    // Of the lease that a worker runs, one unreported task is claimed at least.
    const bool begun = leases_.running(host::raw(open->lease.worker)) == open;
    const std::uint64_t unclaimed = open->unreported.count() - (begun && !open->unreported.empty() ? 1 : 0);
    if (unclaimed == 0) continue;
    if (best && (begun == best_begun ? unclaimed <= most : begun)) continue;
    best = open;
    most = unclaimed;
    best_begun = begun;
  }
  if (!best) return std::nullopt;
  best->asked = true;
  return best->lease;
}

void Schedule::State::give_back(OpenLease& open, Range range) {
  const std::uint32_t step = host::raw(open.lease.step);
  StepState& state = steps_[step];
  const auto unreported = open.unreported.ranges();
  for (const Range part : std::vector<Range>(unreported.begin(), unreported.end())) {
    const Range back = common(part, range);
    if (back.empty()) continue;
    open.unreported.remove(back);
    state.leased -= back.count();
    if (open.lease.attempt > 1)
      state.retries->waiting.insert(back.first);
    else
      state.ready.add(back);
  }
  refresh(step);
}

}  // namespace gantry::schedule
