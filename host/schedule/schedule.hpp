// The scheduler: which tasks may start, where, and what became of them. A pure state machine: no I/O, no clock, no
// threads; it never sees a value. Its driver (host/execute.cpp) asks what to do, does it with a Runner, and tells it
// what happened.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "schedule/homes.hpp"
#include "schedule/runner.hpp"
#include "schedule/standing.hpp"
#include "signature/share.hpp"

namespace gantry::schedule {

/// A use of one step's results by another.
struct Edge {
  enum class Kind : std::uint8_t {
    stream,  ///< element i feeds task i
    keep,    ///< all of the producer must have ended, with values
    order,   ///< `needs`: all of the producer must have ended, with values; its bytes are not used
    after,   ///< all of the producer must have ended, in whatever way
  };
  Kind kind = Kind::keep;
  StepIndex producer{};
  std::optional<std::uint64_t> element;  ///< keep: only this task's value is used
  bool shared_out = false;               ///< keep: a task needs values only of what its Share says, told by sized()
  bool counted = false;                  ///< shared out: the step's number of tasks depends on the producer's
};

using signature::Share;

/// A use of values that reside somewhere. The producer's step comes with an edge of its own.
struct ResidentUse {
  StepIndex producer{};
  std::optional<signature::Stride> stride;  ///< of a step whose size is not known yet: told by sized()
  bool changes = false;                     ///< what its tasks do to the value cannot be done again
};

struct Step {
  std::optional<std::uint64_t> tasks;  ///< nothing: asked for (unsized) when its keep and order edges are satisfied
  bool asks = false;                   ///< the same is asked for although `tasks` is known: see sized() and refuse()
  std::vector<Edge> edges;
  bool kept = false;                 ///< results stay until their last user has ended: the window does not apply
  bool consumed = false;             ///< someone outside (printer, digest) also consumes the outcomes: see consumed()
  std::uint64_t window = 1;          ///< most tasks that may be started and not yet released
  std::uint64_t chunk = 0;           ///< tasks a lease; 0: adaptive
  std::optional<std::uint32_t> kin;  ///< steps of one number run the same function: what one took, others will
  std::uint32_t retries = 0;         ///< extra starts
  bool retry_crash = true;
  bool retry_timeout = false;
  bool retry_error = false;
  bool idempotent = true;  ///< false: never a second start
  bool alone = false;      ///< tasks that share: one a lease, and no lease before or behind it on its worker
  bool waits = false;      ///< they may wait for others: see blocked(). They are `alone` then
  signature::Residence residence = signature::Residence::nowhere;  ///< of its results
  std::vector<ResidentUse> residents;                              ///< that its tasks use
};

/// Tasks that ended without having been started.
struct Skipped {
  StepIndex step{};
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  StepIndex cause{};                         ///< the step whose failure this is
  std::optional<std::uint64_t> cause_index;  ///< its task; nothing: the step could not be sized, or was refused
};

/// Consecutive tasks of a step.
struct TaskRun {
  StepIndex step{};
  std::uint64_t first = 0;
  std::uint64_t count = 0;

  friend bool operator==(const TaskRun&, const TaskRun&) = default;
};

/// Consecutive tasks that have no outcome when nothing starts any more.
struct NotRun {
  StepIndex step{};
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  bool started = false;  ///< it had been, and was to start again

  friend bool operator==(const NotRun&, const NotRun&) = default;
};

/// A task that cannot run, because a value that it uses is gone for good.
struct Forsaken {
  StepIndex step{};
  std::uint64_t index = 0;
  Loss loss;
};

/// A value that nobody uses any more.
struct Dropped {
  std::optional<WorkerIndex> worker;  ///< that has it; nothing: the host
  signature::Resident value;
};

/// What is to be done about a task that ended badly.
enum class Verdict : std::uint8_t {
  final,    ///< it keeps this outcome: record it
  retried,  ///< it will start again: record nothing
  none,     ///< no task is concerned: nobody was running, or the lease is not open (any more) or has reported it
};

class Schedule {
 public:
  /// `workers` ≥ 1; edges point to any other step, without cycles. Linear in steps and edges.
  /// `spare` more workers may hold leases, of tasks that wait (see blocked()), or that must not be where pinned values
  /// are (see placement.cpp); no more than `workers` work at a time. For the second at least as many as `workers`.
  /// `shared_process`: workers are lost together, so a task that is to start again after a death is a suspect.
  /// Elsewhere only a spoilt worker makes some.
  Schedule(std::vector<Step> steps, unsigned workers, unsigned spare = 0, bool shared_process = false);
  ~Schedule();
  Schedule(Schedule&&) noexcept;
  Schedule& operator=(Schedule&&) noexcept;

