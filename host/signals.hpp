// ^C and termination. While a run goes on, the first signal is a number that its loop reads, so that running tasks may
// end; at all other times, and for the second signal everywhere, the handler itself ends the program: whatever the
// program waits for, or computes, is within a signal's reach.
//   SIGINT                 drains
//   SIGTERM, SIGHUP        drain, for `grace` at most
//   a second one           the loop ends the tasks; if the program is still there 0.7 s later, the handler ends it
//   a third one            ends it at once
//   SIGUSR1                asks what the run waits for
// SIGINT and SIGHUP that were ignored when the program began (a job in the background, nohup) stay ignored.
#pragma once

#include <array>
#include <chrono>
#include <csignal>

#include "report/console.hpp"

namespace gantry::host {

class Signals {
 public:
  /// Hears signals from now on, in whatever thread they come, and ignores SIGPIPE (a reader that went away is then an
  /// error of write); all is as it was when this ends. One at a time: what a handler can reach is global.
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// While it lives a loop reads count(), and ends the run as the table above says. `grace`: of SIGTERM. The console's
  /// status line is taken away before the handler ends the program.
  class Loop {
   public:
    Loop(Signals& signals, report::Console& console, std::chrono::nanoseconds grace);
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;
  };

  /// Signals so far. The same one again within 20 ms is one: `timeout` tells the process, and then its group.
  [[nodiscard]] unsigned count() const;
  [[nodiscard]] int first() const;  ///< the signal number; 0: none came
  /// SIGUSR1 came since the last call.
  [[nodiscard]] bool was_asked();

 private:
  static constexpr std::array kHeard{SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGALRM};

  std::array<struct sigaction, kHeard.size()> before_{};
  struct sigaction pipe_before_{};
  sigset_t mask_before_{};
};

}  // namespace gantry::host
