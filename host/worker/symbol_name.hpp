// Names of symbols as their authors wrote them.
#pragma once

#include <string>

namespace gantry::worker {

/// "_Z1fv" → "f()"; a name that is not mangled stays as it is.
[[nodiscard]] std::string demangled(const std::string& name);

}  // namespace gantry::worker