  // What to do.
  /// The next lease for this worker, if there is work and it may hold one more. The latest step with a ready task
  /// first, then by index; retried tasks are leased alone, before fresh ones of their step. A second lease, so that a
  /// worker need not wait for the host between two: only if its tasks and those of the first are known to be short
  /// (what waits behind a long task is late) and no worker is without one. Ask for idle workers first. While there are
  /// suspects, they are leased first, each with no other lease open in its process: who dies then is guilty, and alone.
  [[nodiscard]] std::optional<Lease> next(WorkerIndex worker);
  /// When a worker is idle and nothing is ready: the lease with the most unclaimed work, to be recalled; one that its
  /// worker has not begun before others. When draining: each lease with unclaimed work, in turn. A lease is offered
  /// again only after it reported something. Ask only while an idle worker is ready to work.
  [[nodiscard]] std::optional<Lease> wants_recall();
  /// Steps that may start but for the number of their tasks; each is told once, answered by sized() or unsizable().
  /// None when draining.
  [[nodiscard]] std::vector<StepIndex> unsized();
  /// Skipped tasks since the last call, in the order found. A step skipped before its size was known is one task.
  [[nodiscard]] std::vector<Skipped> take_skipped();
  /// Tasks since the last call whose results died with their worker, and which may not start a second time (not
  /// idempotent, or draining): they have failed, and the driver records it. See lost().
  [[nodiscard]] std::vector<TaskRun> take_unrepeatable();
  /// Tasks since the last call that failed without a start, because a pinned value that they use died with its worker
  /// and cannot be made again.
  [[nodiscard]] std::vector<Forsaken> take_forsaken();
  /// Tasks since the last call that failed without a start, because their step was refused.
  [[nodiscard]] std::vector<TaskRun> take_refused();
  /// There is something for unsized(), take_skipped(), take_refused() or take_forsaken().
  [[nodiscard]] bool has_decided() const;
  /// Values since the last call that nobody uses any more, each after those that were made from it.
  [[nodiscard]] std::vector<Dropped> take_dropped();
  /// Results of the step below this index are not needed any more by stream users (kept steps: by any user) nor by
  /// the outside consumer; all have their outcome (skipped ones may still have to be taken). Never falls.
  [[nodiscard]] std::uint64_t releasable(StepIndex step) const;
  /// Every task of every step has its outcome; or draining, and no lease is open.
  [[nodiscard]] bool finished() const;
  /// Tasks without an outcome: after draining, those to be recorded as not run, or as started for nothing. By step,
  /// then index; a step whose size is not known counts as one task. Linear in steps, open intervals and retries.
  [[nodiscard]] std::vector<NotRun> not_run() const;

  // What happened.
  /// `strides`: of Step::residents, in that order; none if they were known before. `shares`: of the edges that are
  /// shared out, in their order.
  void sized(StepIndex step, std::uint64_t tasks, const std::vector<signature::Stride>& strides = {},
             const std::vector<Share>& shares = {});
  /// No task of the step, which is to be sized next, can be given its arguments: each of them that has all it uses
  /// fails, and users say that the step has no value.
  void refuse(StepIndex step);
  void unsizable(StepIndex step);  ///< counts as one failed task; users are skipped
  /// False: the lease is not open, or these tasks are not (all) unreported in it; nothing was taken, so store nothing.
  bool values(LeaseId lease, std::uint64_t first, std::uint64_t count, std::chrono::nanoseconds busy);
  [[nodiscard]] Verdict failed(LeaseId lease, std::uint64_t index, std::chrono::nanoseconds busy,
                               bool timed_out = false);
  /// The task's arguments could not be made: it fails for good, without a start. False as for values().
  bool refused(LeaseId lease, std::uint64_t index);
  /// Comes once for every lease whose worker lives, also when all of it was recalled; unreported tasks go back.
  void closed(LeaseId lease);
  /// The lease now ends before `end`; the rest is free again, as the same attempt.
  void recalled(LeaseId lease, std::uint64_t end);
  /// The worker's leases are void; unreported tasks go back, as the same attempt. `running` (of `lease`) is to blame:
  /// the verdict is about it. A worker runs a lease in order, so unreported tasks before `running` were started as
  /// well; if they cannot start again they are told by take_unrepeatable().
  /// `died`: it had lived, and what was pinned in it is gone. `spoilt`: any unreported task of `lease`, up to `running`
  /// if that is known, may be to blame. Then no task pays, unless it was alone: they are suspects.
  [[nodiscard]] Verdict lost(WorkerIndex worker, LeaseId lease, std::optional<std::uint64_t> running, bool timed_out,
                             bool died = true, bool spoilt = false);
  /// Whether the worker can be given leases. One that cannot is not waited for when values are spread over the workers.
  void present(WorkerIndex worker, bool is);
  /// The task of this open lease waits for others, or does so no more. While it waits its worker counts as none, so
  /// that another may work.
  void blocked(LeaseId lease, bool is);
  /// The outside consumer is done with all outcomes of the step below `index`. It may take steps joined by stream edges
  /// by index and then by step. One that lets a step wait for the whole of another (prints one after the other) must
  /// have that step `kept`, or both may wait for ever.
  void consumed(StepIndex step, std::uint64_t index);
  /// No new starts (halt, SIGINT): running leases may still end, and what fails now is final.
  void drain();

  // What is.
  [[nodiscard]] std::optional<std::uint64_t> tasks(StepIndex step) const;
  [[nodiscard]] std::uint64_t ended(StepIndex step) const;   ///< tasks with an outcome
  [[nodiscard]] std::uint64_t leased(StepIndex step) const;  ///< tasks in open leases, without an outcome
  /// All steps. Linear in steps and pinned values.
  [[nodiscard]] std::vector<Standing> standing() const;
  /// An open lease whose task waits in the one worker that tasks of the step could run in.
  [[nodiscard]] std::optional<LeaseId> holds_up(StepIndex step) const;
  /// Has changed if anything has that standing() tells.
  [[nodiscard]] std::uint64_t changes() const;
  /// Open leases of a worker, oldest first.
  [[nodiscard]] std::vector<LeaseId> leases(WorkerIndex worker) const;
  [[nodiscard]] unsigned blocked() const;  ///< workers whose task waits for others
  /// Pinned values in a worker.
  [[nodiscard]] std::uint64_t pinned_in(WorkerIndex worker) const;
  /// Workers from this one on need not be asked for next(): at least all that may work at a time need.
  [[nodiscard]] unsigned places() const;
  [[nodiscard]] const Lease* find(LeaseId lease) const;  ///< an open lease; valid until the next change
  /// Starts so far of a task that is retried (in a lease: with this one); else 1. Ask before reporting its outcome.
  [[nodiscard]] std::uint32_t attempt(StepIndex step, std::uint64_t index) const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace gantry::schedule
