// How far a step is, as far as waiting for others goes.
#pragma once

#include <cstdint>
#include <optional>

#include "signature/ids.hpp"

namespace gantry::schedule {

struct Standing {
  std::uint64_t unended = 0;  ///< tasks without an outcome; 1 if their number is not known
  std::uint64_t leased = 0;   ///< of them, those that a worker has
  bool has_work = false;      ///< some of the others could start, given a worker
  bool has_place = false;     ///< and there is one, now or when a task ends that does not wait
  /// A step whose task waits in the one worker that some of them could run in: the first such.
  std::optional<host::StepIndex> held_up_by = std::nullopt;

  [[nodiscard]] std::uint64_t unstarted() const { return unended > leased ? unended - leased : 0; }
};

}  // namespace gantry::schedule
