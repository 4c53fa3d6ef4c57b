// Sums of encoded numbers: what shared counters and arrays are made of.
#pragma once

#include <cstddef>

#include "signature/type.hpp"

namespace gantry::signature {

/// Adds the number at `change` to the one at `to`, both of the kind: an integer or a float, as encoded. False: the sum
/// does not fit, and nothing has changed.
[[nodiscard]] bool add(Kind kind, const std::byte* change, std::byte* to);

}  // namespace gantry::signature
