// What workers leave behind: processes that tasks started and that outlived their worker. The host adopts them (it is
// a child subreaper while a pool lives), kills them and reaps them; children of others in this process are let alone.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <cstdint>
#include <span>

#include "pool/mark.hpp"

namespace gantry::pool {

/// A worker that lives, or is being started.
struct Living {
  pid_t pid = -1;  ///< not yet known
  std::uint64_t mark = 0;
};

/// Adopts and ends strays as long as it lives. Used by the pool's thread.
class Strays {
 public:
  /// `number`: see Mark.
  explicit Strays(int number);
  Strays(const Strays&) = delete;
  Strays& operator=(const Strays&) = delete;
  /// Sweeps until no stray is left (bounded), then gives up adoption if it was not in force before.
  ~Strays();

  /// What a worker must be started with: all that it starts inherits it.
  [[nodiscard]] const Mark& mark() const { return mark_; }
  /// Kills and reaps what the dead left, never blocks. True: something is on its way out, and its own children come to
  /// this process only then: sweep again soon.
  [[nodiscard]] bool sweep(std::span<const Living> workers);

 private:
  Mark mark_;
  bool adopted_before_ = false;
  bool restore_signal_ = false;
  struct sigaction former_{};
};

}  // namespace gantry::pool
