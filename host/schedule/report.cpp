// What workers report of their leases.
#include <algorithm>
#include <memory>

#include "schedule/state.hpp"

namespace gantry::schedule {

bool Schedule::State::take(OpenLease& open, Range range) {
  if (!open.unreported.covers(range)) return false;
  StepState& state = steps_[host::raw(open.lease.step)];
  open.unreported.remove(range);
  if (open.asked) leases_.reported(open);
  state.leased -= range.count();
  if (open.lease.attempt > 1) state.retries->starts.erase(range.first);
  return true;
}

void Schedule::State::block(OpenLease& open, bool waits) {
  if (open.blocked == waits) return;
  leases_.block(open, waits);
  StepState& state = steps_[host::raw(open.lease.step)];
  state.blocked = waits ? state.blocked + 1 : state.blocked - 1;
  ++changes_;
}

void Schedule::State::close(OpenLease& open) {
  block(open, false);
  leases_.close(open.lease.id);
  ++changes_;
}

Verdict Schedule::State::judge(OpenLease& open, std::uint64_t index, bool wants, bool died) {
  if (!take(open, {index, index + 1})) return Verdict::none;
  const std::uint32_t step = host::raw(open.lease.step);
  StepState& state = steps_[step];
  if (draining_ || !wants || !state.step.idempotent || open.lease.attempt > state.step.retries) {
    settle(step, {index, index + 1}, Cause{open.lease.step, index});
    return Verdict::final;
  }
  if (!state.retries) state.retries = std::make_unique<Retries>();
  state.retries->starts[index] = open.lease.attempt;
  state.retries->waiting.insert(index);
  if (state.bound) send_home(step, {index, index + 1});
  if (died && (shared_process_ || open.alone)) suspects_.emplace(step, index);
  refresh(step);
  return Verdict::retried;
}

/// Each runs again, alone, as the same attempt: it did nothing wrong, as far as is known. Of very many the first ones:
/// should none of these be to blame, the next death makes more of them.
void Schedule::State::suspect(OpenLease& open, std::optional<std::uint64_t> last) {
  constexpr std::uint64_t most = 4096;
  const std::uint64_t first = open.unreported.front().first;
  const std::uint64_t end = last && *last >= first ? std::min(*last - first, most - 1) + 1 + first : first + most;
  open.alone = true;
  for (std::uint64_t index = first; index < end; ++index) give_back(open, {index, index + 1});
  open.alone = false;
}

Verdict Schedule::State::lost(std::uint32_t worker, LeaseId lease, std::optional<std::uint64_t> running, bool timed_out,
                              bool spoilt) {
  Verdict verdict = Verdict::none;
  while (OpenLease* open = leases_.running(worker)) {
    const std::uint32_t step = host::raw(open->lease.step);
    const Step& spec = steps_[step].step;
    if (open->lease.again) {
      const bool guilty = open->lease.id == lease && (spoilt || running == open->lease.first);
      Home* home = homes_.find(root_of(step, open->lease.first));
      // Of tasks that share a process, one may take another along.
      const std::uint32_t most = spec.retries + (shared_process_ || spoilt ? 1 : 0);
      if (guilty && home != nullptr && home->deaths++ >= most)
        not_made_again(*open, Loss::Why::died);
      else
        make_again_later(*open);
      close(*open);
      continue;
    }
    const bool doubtful = spoilt && spec.idempotent && !open->alone && !draining_;
    if (open->lease.id == lease && doubtful && !open->unreported.empty()) {
      suspect(*open, running);
    } else if (open->lease.id == lease && running && open->unreported.covers({*running, *running + 1})) {
      while ((!spec.idempotent || draining_) && open->unreported.front().first < *running) {
        const std::uint64_t index = open->unreported.front().first;
        if (!take(*open, {index, index + 1})) break;
        unrepeatable_.push_back({open->lease.step, index, 1});
        settle(step, {index, index + 1}, Cause{open->lease.step, index});
      }
      verdict = judge(*open, *running, timed_out ? spec.retry_timeout : spec.retry_crash, true);
    }
    give_back(*open, {open->lease.first, open->lease.first + open->lease.count});
    close(*open);
  }
  return verdict;
}

}  // namespace gantry::schedule
