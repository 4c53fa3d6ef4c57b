// One child process: what it is called by, how it is killed, how it ended. Owned by the pool's thread.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "wire/descriptor.hpp"

namespace gantry::pool {

/// How a process ended.
struct Ending {
  enum class How : unsigned char { exited, signalled, unknown };  ///< unknown: someone else took its status
  How how = How::unknown;
  int code = 0;  ///< exit status or signal number

  /// "SIGSEGV", "status 3", "unknown cause": for use inside a sentence.
  [[nodiscard]] std::string name() const;
};

/// Owns a child that leads its own process group. Killing always means the whole group.
class Process {
 public:
  /// Takes over the child `pid`. Where the kernel has no pidfds, pidfd() is -1 and reap() has to be polled.
  explicit Process(pid_t pid);
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  /// Kills the group and waits for the child's end.
  ~Process();

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] int pidfd() const { return pidfd_.get(); }  ///< to poll for POLLIN: the child has ended

  /// SIGKILL to the whole group; works on stopped processes too.
  void kill() const;
  /// How the child ended, once it has; never blocks. The rest of its group is killed before the child's ID is given
  /// back to the kernel. Afterwards nothing is owned any more but pidfd(), which somebody may still watch.
  [[nodiscard]] std::optional<Ending> reap();

 private:
  [[nodiscard]] std::optional<Ending> collect(int options);
  void end();

  pid_t pid_ = -1;
  wire::Descriptor pidfd_;
};

}  // namespace gantry::pool
