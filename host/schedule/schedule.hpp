// The scheduler: which tasks may start, where, and what became of them. A pure state machine: no I/O, no clock, no
// threads; it never sees a value. Its driver (host/execute.cpp) asks what to do, does it with a Runner, and tells it
// what happened.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "schedule/runner.hpp"

namespace gantry::schedule {

/// A use of one step's results by another.
struct Edge {
  enum class Kind : std::uint8_t {
    stream,  ///< element i feeds task i
    keep,    ///< all of the producer must have ended, with values
    order,   ///< `needs`: all of the producer must have ended, with values; its bytes are not used
  };
  Kind kind = Kind::keep;
  StepIndex producer{};
  std::optional<std::uint64_t> element;  ///< keep: only this task's value is used
};

struct Step {
  std::optional<std::uint64_t> tasks;  ///< nothing: asked for (unsized) when its keep and order edges are satisfied
  std::vector<Edge> edges;
  bool kept = false;           ///< results stay until their last user has ended: the window does not apply
  bool consumed = false;       ///< someone outside (printer, digest) also consumes the outcomes: see consumed()
  std::uint64_t window = 1;    ///< most tasks that may be started and not yet released
  std::uint64_t chunk = 0;     ///< tasks a lease; 0: adaptive
  std::uint32_t retries = 0;   ///< extra starts
  bool retry_crash = true;
  bool retry_timeout = false;
  bool retry_error = false;
  bool idempotent = true;      ///< false: never a second start
};

/// Tasks that ended without having been started.
struct Skipped {
  StepIndex step{};
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  StepIndex cause{};                         ///< the step whose failure this is
  std::optional<std::uint64_t> cause_index;  ///< its task; nothing: the step could not be sized
};

/// What is to be done about a task that ended badly.
enum class Verdict : std::uint8_t { final, retried };

class Schedule {
 public:
  /// `workers` ≥ 1; edges point to any other step, without cycles.
  Schedule(std::vector<Step> steps, unsigned workers);
  ~Schedule();
  Schedule(Schedule&&) noexcept;
  Schedule& operator=(Schedule&&) noexcept;

  // What to do.
  /// The next lease for this worker, if there is work and it may hold one more (a second one only if tasks are short).
  /// The latest step with a ready task first, then by index; retried tasks are leased alone.
  [[nodiscard]] std::optional<Lease> next(WorkerIndex worker);
  /// When a worker is idle and nothing is ready: the lease with the most unclaimed work, to be recalled.
  [[nodiscard]] std::optional<Lease> wants_recall();
  /// Steps that may start but for the number of their tasks; each is told once, answered by sized() or unsizable().
  [[nodiscard]] std::vector<StepIndex> unsized();
  /// Skipped tasks since the last call, in the order found.
  [[nodiscard]] std::vector<Skipped> take_skipped();
  /// Results of the step below this index are not needed any more by stream users (kept steps: by any user) nor by
  /// the outside consumer.
  [[nodiscard]] std::uint64_t releasable(StepIndex step) const;
  /// Every task of every step has its outcome.
  [[nodiscard]] bool finished() const;

  // What happened.
  void sized(StepIndex step, std::uint64_t tasks);
  void unsizable(StepIndex step);  ///< counts as one failed task; users are skipped
  void values(LeaseId lease, std::uint64_t first, std::uint64_t count, std::chrono::nanoseconds busy);
  [[nodiscard]] Verdict failed(LeaseId lease, std::uint64_t index, std::chrono::nanoseconds busy);
  void closed(LeaseId lease);
  void recalled(LeaseId lease, std::uint64_t end);  ///< the lease now ends before `end`
  /// The worker's leases are void; unreported tasks go back. `running` (of `lease`) is to blame: the verdict is about it.
  [[nodiscard]] Verdict lost(WorkerIndex worker, LeaseId lease, std::optional<std::uint64_t> running, bool timed_out);
  /// The outside consumer is done with all outcomes of the step below `index`.
  void consumed(StepIndex step, std::uint64_t index);
  /// No new starts (halt, SIGINT): running leases may still end; finished() then means that nothing is running.
  void drain();

  // What is.
  [[nodiscard]] std::optional<std::uint64_t> tasks(StepIndex step) const;
  [[nodiscard]] std::uint64_t ended(StepIndex step) const;  ///< tasks with an outcome
  [[nodiscard]] const Lease* find(LeaseId lease) const;     ///< an open lease
  [[nodiscard]] std::uint32_t attempt(StepIndex step, std::uint64_t index) const;  ///< starts so far, of a retried task; else 1

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace gantry::schedule
