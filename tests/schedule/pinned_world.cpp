#include "schedule/pinned_world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace gantry::test {

using host::raw;
using host::WorkerIndex;
using schedule::Lease;
using schedule::Verdict;
using signature::Residence;
using signature::Resident;

namespace {

std::vector<schedule::Holder> holders_of(const std::vector<schedule::Step>& steps,
                                         const std::vector<PinnedWorld::Role>& roles) {
  using What = PinnedWorld::Role::What;
  std::vector<schedule::Holder> all(steps.size());
  for (std::size_t step = 0; step < steps.size(); ++step) {
    for (const auto& edge : steps[step].edges) {
      (edge.kind == schedule::Edge::Kind::stream ? all[step].streams : all[step].whole).push_back(edge.producer);
    }
    if (roles[step].what == What::puts || roles[step].what == What::drains) all[step].queues = {roles[step].queue};
  }
  return all;
}

}  // namespace

PinnedWorld::PinnedWorld(std::vector<schedule::Step> steps, Behaviour behaviour, std::vector<Role> roles)
    : steps_(steps),
      roles_(roles.empty() ? std::vector<Role>(steps.size()) : std::move(roles)),
      search_(holders_of(steps_, roles_)),
      behaviour_(behaviour),
      random_(behaviour.seed),
      schedule_(std::move(steps), behaviour.workers, behaviour.spare, behaviour.shared),
      held_(behaviour.workers + behaviour.spare) {}

void PinnedWorld::broken(const std::string& law) {
  if (broken_.empty()) broken_ = law;
}

void PinnedWorld::record(Task task, Kind kind) {
  if (!outcomes.emplace(task, kind).second)
    broken(fmt::format("task {}[{}] has two outcomes", task.first, task.second));
}

std::string PinnedWorld::run() {
  unsigned quiet = 0;
  while (broken_.empty() && !schedule_.finished()) {
    bool moved = take();
    const unsigned places = schedule_.places();
    const unsigned worker = draw(places);
    if (!away_.empty() && draw(20) == 0) {
      schedule_.present(WorkerIndex{*away_.begin()}, true);
      away_.erase(away_.begin());
    }
    moved |= draw(2) == 0 && !away_.contains(worker) && dispatch(worker);
    moved |= advance(draw(places));
    if (draw(1000) < behaviour_.deaths) kill(worker);
    moved |= draw(places) == 0 && resolve();
    quiet = moved ? 0 : quiet + 1;
    if (quiet == 2000) broken("nothing moves any more");
  }
  while (take()) continue;
  for (const auto& [value, worker] : std::map(living_)) {
    // While a value is made again when the last task ends, all that was made with it dies with its worker.
    if (!held_[worker].empty() && held_[worker].front().lease.again) continue;
    while (!held_[worker].empty()) pop(worker);
    if (living_.contains(value) && !gone_.contains(value))
      broken(fmt::format("{}[{}] is never dropped", value.step, value.index));
  }
  return broken_;
}

bool PinnedWorld::take() {
  bool any = false;
  for (const auto& skipped : schedule_.take_skipped()) {
    any = true;
    for (std::uint64_t i = 0; i < skipped.count; ++i) record({raw(skipped.step), skipped.first + i}, Kind::skipped);
  }
  for (const auto& forsaken : schedule_.take_forsaken()) {
    any = true;
    record({raw(forsaken.step), forsaken.index}, Kind::lost);
  }
  for (const auto& dropped_value : schedule_.take_dropped()) {
    any = true;
    ++dropped;
    // A worker drops it when it has done all that it was sent before.
    const bool later = steps_[dropped_value.value.step].residence == Residence::worker;
    if (later && !held_[raw(*dropped_value.worker)].empty()) {
      held_[raw(*dropped_value.worker)].back().drops.push_back(dropped_value);
    } else {
      drop(dropped_value);
    }
  }
  return any;
}

