// The host's half of the channel to one worker: sends chunks, takes back what is not claimed, turns what the worker
// reports into events. It keeps a ledger of the open leases, so that what it passes on is true: each task of a lease
// is reported once, in order, by the worker that holds the lease. An error of receive() means that the worker does not
// keep to the protocol: kill it. Used by one thread. No policy: spawning, killing and time limits are the pool's.
//
// Life, as the pool sees it:
//   make() -> start the process with `worker_end` as descriptor 3, then drop `worker_end`
//   load(paths); poll socket(): receive_message() until ReadyToRun
//   start(chunk) …, ring(); receive(events) in a loop; before polling doorbell(): ring(), prepare_sleep(), after:
//   awake() on death: receive(events) once more, then remains(): salvaged values, and whom to blame
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "schedule/runner.hpp"
#include "signature/error.hpp"
#include "signature/ids.hpp"
#include "wire/blocks.hpp"
#include "wire/descriptor.hpp"
#include "wire/message.hpp"
#include "wire/shelf.hpp"

namespace gantry::wire {

/// What a dead worker left.
struct Remains {
  /// Finished values of the open chunk that were not committed, if their checksum fits: to be reported before Lost.
  std::optional<schedule::event::Values> values;
  host::LeaseId lease{};                 ///< the lease that was open; 0: none
  std::optional<std::uint64_t> running;  ///< index of the task of `lease` that was running: the one to blame
  std::uint64_t tasks_run = 0;           ///< tasks that this process had finished
  /// The memory that it shared was written over: the running task, as far as it is known, is only the last that may be
  /// to blame.
  bool spoilt = false;
};

/// The batch that a worker runs at this moment.
struct Running {
  host::LeaseId lease{};
  std::uint64_t index = 0;     ///< of the running task
  std::uint64_t since_ns = 0;  ///< CLOCK_MONOTONIC when its batch began; with a time limit a batch is one task
};

class HostChannel {
 public:
  struct Made;

  /// Makes the shared memory, the doorbells, the window and the socket, and queues Setup for the worker.
  /// `shelves`: where large values go.
  [[nodiscard]] static host::Result<Made> make(host::WorkerIndex worker, std::uint64_t generation,
                                               Shelves shelves = {});
  HostChannel(HostChannel&&) noexcept;
  HostChannel& operator=(HostChannel&&) noexcept;
  ~HostChannel();

  // The socket. What finds no room in it is kept, and goes with flush(): nothing here waits for the worker.
  /// Before load(): the worker's end of a socket over which it gets an Attach for each further thread.
  [[nodiscard]] host::Result<void> open_door(Descriptor worker_end);
  /// Absolute paths, in catalog order.
  /// Before load(): the file to load for the path at this position.
  [[nodiscard]] host::Result<void> pass_plugin(std::uint32_t position, Descriptor file);
  [[nodiscard]] host::Result<void> load(std::vector<std::string> paths);
  /// `position`: in the list of paths.
  [[nodiscard]] host::Result<void> begin(std::uint32_t position, signature::Bytes arguments);
  /// The next message, if a whole one is here; never blocks. An error: kill the worker.
  [[nodiscard]] host::Result<std::optional<WorkerMessage>> receive_message();
  /// Sends more of what was kept. start(), where it found no room, may then be tried again.
  [[nodiscard]] host::Result<void> flush();
  /// flush() is to be called once socket() can be written to;
  [[nodiscard]] bool wants_room() const;
  /// or after a while, where poll would not tell.
  [[nodiscard]] bool is_stalled() const;
  [[nodiscard]] int socket() const;    ///< to poll for POLLIN, and POLLOUT if it wants room
  [[nodiscard]] bool hung_up() const;  ///< the worker closed its end (alive or not)
  [[nodiscard]] bool partial() const;  ///< half a message is here

  // Chunks.
  /// Sends a chunk, and its assignment if the worker does not have it. `plugin`: the position in the worker's list. At
  /// most leases_cap are open at once; count is 1 … chunk_cap. False: the ring is full, or the socket; once something
  /// was received, or flushed, try again. Never blocks.
  [[nodiscard]] host::Result<bool> start(const schedule::Chunk& chunk, std::uint32_t plugin, Blocks& blocks);
  /// Lets the worker unmap arguments that nobody comes back to; ring() then.
  void forget_gone();
  /// Wakes the worker if it sleeps over chunks, or over room that receive() made. Call after starting some, and before
  /// waiting.
  void ring();
  /// Wakes the worker, whether it seems to sleep or not: for one of which nothing was heard for long.
  void ring_again();
  /// Sends the running task of the lease what it asked for (Asked); nothing if the lease is not open. What finds no
  /// room goes with the next call of this, start(), receive() or ring().
  [[nodiscard]] host::Result<void> answer(host::LeaseId lease, schedule::Answer answer);
  /// Lets the worker destroy a pinned value, behind all that it was sent; without room later, as for answers.
  void drop(signature::Resident value);
  /// Answers, or drops, wait for room.
  [[nodiscard]] bool answers_wait() const;
  /// A ring failed: ring() is to be called again before long.
  [[nodiscard]] bool ring_waits() const;
  /// Takes back what is not claimed: index of the first task taken back, first + count if none was (UINT64_MAX: the
  /// lease is not open any more). The lease then ends there; Closed still comes.
  [[nodiscard]] std::uint64_t recall(host::LeaseId lease);
  /// Appends what the worker reported since (Values, Failed, Closed, Printed), in order; true if there was anything.
  /// On an error, events up to the offence have been appended.
  [[nodiscard]] host::Result<bool> receive(std::vector<schedule::Event>& events);
  /// A buffer that later values may come in.
  void reuse(signature::Bytes buffer);
  [[nodiscard]] unsigned open_leases() const;
  /// The oldest open lease: the one that the worker runs.
  [[nodiscard]] std::optional<schedule::Lease> oldest() const;

  // Giving up.
  /// Tells a task that asks that nobody waits for it any more.
  void cancel(const Running& running);
  /// Tells the same to all tasks of the worker, which then ends.
  void cancel_all();

  // Sleeping.
  /// Whether receive() would find anything.
  [[nodiscard]] bool has_reports() const;
  /// Whether the worker may look for work a while before it sleeps.
  void let_spin(bool may);
  /// Asks to be rung. True: nothing is there, poll doorbell(). False: do not sleep, receive() first.
  [[nodiscard]] bool prepare_sleep();
  /// After polling, or instead of it: no more rings are wanted.
  void awake();
  /// The doorbell rang: it is quiet again; receive() after it.
  void drain_doorbell();
  [[nodiscard]] int doorbell() const;  ///< to poll for POLLIN

  // Looking on.
  /// What runs now, if anything does: a consistent reading, checked against the open leases.
  [[nodiscard]] std::optional<Running> running() const;
  [[nodiscard]] std::uint64_t tasks_run() const;  ///< as the worker says
  /// Once, after the worker is dead and receive() was called a last time: all its leases are void afterwards.
  [[nodiscard]] Remains remains();

 private:
  struct State;
  explicit HostChannel(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

struct HostChannel::Made {
  HostChannel channel;
  Descriptor worker_end;  ///< becomes descriptor 3 of the worker; close it in the host once the worker runs
};

}  // namespace gantry::wire
