// What a worker's clocks say: plugins that do not load, channels that hang up, tasks over their limit, prints that
// nobody reads, processes that stand still.
#include <fmt/format.h>
#include <gantry/abi.h>

#include <algorithm>

#include "pool/worker.hpp"

namespace gantry::pool {
namespace {

using schedule::Death;
using schedule::Event;
using namespace std::chrono_literals;

constexpr auto kRetirePatience = 2s;     // for the ends of plugins
constexpr auto kHangUpPatience = 100ms;  // a dying process closes its descriptors first: its death says more
constexpr auto kPrintPatience = 20ms;    // the worker reads its prints itself after each batch
constexpr auto kSecondLook = 100ms;
constexpr auto kCancelPatience = 100ms;  // for a task that is over its time limit, and may ask whether it is

bool same(const std::optional<wire::Running>& left, const std::optional<wire::Running>& right) {
  if (!left || !right) return !left && !right;
  return left->lease == right->lease && left->index == right->index && left->since_ns == right->since_ns;
}

}  // namespace

void Worker::printed(const Reactor& reactor, Time now, std::vector<Event>& events) {
  if (printing_) return;
  prints_watch_ = {};
  printing_ = now;
  printer_ = channel_.running();
  if (prints_->crowded()) check_prints(reactor, now + kPrintPatience, events);
}

void Worker::check_prints(const Reactor& reactor, Time now, std::vector<Event>& events) {
  if (!printing_ || now < *printing_ + kPrintPatience) return;
  // If another task runs by now, the worker is at work on its prints itself.
  const std::optional<wire::Running> running = channel_.running();
  if (door_) {
    drain({}, events);  // it may be any thread's; the process leaves all of it to be read here
  } else if (prints_->crowded() || same(running, printer_)) {
    drain(running, events);
  }
  watch_prints(reactor);
}

void Worker::watch_prints(const Reactor& reactor) {
  printing_.reset();
  prints_watch_ = {};
  // An error: nothing tells of prints any more but the look at the end of the worker.
  [[maybe_unused]] const auto watched = watch(reactor, prints_->descriptor(), Source::prints, prints_watch_);
}

std::optional<Time> Worker::deadline(Time now) const {
  if (timed_ == 0) return std::nullopt;
  const std::optional<wire::Running> running = channel_.running();
  const Open* open = running ? find(running->lease) : nullptr;
  if (open != nullptr && open->timeout > 0ns) {
    if (same(running, cancelled_)) return cancelled_at_ + kCancelPatience;
    return same(running, spared_) ? second_look_ : later(now, open->timeout - since(running->since_ns, now));
  }
  // What starts after now cannot be late before this.
  std::chrono::nanoseconds least = std::chrono::nanoseconds::max();
  for (const Open& each : open_) {
    if (each.timeout > 0ns) least = std::min(least, each.timeout);
  }
  return later(now, least);
}

void Worker::check_deadline(Time now, bool stalled) {
  const std::optional<wire::Running> running = channel_.running();
  const Open* open = running ? find(running->lease) : nullptr;
  if (open == nullptr || open->timeout <= 0ns || since(running->since_ns, now) < open->timeout) return;
  if (same(running, spared_)) {
    if (now < second_look_) return;
  } else if (stalled) {
    spared_ = running;
    second_look_ = now + kSecondLook;
    return;
  }
  if (!same(running, cancelled_)) {  // it may ask, and then end by itself
    channel_.cancel(*running);
    cancelled_ = running;
    cancelled_at_ = now;
    return;
  }
  if (now < cancelled_at_ + kCancelPatience) return;
  condemn_late(*running, *open);
}

void Worker::condemn_late(const wire::Running& running, const Open& open) {
  condemn({Death::How::timed_out, "killed: it ran longer than its time limit of " + duration_text(open.timeout),
           running, open.step});
}

void Worker::condemn_if_late(Time now) {
  const std::optional<wire::Running> running = channel_.running();
  const Open* open = running ? find(running->lease) : nullptr;
  if (open == nullptr || open->timeout <= 0ns || since(running->since_ns, now) < open->timeout) return;
  condemn_late(*running, *open);
}

Time Worker::due(Time now, std::chrono::nanoseconds load_limit) const {
  Time next = Time::max();
  if (condemned_) return next;
  if (phase_ == Phase::loading) next = later(now, load_limit - (now - heard_));
  if (hung_up_) next = std::min(next, *hung_up_ + kHangUpPatience);
  if (retired_) next = std::min(next, *retired_ + kRetirePatience);
  if (printing_) next = std::min(next, *printing_ + kPrintPatience);
  if (const std::optional<Time> late = deadline(now)) next = std::min(next, *late);
  return next;
}

void Worker::time_passed(const Reactor& reactor, Time now, bool stalled, std::chrono::nanoseconds load_limit,
                         std::vector<Event>& events) {
  check_prints(reactor, now, events);
  if (condemned_) return;
  if (retired_ && now >= *retired_ + kRetirePatience) {
    condemn({Death::How::signalled, "killed: it was told to end, and did not", {}, {}});
  } else if (hung_up_ && now >= *hung_up_ + kHangUpPatience) {
    condemn({Death::How::protocol, "killed: it closed its channel", {}});
  } else if (phase_ == Phase::loading && now - heard_ >= load_limit) {
    if (stalled && !load_spared_) {
      load_spared_ = true;
      heard_ = now - load_limit + kSecondLook;
    } else {
      condemn({Death::How::not_started, "killed: it was not ready after " + duration_text(load_limit), {}});
    }
  } else if (phase_ == Phase::ready) {
    check_deadline(now, stalled);
  }
}

std::optional<schedule::event::Printed> Worker::check_stopped(bool busy, Time now, bool stalled) {
  const std::optional<int> stopped = busy && !condemned_ ? process_->stopped_by() : std::nullopt;
  const StopWatch::Verdict verdict = stop_watch_.look(stopped.has_value(), now, stalled);
  if (verdict == StopWatch::Verdict::fine) return std::nullopt;
  const std::string by = "stopped by " + signal_name(*stopped);
  const std::string within = "within " + duration_text(StopWatch::patience);
  if (verdict == StopWatch::Verdict::tell) {
    schedule::event::Printed warning =
        blamed_on(channel_.running(), GANTRY_LOG_WARNING,
                  fmt::format("worker {} was {}: if it does not go on {}, it is killed and replaced", host::raw(index_),
                              by, within));
    if (const auto next = channel_.oldest(); next && warning.count == 0) {  // what waits for it
      warning.step = next->step;
      warning.first = next->first;
      warning.count = next->count;
    }
    return warning;
  }
  condemn({Death::How::signalled, fmt::format("killed: it was {}, and did not go on {}", by, within), {}, {}, true});
  return std::nullopt;
}

}  // namespace gantry::pool
