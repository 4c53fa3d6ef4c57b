// The children of this process, those that it adopted among them.
#pragma once

#include <sys/types.h>

#include <vector>

namespace gantry::pool {

/// All, dead ones that nobody has reaped too. One that comes or goes meanwhile may be missed: look again.
[[nodiscard]] std::vector<pid_t> children();

}  // namespace gantry::pool
