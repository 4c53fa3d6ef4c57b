// Looking at a plugin's file before the dynamic linker does: dlopen blocks on a pipe, dies of SIGBUS on a file that is
// cut short, and says "No such file" for a library of another machine.
#pragma once

#include <string>

#include "signature/error.hpp"
#include "signature/file_identity.hpp"
#include "wire/descriptor.hpp"

namespace gantry::worker {

/// A whole 64-bit shared library for this machine, open for reading.
struct LibraryFile {
  wire::Descriptor file;
  signature::FileIdentity identity;
};

/// Opens the file at `path` and checks it. The error's sentence reads after "plugin X: " and names the file. Nothing of
/// the file is run. What this cannot see: a library whose bytes were changed.
[[nodiscard]] host::Result<LibraryFile> open_library_file(const std::string& path);
/// The same of a file that is open already; `path` is what the sentences call it.
[[nodiscard]] host::Result<LibraryFile> check_library_file(const std::string& path, wire::Descriptor file);

}  // namespace gantry::worker
