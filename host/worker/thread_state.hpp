// What belongs to the thread that runs tasks, and what they are to leave as they found it: the floating-point mode, the
// signal mask, the locale of the thread. It is cheap to look at, and to put back.
#pragma once

#include <cfenv>
#include <clocale>
#include <csignal>
#include <string>

namespace gantry::worker {

class ThreadState {
 public:
  /// As it is now.
  ThreadState();

  /// Puts back what is otherwise than it was. What that is, for people; empty: nothing.
  [[nodiscard]] std::string restore();

 private:
  std::fenv_t floating_;
  sigset_t blocked_;
  locale_t locale_;
};

}  // namespace gantry::worker
