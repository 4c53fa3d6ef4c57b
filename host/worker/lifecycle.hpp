// The beginning and the end of a plugin in this worker: its `begin` makes the state that its functions find in
// gantry_call.state, its `end` takes it back.
#pragma once

#include <vector>

#include "signature/bytes.hpp"
#include "signature/error.hpp"
#include "worker/module.hpp"

namespace gantry::worker {

/// Calls the module's begin with the encoded configuration. Error: why it failed, a sentence with its kind.
/// Precondition: it has a begin, and has not begun.
[[nodiscard]] host::Result<void> begin(Module& module, signature::View arguments);

/// Calls `end` of all that have begun, the last one first.
void end(std::vector<Module>& modules);

}  // namespace gantry::worker
