// What `run` and `call` have in common: an opened pipeline is executed, printed and summed up.
#pragma once

#include <chrono>

#include "cli/arguments.hpp"
#include "pipeline.hpp"
#include "signals.hpp"

namespace gantry::cli {

/// Prints the diagnostics to stderr, in the form that --diagnostics asks for; the exit code they mean.
[[nodiscard]] Exit refuse(const host::Pipeline& pipeline, const Arguments& arguments);

/// Says an error on stderr; the exit code that its kind means.
[[nodiscard]] Exit complain(const host::Error& error);

/// How plugins are found and workers counted, from the flags and the environment.
[[nodiscard]] host::Opening opening(const Arguments& arguments);

/// Runs a pipeline without diagnostics to its end. `bare`: a text value is printed without its task's ID.
/// `began` is when the program did, for --timing.
[[nodiscard]] Exit execute(host::Pipeline& pipeline, const Arguments& arguments, host::Signals& signals, bool bare,
                           std::chrono::steady_clock::time_point began);

}  // namespace gantry::cli
