// What `gantry help` says, made from the table of verbs and flags.
#pragma once

#include <string>

#include "cli/option.hpp"

namespace gantry::cli {

/// All verbs, and the exit codes.
[[nodiscard]] std::string help();
/// One verb with its flags.
[[nodiscard]] std::string help_of(const VerbUsage& verb);

}  // namespace gantry::cli
