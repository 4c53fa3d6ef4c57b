// What the scheduler's driver asks of workers, and what it hears from them. The real runner is pool::Pool; tests use
// one without process, clock or file.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "schedule/shared.hpp"
#include "signature/bytes.hpp"
#include "signature/error.hpp"
#include "signature/ids.hpp"
#include "signature/open_file.hpp"
#include "signature/residence.hpp"
#include "signature/shared_bytes.hpp"
#include "signature/slots.hpp"

namespace gantry::schedule {

using host::LeaseId;
using host::StepIndex;
using host::WorkerIndex;

/// The right of one worker to report a run of tasks of one step.
struct Lease {
  LeaseId id{};
  WorkerIndex worker{};
  StepIndex step{};
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::uint32_t attempt = 1;
  bool again = false;  ///< makes pinned values once more that died: the tasks have their outcome already
};

/// Encoded arguments, one row a task.
struct Rows {
  std::vector<std::uint64_t> lengths;
  signature::Bytes bytes;
};

/// What all chunks of a step have in common: each worker is told once, however many chunks it gets.
struct Assignment {
  std::uint32_t plugin = 0;    ///< position in the catalog
  std::uint32_t function = 0;  ///< entry in the plugin's descriptor
  StepIndex step{};
  std::string step_id;
  bool indexed = true;                                 ///< the step has `each`: tasks know their index
  std::uint64_t seed = 0;                              ///< the run's
  std::optional<std::uint64_t> result_size;            ///< of a result of fixed size
  std::chrono::nanoseconds timeout{0};                 ///< of one task; 0: none
  std::shared_ptr<const signature::Template> pattern;  ///< of the arguments; nothing: each chunk brings rows
  std::vector<SharedUse> shared;                       ///< what its tasks share with others; each object once
  signature::Residence residence = signature::Residence::nowhere;  ///< of its results
};

/// An open file that tasks of a chunk take as an argument.
struct PassedFile {
  signature::Resident resident;
  std::shared_ptr<const signature::OpenFile> file;
};

/// A lease with all that a worker needs to run it.
struct Chunk {
  Lease lease;
  std::shared_ptr<const Assignment> assignment;
  Rows rows;                           ///< one a task, unless the assignment has a pattern
  std::vector<PassedFile> files = {};  // NOLINT(readability-redundant-member-init): or g++ warns where it is left out
};

/// How a worker ended, for people.
struct Death {
  enum class How : std::uint8_t {
    exited,
    signalled,
    timed_out,
    protocol,
    not_started,
    interrupted,  ///< by Runner::interrupt()
  };
  How how = How::exited;
  int code = 0;                         ///< exit status or signal number
  std::string sentence;                 ///< "killed by SIGSEGV", "exited with status 0 without a result"
  std::uint64_t tasks_run = 0;          ///< that this process had finished before
  std::vector<std::string> last_lines;  ///< of its stdout and stderr
};

namespace event {

/// A run of tasks of a lease ended with values; `lengths` is empty if the result size is fixed.
struct Values {
  LeaseId lease{};
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  signature::Bytes bytes;
  std::vector<std::uint64_t> lengths;
  std::chrono::nanoseconds busy{0};
  std::shared_ptr<const signature::SharedBytes> shared;  ///< instead of bytes: one large value
  std::shared_ptr<const Changes> changes;                ///< of shared objects, by the one task
  /// The one task's result, if it resides with the host. An initialiser, or g++ warns wherever it is left out.
  std::shared_ptr<const signature::OpenFile> file = {};  // NOLINT(readability-redundant-member-init)

