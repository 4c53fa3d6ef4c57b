// The verbs of the command line: each takes parsed arguments and returns an exit code.
#pragma once

#include <chrono>

#include "cli/arguments.hpp"

namespace gantry::cli {

using Began = std::chrono::steady_clock::time_point;

[[nodiscard]] Exit run(const Arguments& arguments, Began began);
[[nodiscard]] Exit check(const Arguments& arguments);
[[nodiscard]] Exit plan(const Arguments& arguments);
[[nodiscard]] Exit inspect(const Arguments& arguments);
[[nodiscard]] Exit call(const Arguments& arguments, Began began);
[[nodiscard]] Exit scale(const Arguments& arguments);
[[nodiscard]] Exit version();

}  // namespace gantry::cli
