// Tasks that wait in queues: which of them wait for ever, because whoever could put waits too. Pure. The answer must
// not depend on when it is asked for, or outcomes would depend on the number of workers. So a queue is over when all
// who hold it have ended or wait in it; and only when no task runs or can start do those that wait, wait for ever. Of
// these only those are named that wait for nobody but each other: others may go on once they have ended.
#pragma once

#include <cstdint>
#include <vector>

#include "schedule/schedule.hpp"
#include "schedule/standing.hpp"

namespace gantry::schedule {

/// What a step waits for, and what its tasks hold.
struct Holder {
  std::vector<StepIndex> whole;       ///< producers that must end before it starts
  std::vector<StepIndex> streams;     ///< producers that feed it task by task
  std::vector<std::uint32_t> queues;  ///< that its tasks hold
};

/// A running task that waits in a queue.
struct Waiter {
  StepIndex step{};
  std::uint32_t queue = 0;
  bool timed = false;  ///< it gives up by itself
};

struct Stuck {
  std::vector<std::uint32_t> ended;  ///< queues that are over
  std::vector<std::size_t> waiters;  ///< if none is: those that wait for each other alone, by position
};

class StuckSearch {
 public:
  explicit StuckSearch(std::vector<Holder> steps);

  /// Steps that hold the queue.
  [[nodiscard]] const std::vector<std::uint32_t>& holders(std::uint32_t queue) const;
  [[nodiscard]] const Holder& holder(StepIndex step) const { return steps_[host::raw(step)]; }
  /// Steps and edges: what a search costs.
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// `draining`: no task starts any more. `standing`: of all steps. Linear in steps and edges.
  [[nodiscard]] Stuck find(const std::vector<Standing>& standing, const std::vector<Waiter>& waiters,
                           bool draining) const;

 private:
  [[nodiscard]] bool is_over(std::uint32_t queue, const std::vector<Standing>& standing,
                             const std::vector<Waiter>& waiters) const;
  [[nodiscard]] bool moves(const std::vector<Standing>& standing, const std::vector<Waiter>& waiters,
                           bool draining) const;
  [[nodiscard]] std::vector<bool> knots(const std::vector<Standing>& standing,
                                        const std::vector<Waiter>& waiters) const;

  std::vector<Holder> steps_;
  std::vector<std::vector<std::uint32_t>> holders_;  ///< by queue
  std::uint64_t size_ = 0;
};

}  // namespace gantry::schedule
