// Which tasks of a step cannot run although their step can: those that use an element without a value, where each task
// uses some elements of a producer only (products, groups, written lists); and all, if no task can be given its
// arguments.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "schedule/cause.hpp"
#include "schedule/intervals.hpp"
#include "schedule/schedule.hpp"

namespace gantry::schedule {

/// Tasks, or elements, without a value, all for one cause.
struct Absence {
  Range range;
  Cause cause;
};

class Absences {
 public:
  /// Elements of the producer of this edge have no value; ascending. Edges are added in their order.
  void add(const Share& share, const std::vector<Absence>& elements);
  /// The tasks that the range begins with and that have the same fate: a cause that they are skipped for, which is
  /// that of the first edge in the file and of its lowest element; or none.
  struct Part {
    Range tasks;
    std::optional<Cause> cause;
  };
  [[nodiscard]] Part front(Range tasks) const;
  [[nodiscard]] bool empty() const { return axes_.empty(); }

 private:
  struct Axis {
    Share share;
    std::vector<Absence> positions;  ///< ascending, disjoint
  };
  std::vector<Axis> axes_;
};

/// What a step's tasks are asked before they may be leased. Only of steps where the answer may be no.
struct Screening {
  Absences absences;
  bool refused = false;  ///< no task can be given its arguments
  IntervalSet waiting;   ///< tasks that have all they need but were not asked: those beyond the step's limit
};

}  // namespace gantry::schedule
