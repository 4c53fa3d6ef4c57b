// What a run waits for, in words: which tasks run, on which worker, and since when.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>

#include "signature/ids.hpp"

namespace gantry::report {

/// A task that runs.
struct RunningNote {
  std::string id;
  host::WorkerIndex worker{};
  std::chrono::nanoseconds ran{0};
};

/// "naps[0] (for 12 s, on worker 0), naps[3] (for 0.4 s, on worker 1) and 2 more": the first 8, in the order given.
[[nodiscard]] std::string running_text(std::span<const RunningNote> tasks);

/// Tells when it is time to say that no task has ended for a while: after 10 s, 30 s, 2 min, 10 min, and then every
/// half hour. It has no clock of its own: times are passed in.
class Stillness {
 public:
  using Time = std::chrono::nanoseconds;  ///< since the run began

  /// `ended`: tasks that have their outcome by now. True: now it is time.
  [[nodiscard]] bool is_due(std::uint64_t ended, Time now);
  /// Since when none has ended.
  [[nodiscard]] Time lasts(Time now) const { return now - since_; }

 private:
  std::uint64_t ended_ = 0;
  Time since_{0};
  std::size_t told_ = 0;  ///< times since then
};

/// "12 s", "0.4 s", "3 min 20 s", "2 h 5 min".
[[nodiscard]] std::string time_text(std::chrono::nanoseconds time);

}  // namespace gantry::report
