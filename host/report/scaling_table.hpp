// The cells of a scaling report's tables, for text and HTML alike. Rows of equal length; the first is the heading.
#pragma once

#include <string>
#include <vector>

#include "report/scaling.hpp"

namespace gantry::report {

using Cells = std::vector<std::vector<std::string>>;

/// Workers, median, fastest, slowest, speed-up, efficiency.
[[nodiscard]] Cells time_cells(const Scaling& scaling);
/// Workers and a percentage for each part of their time, or of the host's.
[[nodiscard]] Cells worker_cells(const Scaling& scaling);
[[nodiscard]] Cells host_cells(const Scaling& scaling);

/// What the tables show, for their captions.
inline constexpr std::string_view kWorkersCaption = "Where the workers' time went, of workers × time";
inline constexpr std::string_view kHostCaption = "Where the host's time went, of the time";

/// What the parts are.
inline constexpr std::string_view kWorkersNote =
    "start: starting, with work waiting; compute: running tasks; queue: holding work, but not computing; idle: without "
    "work";
inline constexpr std::string_view kHostNote =
    "start: until the first worker and the plan are ready; encode: making arguments, sending work; decode: taking in "
    "results, consuming them; order wait: asleep while a finished result waited for an earlier task; wait: asleep with "
    "nothing held up";

/// "3 runs at each size, 2 CPUs".
[[nodiscard]] std::string runs_text(const Scaling& scaling);
/// "412.3 ms", "3.412 s".
[[nodiscard]] std::string seconds_text(double seconds);
/// "81.2 %" of tenths of a percent.
[[nodiscard]] std::string percent_text(unsigned tenths);

}  // namespace gantry::report
