// One life of one worker: its process, channel and prints, what it was asked, and why it was killed if it was. In
// thread mode the first worker leads: the others are threads of its process. It carries things out and answers
// questions; what follows from them (retries, replacements) is the crew's.
// Used by the pool's thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pool/clock.hpp"
#include "pool/loading.hpp"
#include "pool/plugin_files.hpp"
#include "pool/prints.hpp"
#include "pool/process.hpp"
#include "pool/reactor.hpp"
#include "pool/spawner.hpp"
#include "pool/stop_watch.hpp"
#include "schedule/runner.hpp"
#include "signature/mode.hpp"
#include "wire/host_channel.hpp"
#include "wire/socket.hpp"

namespace gantry::pool {

/// Why the pool killed a worker.
struct Condemned {
  schedule::Death::How how = schedule::Death::How::protocol;
  std::string sentence;
  std::optional<wire::Running> overdue;  ///< timed_out: the task that ran too long
  host::StepIndex step{};                ///< of it
  bool stopped = false;                  ///< it stood still: no fault of what it ran
};

class Worker {
  struct Key {};

 public:
  enum class Phase : std::uint8_t { spawning, loading, ready };
  struct Made;

  /// Makes channel and pipe, and queues the order to load `plugins` (positions in `paths`) from `files`,
  /// where their paths lead elsewhere by now. `mode` thread: it leads.
  [[nodiscard]] static host::Result<Made> make(host::WorkerIndex index, std::uint32_t life,
                                               const std::vector<std::string>& paths,
                                               std::vector<std::uint32_t> plugins, const PluginFiles& files,
                                               wire::Shelves shelves, host::Mode mode);
  /// Makes the channel of a thread, which waits for admit().
  [[nodiscard]] static host::Result<std::unique_ptr<Worker>> make_thread(host::WorkerIndex index, std::uint32_t life,
                                                                         wire::Shelves shelves);
  Worker(Key, host::WorkerIndex index, std::uint32_t life, std::vector<std::uint32_t> plugins,
         wire::HostChannel channel);

  [[nodiscard]] std::uint32_t life() const { return life_; }
  [[nodiscard]] Phase phase() const { return phase_; }
  [[nodiscard]] wire::HostChannel& channel() { return channel_; }
  [[nodiscard]] bool is_thread() const { return is_thread_; }  ///< of another worker's process
  /// Of its process; a thread has them from admit() on.
  [[nodiscard]] Prints& prints() { return *prints_; }
  /// It has a process of its own, alive or not yet reaped.
  [[nodiscard]] bool runs() const { return !is_thread_ && process_; }
  /// The process cannot be watched: reap() has to be polled.
  [[nodiscard]] bool unwatched() const { return runs() && process_->pidfd() < 0; }
  /// See Process. Nothing of a thread.
  [[nodiscard]] std::optional<Ending> reap() { return runs() ? process_->reap() : std::nullopt; }
  [[nodiscard]] pid_t process_id() const { return process_id_; }  ///< stays when the process is gone; -1: never ran
  [[nodiscard]] const Loading& loading() const { return loading_; }
  /// What it was asked to load: positions in the pool's list of plugins.
  [[nodiscard]] const std::vector<std::uint32_t>& plugins() const { return plugins_; }
  /// How many of them it was handed the files of, since their paths led elsewhere.
  [[nodiscard]] std::ptrdiff_t files_passed() const { return files_passed_; }
  [[nodiscard]] const std::optional<Condemned>& condemned() const { return condemned_; }

  /// The process runs: from now on it is watched, and has until `load_limit` for each plugin.
  [[nodiscard]] host::Result<void> started(const Reactor& reactor, Process process, Time now);
  /// Lets a thread begin in this worker's process; this worker must be ready.
  [[nodiscard]] host::Result<void> admit(Worker& thread, const Reactor& reactor, Time now);
  /// Kills the worker, with all in its process; the first reason stands.
  void condemn(Condemned reason);
  /// The same for its time limit, if its task is over it: its process dies for another's.
  void condemn_if_late(Time now);
  /// Was it killed for the very task that it died in?
  [[nodiscard]] bool was_overdue(const wire::Remains& remains) const;
  /// Lets the plugin at this position of plugins() begin.
  [[nodiscard]] host::Result<void> begin(std::uint32_t position, const signature::Bytes& arguments, Time now);
  [[nodiscard]] bool was_told_to_begin() const { return told_to_begin_; }
  /// Tells the worker to end by itself, after the task that it runs.
  void dismiss();

  /// Sends more of what found no room in its sockets. Error: what was to be sent cannot be.
  [[nodiscard]] host::Result<void> flush();
  /// Watches its socket for room as long as something waits for that. False: what waits is to be tried again before
  /// long.
  [[nodiscard]] bool watch_room();
  /// The same, in the middle of a run: it has a while for that, and is then killed.
  void retire(Time now);
  [[nodiscard]] bool retired() const { return retired_.has_value(); }

