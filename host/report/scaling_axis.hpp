// Round numbers along an axis that begins at 0.
#pragma once

#include <vector>

namespace gantry::report {

struct Axis {
  double step = 1;  ///< 1, 2 or 5 times a power of ten
  double end = 1;   ///< a multiple of the step, at least what is to be shown

  /// 0, step, … end.
  [[nodiscard]] std::vector<double> ticks() const;
};

/// The axis from 0 to at least `most` (above 0) with the smallest step that gives at most `steps` steps; `whole`: the
/// step is at least 1.
[[nodiscard]] Axis axis_for(double most, unsigned steps, bool whole);

}  // namespace gantry::report
