// The declarations under `shared:` as typed objects with their first content, all of it known before the run.
#pragma once

#include <vector>

#include "plan/scope.hpp"
#include "plan/shared.hpp"

namespace gantry::plan {

/// Most values that a queue or an array may begin with.
inline constexpr std::uint64_t most_content = 1ULL << 24;

/// Appends one for each of the config's, in their order; what is wrong is reported.
void compile_shared(const Scope& scope, std::vector<SharedObject>& to, config::Diagnostics& diagnostics);

}  // namespace gantry::plan
