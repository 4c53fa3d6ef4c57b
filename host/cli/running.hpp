// What verbs that run a pipeline have in common: it is opened, executed, printed and summed up.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "execution.hpp"
#include "pipeline.hpp"
#include "report/column.hpp"
#include "report/console.hpp"
#include "signals.hpp"

namespace gantry::cli {

/// Says the diagnostics, in the form that --diagnostics asks for; the exit code they mean.
[[nodiscard]] Exit refuse(const host::Pipeline& pipeline, const Arguments& arguments, report::Console& console);

/// Says an error; the exit code that its kind means.
[[nodiscard]] Exit complain(const host::Error& error, report::Console& console);
/// All that a verb has to say, to a file, or to stdout if none is named.
[[nodiscard]] Exit write_whole(const std::string& text, report::Console& console, const std::string& output_file = {});

/// The file of the arguments with its --set. Errors: those of host::open.
[[nodiscard]] host::Result<std::unique_ptr<host::Pipeline>> open(const Arguments& arguments,
                                                                 const host::Opening& opening);

/// The plan's steps as the report room knows them.
[[nodiscard]] std::vector<report::Column> columns_of(const plan::Plan& plan);

/// How results are written.
struct Form {
  report::Format format;
  report::Order order;
};
[[nodiscard]] Form form_of(const Arguments& arguments);

/// Flags weighed against the file.
[[nodiscard]] host::Policy policy_of(const host::Pipeline& pipeline, const Arguments& arguments);

/// How plugins are found and workers counted, from the flags and the environment. The console outlives it.
[[nodiscard]] host::Opening opening(const Arguments& arguments, report::Console& console);

/// Runs a pipeline without diagnostics to its end. `bare`: a text value is printed without its task's ID.
/// `began` is when the program did, for --timing.
[[nodiscard]] Exit execute(host::Pipeline& pipeline, const Arguments& arguments, report::Console& console,
                           host::Signals& signals, bool bare, std::chrono::steady_clock::time_point began);

}  // namespace gantry::cli
