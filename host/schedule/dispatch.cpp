// What may be leased, to whom, and what is taken back.
#include <algorithm>
#include <numeric>
#include <utility>

#include "schedule/state.hpp"

namespace gantry::schedule {
namespace {

/// Work that a worker may have waiting besides two leases, in ns: a wake-up (up to 40 µs) is small beside it, and an
/// idle worker that takes it back is not idle for long.
constexpr std::uint64_t kAhead = 500'000;

}  // namespace

std::optional<Lease> Schedule::State::next(std::uint32_t worker) {
  if (draining_ || worker >= leases_.places() || leases_.held(worker) >= Leases::kMost) return std::nullopt;
  if (leases_.held(worker) == 0 && leases_.idle() == 0) return std::nullopt;
  // One that waits for others must not keep them from running.
  const OpenLease* const alone = shared_process_ ? leases_.find(alone_) : leases_.running(worker);
  if (alone && alone->alone && !alone->blocked) return std::nullopt;
  auto lease = choose(worker);
  if (!lease) return lease;
  in_use_ = std::max(in_use_, worker + 1);
  ++changes_;
  return lease;
}

std::optional<Lease> Schedule::State::choose(std::uint32_t worker) {
  bool waits = false;
  if (auto again = next_again(worker, waits); again || waits) return again;
  if (!suspects_.empty()) return next_suspect(worker);
  const auto step = latest_ready(worker);
  const auto bound = best_offer(worker);
  if (!bound) return step ? next_free(worker, *step) : std::nullopt;
  if (step && *step > bound->step) {
    if (steps_[*step].pins_anew() && leases_.held(worker) > 0) return std::nullopt;  // it is to be idle for that
    if (auto lease = next_free(worker, *step)) return lease;
    return next_bound(worker, *bound);
  }
  if (auto lease = next_bound(worker, *bound)) return lease;
  if (steps_[bound->step].step.alone && leases_.held(worker) > 0) return std::nullopt;  // it is to be idle for that
  return step ? next_free(worker, *step) : std::nullopt;
}

/// Of a step whose tasks may run anywhere.
std::optional<Lease> Schedule::State::next_free(std::uint32_t worker, std::uint32_t step) {
  StepState& state = steps_[step];
  if (state.pins_anew() ? !may_pin(worker, state.placing) : !may_have_another(worker, state)) return std::nullopt;

  Lease lease{LeaseId{}, WorkerIndex{worker}, StepIndex{step}, 0, 1, 1, false};
  if (state.retry_waits()) {
    lease.first = *state.retries->waiting.begin();
    lease.attempt = state.starts(lease.first) + 1;
    state.retries->waiting.erase(state.retries->waiting.begin());
  } else {
    const Range range = state.ready.pop(std::min(wanted(state), state.limit() - state.ready.front().first));
    lease.first = range.first;
    lease.count = range.count();
  }
  state.leased += lease.count;
  const OpenLease& open = leases_.open(lease, pace(state).expected_ns(lease.count));
  refresh(step);
  return open.lease;
}

/// A suspect, once no lease is open in the process but of tasks that wait. Its step has work: the task has started
/// before, so it is below the step's limit.
std::optional<Lease> Schedule::State::next_suspect(std::uint32_t worker) {
  if (shared_process_ && leases_.busy() > leases_.blocked()) return std::nullopt;
  if (leases_.held(worker) > 0 || leases_.idle() == 0) return std::nullopt;
  const auto found = std::ranges::find_if(
      suspects_, [&](const auto& suspect) { return may_run(worker, suspect.first, suspect.second); });
  if (found == suspects_.end()) return std::nullopt;  // their values are to be made again first
  const auto [step, index] = *found;
  suspects_.erase(found);
  StepState& state = steps_[step];
  state.retries->waiting.erase(index);
  if (state.bound) homes_.remove(root_of(step, index), step, {index, index + 1});
  ++state.leased;
  const Lease lease{LeaseId{}, WorkerIndex{worker}, StepIndex{step}, index, 1, state.starts(index) + 1, false};
  OpenLease& open = leases_.open(lease, pace(state).expected_ns(1));
  open.alone = true;
  alone_ = open.lease.id;
  refresh(step);
  return open.lease;
}

std::optional<std::uint32_t> Schedule::State::latest_ready(std::uint32_t worker) {
  std::optional<std::uint32_t> latest;
  const bool may_all = !makes_homes_ && leases_.places() == leases_.workers();
  for (std::size_t at = 0; at < placings; ++at) {
    if (ready_[at].empty()) continue;
    if (!may_all && !may_take(worker, static_cast<Placing>(at))) continue;
    const auto step = latest_of(ready_[at]);
    const auto rank = [&](std::uint32_t one) { return std::pair(steps_[one].blocked == 0, one); };
    if (!latest || rank(*step) > rank(*latest)) latest = step;
  }
  return latest;
}

/// Where tasks of a step wait for others, the others are to come first: more of its own would wait with them.
std::optional<std::uint32_t> Schedule::State::latest_of(StepSet& ready) {
  const auto latest = ready.highest();
  if (leases_.blocked() == 0 || !latest || steps_[*latest].blocked == 0) return latest;
  std::vector<std::uint32_t> passed;
  auto step = latest;
  for (; step && steps_[*step].blocked > 0; step = ready.highest()) {
    ready.assign(*step, false);
    passed.push_back(*step);
  }
  for (const std::uint32_t one : passed) ready.assign(one, true);
  return step ? step : latest;
}

/// Tasks for the next lease of a step that has work.
std::uint64_t Schedule::State::wanted(const StepState& state) const {
  const std::uint64_t remaining = state.tasks - state.ended.count() - state.leased;
  const std::uint64_t window = state.kept ? kNoEnd : state.step.window;
  return state.chunk.next(remaining, window, leases_.workers());
}

/// One is for any worker. A second, prefetched one only where tasks are short and nobody is idle. More than two only
/// as long as all that the worker has is a moment's work, and as much is left for each of the others.
bool Schedule::State::may_have_another(std::uint32_t worker, const StepState& state) {
  const OpenLease* const first = leases_.running(worker);
  if (!first) return leases_.idle() > 0;
  if (state.step.alone || steps_[host::raw(leases_.newest(worker)->lease.step)].step.alone) return false;
  const bool brief = pace(state).brief() && pace(steps_[host::raw(first->lease.step)]).brief();
  if (leases_.idle() > 0 || !brief || state.retry_waits()) return false;
  if (leases_.held(worker) == 1) return true;
  const std::uint64_t size = wanted(state);
  if (leases_.expected_ns(worker) + pace(state).expected_ns(size) > kAhead) return false;
  if (state.ready.count() / leases_.workers() >= size) return true;
  const auto add = [](std::size_t sum, const StepSet& set) { return sum + set.size(); };
  return std::accumulate(ready_.begin(), ready_.end(), std::size_t{0}, add) > leases_.workers();
}

void Schedule::State::measured(StepState& state, std::uint64_t tasks, std::chrono::nanoseconds busy) {
  state.chunk.measured(tasks, busy);
  if (state.step.kin) kin_[*state.step.kin].measured(tasks, busy);
}

void Schedule::State::give_back(OpenLease& open, Range range) {
  ++changes_;
  if (open.lease.again) return make_again_later(open);
  const std::uint32_t step = host::raw(open.lease.step);
  StepState& state = steps_[step];
  const auto unreported = open.unreported.ranges();
  for (const Range part : std::vector<Range>(unreported.begin(), unreported.end())) {
    const Range back = common(part, range);
    if (back.empty()) continue;
    open.unreported.remove(back);
    state.leased -= back.count();
    const bool apart = open.lease.attempt > 1 || open.alone;
    if (apart && !state.retries) state.retries = std::make_unique<Retries>();
    if (apart) state.retries->waiting.insert(back.first);
    if (state.bound)
      send_home(step, back);
    else if (!apart)
      state.ready.add(back);
    if (open.alone) suspects_.emplace(step, back.first);
  }
  refresh(step);
}

}  // namespace gantry::schedule
