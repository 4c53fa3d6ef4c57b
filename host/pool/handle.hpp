// What stands for a child of this process until it is reaped: a pidfd, which can never mean another process; its number
// where the kernel has no pidfds (before 5.3, and under some tools). And how a child ended.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <optional>
#include <string>

#include "wire/descriptor.hpp"

namespace gantry::pool {

/// "SIGSEGV"; "signal 40" where it has no name.
[[nodiscard]] std::string signal_name(int number);

/// How a process ended.
struct Ending {
  enum class How : unsigned char { exited, signalled, unknown };  ///< unknown: someone else took its status
  How how = How::unknown;
  int code = 0;  ///< exit status or signal number

  /// "SIGSEGV", "status 3", "unknown cause": for use inside a sentence.
  [[nodiscard]] std::string name() const;
};

class Handle {
 public:
  /// Of a child that nobody has reaped yet.
  explicit Handle(pid_t pid);
  /// Of none.
  Handle() = default;

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] int pidfd() const { return pidfd_.get(); }  ///< to poll for POLLIN: it has ended; -1: there is none

  /// SIGKILL to this process alone; works on stopped processes too. False: it may not be killed, or is reaped.
  bool kill() const;
  /// waitid: `status` has si_pid 0 if there is nothing to tell. False: it is no child any more.
  [[nodiscard]] bool look(siginfo_t& status, int options) const;
  /// Takes the status of the child that has ended; WNOHANG among the options: nothing if it has not.
  [[nodiscard]] std::optional<Ending> reap(int options) const;

 private:
  pid_t pid_ = -1;
  wire::Descriptor pidfd_;
};

}  // namespace gantry::pool
