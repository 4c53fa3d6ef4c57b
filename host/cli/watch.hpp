// A run seen from outside: what signals want of it, and what it waits for when it takes long.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "execution.hpp"
#include "report/console.hpp"
#include "report/waiting.hpp"
#include "signals.hpp"

namespace gantry::cli {

class Watch {
 public:
  using Clock = std::chrono::steady_clock;

  /// All outlive it. `grace`: how long tasks may go on after SIGTERM.
  Watch(host::Signals& signals, report::Console& console, const plan::Plan& plan, const host::Execution& execution,
        std::chrono::nanoseconds grace);

  /// SIGINT once to drain, SIGTERM once to drain for the grace, twice to end at once; says so once. SIGUSR1: says what
  /// runs.
  [[nodiscard]] host::Wish wish();
  /// Says what runs, if no task has ended for long. `ended`: tasks that have their outcome.
  void look(std::uint64_t ended, Clock::time_point now);

 private:
  [[nodiscard]] std::string running() const;

  host::Signals& signals_;
  report::Console& console_;
  const plan::Plan& plan_;
  const host::Execution& execution_;
  std::chrono::nanoseconds grace_;
  Clock::time_point began_ = Clock::now();
  Clock::time_point told_at_;  ///< that it drains
  bool told_ = false;
  report::Stillness stillness_;
  std::uint64_t ended_ = 0;
};

}  // namespace gantry::cli
