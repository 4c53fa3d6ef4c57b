#include "schedule/fake_runner.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace gantry::test {

using schedule::Event;
using schedule::Lease;

FakeRunner::FakeRunner(Behaviour behaviour)
    : behaviour_(std::move(behaviour)), random_(behaviour_.seed), held_(behaviour_.workers) {}

host::Result<void> FakeRunner::start(schedule::Chunk chunk) {
  const Lease& lease = chunk.lease;
  auto& held = held_[host::raw(lease.worker)];
  if (held.size() == schedule::leases_most)
    return host::fail(host::ErrorKind::infrastructure, "a worker has too many leases");
  if (lease.count == 0) return host::fail(host::ErrorKind::infrastructure, "a lease without tasks");
  held.push_back({lease, lease.first, lease.first, lease.first + lease.count});
  return {};
}

std::uint64_t FakeRunner::recall(const Lease& lease) {
  for (Held& held : held_[host::raw(lease.worker)]) {
    if (held.lease.id != lease.id) continue;
    // The worker may have claimed a few tasks that it has not begun.
    held.end = std::min(held.end, held.next + draw(3));
    return held.end;
  }
  return lease.first + lease.count;
}

std::chrono::nanoseconds FakeRunner::wait(std::chrono::nanoseconds /*at_most*/, std::vector<Event>& events) {
  const std::size_t before = events.size();
  while (events.size() == before) {
    std::vector<unsigned> busy;
    for (unsigned worker = 0; worker < held_.size(); ++worker)
      if (!held_[worker].empty()) busy.push_back(worker);
    if (busy.empty()) return {};
    if (behaviour_.in_order) {
      const auto after = std::upper_bound(busy.begin(), busy.end(), last_);
      last_ = after == busy.end() ? busy.front() : *after;
      turn(last_, events);
    } else {
      turn(busy[draw(static_cast<unsigned>(busy.size()))], events);
    }
  }
  return {};
}

void FakeRunner::turn(unsigned worker, std::vector<Event>& events) {
  Held& held = held_[worker].front();
  if (behaviour_.accidents > 0 && draw(1000) < behaviour_.accidents) {
    die(worker, false, schedule::Death::How::exited, events);
    return die_with(worker, events);
  }
  if (held.next == held.end) {
    flush(held, events);
    events.emplace_back(schedule::event::Closed{held.lease.id});
    held_[worker].pop_front();
    return;
  }
  const std::uint64_t index = held.next++;
  if (behaviour_.started) behaviour_.started(held.lease, index);
  const Fate fate = behaviour_.fate ? behaviour_.fate(held.lease.step, index, held.lease.attempt) : Fate::value;
  switch (fate) {
    case Fate::value:
      if (behaviour_.report_every > 0 && draw(behaviour_.report_every) == 0) flush(held, events);
      return;
    case Fate::error: {
      --held.next;
      flush(held, events);
      held.unreported = ++held.next;
      const auto busy = behaviour_.busy ? behaviour_.busy(held.lease.step, index) : std::chrono::microseconds(1);
      events.emplace_back(schedule::event::Failed{held.lease.id, index, "fake", "told to fail", busy});
      return;
    }
    case Fate::crash:
      die(worker, true, schedule::Death::How::signalled, events);
      return die_with(worker, events);
    case Fate::timeout:
      die(worker, true, schedule::Death::How::timed_out, events);
      return die_with(worker, events);
  }
}

void FakeRunner::flush(Held& held, std::vector<Event>& events) {
  if (held.unreported == held.next) return;
  schedule::event::Values values;
  values.lease = held.lease.id;
  values.first = held.unreported;
  values.count = held.next - held.unreported;
  for (std::uint64_t index = held.unreported; index < held.next; ++index) {
    values.busy += behaviour_.busy ? behaviour_.busy(held.lease.step, index) : std::chrono::microseconds(1);
    if (behaviour_.result) {
      const auto bytes = behaviour_.result(held.lease.step, index);
      signature::append(values.bytes, bytes);
      values.lengths.push_back(bytes.size());
    } else {
      const auto* from = reinterpret_cast<const std::byte*>(&index);
      values.bytes.insert(values.bytes.end(), from, from + sizeof index);
    }
  }
  held.unreported = held.next;
  events.emplace_back(std::move(values));
}

void FakeRunner::die(unsigned worker, bool running, schedule::Death::How how, std::vector<Event>& events) {
  ++deaths_;
  Held& held = held_[worker].front();
  if (running) --held.next;
  const bool lose = behaviour_.may_lose && behaviour_.may_lose(held.lease.step) && draw(2) == 0;
  if (!lose) flush(held, events);
  schedule::event::Lost lost;
  lost.worker = static_cast<host::WorkerIndex>(worker);
  lost.lease = held.lease.id;
  if (running) lost.running = held.next;
  lost.death.how = how;
  lost.death.sentence = "told to die";
  events.emplace_back(std::move(lost));
  events.emplace_back(schedule::event::Ready{static_cast<host::WorkerIndex>(worker)});
  held_[worker].clear();
}

/// The other workers of its process: what they were at is lost with it.
void FakeRunner::die_with(unsigned worker, std::vector<Event>& events) {
  if (!behaviour_.shared) return;
  for (unsigned other = 0; other < held_.size(); ++other) {
    if (other == worker || held_[other].empty()) continue;
    Held& held = held_[other].front();
    const bool running = held.next < held.end && draw(2) == 0;
    if (running) {
      ++victims_;
      if (behaviour_.started) behaviour_.started(held.lease, held.next);
      ++held.next;
    }
    die(other, running, schedule::Death::How::signalled, events);
  }
}

}  // namespace gantry::test
