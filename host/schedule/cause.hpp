// The root of a failure: the task that itself failed, however many skipped ones lie between.
#pragma once

#include <cstdint>
#include <optional>

#include "signature/ids.hpp"

namespace gantry::schedule {

struct Cause {
  host::StepIndex step{};
  std::optional<std::uint64_t> index;  ///< nothing: the step could not be sized, or was refused

  friend bool operator==(const Cause&, const Cause&) = default;
};

}  // namespace gantry::schedule
