// The last words of a run, for standard error: how many tasks ended how, and why some failed.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "report/digest.hpp"
#include "report/failure.hpp"
#include "report/terminal.hpp"

namespace gantry::report {

/// "40 tasks: 39 ok, 1 error": ok always, the others if there are any.
[[nodiscard]] std::string count_line(const Counts& counts);

/// The count line, then the first 20 of `notes` (in task order), each with its details indented, then "… and N more"
/// for the other `counts.error`. Ends with a newline.
///   40 tasks: 39 ok, 1 error
///   s[3] ! crash: the worker died while running it
///       liar.crash on worker 1, attempt 1: killed by SIGSEGV after 12 tasks
///       | last line it printed
[[nodiscard]] std::string summary(const Counts& counts, std::span<const FailureNote> notes, const Terminal& terminal);

}  // namespace gantry::report
