// A use of values that cannot be sent as bytes: pinned values, which stay in the worker that made them, and open files,
// which the host holds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "config/config.hpp"
#include "signature/ids.hpp"
#include "signature/residence.hpp"

namespace gantry::plan {

/// A parameter that takes such a value.
struct ResidentUse {
  host::StepIndex producer{};
  std::optional<std::uint32_t> binding;     ///< the bound name that gives it; nothing: all tasks use the same one
  std::uint64_t element = 0;                ///< then: that of this task of the producer
  std::optional<signature::Stride> stride;  ///< if the plan knows it
  bool changes = false;                     ///< the task may change what is pinned
};

/// The same with where it is written, for messages.
struct ResidentArgument {
  ResidentUse use;
  config::Mark mark;
  std::string parameter;
};

}  // namespace gantry::plan
