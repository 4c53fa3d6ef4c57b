// Standard error while a run goes on: a bar or a line now and then, and what tasks print, in between. One object owns
// the descriptor's text so that prints never break the bar. It has no clock of its own: times are passed in.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "report/sink.hpp"
#include "report/terminal.hpp"
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
  std::uint64_t failed = 0;            ///< ended without a value
};

class Progress {
 public:
  using Time = std::chrono::nanoseconds;  ///< since the run began

  /// Writes to `sink`, which outlives it. If that fails nobody can be told: it then goes quiet.
  Progress(ProgressStyle style, const Terminal& terminal, Sink& sink);
  /// Takes the bar away.
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
  /// Completes all lines, and takes the bar away. Called before the summary is written.
  void finish();

 private:
  /// What a worker printed since its last line end.
  struct Partial {
    std::string id;
    std::string text;
    bool returned = false;  ///< the last letter was a carriage return
  };

  [[nodiscard]] std::string sentence() const;
  void show_line(std::string_view id, std::string_view text);
  void complete(Partial& partial);
  void draw();
  void erase();
  void write(std::string_view text);
  [[nodiscard]] std::string bar() const;

  ProgressStyle style_;
  Terminal terminal_;
  Sink& sink_;
  std::map<host::WorkerIndex, Partial> partial_;
  std::optional<Advance> last_;
  Time shown_at_{0};
  Time now_{0};
  std::string task_;      ///< "fit[3] 40%: epoch 4"
  Time task_told_at_{0};  ///< about
  bool drawn_ = false;    ///< the cursor stands behind a bar
};

}  // namespace gantry::report