  [[nodiscard]] signature::View content() const { return shared ? shared->bytes() : signature::View(bytes); }
};

/// One task ended with an error that its function, or its decoding or encoding, reported. The worker lives.
struct Failed {
  LeaseId lease{};
  std::uint64_t index = 0;
  std::string kind;
  std::string message;
  std::chrono::nanoseconds busy{0};
  bool timed_out = false;  ///< it had run over its time limit when it failed
};

/// A running task asks for something shared, and waits for Runner::answer().
struct Asked {
  LeaseId lease{};
  std::uint64_t index = 0;
  Ask ask;
};

/// All tasks of the lease are reported.
struct Closed {
  LeaseId lease{};
};

/// The worker is gone (and is being replaced). All its leases are void: what was finished has been reported before.
/// Workers that share a process are lost together: one event each, all at once.
struct Lost {
  WorkerIndex worker{};
  LeaseId lease{};                       ///< the open one; 0: none
  std::optional<std::uint64_t> running;  ///< index of the task that was running: the one to blame
  Death death;
  /// Tasks that other workers of the same process were running: any of them may be to blame instead.
  std::uint32_t others = 0;
  bool excused = false;  ///< what `running` names is not to blame: it runs again, if its step may start it twice
  /// The task of another worker for whose time limit the process was killed: it is to blame.
  struct Overdue {
    StepIndex step{};
    std::uint64_t index = 0;
  };
  std::optional<Overdue> overdue;
  /// The worker's memory was written over: of the open lease, any task without an outcome up to `running` (nothing: up
  /// to its end) may have done it.
  bool spoilt = false;
};

/// A task printed, or logged through its Context.
struct Printed {
  WorkerIndex worker{};
  StepIndex step{};
  std::uint64_t first = 0;  ///< the task, or the run of tasks, that it came from
  std::uint64_t count = 1;
  int level = -1;  ///< -1: print; else GANTRY_LOG_…
  std::string text;
};

/// A task told how far it is.
struct Progressed {
  WorkerIndex worker{};
  StepIndex step{};
  std::uint64_t index = 0;
  double fraction = 0;  ///< from 0 to 1
  std::string text;
};

/// The worker is ready for leases.
struct Ready {
  WorkerIndex worker{};
};

/// No worker can be started (or all die at once): the run cannot go on.
struct Broken {
  host::Error error;
};

}  // namespace event

using Event = std::variant<event::Values, event::Failed, event::Closed, event::Lost, event::Printed, event::Ready,
                           event::Broken, event::Progressed, event::Asked>;

/// A task that runs at this moment.
struct Running {
  WorkerIndex worker{};
  LeaseId lease{};
  std::uint64_t index = 0;
  std::chrono::nanoseconds ran{0};  ///< since its batch began: of a long task, about as long as it runs
};

/// Chunks that a worker may be sent and not have closed.
inline constexpr unsigned leases_most = 256;

class Runner {
 public:
  Runner() = default;
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;
  virtual ~Runner() = default;

  [[nodiscard]] virtual unsigned workers() const = 0;
  /// All workers are one process: when one is lost, so are the others.
  [[nodiscard]] virtual bool shares_process() const { return false; }
  /// Places besides, for as many workers as wait in a queue at a time, or are to be without pinned values.
  [[nodiscard]] virtual unsigned spare() const { return 0; }
  /// Sends a chunk; a worker runs those that it has in order. An error here is the infrastructure's.
  [[nodiscard]] virtual host::Result<void> start(Chunk chunk) = 0;
  /// Takes back what the worker has not claimed of a lease: the index of the first task taken back
  /// (first + count if nothing was). The lease then ends there.
  [[nodiscard]] virtual std::uint64_t recall(const Lease& lease) = 0;
  /// Tells the task of an open lease what it asked for (event::Asked).
  // NOLINTNEXTLINE(performance-unnecessary-value-param): a sink
  [[nodiscard]] virtual host::Result<void> answer(const Lease& /*lease*/, Answer /*answer*/) { return {}; }
  /// Waits for events, at most so long; appends them in the order they happened. How long of this there was nothing to
  /// do.
  virtual std::chrono::nanoseconds wait(std::chrono::nanoseconds at_most, std::vector<Event>& events) = 0;
  /// A worker's pinned value that nobody uses any more: it is destroyed, once the worker has run all that it was sent
  /// before.
  virtual void drop(WorkerIndex /*worker*/, signature::Resident /*pinned*/) {}
  /// A buffer that values came in and that nobody needs any more: later ones may come in it.
  virtual void reuse(signature::Bytes /*buffer*/) {}  // NOLINT(performance-unnecessary-value-param): a sink
  /// What runs now, one task a worker at most.
  [[nodiscard]] virtual std::vector<Running> running() const { return {}; }
  /// Tells what runs now that nobody waits for it any more, and says what that is: it may ask, and then end by itself.
  [[nodiscard]] virtual std::vector<Running> cancel() { return {}; }
  /// The run is ended before its tasks are: kills the workers that have a lease, and appends what they reported to the
  /// last, with a Lost for each. No lease is open then, and none is to be started.
  virtual void interrupt(std::vector<Event>& /*events*/) {}
};

}  // namespace gantry::schedule
