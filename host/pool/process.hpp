// One child process: what it is called by, how it is killed, how it ended. Owned by the pool's thread.
#pragma once

#include <sys/types.h>

#include <optional>

#include "pool/handle.hpp"

namespace gantry::pool {

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

  [[nodiscard]] pid_t pid() const { return child_.pid(); }
  [[nodiscard]] int pidfd() const { return child_.pidfd(); }  ///< to poll for POLLIN: the child has ended

  /// SIGKILL to the whole group; works on stopped processes too. Nothing, once somebody else took the child's status:
  /// its number may be another process's by now.
  void kill() const;
  /// The signal that the child stands still for (SIGSTOP, SIGTTIN, …), if it does; nothing where a debugger holds it.
  [[nodiscard]] std::optional<int> stopped_by() const;
  /// How the child ended, once it has; never blocks. The rest of its group is killed before the child's ID is given
  /// back to the kernel. Afterwards nothing is owned any more but pidfd(), which somebody may still watch.
  [[nodiscard]] std::optional<Ending> reap();

 private:
  void end();

  Handle child_;
  bool owned_ = true;  ///< not reaped yet
};

}  // namespace gantry::pool