void PinnedWorld::drop(const schedule::Dropped& one) {
  const auto found = living_.find(one.value);
  if (found == living_.end()) {
    if (!died_.contains(one.value)) broken("a value is dropped that is not there");
    return;
  }
  const bool at_host = steps_[one.value.step].residence == Residence::host;
  if (at_host == one.worker.has_value()) broken("a value is dropped in the wrong place");
  if (!at_host && raw(*one.worker) != found->second) broken("a value is dropped by the wrong worker");
  gone_.insert(one.value);
  living_.erase(found);
  // Nothing that was made from it may be left.
  for (const auto& [value, worker] : living_) {
    for (const auto& use : steps_[value.step].residents) {
      const bool needs = raw(use.producer) == one.value.step && use.stride->at(value.index) == one.value.index;
      if (needs && steps_[value.step].residence != Residence::host) broken("a value outlives what it was made from");
    }
  }
}

/// The worker has done its first lease.
void PinnedWorld::pop(unsigned worker) {
  const auto drops = std::move(held_[worker].front().drops);
  held_[worker].pop_front();
  for (const auto& one : drops) drop(one);
}

bool PinnedWorld::dispatch(unsigned worker) {
  const auto lease = schedule_.next(WorkerIndex{worker});
  if (!lease) return false;
  if (steps_[raw(lease->step)].residence != Residence::nowhere && lease->count != 1) broken("values made by the dozen");
  check_company(worker, *lease);
  unsigned at_work = 0;
  for (const auto& held : held_) at_work += !held.empty() && !held.front().waits ? 1 : 0;
  if (held_[worker].empty() && at_work >= behaviour_.workers) broken("more tasks begin than may work at a time");
  held_[worker].push_back({*lease, lease->first});
  places_used = std::max(places_used, worker + 1);
  return true;
}

/// Nobody who could be elsewhere is where it could do harm.
void PinnedWorld::check_company(unsigned worker, const Lease& lease) {
  if (behaviour_.spare == 0 || !steps_[raw(lease.step)].residents.empty()) return;
  if (steps_[raw(lease.step)].residence != Residence::nowhere) return;
  for (const auto& [value, where] : living_) {
    if (where != worker || steps_[value.step].residence != Residence::worker) continue;
    if (steps_[raw(lease.step)].waits) broken("a task that may wait is where a pinned value is");
    for (const auto& step : steps_) {
      for (const auto& use : step.residents) {
        const bool fragile = use.changes && raw(use.producer) == value.step && !behaviour_.shared;
        if (fragile) broken("a task that could be elsewhere is where a value is that cannot be made again");
      }
    }
  }
}

bool PinnedWorld::drain(Held& held) {
  Queue& queue = queues_[roles_[raw(held.lease.step)].queue];
  if (held.waits) return false;
  if (queue.values > 0) {
    --queue.values;
    return true;
  }
  held.waits = true;
  ++waits;
  schedule_.blocked(held.lease.id, true);
  return true;
}

/// Those who wait go on where there is something, or will be nothing.
void PinnedWorld::serve() {
  for (auto& leases : held_) {
    if (leases.empty() || !leases.front().waits) continue;
    Queue& queue = queues_[roles_[raw(leases.front().lease.step)].queue];
    if (queue.values == 0 && !queue.closed) continue;
    if (queue.values > 0) --queue.values;
    leases.front().waits = false;
    schedule_.blocked(leases.front().lease.id, false);
  }
}

bool PinnedWorld::resolve() {
  std::vector<schedule::Waiter> waiters;
  std::vector<unsigned> places;
  for (unsigned place = 0; place < held_.size(); ++place) {
    if (held_[place].empty() || !held_[place].front().waits) continue;
    const auto step = held_[place].front().lease.step;
    waiters.push_back({step, roles_[raw(step)].queue, false});
    places.push_back(place);
  }
  if (waiters.empty()) return false;
  const auto found = search_.find(schedule_.standing(), waiters, false);
  for (const std::uint32_t queue : found.ended) queues_[queue].closed = true;
  for (const std::size_t at : found.waiters) {
    const Lease lease = held_[places[at]].front().lease;
    schedule_.blocked(lease.id, false);
    if (schedule_.failed(lease.id, lease.first, {}) == Verdict::final) {
      record({raw(lease.step), lease.first}, Kind::deadlock);
    }
    schedule_.closed(lease.id);
    pop(places[at]);
  }
  serve();
  return !found.ended.empty() || !found.waiters.empty();
}

