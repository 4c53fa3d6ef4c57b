// The end of the host, whatever way it ended: this process then ends as well, and takes along all that its tasks
// started.
#pragma once

namespace gantry::worker {

/// Begins to watch the process that started this one; called once, before any code of plugins runs and while there is
/// one thread. Where that cannot be done, the signal for the parent's death, which is set, ends this process alone.
void watch_host();

/// The host is gone: ends this process, with what it started and its group.
[[noreturn]] void end_with_host();

}  // namespace gantry::worker
