#include "schedule/stuck.hpp"

#include <algorithm>

namespace gantry::schedule {
namespace {

/// Begins with the thought that all who wait without a limit do so for ever, and takes back what is disproved.
class Search {
 public:
  Search(const std::vector<Holder>& steps, const std::vector<Waiter>& waiters, bool has_place, bool draining)
      : steps_(steps),
        waiters_(waiters),
        has_place_(has_place),
        draining_(draining),
        dead_(waiters.size()),
        count_(steps.size(), 0),
        never_ends_(steps.size(), false) {
    for (std::size_t i = 0; i < waiters.size(); ++i) {
      dead_[i] = !waiters[i].timed;
      if (dead_[i]) ++count_[host::raw(waiters[i].step)];
    }
  }

  Stuck search() {
    bool changed = true;
    while (changed && std::ranges::find(dead_, true) != dead_.end()) {
      changed = false;
      spread();
      for (std::size_t i = 0; i < waiters_.size(); ++i) {
        if (!dead_[i] || !has_putter(waiters_[i].queue)) continue;
        dead_[i] = false;
        --count_[host::raw(waiters_[i].step)];
        changed = true;
      }
    }
    Stuck found;
    for (std::size_t i = 0; i < waiters_.size(); ++i) {
      if (!dead_[i]) continue;
      found.waiters.push_back(i);
      const std::uint32_t queue = waiters_[i].queue;
      if (is_over(queue) && std::ranges::find(found.ended, queue) == found.ended.end()) found.ended.push_back(queue);
    }
    if (!found.ended.empty()) found.waiters.clear();
    return found;
  }

 private:
  [[nodiscard]] bool runs(std::size_t step) const { return steps_[step].leased > count_[step]; }

  /// Steps that do not end, because tasks of theirs wait for ever, or because they wait for such steps.
  void spread() {
    for (std::size_t i = 0; i < steps_.size(); ++i) never_ends_[i] = count_[i] > 0;
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t i = 0; i < steps_.size(); ++i) {
        if (never_ends_[i] || steps_[i].unended == 0 || !waits_for_stuck(steps_[i])) continue;
        never_ends_[i] = true;
        changed = true;
      }
    }
  }

  [[nodiscard]] bool waits_for_stuck(const Holder& step) const {
    const auto stuck = [&](StepIndex producer) { return never_ends_[host::raw(producer)]; };
    return std::ranges::any_of(step.whole, stuck) || std::ranges::any_of(step.streams, stuck);
  }

  /// Some task of the step that has not begun will.
  [[nodiscard]] bool will_start(std::size_t at) const {
    const Holder& step = steps_[at];
    if (step.unstarted() == 0 || draining_) return false;
    if (step.has_work) return has_place_ || someone_runs();
    const auto stuck = [&](StepIndex producer) { return never_ends_[host::raw(producer)]; };
    if (std::ranges::any_of(step.whole, stuck)) return false;
    bool fed = true;
    bool comes = false;
    for (const StepIndex producer : step.streams) {
      const std::size_t from = host::raw(producer);
      comes = comes || steps_[from].unended > 0;
      fed = fed && (steps_[from].unended == 0 || runs(from) || will_start(from));
    }
    for (const StepIndex producer : step.whole) comes = comes || steps_[host::raw(producer)].unended > 0;
    return comes ? fed : runs(at);  // all is there: it waits for its own results to be taken away
  }

  [[nodiscard]] bool someone_runs() const {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      if (runs(i)) return true;
    }
    return false;
  }

  [[nodiscard]] bool has_putter(std::uint32_t queue) const {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      if (std::ranges::find(steps_[i].queues, queue) == steps_[i].queues.end()) continue;
      if (runs(i) || will_start(i)) return true;
    }
    return false;
  }

  /// All who hold it have ended, or wait in it.
  [[nodiscard]] bool is_over(std::uint32_t queue) const {
    std::uint64_t holders = 0;
    for (const Holder& step : steps_) {
      if (std::ranges::find(step.queues, queue) != step.queues.end()) holders += step.unended;
    }
    const auto here = [&](const Waiter& waiter) { return waiter.queue == queue; };
    return holders == static_cast<std::uint64_t>(std::ranges::count_if(waiters_, here));
  }

  const std::vector<Holder>& steps_;
  const std::vector<Waiter>& waiters_;
  bool has_place_;
  bool draining_;
  std::vector<bool> dead_;
  std::vector<std::uint64_t> count_;  ///< of dead waiters, by step
  std::vector<bool> never_ends_;
};

}  // namespace

Stuck find_stuck(const std::vector<Holder>& steps, const std::vector<Waiter>& waiters, bool has_place, bool draining) {
  return Search(steps, waiters, has_place, draining).search();
}

}  // namespace gantry::schedule
