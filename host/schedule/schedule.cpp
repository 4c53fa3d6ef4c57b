#include "schedule/schedule.hpp"

#include <algorithm>
#include <utility>

#include "schedule/state.hpp"

namespace gantry::schedule {

namespace {

/// Cuts the gap at the tasks that had been started and were to start again.
void append_not_run(const StepState& state, StepIndex step, Range gap, std::vector<NotRun>& runs) {
  std::uint64_t from = gap.first;
  if (state.retries) {
    const auto& waiting = state.retries->waiting;
    for (auto at = waiting.lower_bound(gap.first); at != waiting.end() && *at < gap.end; ++at) {
      if (from < *at) runs.push_back({step, from, *at - from, false});
      runs.push_back({step, *at, 1, true});
      from = *at + 1;
    }
  }
  if (from < gap.end) runs.push_back({step, from, gap.end - from, false});
}

}  // namespace

Schedule::Schedule(std::vector<Step> steps, unsigned workers, unsigned spare, bool shared_process)
    : state_(std::make_unique<State>(std::move(steps), workers, spare, shared_process)) {}
Schedule::~Schedule() = default;
Schedule::Schedule(Schedule&&) noexcept = default;
Schedule& Schedule::operator=(Schedule&&) noexcept = default;

std::optional<Lease> Schedule::next(WorkerIndex worker) {
  return state_->next(host::raw(worker));
}

std::optional<Lease> Schedule::wants_recall() {
  return state_->wants_recall();
}

std::vector<StepIndex> Schedule::unsized() {
  if (state_->draining_) return {};
  return std::exchange(state_->unsized_, {});
}

std::vector<Skipped> Schedule::take_skipped() {
  return std::exchange(state_->skipped_, {});
}

std::vector<TaskRun> Schedule::take_unrepeatable() {
  return std::exchange(state_->unrepeatable_, {});
}

std::vector<Forsaken> Schedule::take_forsaken() {
  return std::exchange(state_->forsaken_, {});
}

std::vector<TaskRun> Schedule::take_refused() {
  return std::exchange(state_->refused_, {});
}

bool Schedule::has_decided() const {
  const bool unsized = !state_->unsized_.empty() && !state_->draining_;
  return unsized || !state_->skipped_.empty() || !state_->refused_.empty() || !state_->forsaken_.empty();
}

std::vector<Dropped> Schedule::take_dropped() {
  return std::exchange(state_->dropped_, {});
}

std::uint64_t Schedule::releasable(StepIndex step) const {
  return state_->steps_[host::raw(step)].releasable();
}

bool Schedule::finished() const {
  return state_->ended_ == state_->steps_.size() || (state_->draining_ && state_->leases_.empty());
}

std::vector<NotRun> Schedule::not_run() const {
  std::vector<NotRun> runs;
  for (std::uint32_t step = 0; step < state_->steps_.size(); ++step) {
    const StepState& state = state_->steps_[step];
    if (state.phase == Phase::ended) continue;
    const std::uint64_t tasks = state.sized ? state.tasks : state.step.tasks.value_or(1);
    for (const Range gap : state.ended.gaps({0, tasks})) append_not_run(state, StepIndex{step}, gap, runs);
  }
  return runs;
}

void Schedule::refuse(StepIndex step) {
  if (state_->steps_[host::raw(step)].phase == Phase::sizing) state_->refuse(host::raw(step));
}

void Schedule::sized(StepIndex step, std::uint64_t tasks, const std::vector<signature::Stride>& strides,
                     const std::vector<Share>& shares) {
  StepState& state = state_->steps_[host::raw(step)];
  if (state.phase != Phase::sizing) return;
  for (std::size_t i = 0; i < std::min(strides.size(), state.step.residents.size()); ++i) {
    state.step.residents[i].stride = strides[i];
  }
  state_->screen(host::raw(step), shares);
  state_->open(host::raw(step), tasks);
  state_->follow();
}

void Schedule::unsizable(StepIndex step) {
  StepState& state = state_->steps_[host::raw(step)];
  if (state.phase != Phase::sizing) return;
  state.phase = Phase::decided;
  state.failure = Cause{step, std::nullopt};
  state.failure_index = 0;
  state_->settle(host::raw(step), {0, 1}, state.failure);
  state_->set_size(host::raw(step), 1, true);
  state_->follow();
}

bool Schedule::values(LeaseId lease, std::uint64_t first, std::uint64_t count, std::chrono::nanoseconds busy) {
  OpenLease* open = state_->leases_.find(lease);
  if (open && open->lease.again) {
    if (open->unreported.covers({first, first + count}) && count == 1) {
      open->unreported.clear();
      state_->made_again(*open);
      state_->follow();
    }
    return false;
  }
  if (!open || count > open->lease.count || !state_->take(*open, {first, first + count})) return false;
  if (count == 0) return true;
  const std::uint32_t step = host::raw(open->lease.step);
  state_->measured(state_->steps_[step], count, busy);
  const bool resides = state_->steps_[step].step.residence != signature::Residence::nowhere;
  if (resides) state_->made(step, {first, first + count}, host::raw(open->lease.worker));
  state_->settle(step, {first, first + count}, std::nullopt);
  state_->follow();
  for (std::uint64_t index = first; resides && index < first + count; ++index) state_->try_drop({step, index});
  return true;
}

Verdict Schedule::failed(LeaseId lease, std::uint64_t index, std::chrono::nanoseconds busy, bool timed_out) {
  OpenLease* open = state_->leases_.find(lease);
  if (!open) return Verdict::none;
  if (open->lease.again) {
    state_->not_made_again(*open, Loss::Why::failed);
    open->unreported.clear();
    state_->follow();
    return Verdict::none;
  }
  StepState& state = state_->steps_[host::raw(open->lease.step)];
  const Verdict verdict =
      state_->judge(*open, index, timed_out ? state.step.retry_timeout : state.step.retry_error, false);
  if (verdict != Verdict::none) state_->measured(state, 1, busy);
  state_->follow();
  return verdict;
}

bool Schedule::refused(LeaseId lease, std::uint64_t index) {
  OpenLease* open = state_->leases_.find(lease);
  if (open && open->lease.again) return failed(lease, index, {}) != Verdict::none;
  if (!open || !state_->take(*open, {index, index + 1})) return false;
  state_->settle(host::raw(open->lease.step), {index, index + 1}, Cause{open->lease.step, index});
  state_->follow();
  return true;
}

void Schedule::closed(LeaseId lease) {
  OpenLease* open = state_->leases_.find(lease);
  if (!open) return;
  if (!open->unreported.empty()) {
    state_->give_back(*open, {open->lease.first, open->lease.first + open->lease.count});
  }
  state_->close(*open);
}

void Schedule::recalled(LeaseId lease, std::uint64_t end) {
  OpenLease* open = state_->leases_.find(lease);
  if (!open) return;
  const std::uint64_t old_end = open->lease.first + open->lease.count;
  end = std::clamp(end, open->lease.first, old_end);
  state_->give_back(*open, {end, old_end});
  open->lease.count = end - open->lease.first;
  const StepState& state = state_->steps_[host::raw(open->lease.step)];
  state_->leases_.expect(*open, std::min(open->expected_ns, state_->pace(state).expected_ns(open->lease.count)));
}

Verdict Schedule::lost(WorkerIndex worker, LeaseId lease, std::optional<std::uint64_t> running, bool timed_out,
                       bool died, bool spoilt) {
  if (host::raw(worker) >= state_->leases_.places()) return Verdict::none;
  const Verdict verdict = state_->lost(host::raw(worker), lease, running, timed_out, spoilt);
  if (died) state_->move_out(host::raw(worker));
  state_->follow();
  return verdict;
}

void Schedule::present(WorkerIndex worker, bool is) {
  if (host::raw(worker) < state_->present_.size()) state_->present_[host::raw(worker)] = is;
}

void Schedule::blocked(LeaseId lease, bool is) {
  OpenLease* open = state_->leases_.find(lease);
  if (open) state_->block(*open, is);
}

void Schedule::consumed(StepIndex step, std::uint64_t index) {
  StepState& state = state_->steps_[host::raw(step)];
  if (!state.step.consumed || index <= state.consumed) return;
  state.holding.advance(state.consumed, index);
  state.consumed = index;
  state_->admit_more(host::raw(step));
  state_->refresh(host::raw(step));
  ++state_->changes_;
  if (state.screening) state_->follow();
}

void Schedule::drain() {
  state_->draining_ = true;
  ++state_->changes_;
}

std::optional<std::uint64_t> Schedule::tasks(StepIndex step) const {
  const StepState& state = state_->steps_[host::raw(step)];
  return state.sized ? std::optional(state.tasks) : state.step.tasks;
}

std::uint64_t Schedule::ended(StepIndex step) const {
  return state_->steps_[host::raw(step)].ended.count();
}

std::uint64_t Schedule::leased(StepIndex step) const {
  return state_->steps_[host::raw(step)].leased;
}

std::vector<Standing> Schedule::standing() const {
  return state_->standing();
}

std::optional<LeaseId> Schedule::holds_up(StepIndex step) const {
  const OpenLease* const open = state_->holds_up(host::raw(step));
  return open == nullptr ? std::nullopt : std::optional(open->lease.id);
}

std::uint64_t Schedule::changes() const {
  return state_->changes_;
}

std::vector<LeaseId> Schedule::leases(WorkerIndex worker) const {
  std::vector<LeaseId> all;
  if (host::raw(worker) >= state_->leases_.places()) return all;
  for (const OpenLease* open = state_->leases_.running(host::raw(worker)); open; open = open->newer) {
    all.push_back(open->lease.id);
  }
  return all;
}

std::uint64_t Schedule::pinned_in(WorkerIndex worker) const {
  std::uint64_t count = 0;
  for (const auto& [root, home] : state_->homes_.all()) {
    for (const auto& [value, maker] : home.values) count += maker == host::raw(worker) && !home.lost.contains(value);
  }
  return count;
}

unsigned Schedule::blocked() const {
  return state_->leases_.blocked();
}

unsigned Schedule::places() const {
  return state_->places();
}

const Lease* Schedule::find(LeaseId lease) const {
  const OpenLease* open = std::as_const(state_->leases_).find(lease);
  return open ? &open->lease : nullptr;
}

std::uint32_t Schedule::attempt(StepIndex step, std::uint64_t index) const {
  const StepState& state = state_->steps_[host::raw(step)];
  const std::uint32_t starts = state.starts(index);
  if (starts == 0) return 1;
  return state.retries->waiting.contains(index) ? starts : starts + 1;
}

}  // namespace gantry::schedule
