// ^C and termination as values: blocked for the whole process, read from a descriptor when the run asks.
#pragma once

#include <csignal>

#include "wire/descriptor.hpp"

namespace gantry::host {

class Signals {
 public:
  /// Blocks SIGINT and SIGTERM in this thread and in those it starts from now on, and ignores SIGPIPE (a reader that
  /// went away is then an error of write); all is as it was when this ends. One at a time.
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// Reads what came since the last call, without waiting.
  void poll();
  [[nodiscard]] unsigned count() const { return count_; }
  [[nodiscard]] int first() const { return first_; }  ///< the signal number; 0: none came

 private:
  sigset_t mask_before_{};
  struct sigaction pipe_before_{};
  wire::Descriptor descriptor_;
  unsigned count_ = 0;
  int first_ = 0;
};

}  // namespace gantry::host
