// Where a step's results are, if they cannot be sent as bytes: a pinned value resides with whoever made it, an open
// file with the host.
#pragma once

#include <compare>
#include <cstdint>

namespace gantry::signature {

enum class Residence : std::uint8_t {
  nowhere,  ///< a result is bytes, like any other
  worker,   ///< an object in the worker that made it: its users run there
  process,  ///< the same, for threads that share a process: any of them may use it, and it dies with all of them
  host,     ///< an open file, which the host holds and passes on
};

/// The task that made a resident value, by which it is known everywhere.
struct Resident {
  std::uint32_t step = 0;
  std::uint64_t index = 0;

  friend auto operator<=>(const Resident&, const Resident&) = default;
};

/// Which of a producer's values the task `index` of a user means: that of the producer's task
/// `first + index / divide % modulo`.
struct Stride {
  std::uint64_t first = 0;
  std::uint64_t divide = 1;
  std::uint64_t modulo = 1;

  [[nodiscard]] std::uint64_t at(std::uint64_t index) const { return first + index / divide % modulo; }
  friend bool operator==(const Stride&, const Stride&) = default;
};

}  // namespace gantry::signature
