// `files:` as written -> the paths of the files that match.
#pragma once

#include "plan/scope.hpp"
#include "plan/source.hpp"

namespace gantry::plan {

/// Looks for the files of a source, once: its elements are what was there. A relative pattern is of the pipeline's
/// folder as that was given: with a relative one, paths are relative to the current directory, which is the workers'
/// too, and results do not depend on where a tree of files stands. Each pattern finds a file, or it is a complaint.
void compile_files(const Scope& scope, const config::Source& written, Source& source, Complaints& complaints);

}  // namespace gantry::plan
