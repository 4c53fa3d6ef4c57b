// What a console shows while a run goes on: a bar or a line now and then, and what tasks print. It has no clock of its
// own: times are passed in.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "report/console.hpp"
#include "signature/ids.hpp"

namespace gantry::report {

enum class ProgressStyle : std::uint8_t {
  automatic,  ///< bar on an interactive terminal, else plain
  bar,        ///< a line that is redrawn, at most 10 times a second; plain where the terminal cannot
  plain,      ///< a line every 10 s
  none,       ///< only what tasks print
};

/// "auto", "bar", "plain", "none"; nothing for any other word.
[[nodiscard]] std::optional<ProgressStyle> progress_named(std::string_view word);

/// How far a run is.
struct Advance {
  std::uint64_t ended = 0;
  std::optional<std::uint64_t> total;  ///< if all steps are sized
  std::uint64_t failed = 0;            ///< ended with an error
};

class Progress {
 public:
  using Time = std::chrono::nanoseconds;  ///< since the run began

  /// Writes to `console`, which outlives it: seen when the console is refreshed.
  Progress(ProgressStyle style, Console& console);
  /// Completes all lines, and takes the bar away.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// As often as one likes; shows something only when it is time to.
  void update(const Advance& advance, Time now);
  /// Text that the task (or run of tasks) `id` printed on a worker, in pieces of any size: shown line by line as
  /// "counts[3] | text". A line without an end waits for it until the worker prints for another task, or finish().
  void printed(host::WorkerIndex worker, std::string_view id, std::string_view text);
  /// A line of a task's log; `level` is one of abi.h's GANTRY_LOG_…: "counts[3] | warning: text".
  void logged(std::string_view id, int level, std::string_view text);
  /// A task told how far it is, from 0 to 1, and at what: stands behind the numbers for a while.
  void progressed(std::string_view id, double fraction, std::string_view text);
  /// Completes all lines, and takes the bar away. What is printed after it (when workers end) is shown still.
  void finish();

 private:
  /// What a worker printed since its last line end.
  struct Partial {
    std::string id;
    std::string text;
    bool returned = false;  ///< the last letter was a carriage return
  };

  [[nodiscard]] std::string sentence(const Advance& advance) const;
  void show_line(std::string_view id, std::string_view text);
  void complete(Partial& partial);

  ProgressStyle style_;
  Console& console_;
  std::map<host::WorkerIndex, Partial> partial_;
  Time shown_at_{0};
  Time now_{0};
  std::string task_;      ///< "fit[3] 40%: epoch 4"
  Time task_told_at_{0};  ///< about
};

}  // namespace gantry::report