  /// Takes the messages that are there. Breaches of the protocol and hang-ups condemn, at once or at due().
  void hear(Time now);
  /// Sends a chunk; `plugin`: the position in plugins(). The worker must be ready. False: its ring is full.
  [[nodiscard]] host::Result<bool> start(const schedule::Chunk& chunk, std::uint32_t plugin, wire::Blocks& blocks);
  /// A chunk waits behind the one that runs.
  [[nodiscard]] bool has_next() const { return open_.size() > 1; }
  /// Appends what the worker reported; breaches of the protocol condemn. True if there was anything.
  bool collect(std::vector<schedule::Event>& events);
  /// It has chunks, and nothing came from it since this was asked last.
  [[nodiscard]] bool is_silent() { return !std::exchange(reported_, false) && !open_.empty(); }

  /// The pipe can be read: not before the worker had its chance to do so.
  void printed(const Reactor& reactor, Time now, std::vector<schedule::Event>& events);
  /// From now on all prints are read here: to be called when it is dismissed, and drain() whenever there are some.
  void watch_prints(const Reactor& reactor);
  /// Takes all prints that wait, as an event blamed on `running`.
  void drain(std::optional<wire::Running> running, std::vector<schedule::Event>& events);

  /// The step of an open lease.
  [[nodiscard]] std::optional<host::StepIndex> step_of(host::LeaseId lease) const;
  /// Looks whether its process was stopped: a warning is to be told, and it is condemned if that lasts. It must run.
  /// What is not `busy` may stand still for as long as it likes.
  [[nodiscard]] std::optional<schedule::event::Printed> check_stopped(bool busy, Time now, bool stalled);

  /// When time_passed() has to be called next.
  [[nodiscard]] Time due(Time now, std::chrono::nanoseconds load_limit) const;
  /// Looks at all clocks: plugins that do not load, channels that hang up, tasks over their limit, prints that nobody
  /// reads. `stalled`: the host itself did not run for a while, so a task seems late only once more, after a second
  /// look.
  void time_passed(const Reactor& reactor, Time now, bool stalled, std::chrono::nanoseconds load_limit,
                   std::vector<schedule::Event>& events);

 private:
  struct Open {
    host::LeaseId lease{};
    host::StepIndex step{};
    std::chrono::nanoseconds timeout{0};
  };

  [[nodiscard]] host::Result<void> watch(const Reactor& reactor, int descriptor, Source source, Watch& to) const;
  [[nodiscard]] const Open* find(host::LeaseId lease) const;
  [[nodiscard]] schedule::event::Printed blamed_on(const std::optional<wire::Running>& running, int level,
                                                   std::string text) const;
  [[nodiscard]] std::optional<Time> deadline(Time now) const;
  void check_deadline(Time now, bool stalled);
  void condemn_late(const wire::Running& running, const Open& open);
  void check_prints(const Reactor& reactor, Time now, std::vector<schedule::Event>& events);

  host::WorkerIndex index_;
  std::uint32_t life_;
  std::vector<std::uint32_t> plugins_;
  std::ptrdiff_t files_passed_ = 0;
  wire::HostChannel channel_;
  std::shared_ptr<Prints> prints_;    ///< shared by the workers of a process, as it is
  std::shared_ptr<Process> process_;  ///< nothing: not yet
  pid_t process_id_ = -1;
  bool is_thread_ = false;
  std::optional<wire::Socket> door_;  ///< of one that leads
  wire::Descriptor thread_end_;       ///< of a thread that was not admitted yet: its end of the channel
  Watch process_watch_;
  Watch socket_watch_;
  Watch doorbell_watch_;
  Watch prints_watch_;
  Phase phase_ = Phase::spawning;
  Loading loading_;
  std::deque<Open> open_;  ///< oldest first
  std::size_t timed_ = 0;  ///< of them with a time limit
  bool reported_ = false;  ///< since is_silent()
  std::optional<Condemned> condemned_;
  Time heard_;                            ///< while loading: the last message
  std::optional<Time> hung_up_;           ///< the worker closed its end then
  std::optional<Time> retired_;           ///< it was told then to end
  std::optional<Time> printing_;          ///< prints were seen then, and wait for the worker to read them
  std::optional<wire::Running> printer_;  ///< what ran at that moment
  std::optional<wire::Running> spared_;   ///< late when the host had stalled
  bool load_spared_ = false;              ///< the same, of loading
  bool told_to_begin_ = false;
  StopWatch stop_watch_;
  std::optional<wire::Running> cancelled_;  ///< over its time limit, and told so then
  Time cancelled_at_;
  Time second_look_;  ///< when it is looked at again
};

/// A worker that waits for its process.
struct Worker::Made {
  std::unique_ptr<Worker> worker;
  Birth birth;  ///< all but the mark
};

}  // namespace gantry::pool
