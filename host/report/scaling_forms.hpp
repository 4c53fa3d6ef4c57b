// The forms of a scaling report. Each returns the whole text, which ends with a newline; all that comes from outside is
// escaped.
#pragma once

#include <string>

#include "report/scaling.hpp"

namespace gantry::report {

/// A table of times, two of where they went, and the sentences.
[[nodiscard]] std::string scaling_text(const Scaling& scaling);
/// One JSON object, version 1; times in seconds, those of `host` and `workers_time` as means over the runs.
[[nodiscard]] std::string scaling_json(const Scaling& scaling);
/// A chart that stands alone: no scripts, no fonts or styles from elsewhere, its own background.
[[nodiscard]] std::string scaling_svg(const Scaling& scaling);
/// A page that stands alone: the chart, the table, the sentences.
[[nodiscard]] std::string scaling_html(const Scaling& scaling);

}  // namespace gantry::report
