// What one call of a plugin's function came to, in a line that a table of test cases can hold.
#pragma once

#include <string>
#include <vector>

namespace gantry::tests {

/// `gantry call WORDS…`: the value as it is printed, or "kind: message" of the failed task; else all of stderr.
[[nodiscard]] std::string outcome(std::vector<std::string> words);

/// What a shell prints on stdout, which must succeed, with LC_ALL=C.
[[nodiscard]] std::string shell(const std::string& script, const std::string& folder = ".");

}  // namespace gantry::tests
