// The verbs of the command line: each takes parsed arguments and the console that it speaks on, and returns an exit
// code.
#pragma once

#include <chrono>

#include "cli/arguments.hpp"
#include "report/console.hpp"

namespace gantry::cli {

using Began = std::chrono::steady_clock::time_point;

[[nodiscard]] Exit run(const Arguments& arguments, report::Console& console, Began began);
[[nodiscard]] Exit check(const Arguments& arguments, report::Console& console);
[[nodiscard]] Exit plan(const Arguments& arguments, report::Console& console);
[[nodiscard]] Exit inspect(const Arguments& arguments, report::Console& console);
[[nodiscard]] Exit call(const Arguments& arguments, report::Console& console, Began began);
[[nodiscard]] Exit scale(const Arguments& arguments, report::Console& console);
[[nodiscard]] Exit version(report::Console& console);

}  // namespace gantry::cli
