// How what descends from a pool's workers is told from other children of this process: by the mark of wire/mark.hpp,
// with a hard limit that says whose pool it is. Values; no owner.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace gantry::pool {

/// Of one pool. The hard limit of this process ends with a row of ones (RLIM_INFINITY is nothing else); a pool writes
/// its number over the first twenty of them. So the limits of a host that runs inside a worker begin with this pool's,
/// and their own number follows: three hosts fit into each other.
class Mark {
 public:
  /// `number`: no other pool of this process has it meanwhile.
  explicit Mark(int number);

  /// The limit that one worker is started with: its soft limit is a new mark. Nothing: this process has too low a limit
  /// to mark anything.
  [[nodiscard]] std::optional<rlimit> next() const;

  struct Origin {
    /// The mark of the worker that it descends from; nothing: a host that ran inside one of them, and is gone.
    std::optional<std::uint64_t> worker;
  };
  /// Where a process comes from, also a zombie; nothing: not from this pool's workers.
  [[nodiscard]] std::optional<Origin> origin_of(pid_t process) const;

 private:
  rlim_t hard_ = 0;  ///< 0: there is no room for one
  int below_ = 0;    ///< bits that belong to the numbers of inner hosts
};

}  // namespace gantry::pool
