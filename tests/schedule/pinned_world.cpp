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

PinnedWorld::PinnedWorld(std::vector<schedule::Step> steps, Behaviour behaviour)
    : steps_(steps),
      behaviour_(behaviour),
      random_(behaviour.seed),
      schedule_(std::move(steps), behaviour.workers, 0, behaviour.shared),
      held_(behaviour.workers) {}

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
    const unsigned worker = draw(behaviour_.workers);
    moved |= draw(2) == 0 && dispatch(worker);
    moved |= advance(draw(behaviour_.workers));
    if (draw(1000) < behaviour_.deaths) kill(worker);
    quiet = moved ? 0 : quiet + 1;
    if (quiet == 2000) broken("nothing moves any more");
  }
  while (take()) continue;
  for (const auto& [value, worker] : living_) {
    // One that is being made again when the last task ends dies with its worker.
    if (!gone_.contains(value)) broken(fmt::format("{}[{}] is never dropped", value.step, value.index));
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
    const auto found = living_.find(dropped_value.value);
    if (found == living_.end()) {
      if (!died_.contains(dropped_value.value)) broken("a value is dropped that is not there");
      continue;
    }
    const bool at_host = steps_[dropped_value.value.step].residence == Residence::host;
    if (at_host == dropped_value.worker.has_value()) broken("a value is dropped in the wrong place");
    if (!at_host && raw(*dropped_value.worker) != found->second) broken("a value is dropped by the wrong worker");
    gone_.insert(dropped_value.value);
    living_.erase(found);
    // Nothing that was made from it may be left.
    for (const auto& [value, worker] : living_) {
      for (const auto& use : steps_[value.step].residents) {
        const bool needs =
            raw(use.producer) == dropped_value.value.step && use.stride->at(value.index) == dropped_value.value.index;
        if (needs && steps_[value.step].residence != Residence::host) broken("a value outlives what it was made from");
      }
    }
  }
  return any;
}

bool PinnedWorld::dispatch(unsigned worker) {
  const auto lease = schedule_.next(WorkerIndex{worker});
  if (!lease) return false;
  if (steps_[raw(lease->step)].residence != Residence::nowhere && lease->count != 1) broken("values made by the dozen");
  held_[worker].push_back({*lease, lease->first});
  return true;
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
  check_values(held.lease, held.next, worker);
  const Resident value{raw(held.lease.step), held.next};
  const bool resides = steps_[value.step].residence != Residence::nowhere;
  const bool fails = held.lease.again && draw(100) < behaviour_.bad_again;
  if (fails) {
    if (schedule_.failed(held.lease.id, held.next, {}) != Verdict::none) broken("a second making has an outcome");
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
  }
  if (++held.next == held.lease.first + held.lease.count) {
    schedule_.closed(held.lease.id);
    held_[worker].pop_front();
  }
  return true;
}

void PinnedWorld::kill(unsigned worker) {
  ++deaths;
  const unsigned first = behaviour_.shared ? 0 : worker;
  const unsigned last = behaviour_.shared ? behaviour_.workers - 1 : worker;
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
      if (draw(100) < behaviour_.guilty) running = held_[dead].front().next;
    }
    const Verdict verdict = schedule_.lost(WorkerIndex{dead}, lease, running, false);
    if (verdict == Verdict::final) record({raw(blamed.step), *running}, Kind::error);
    for (const auto& run : schedule_.take_unrepeatable())
      for (std::uint64_t i = 0; i < run.count; ++i) record({raw(run.step), run.first + i}, Kind::error);
    held_[dead].clear();
  }
}

}  // namespace gantry::test
