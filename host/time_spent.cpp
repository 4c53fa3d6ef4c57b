#include "time_spent.hpp"

#include <algorithm>

namespace gantry::host {

namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

TimeSpent::TimeSpent(std::size_t steps, unsigned workers)
    : now_(Clock::now()), places_(workers), held_up_(steps, false) {
  for (Place& place : places_) place.since = now_;
}

void TimeSpent::enter(Doing doing) {
  if (doing == doing_) return;
  const Time now = Clock::now();
  const auto took = now - now_;
  switch (doing_) {
    case Doing::encode:
      spent_.host.encode += took;
      break;
    case Doing::decode:
      spent_.host.decode += took;
      break;
    case Doing::wait:
      account_wait(took);
      break;
  }
  slept_.reset();
  now_ = now;
  doing_ = doing;
}

void TimeSpent::slept(std::chrono::nanoseconds nothing_to_do) {
  slept_ = nothing_to_do;
}

void TimeSpent::account_wait(std::chrono::nanoseconds took) {
  const auto worked = took - std::min(slept_.value_or(took), took);
  spent_.host.decode += worked;
  (steps_held_up_ > 0 ? spent_.host.order_wait : spent_.host.wait) += took - worked;
}

void TimeSpent::account(Place& place) {
  const auto took = now_ - place.since;
  place.since = now_;
  if (place.leases == 0) {
    spent_.workers.idle += took;
  } else if (place.ready) {
    leased_ += took;
  } else {
    spent_.workers.start += took;
  }
}

void TimeSpent::leased(WorkerIndex worker) {
  Place& place = places_[raw(worker)];
  if (place.leases == 0) account(place);
  ++place.leases;
}

void TimeSpent::happened(const schedule::Event& event, const schedule::Schedule& schedule) {
  if (const auto* values = std::get_if<schedule::event::Values>(&event)) {
    spent_.workers.compute += values->busy;
  } else if (const auto* failed = std::get_if<schedule::event::Failed>(&event)) {
    spent_.workers.compute += failed->busy;
  } else if (const auto* closed = std::get_if<schedule::event::Closed>(&event)) {
    const schedule::Lease* lease = schedule.find(closed->lease);
    if (lease == nullptr) return;
    Place& place = places_[raw(lease->worker)];
    if (place.leases == 0) return;
    if (place.leases == 1) account(place);
    --place.leases;
  } else if (const auto* lost = std::get_if<schedule::event::Lost>(&event)) {
    Place& place = places_[raw(lost->worker)];
    account(place);
    place.leases = 0;
    place.ready = false;
  } else if (const auto* ready = std::get_if<schedule::event::Ready>(&event)) {
    Place& place = places_[raw(ready->worker)];
    account(place);
    place.ready = true;
  }
}

void TimeSpent::held_up(StepIndex step, bool is) {
  if (held_up_[raw(step)] == is) return;
  held_up_[raw(step)] = is;
  if (is) {
    ++steps_held_up_;
  } else {
    --steps_held_up_;
  }
}

report::Spent TimeSpent::finish() {
  enter(doing_ == Doing::wait ? Doing::decode : Doing::wait);  // accounts what went on until now
  for (Place& place : places_) account(place);
  // A worker's clock and the host's see a lease begin and end at slightly different moments.
  spent_.workers.compute = std::min(spent_.workers.compute, leased_);
  spent_.workers.queue = leased_ - spent_.workers.compute;
  return spent_;
}

}  // namespace gantry::host
