// Where tasks run that use pinned values: each at its home. Who makes values again that were lost.
#include <algorithm>

#include "schedule/state.hpp"

namespace gantry::schedule {
namespace {

/// As in dispatch.cpp: what a worker may have waiting besides two leases, in ns.
constexpr std::uint64_t kAhead = 500'000;

}  // namespace

const ResidentUse& Schedule::State::pinned_use(std::uint32_t step) const {
  const auto& uses = steps_[step].step.residents;
  return *std::ranges::find_if(uses, [&](const ResidentUse& use) { return steps_[host::raw(use.producer)].pins(); });
}

std::uint32_t Schedule::State::pinned_producer(std::uint32_t step) const {
  return host::raw(pinned_use(step).producer);
}

Resident Schedule::State::root_of(std::uint32_t step, std::uint64_t index) const {
  while (steps_[step].bound) {
    const ResidentUse& pinned = pinned_use(step);
    index = pinned.stride->at(index);
    step = host::raw(pinned.producer);
  }
  return {step, index};
}

void Schedule::State::send_home(std::uint32_t step, Range tasks) {
  const signature::Stride& stride = *pinned_use(step).stride;
  while (!tasks.empty()) {
    Range same = tasks;  // that use the same value
    if (stride.modulo > 1) same.end = std::min(tasks.end, (tasks.first / stride.divide + 1) * stride.divide);
    tasks.first = same.end;
    const Resident root = root_of(step, same.first);
    const Home* home = homes_.find(root);
    if (home == nullptr || home->loss) {
      forsake(step, same, home == nullptr ? Loss{Loss::Why::failed, root} : *home->loss);
    } else {
      homes_.add(root, step, same);
    }
  }
}

std::optional<Lease> Schedule::State::next_again(std::uint32_t worker, bool& waits) {
  for (const Resident root : broken_) {
    Home& home = *homes_.find(root);
    if (home.making) continue;
    const auto is_ready = [&](Resident value) {
      return std::ranges::none_of(steps_[value.step].step.residents, [&](const ResidentUse& use) {
        return home.lost.contains({host::raw(use.producer), use.stride->at(value.index)});
      });
    };
    const auto found = std::ranges::find_if(home.lost, is_ready);
    if (found == home.lost.end()) continue;
    const Resident value = *found;
    if (!home.worker) {
      const Placing placing = steps_[value.step].placing;
      if (!may_pin(worker, placing)) {
        // Who always has something to do would never be idle enough.
        waits = waits || (leases_.held(worker) > 0 && !can_pin(placing));
        continue;
      }
    } else if (!home.anywhere && *home.worker != worker) {
      continue;
    }
    home.making = true;
    Lease lease{LeaseId{}, WorkerIndex{worker}, StepIndex{value.step}, value.index, 1, 2 + home.deaths, true};
    OpenLease& open = leases_.open(lease, pace(steps_[value.step]).expected_ns(1));
    open.tied = true;
    return open.lease;
  }
  return std::nullopt;
}

std::optional<Homes::Offer> Schedule::State::best_offer(std::uint32_t worker) {
  const auto best_of = [&](const std::set<Homes::Offer>& offers, bool bound) {
    return std::ranges::find_if(offers, [&](const Homes::Offer& offer) {
      const StepState& state = steps_[offer.step];
      if (!bound && !may_take(worker, state.placing)) return false;
      return homes_.find(offer.root)->ready.at(offer.step).front().first < state.limit();
    });
  };
  const auto here = best_of(homes_.offers(worker), true);
  const auto anywhere = best_of(homes_.offers_anywhere(), false);
  const bool has_here = here != homes_.offers(worker).end();
  const bool has_anywhere = anywhere != homes_.offers_anywhere().end();
  if (has_here && (!has_anywhere || *here < *anywhere)) return *here;
  if (has_anywhere) return *anywhere;
  return std::nullopt;
}

/// As may_have_another, but nobody else could take what waits here.
bool Schedule::State::may_have_bound(std::uint32_t worker, const StepState& state, std::uint64_t size) {
  const OpenLease* const first = leases_.running(worker);
  if (!first) return leases_.idle() > 0;
  if (state.step.alone || steps_[host::raw(leases_.newest(worker)->lease.step)].step.alone) return false;
  if (!pace(state).brief() || !pace(steps_[host::raw(first->lease.step)]).brief()) return false;
  return leases_.held(worker) == 1 || leases_.expected_ns(worker) + pace(state).expected_ns(size) <= kAhead;
}

std::optional<Lease> Schedule::State::next_bound(std::uint32_t worker, const Homes::Offer& offer) {
  StepState& state = steps_[offer.step];
  Home& home = *homes_.find(offer.root);
  const IntervalSet& ready = home.ready.at(offer.step);
  const Range front = ready.front();
  Lease lease{LeaseId{}, WorkerIndex{worker}, StepIndex{offer.step}, front.first, 1, 1, false};
  if (const std::uint32_t starts = state.starts(front.first); starts > 0) {
    if (leases_.held(worker) > 0) return std::nullopt;
    lease.attempt = starts + 1;
    state.retries->waiting.erase(front.first);
  } else {
    const std::uint64_t window = state.kept ? kNoEnd : state.step.window;
    const unsigned workers = home.anywhere ? leases_.workers() : 1;
    lease.count =
        std::min(state.chunk.next(ready.count(), window, workers), std::min(front.end, state.limit()) - front.first);
    if (state.retries) {  // those are leased alone
      const auto next = state.retries->waiting.lower_bound(front.first);
      if (next != state.retries->waiting.end()) lease.count = std::min(lease.count, *next - front.first);
    }
  }
  if (!may_have_bound(worker, state, lease.count)) return std::nullopt;
  home.changed = home.changed || std::ranges::any_of(state.step.residents, &ResidentUse::changes);
  const bool anywhere = home.anywhere;
  homes_.remove(offer.root, offer.step, {lease.first, lease.first + lease.count});
  state.leased += lease.count;
  OpenLease& open = leases_.open(lease, pace(state).expected_ns(lease.count));
  open.tied = !anywhere;
  return open.lease;
}

bool Schedule::State::may_run(std::uint32_t worker, std::uint32_t step, std::uint64_t index) {
  const StepState& state = steps_[step];
  if (!state.bound) return may_take(worker, state.placing);
  const Home* home = homes_.find(root_of(step, index));
  if (home == nullptr || !home->is_whole()) return false;
  return home->anywhere ? may_take(worker, state.placing) : *home->worker == worker;
}

}  // namespace gantry::schedule
