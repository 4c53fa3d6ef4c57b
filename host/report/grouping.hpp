// In which order printed steps come out, and which of them must be kept for that.
#pragma once

#include <span>
#include <vector>

#include "report/column.hpp"

namespace gantry::report {

/// Steps that are printed together, their tasks interleaved by index, then in this order.
using Group = std::vector<StepIndex>;

/// The printed steps as groups, one after the other. Text and ndjson: a group is the printed steps of one component,
/// groups in the order of their first steps. json and csv: each step is a group. digest and none: no groups.
[[nodiscard]] std::vector<Group> groups(std::span<const Column> columns, Format format);

/// Printed steps whose results the store must keep whole until they are printed (the schedule then treats them as kept:
/// their window does not apply). All others are consumed in step with their window, and printing never deadlocks:
///
/// A printed step stalls when its window is full of outcomes that printing has not come to. Printing waits for two
/// kinds of tasks: those of earlier groups, and those of the same group that stand before in the interleaving. So it
/// comes to a stand only if one of these, W, cannot end before the stalled step S goes on, that is, if W depends on S:
///  - by stream edges alone, in one component. Interleaved, W's task i depends on S's task i, which is printed
///    before or after it but needs no more than a window of one: both go on. Printed one after the other (json), W
///    depends on S's whole or shares a producer that S holds up: all printed steps of a component but the first are
///    kept.
///  - through a step that waits for all of a step in S's component (a keep or order edge), directly or over other
///    steps. If W is in an earlier group, or in S's own group beside S, S is kept.
/// What is left unkept can only be waited for by what does not depend on it: the first unfinished group always moves.
/// `columns[…].component` and `waits_for` must be set.
[[nodiscard]] std::vector<bool> buffered(std::span<const Column> columns, Format format, Order order = Order::id);

}  // namespace gantry::report
