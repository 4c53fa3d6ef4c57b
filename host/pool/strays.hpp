// What workers leave behind: processes that tasks started and that outlived their worker. The host adopts them (it is
// a child subreaper while a pool lives), kills them and reaps them; children of others in this process are let alone.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gantry::pool {

/// A worker that lives.
struct Living {
  pid_t pid = -1;
  std::uint64_t life = 0;
};

/// Adopts and ends strays as long as it lives. Used by the pool's thread.
class Strays {
 public:
  Strays();
  Strays(const Strays&) = delete;
  Strays& operator=(const Strays&) = delete;
  /// Sweeps until no stray is left (bounded), then gives up adoption if it was not in force before.
  ~Strays();

  /// The environment entry, "NAME=text", that a worker's life must be started with: all that it starts inherit it.
  [[nodiscard]] std::string mark(std::uint64_t life) const;
  /// A worker that led this group is dead, and reaped.
  void orphaned(pid_t group);
  /// The ID is a living worker's again.
  void reused(pid_t group);
  /// Kills and reaps what the dead left, never blocks. True: something is on its way out, sweep again soon.
  [[nodiscard]] bool sweep(std::span<const Living> workers);

 private:
  bool sweep_groups();
  bool sweep_marked(std::span<const Living> workers);
  [[nodiscard]] std::optional<std::uint64_t> life_of(pid_t pid) const;

  std::string prefix_;         ///< of the mark: this pool's own
  std::vector<pid_t> groups_;  ///< of dead workers, not known to be empty
  std::vector<pid_t> dying_;   ///< killed by us, not yet reaped
  bool adopted_before_ = false;
  bool restore_signal_ = false;
  struct sigaction former_{};
};

}  // namespace gantry::pool