void PinnedWorld::check_values(const Lease& lease, std::uint64_t index, unsigned worker) {
  const auto& step = steps_[raw(lease.step)];
  for (const auto& use : step.residents) {
    const Resident value{raw(use.producer), use.stride->at(index)};
    const auto found = living_.find(value);
    if (found == living_.end()) {
      broken(fmt::format("{}[{}] uses {}[{}], which is not there", raw(lease.step), index, value.step, value.index));
      continue;
    }
    const Residence residence = steps_[value.step].residence;
    if (residence == Residence::worker && found->second != worker) broken("a task runs where its value is not");
    if (!use.changes) continue;
    const auto last = changed_.find(value);
    const Task task{raw(lease.step), index};
    if (last != changed_.end() && last->second >= task) broken("changes are out of order");
    changed_[value] = task;
  }
}

bool PinnedWorld::advance(unsigned worker) {
  if (held_[worker].empty()) return false;
  Held& held = held_[worker].front();
  const Role& role = roles_[raw(held.lease.step)];
  if (role.what == Role::What::drains &&
      (held.waits || queues_[role.queue].values > 0 || !queues_[role.queue].closed)) {
    return drain(held);
  }
  if (role.what == Role::What::crashes) {
    kill(worker, true);
    return true;
  }
  check_values(held.lease, held.next, worker);
  const Resident value{raw(held.lease.step), held.next};
  const bool resides = steps_[value.step].residence != Residence::nowhere;
  const bool fails = held.lease.again && draw(100) < behaviour_.bad_again;
  if (fails) {
    if (schedule_.failed(held.lease.id, held.next, {}) != Verdict::none) broken("a second making has an outcome");
  } else if (!held.lease.again && !resides && behaviour_.errors > 0 && draw(100) < behaviour_.errors) {
    const Verdict verdict = schedule_.failed(held.lease.id, held.next, {});
    if (verdict == Verdict::none) broken("an error was not taken");
    if (verdict == Verdict::final) record({value.step, value.index}, Kind::error);
    retried += verdict == Verdict::retried ? 1 : 0;
    if (verdict == Verdict::retried && held.lease.attempt > steps_[value.step].retries) broken("a try too many");
  } else {
    if (resides) {
      died_.erase(value);
      if (!living_.emplace(value, worker).second) broken("a value is made that is there");
      first_maker.emplace(value, worker);
    }
    made_again += held.lease.again ? 1 : 0;
    const bool taken = schedule_.values(held.lease.id, held.next, 1, std::chrono::microseconds(20));
    if (taken == held.lease.again) broken("a value is taken twice, or never");
    if (taken) record({value.step, value.index}, Kind::value);
    if (taken && role.what == Role::What::puts) queues_[role.queue].values += 1 + value.index % 3;
  }
  if (++held.next == held.lease.first + held.lease.count) {
    schedule_.closed(held.lease.id);
    pop(worker);
  }
  serve();
  return true;
}

void PinnedWorld::kill(unsigned worker, bool by_task) {
  ++deaths;
  const unsigned first = behaviour_.shared ? 0 : worker;
  const unsigned last = behaviour_.shared ? static_cast<unsigned>(held_.size()) - 1 : worker;
  std::erase_if(living_, [&](const auto& one) {
    const bool dies = steps_[one.first.step].residence != Residence::host && one.second >= first && one.second <= last;
    if (dies) died_.insert(one.first);
    return dies;
  });
  for (unsigned dead = first; dead <= last; ++dead) {
    std::optional<std::uint64_t> running;
    host::LeaseId lease{};
    Lease blamed;
    if (!held_[dead].empty()) {
      blamed = held_[dead].front().lease;
      lease = blamed.id;
      if (by_task ? dead == worker : draw(100) < behaviour_.guilty) running = held_[dead].front().next;
    }
    const Verdict verdict = schedule_.lost(WorkerIndex{dead}, lease, running, false);
    if (verdict == Verdict::final) record({raw(blamed.step), *running}, Kind::error);
    for (const auto& run : schedule_.take_unrepeatable())
      for (std::uint64_t i = 0; i < run.count; ++i) record({raw(run.step), run.first + i}, Kind::error);
    held_[dead].clear();
    if (!behaviour_.away) continue;
    away_.insert(dead);
    schedule_.present(WorkerIndex{dead}, false);
  }
}

}  // namespace gantry::test
