// Where the worker program is.
#pragma once

#include <filesystem>

#include "signature/error.hpp"

namespace gantry::pool {

/// GANTRY_WORKER if it is set and not empty, else `gantry-worker` beside the running executable. The error
/// (infrastructure) names the path that was tried, why it will not do, and what to do.
[[nodiscard]] host::Result<std::filesystem::path> worker_program();

}  // namespace gantry::pool
