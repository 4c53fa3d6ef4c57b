// Which users may hold a producer back. A window makes a step wait for the users of its results; where such a user
// itself waits, by any road, for the whole of a step that needs the producer, both would wait for ever.
#pragma once

#include <vector>

#include "schedule/schedule.hpp"

namespace gantry::schedule {

/// Stream edges whose user does not hold its producer back: the producer may run ahead of it by more than its window.
/// Of all steps, one step's edges after the other's, in their order.
///
/// Waiting is a graph: task i of a stream user waits for element i; of a gated step (keep, order) for all of the
/// producer; of a step with a window w for its users to be past index i - w. Stream waits keep the index and window
/// waits lower it, so a cycle of these alone ends; one with a "whole of" wait may not. So: in each strongly connected
/// component that holds such a wait, nobody holds anybody back. Without the window waits the rest is the pipeline,
/// which has no cycle. Linear in steps and edges. `windowed[step]`: its window applies (it is not kept).
[[nodiscard]] std::vector<bool> loose_edges(const std::vector<Step>& steps, const std::vector<bool>& windowed);

}  // namespace gantry::schedule
