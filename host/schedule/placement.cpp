// Which worker a task may have that is not bound to one. Pinned values are kept from what would make outcomes depend on
// how many workers there are. Tasks that use one wait while another waits in a queue in their worker; and who crashes
// there takes along what cannot be made again. So, as long as there are places for it:
// - a task that may wait has a worker without pinned values, or that of the one home that it uses;
// - a task that uses and makes no pinned value has a worker without values that cannot be made again;
// - homes with tasks that may wait have a worker each; all others share as many as may work at a time.
// More workers hold leases for that than may work at a time, but no more work.
#include <algorithm>

#include "schedule/state.hpp"

namespace gantry::schedule {

Placing Schedule::State::placing_of(const StepState& state) const {
  if (!state.pins_anew()) return state.step.waits ? Placing::waits : Placing::plain;
  return state.step.waits || state.isolation.from_waits ? Placing::makes_apart : Placing::makes;
}

void Schedule::State::isolate() {
  std::vector<std::uint32_t> roots(steps_.size());
  std::vector<bool> known(steps_.size(), false);
  std::vector<std::uint32_t> chain;
  for (std::uint32_t step = 0; step < steps_.size(); ++step) {
    std::uint32_t at = step;
    for (; !known[at] && steps_[at].bound; at = pinned_producer(at)) chain.push_back(at);
    const std::uint32_t root = known[at] ? roots[at] : at;
    for (chain.push_back(at); !chain.empty(); chain.pop_back()) {
      known[chain.back()] = true;
      roots[chain.back()] = root;
    }
    const StepState& state = steps_[step];
    Isolation& isolation = steps_[root].isolation;
    const bool changes = std::ranges::any_of(state.step.residents, &ResidentUse::changes);
    // Of workers that share a process, a crash takes all along, wherever it was.
    const bool fragile = changes || (state.pins() && !state.is_repeatable());
    isolation.from_crashes = isolation.from_crashes || (fragile && !shared_process_);
    isolation.from_waits = isolation.from_waits || (state.bound && state.step.waits);
  }
  for (StepState& state : steps_) {
    state.placing = placing_of(state);
    makes_homes_ = makes_homes_ || state.pins_anew();
  }
}

void Schedule::State::refresh(std::uint32_t step) {
  const StepState& state = steps_[step];
  ready_[static_cast<std::size_t>(state.placing)].assign(step, state.has_work());
}

bool Schedule::State::has_ready() const {
  return std::ranges::any_of(ready_, [](const StepSet& set) { return !set.empty(); });
}

/// What is in a place, or is being made there: who makes a home begins when nothing else is there.
Schedule::State::Holding Schedule::State::holding(std::uint32_t worker) const {
  Holding holding{homes_.load(worker) > 0, homes_.isolation(worker)};
  const OpenLease* const first = leases_.running(worker);
  if (first == nullptr) return holding;
  const StepState& state = steps_[host::raw(first->lease.step)];
  if (!state.pins_anew()) return holding;
  holding.any = true;
  holding.isolation.from_crashes = holding.isolation.from_crashes || state.isolation.from_crashes;
  holding.isolation.from_waits = holding.isolation.from_waits || state.isolation.from_waits;
  return holding;
}

bool Schedule::State::may_hold(std::uint32_t worker, Placing placing) const {
  if (!makes_homes_ || leases_.places() == leases_.workers()) return true;  // no place is to spare
  const Holding holding = this->holding(worker);
  return !holding.isolation.from_crashes && !(placing == Placing::waits && holding.any);
}

std::uint32_t Schedule::State::places_in_use() {
  const auto is_used = [&](std::uint32_t place) { return leases_.held(place) > 0 || homes_.load(place) > 0; };
  while (in_use_ > 0 && !is_used(in_use_ - 1)) --in_use_;
  return in_use_;
}

std::uint32_t Schedule::State::places() {
  const std::uint32_t first = leases_.workers();  // the driver starts these before it starts others
  return std::min<std::uint32_t>(leases_.places(), std::max(first, places_in_use() + 1));
}

/// The lowest place that has no lease and may have this one. Those above are not started before.
bool Schedule::State::is_next_place(std::uint32_t worker, Placing placing) const {
  if (worker < leases_.workers()) return may_hold(worker, placing);
  for (std::uint32_t place = 0; place < worker; ++place) {
    if (leases_.held(place) == 0 && may_hold(place, placing)) return false;
  }
  return may_hold(worker, placing);
}

Schedule::State::Census Schedule::State::census() {
  Census census;
  for (std::uint32_t place = 0; place < places_in_use(); ++place) {
    const Holding holding = this->holding(place);
    if (!holding.any) continue;
    ++census.homes;
    if (!holding.isolation.from_waits && !leases_.waits(place)) ++census.shared;
  }
  return census;
}

/// A new home may be made there, once nothing else is.
bool Schedule::State::may_settle(std::uint32_t worker, Placing placing, const Census& census) const {
  // Some places are left to tasks that may not be where homes are.
  const unsigned most = std::max(leases_.workers(), leases_.places() - leases_.workers());
  const bool full = census.homes >= most;
  const bool apart = placing == Placing::makes_apart;
  const Holding holding = this->holding(worker);
  if (!holding.any) return !full && (apart || census.shared < leases_.workers());
  return full || (!apart && !holding.isolation.from_waits);
}

bool Schedule::State::may_pin(std::uint32_t worker, Placing placing) {
  if (leases_.held(worker) > 0 || leases_.idle() == 0) return false;
  const Census census = this->census();
  if (!may_settle(worker, placing, census)) return false;
  for (std::uint32_t other = 0; other < places(); ++other) {
    const bool better = is_idle(other) && homes_.load(other) < homes_.load(worker);
    if (better && may_settle(other, placing, census)) return false;
  }
  return true;
}

bool Schedule::State::can_pin(Placing placing) {
  if (leases_.idle() == 0) return false;
  const Census census = this->census();
  for (std::uint32_t place = 0; place < places(); ++place) {
    if (is_idle(place) && may_settle(place, placing, census)) return true;
  }
  return false;
}

bool Schedule::State::is_idle(std::uint32_t worker) const {
  return present_[worker] && leases_.held(worker) == 0;
}

bool Schedule::State::may_take(std::uint32_t worker, Placing placing) {
  const bool makes = placing == Placing::makes || placing == Placing::makes_apart;
  if (leases_.held(worker) > 0) return makes || may_hold(worker, placing);  // a maker waits until it has none
  return makes ? may_pin(worker, placing) : is_next_place(worker, placing);
}

bool Schedule::State::has_place(Placing placing) {
  const bool makes = placing == Placing::makes || placing == Placing::makes_apart;
  const Census census = makes ? this->census() : Census{};
  for (std::uint32_t place = 0; place < places(); ++place) {
    if (leases_.waits(place)) continue;
    if (makes ? may_settle(place, placing, census) : may_hold(place, placing)) return true;
  }
  return false;
}

}  // namespace gantry::schedule
