// All that the tasks of this worker start, however far it went away: to a session, a group and a parent of its own,
// with an environment of its own. It is known by a mark that no program takes off: the limit on file locks, which Linux
// has not used since 2.4.25, which is inherited, and which everybody may read in /proc. The mark is one of this worker
// alone.
#pragma once

namespace gantry::worker {

/// Marks this process, and so what it starts from now on; called once, before any code of plugins runs. Best effort: in
/// the hundredth worker within a worker there is no mark left to give.
void mark_descendants();

/// Kills all that bear the mark but this process, until none is left (bounded). Any thread may call it, whatever the
/// others do: it takes no lock and no memory, and needs three descriptors.
void kill_descendants();

}  // namespace gantry::worker
