// What tasks share, in a run: passes what they ask to the objects and the answers to their workers, says to the
// schedule who waits, and ends what would wait for ever. Belongs to the driver's thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "results/shared_objects.hpp"
#include "schedule/runner.hpp"
#include "schedule/schedule.hpp"
#include "schedule/stuck.hpp"
#include "signature/error.hpp"

namespace gantry::host {

class Sharing {
 public:
  /// Borrows all three.
  Sharing(const plan::Plan& plan, schedule::Schedule& schedule, schedule::Runner& runner);

  /// What its tasks hold, for the step's assignment.
  [[nodiscard]] static std::vector<schedule::SharedUse> uses_of(const plan::Plan& plan, const plan::Step& step);

  /// A running task asks.
  [[nodiscard]] Result<void> asked(const schedule::event::Asked& event);
  /// Why a task that says it has a value can have none.
  [[nodiscard]] std::optional<std::string> refusal(const schedule::event::Values& event) const;
  /// A task of the lease has its value (then `changes` may be something), an error for good, or is to start again.
  [[nodiscard]] Result<void> has_value(LeaseId lease, const schedule::Changes* changes);
  [[nodiscard]] Result<void> has_error(LeaseId lease, bool again);
  /// A worker died: all that its running task took goes back. Before the schedule hears of it.
  [[nodiscard]] Result<void> lost(WorkerIndex worker);
  /// After each turn: ends queues that nobody will put into, and tasks that wait for each other. `quiet`: nothing has
  /// happened since the last turn.
  [[nodiscard]] Result<void> resolve(bool draining, bool quiet);

 private:
  [[nodiscard]] Result<void> tell();
  [[nodiscard]] std::vector<schedule::Waiter> waiters() const;
  [[nodiscard]] bool has_runner(std::uint32_t queue, const std::vector<schedule::Waiter>& waiters);
  [[nodiscard]] bool may_be_stuck(const std::vector<schedule::Waiter>& waiters, bool quiet);
  [[nodiscard]] std::string why(LeaseId lease, std::uint32_t queue, bool draining) const;
  [[nodiscard]] std::string why_not(StepIndex step, bool draining) const;
  [[nodiscard]] std::string task(LeaseId lease) const;

  const plan::Plan& plan_;
  schedule::Schedule& schedule_;
  schedule::Runner& runner_;
  results::SharedObjects objects_;
  schedule::StuckSearch search_;
  std::vector<std::size_t> open_holders_;  ///< by queue: of the steps that hold it, those behind have ended
  std::optional<std::uint64_t> searched_;  ///< Schedule::changes() at the last search
};

}  // namespace gantry::host
