// The driver: asks the schedule what to do, does it with a runner, puts outcomes into the store, and lets the printer
// consume them in order. The one loop of a run; everything it joins is a room of its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "report/failure.hpp"
#include "report/printer.hpp"
#include "report/spent.hpp"
#include "residency.hpp"
#include "results/store.hpp"
#include "schedule/schedule.hpp"
#include "sharing.hpp"
#include "signature/catalog.hpp"
#include "time_spent.hpp"

namespace gantry::host {

/// How a run is to go, after flags, environment and file were weighed.
struct Policy {
  std::uint64_t seed = 0;
  std::uint32_t retries = 0;                                  ///< for steps that name none
  std::chrono::nanoseconds timeout{0};                        ///< of one attempt, for steps that name none; 0: none
  std::optional<std::chrono::nanoseconds> deadline;           ///< of the whole run
  std::chrono::nanoseconds grace = std::chrono::seconds{10};  ///< for running tasks, after SIGTERM
  std::uint64_t window = 1U << 20;                            ///< unreleased tasks a step
  std::vector<bool> buffered;  ///< printed steps whose results must be kept whole (report::buffered)
};

/// What the outside wants of a run in progress.
enum class Wish : std::uint8_t { go_on, drain, kill };

/// A task that runs at this moment.
struct RunningTask {
  StepIndex step{};
  std::uint64_t index = 0;
  WorkerIndex worker{};
  std::chrono::nanoseconds ran{0};
};

/// How a run ended.
struct Ending {
  enum class How : std::uint8_t { finished, drained, killed, deadline, broken };
  How how = How::finished;
  std::optional<Error> error;  ///< broken: why the run could not go on
  std::uint64_t values = 0;
  std::uint64_t errors = 0;
  std::uint64_t skipped = 0;
  std::uint64_t not_run = 0;
  std::vector<report::FailureNote> failures;  ///< errors, in task order, with what stdout must not say
  std::uint64_t deaths = 0;                   ///< workers lost
  std::uint64_t retried = 0;                  ///< second and later starts
  std::uint64_t abandoned = 0;                ///< pinned values that died with their workers, not destroyed
  report::Spent spent;                        ///< since run() began
};

struct Observer {
  std::function<Wish()> wish;                                          ///< asked once a turn of the loop
  std::function<void(const schedule::event::Printed&)> printed;        ///< a task printed
  std::function<void(const schedule::event::Progressed&)> progressed;  ///< a task told how far it is
  /// Once a turn: progress. The ending counts what ended so far.
  std::function<void(const schedule::Schedule&, const results::Store&, const Ending&)> turn;
};

/// One run of a plan. Owned by the caller's thread; `plan`, `catalog` and `runner` outlive it.
class Execution {
 public:
  Execution(const plan::Plan& plan, const signature::Catalog& catalog, schedule::Runner& runner, Policy policy);

  /// Runs to the end, with outcomes printed as `order` says: also where the infrastructure fails (no worker can be
  /// started), so that what was begun to be written is whole. Errors: the output's.
  [[nodiscard]] Result<Ending> run(report::Printer& printer, report::Order order, const Observer& observer);
  [[nodiscard]] const results::Store& store() const { return store_; }
  /// What runs now; for status, whenever the observer is called.
  [[nodiscard]] std::vector<RunningTask> running() const;

 private:
  // What to do (execution.cpp).
  [[nodiscard]] Result<void> loop(const Observer& observer);
  [[nodiscard]] Result<void> turn(bool quiet);
  [[nodiscard]] Result<void> dispatch();
  [[nodiscard]] Result<void> start(const schedule::Lease& lease);
  [[nodiscard]] Result<const std::shared_ptr<const schedule::Assignment>*> assignment(StepIndex at);
  [[nodiscard]] Result<void> size_steps();
  [[nodiscard]] Result<void> size(StepIndex step);
  [[nodiscard]] Result<void> take_skipped();
  [[nodiscard]] Result<void> take_refused();
  [[nodiscard]] Result<void> take_forsaken();
  void drop();
  [[nodiscard]] Result<void> consume();
  void release(StepIndex step);
  void drain(Ending::How how);

  // How it ends early (ending.cpp).
  [[nodiscard]] Result<void> end_early(const Observer& observer);
  void take_back();
  void cancel();
  [[nodiscard]] const schedule::Running* ran_until_end(LeaseId lease, std::uint64_t index) const;
  [[nodiscard]] Result<void> record_not_run();
  [[nodiscard]] Result<void> interrupted(const schedule::event::Lost& event, StepIndex step, std::uint64_t index,
                                         std::uint32_t attempt);

  // What happened (events.cpp).
  [[nodiscard]] Result<void> happened(schedule::event::Values event);
  [[nodiscard]] Result<void> happened(schedule::event::Failed event);
  [[nodiscard]] Result<void> happened(const schedule::event::Lost& event);
  [[nodiscard]] Result<void> record_unrepeatable();
  [[nodiscard]] Result<void> handle(schedule::Event event, const Observer& observer);
  [[nodiscard]] Result<void> fail_task(StepIndex step, std::uint64_t index, results::Reason reason, std::string detail,
                                       std::vector<std::string> lines);
  [[nodiscard]] Result<void> fail_tasks(const schedule::TaskRun& run, const results::Reason& reason);
  [[nodiscard]] Result<void> put(StepIndex step, std::uint64_t first, std::uint64_t count, results::Reason reason);
  [[nodiscard]] std::string over_limit(StepIndex step) const;
  [[nodiscard]] std::chrono::nanoseconds limit_of(StepIndex step) const;
  void touch(StepIndex step);

  const plan::Plan& plan_;
  const signature::Catalog& catalog_;
  schedule::Runner& runner_;
  Policy policy_;
  schedule::Schedule schedule_;
  results::Store store_;
  Sharing sharing_;
  Residency residency_;
  report::Printer* printer_ = nullptr;  ///< the caller's, while run() is at work
  report::Order order_ = report::Order::id;
  std::vector<std::unique_ptr<plan::Arguments>> arguments_;               ///< of steps that are running
  std::vector<std::shared_ptr<const schedule::Assignment>> assignments_;  ///< of the same
  std::map<StepIndex, std::string> refusals_;                             ///< why no task of a step has arguments
  std::vector<bool> is_touched_;  ///< outcomes were put since the last consume()
  std::vector<StepIndex> touched_;
  std::vector<bool> absent_;  ///< workers that died, or could not be started, and are not ready again: no leases
  TimeSpent spent_;
  Ending ending_;
  bool draining_ = false;
  std::vector<schedule::Running> interrupted_;  ///< what ran when the run was ended, and was told so
  static constexpr const char* kInterrupted = "the run was ended while it ran";
};

}  // namespace gantry::host
