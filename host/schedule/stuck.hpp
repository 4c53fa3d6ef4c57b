// Tasks that wait in queues: which of them wait for ever, because whoever could put waits too. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "schedule/schedule.hpp"

namespace gantry::schedule {

/// A step, as far as waiting goes.
struct Holder {
  std::uint64_t unended = 0;          ///< tasks without an outcome; 1 if their number is not known
  std::uint64_t leased = 0;           ///< of them, those that a worker has
  bool has_work = false;              ///< some of the others could start, given a worker
  std::vector<StepIndex> whole;       ///< producers that must end before it starts
  std::vector<StepIndex> streams;     ///< producers that feed it task by task
  std::vector<std::uint32_t> queues;  ///< that its tasks hold

  [[nodiscard]] std::uint64_t unstarted() const { return unended > leased ? unended - leased : 0; }
};

/// A running task that waits in a queue.
struct Waiter {
  StepIndex step{};
  std::uint32_t queue = 0;
  bool timed = false;  ///< it gives up by itself
};

struct Stuck {
  std::vector<std::uint32_t> ended;  ///< queues whose holders have all ended, or wait in them: nobody will put
  std::vector<std::size_t> waiters;  ///< if none has: those that wait for each other, by position
};

/// `has_place`: a task that can start finds a worker now. `draining`: none starts any more.
[[nodiscard]] Stuck find_stuck(const std::vector<Holder>& steps, const std::vector<Waiter>& waiters, bool has_place,
                               bool draining);

}  // namespace gantry::schedule
