// All that the tasks of this worker start, however far it went away: to a session, a group and a parent of its own,
// with an environment of its own. It is known by the mark that the host started this worker with, see wire/mark.hpp.
#pragma once

namespace gantry::worker {

/// Remembers the mark; called once, before any code of plugins runs. Without one there is nothing to kill later.
void know_descendants();

/// Kills all that bear the mark but this process, until none is left (bounded). Any thread may call it, whatever the
/// others do: it takes no lock and no memory, and needs three descriptors.
void kill_descendants();

}  // namespace gantry::worker
