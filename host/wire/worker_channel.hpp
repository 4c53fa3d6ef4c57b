// The worker's half of the channel: takes chunks, claims their tasks, and reports. It blocks where the host must make
// room; every error means that the host is gone or broken, and that the worker should exit. Used by one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "schedule/shared.hpp"
#include "signature/error.hpp"
#include "wire/claim.hpp"
#include "wire/message.hpp"
#include "wire/outcome.hpp"
#include "wire/progress.hpp"
#include "wire/window.hpp"
#include "wire/work.hpp"

namespace gantry::wire {

class WorkerChannel {
 public:
  /// Maps what Setup brought. The socket is the one that it came over.
  [[nodiscard]] static host::Result<WorkerChannel> attach(Setup setup, Socket socket);
  WorkerChannel(WorkerChannel&&) noexcept;
  WorkerChannel& operator=(WorkerChannel&&) noexcept;
  ~WorkerChannel();

  [[nodiscard]] Socket& socket();

  /// The next chunk; waits for it. Nothing: the host hung up in good order.
  [[nodiscard]] host::Result<std::optional<Work>> next();
  /// What to do with a pinned value that the host drops: called by next(), once all that was sent before has run.
  void on_drop(std::function<void(signature::Resident)> drop);
  /// No chunk is taken any more: does that with what the host dropped last, whatever came before it.
  void take_drops();
  /// Sends the open file that is the value of a task, before the value is reported. It stays the caller's.
  [[nodiscard]] host::Result<void> give_file(std::uint64_t lease, std::uint64_t index, int file);
  /// The last next() had to wait.
  [[nodiscard]] bool waited() const;
  /// next() would not wait: a frame is there.
  [[nodiscard]] bool has_next();
  /// The time (CLOCK_MONOTONIC ns), told after each batch: reports of short work ring the host only now and then.
  void tick(std::uint64_t now);
  /// Claims at most so many tasks of a chunk, relative to its first.
  [[nodiscard]] Claimed claim(const Work& work, std::uint32_t at_most);
  /// Is the batch that began at `since` (as told to progress()) to be given up? Any thread may ask.
  [[nodiscard]] bool is_cancelled(std::uint64_t since) const;
  /// The worker is to end after the task that it runs.
  [[nodiscard]] bool is_dismissed() const { return is_cancelled(0); }
  /// Sends a report of a lease; waits for room in the ring.
  [[nodiscard]] host::Result<void> report(std::uint64_t lease, const Report& report);
  /// The answer to what the running task of the lease asked; chunks that come before it are kept for next(). Nothing:
  /// it is not here at `until` (CLOCK_MONOTONIC ns; UINT64_MAX: no limit).
  [[nodiscard]] host::Result<std::optional<schedule::Answer>> answer(std::uint64_t lease, std::uint64_t until);
  /// Waits until the window has so many free bytes behind the open segment, with memory. Precondition: they fit before
  /// its end, and everything is committed. Error: the host is gone, or there is no memory.
  [[nodiscard]] host::Result<void> wait_for_window(std::uint64_t wanted);

  [[nodiscard]] WindowWriter& window();
  [[nodiscard]] ProgressWriter& progress();
  /// What is mapped for the channel's life: rings and progress words, and the window.
  [[nodiscard]] std::span<std::byte> shared_memory();
  [[nodiscard]] std::span<std::byte> shared_window();

 private:
  struct State;
  explicit WorkerChannel(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace gantry::wire
