// Looking at a plugin's file before the dynamic linker does: dlopen blocks on a pipe, dies of SIGBUS on a file that is
// cut short, and says "No such file" for a library of another machine.
#pragma once

#include <string>

#include "signature/error.hpp"

namespace gantry::worker {

/// Is the file at `path` a whole 64-bit shared library for this machine? The error's sentence reads after "plugin X: "
/// and names the file. Nothing of the file is run. What this cannot see: a library whose bytes were changed.
[[nodiscard]] host::Result<void> check_library_file(const std::string& path);

}  // namespace gantry::worker
